"""Changing what holds of a senior: diet and address."""

from __future__ import annotations

from datetime import date
from typing import Final

from handlers import answers, intake
from handlers.chat import COORDINATOR, Chat, Choice, Priority, button, press
from handlers.clashes import tell_of_senior
from handlers.diets import ask_diet, diet_label
from handlers.senior_card import refresh
from handlers.text import _, listed
from models.calendar import ServiceDay
from models.canteens import Canteen
from models.people import Membership, Role
from models.seniors import Diet, Mode, Residence, Senior

NOW: Final = "now"
NOTHING_ELSE: Final = "none"


async def ask_whole_diet(chat: Chat, called: str) -> tuple[list[str], str, list[str], str | None]:
    """Ask for labels, texture and allergies, and what somebody avoids beside them."""
    labels, texture, allergies = await ask_diet(chat, called)
    avoids = await chat.ask(
        "avoids",
        _("Is there anything else that {called} must not get, or does not eat?", called=called),
        lambda text: None if text == NOTHING_ELSE else answers.words(text),
        choices=[Choice(NOTHING_ELSE, _("Nothing else"))],
        label=_("Does not eat"),
    )
    return labels, texture, allergies, avoids


@button("senior_diet", for_=COORDINATOR)
async def change_diet(chat: Chat, senior_id: int) -> None:
    """Ask the whole diet anew; what was said before stays on record for the days before."""
    senior = await Senior.coordinated(senior_id, chat.person)
    canteen = await Canteen.get(id=senior.canteen_id)
    labels, texture, allergies, avoids = await ask_whole_diet(chat, senior.display)
    since = await ask_since(chat, canteen)
    days = await Diet.change(
        senior_id, labels=labels, texture=texture, allergies=allergies, avoids=avoids,
        since=since, by=chat.person, now=chat.now,
    )  # fmt: skip
    new = Diet(labels=labels, texture=texture, allergies=allergies, avoids=avoids)
    await diet_changed(chat, senior, canteen, since, days, new)
    await refresh(chat, senior)


async def diet_changed(
    chat: Chat, senior: Senior, canteen: Canteen, since: date, days: list[date], new: Diet
) -> None:
    """Say what somebody eats from a day on, and tell the kitchen: of meals already made, and of clashes."""
    chat.say(_("{name} from {day} on: {diet}", name=senior.display, day=since, diet=diet_label(new)))
    if days:
        await _tell_kitchen(chat, senior, canteen, days, new)
    await tell_of_senior(chat, canteen, senior, since)


async def _tell_kitchen(chat: Chat, senior: Senior, canteen: Canteen, days: list[date], diet: Diet) -> None:
    """Announce a change after the orders closed as a difference: kitchens work from the printed sheet.

    Where a kitchen's count is final it hears all differences of a minute together.
    """
    final = await ServiceDay.filter(
        canteen_id=canteen.id, day__in=days, frozen_at__not_isnull=True
    ).values_list("day")
    if final:
        chat.say(_("The kitchen hears of it within two minutes."))
    days = [day for day in days if (day,) not in final]
    if not days:
        return
    news = _(
        "Change for {short_id} on {days}: {diet}",
        short_id=senior.short_id,
        days=listed(days),
        diet=diet_label(diet),
    )
    cooks = await Membership.people(canteen.id, Role.KITCHEN)
    for cook in cooks:
        chat.say(news, to=cook, zone=canteen.zone, priority=Priority.URGENT)
    chat.say(
        _("The orders of {days} were closed already; the kitchen has just been told.", days=listed(days))
        if cooks
        else _("The orders of {days} were closed already: please tell the kitchen.", days=listed(days))
    )


@button("senior_move", for_=COORDINATOR)
async def move_house(chat: Chat, senior_id: int) -> None:
    """Ask for the new address, the new door, and from which day on."""
    senior = await Senior.coordinated(senior_id, chat.person)
    canteen = await Canteen.get(id=senior.canteen_id)
    address = await chat.ask(
        "address", _("What is the new address of {name}?", name=senior.display), intake.address
    )
    knock, plan = None, None
    if senior.mode is Mode.DELIVERY:
        knock, plan = intake.knock_and_plan(
            await chat.ask(
                "door",
                _(
                    "How do we best get an answer there, and what shall we do if nobody opens?"
                    " Two lines are best: the knock, then the rest.",
                ),
                answers.long_words,
            )
        )
    since = await ask_since(chat, canteen)
    await Residence.move(
        senior_id, address=address, knock=knock, plan=plan, since=since, by=chat.person, now=chat.now
    )
    chat.say(
        _("{name} lives at the new address from {day} on.", name=senior.display, day=since),
        buttons=[press(_("Route, stop and visit"), "senior_place", senior_id)]
        if senior.mode is Mode.DELIVERY
        else [],
    )
    await refresh(chat, senior)


async def ask_since(chat: Chat, canteen: Canteen) -> date:
    """Ask from which day on something holds."""
    today = canteen.today(chat.began)
    day = await chat.ask(
        "since",
        _("From which day on?"),
        intake.day_or(NOW, today),
        choices=[Choice(NOW, _("From now on"))],
    )
    return day or today
