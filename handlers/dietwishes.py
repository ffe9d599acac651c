"""A family says that a diet has changed; the coordinator confirms it, and only then the kitchen follows."""

from __future__ import annotations

from handlers.chat import COORDINATOR, FAMILY, Chat, button, explains, press
from handlers.diets import diet_lines
from handlers.senior_card import refresh
from handlers.senior_changes import ask_since, ask_whole_diet, diet_changed
from handlers.text import Text, _, bold, lines
from models.canteens import Canteen
from models.dietwishes import DietWish
from models.people import Person
from models.refusals import ProposalDecided
from models.seniors import Senior


@button("diet_wish", for_=FAMILY)
async def ask_for_a_diet(chat: Chat, senior_id: int) -> None:
    """Ask a relative for the whole diet, and from which day on; the coordinator gets it to confirm."""
    senior = await DietWish.asked_for(senior_id, chat.person)
    canteen = await Canteen.get(id=senior.canteen_id)
    labels, texture, allergies, avoids = await ask_whole_diet(chat, senior.display)
    since = await ask_since(chat, canteen)
    wish = await DietWish.ask(
        senior_id, labels=labels, texture=texture, allergies=allergies, avoids=avoids,
        since=since, by=chat.person, now=chat.now,
    )  # fmt: skip
    chat.say(
        _(
            "Thank you. The coordinator looks at it and confirms it;"
            " until then {name} gets the same food as now.",
            name=senior.display,
        )
    )
    for coordinator in await canteen.coordinators():
        await _show(chat, wish, senior, canteen, to=coordinator)


async def _show(
    chat: Chat, wish: DietWish, senior: Senior, canteen: Canteen, *, to: Person, answer: Text | None = None
) -> None:
    relative = None if wish.by_id is None else await Person.get(id=wish.by_id)
    chat.say(
        lines(
            bold(
                _(
                    "{who} says that the diet of {name} ({short_id}) changes from {day} on:",
                    who=(relative.name if relative else None) or _("Somebody"),
                    name=senior.spoken,
                    short_id=senior.short_id,
                    day=wish.since,
                )
            ),
            diet_lines(wish.diet),
            answer or _("Please speak with them if anything is unclear. It holds once you confirm it."),
        ),
        to=to,
        zone=canteen.zone,
        buttons=[]
        if answer
        else [
            press(_("Confirm"), "diet_yes", wish.id),
            press(_("Leave the diet as it is"), "diet_no", wish.id),
        ],
        card=f"diet wish {wish.id}",
        reveals=f"diet of senior {senior.id}",
    )


@button("diet_yes", for_=COORDINATOR)
async def confirm_the_diet(chat: Chat, wish_id: int) -> None:
    """Let the diet hold from its day on; kitchen and family are told."""
    wish, days = await DietWish.answer(wish_id, accepted=True, by=chat.person, now=chat.now)
    senior, canteen = await _answered(chat, wish, _("Confirmed by {name}", name=chat.person.name or "–"))
    await diet_changed(chat, senior, canteen, wish.since, days, wish.diet)
    await _tell_family(
        chat,
        wish,
        canteen,
        _("The coordinator has confirmed it: from {day} on {name} gets the new diet.",
          day=wish.since, name=senior.display),
    )  # fmt: skip
    await refresh(chat, senior)


@button("diet_no", for_=COORDINATOR)
async def leave_the_diet(chat: Chat, wish_id: int) -> None:
    """Leave the diet as it is; the family is told whom to call."""
    wish, _days = await DietWish.answer(wish_id, accepted=False, by=chat.person, now=chat.now)
    senior, canteen = await _answered(chat, wish, _("Left as it is by {name}", name=chat.person.name or "–"))
    chat.say(_("The diet of {name} stays as it is, and the family is told.", name=senior.display))
    await _tell_family(
        chat,
        wish,
        canteen,
        _("The diet of {name} stays as it is for now. Please call us about it.", name=senior.display),
    )


async def _answered(chat: Chat, wish: DietWish, answer: Text) -> tuple[Senior, Canteen]:
    """Bring the question up to date wherever a coordinator sees it."""
    senior = await Senior.get(id=wish.senior_id)
    canteen = await Canteen.get(id=senior.canteen_id)
    for coordinator in await canteen.coordinators():
        await _show(chat, wish, senior, canteen, to=coordinator, answer=answer)
    return senior, canteen


async def _tell_family(chat: Chat, wish: DietWish, canteen: Canteen, words: Text) -> None:
    if wish.by_id is not None:
        chat.say(words, to=await Person.get(id=wish.by_id), zone=canteen.zone)


@explains(ProposalDecided)
def decided_before(_refusal: ProposalDecided) -> Text:
    return _("Somebody has answered this already. Please look at the senior's card for what holds now.")
