"""One door for two: said by the coordinator, or noticed by the same address and asked about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from handlers.chat import COORDINATOR, Chat, Choice, button
from handlers.senior_card import refresh
from handlers.text import Text, _
from handlers.whom import by_name_or_id
from models.households import Household, alike, mates
from models.seniors import Mode, Senior, Status

OWN: Final = "own"
YES: Final = "yes"


@button("same_door", for_=COORDINATOR)
async def say_same_door(chat: Chat, senior_id: int) -> None:
    """Let a senior have lunch at the door of another, or at a door of their own again."""
    senior = await Senior.coordinated(senior_id, chat.person)
    everybody = Senior.filter(canteen_id=senior.canteen_id, status=Status.ACTIVE, mode=Mode.DELIVERY)
    others = await everybody.exclude(id=senior.id).order_by("id")
    seen = await alike(senior, chat.now)
    choices = [] if seen is None else [Choice(seen.short_id, named(seen))]
    if await mates(senior):
        choices.append(Choice(OWN, _("Has a door of their own again")))
    other = await chat.ask(
        "other",
        _("Behind whose door does {name} live? Please write the number, such as A17, or the name.",
          name=senior.display),
        _somebody(others),
        choices=choices,
    )  # fmt: skip
    if other is None:
        await Household.part(senior_id, chat.person, chat.now)
        chat.say(_("Done. {name} has a door of their own.", name=senior.display))
    else:
        await Household.join(senior_id, other.id, chat.person, chat.now)
        chat.say(done(senior, other))
    await refresh(chat, await Senior.get(id=senior_id))


def _somebody(others: list[Senior]) -> Callable[[str], Senior | None]:
    read = by_name_or_id(others)
    return lambda text: None if text == OWN else read(text)


async def ask_if_same(chat: Chat, senior: Senior) -> Senior | None:
    """Ask about somebody with the same address, if there is one; give them if it is one door."""
    seen = await alike(senior, chat.now)
    if seen is None:
        return None
    said = await chat.ask(
        "same_door",
        _(
            "{other} has the same address. Do {name} and {other} live behind one door?",
            name=senior.display,
            other=named(seen),
        ),
        choices=[Choice(YES, _("Yes, one door")), Choice("no", _("No, two doors"))],
    )
    return seen if said == YES else None


def named(senior: Senior) -> Text:
    """Name somebody so that nobody of the same name can be meant."""
    return _("{name} ({short_id})", name=senior.spoken, short_id=senior.short_id)


def done(senior: Senior, other: Senior) -> Text:
    """Say that two live behind one door from now on."""
    return _(
        "Done. {name} and {other} are one stop now: one door, a lunch for each.",
        name=senior.display,
        other=other.display,
    )
