"""Settings of the shifts: how many places a week one person may have, and who is on duty."""

from __future__ import annotations

from typing import Final

from handlers.chat import COORDINATOR, Chat, Choice, button, press
from handlers.setting_dates import comes_later, plan_setting
from handlers.setting_words import week_limit
from handlers.text import NOTHING, Text, Weekdays, _, bold, lines, verbatim
from models.canteens import Canteen
from models.duties import Duty
from models.people import Role

NO_LIMIT: Final = "0"
NOBODY: Final = "-"


@button("set_shifts", for_=COORDINATOR)
async def shift_settings(chat: Chat, canteen_id: int) -> None:
    """Show the settings of the shifts."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    canteen = await Canteen.get(id=canteen_id)
    chat.say(
        lines(
            bold(_("Volunteers at {canteen}", canteen=canteen.name)),
            week_limit(canteen.week_limit),
            _introduces(canteen),
            NOTHING,
            *(await _rota(canteen)),
        ),
        buttons=[
            press(_("Who is on duty"), "set_duty", canteen.id),
            press(_("Shifts a week"), "set_week_limit", canteen.id),
            press(_("The first time alone is all right"), "set_introduces", canteen.id, 0)
            if canteen.introduces
            else press(_("The first time with somebody"), "set_introduces", canteen.id, 1),
            press(_("Kitchen, desk and driving"), "works", canteen.id),
            press(_("Back to the settings"), "settings", canteen.id),
        ],
        card=f"settings {canteen.id}",
        fresh=True,
    )


def _introduces(canteen: Canteen) -> Text:
    if canteen.introduces:
        return _("Whoever is new to a kind of shift goes with somebody who knows it, the first time.")
    return _("Whoever is new to a kind of shift may go alone from the start.")


@button("set_introduces", for_=COORDINATOR)
async def set_introduces(chat: Chat, canteen_id: int, on: int) -> None:
    """Have newcomers go with somebody who knows the work, the first time, or no longer."""
    canteen = await Canteen.change(canteen_id, by=chat.person, now=chat.now, introduces=bool(on))
    chat.say(_introduces(canteen), buttons=[press(_("Back to the settings"), "set_shifts", canteen_id)])


@button("set_week_limit", for_=COORDINATOR)
async def set_week_limit(chat: Chat, canteen_id: int) -> None:
    """Ask how many shifts a week one volunteer may take, so that newcomers get a turn."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    picked = await chat.ask(
        "limit",
        _("How many shifts a week may one volunteer take, so that others get a turn, too?"),
        choices=[
            Choice(NO_LIMIT, _("As many as they like")),
            *(Choice(str(n), _("{n}", n=n)) for n in range(1, 6)),
        ],
    )
    limit = None if picked == NO_LIMIT else int(picked)
    canteen = await Canteen.get(id=canteen_id)
    since = await comes_later(chat, canteen)
    if since is not None:
        await plan_setting(chat, canteen, {"week_limit": limit}, since)
        return
    await Canteen.change(canteen_id, by=chat.person, now=chat.now, week_limit=limit)
    chat.say(week_limit(limit), buttons=[press(_("Back to the settings"), "set_shifts", canteen_id)])


async def _rota(canteen: Canteen) -> list[Text]:
    rota = await Duty.rota(canteen.id)
    if not rota:
        return [_("Urgent matters of the shifts reach all coordinators.")]
    return [_("On duty, for urgent matters of the shifts:"), *(_on_duty(duty) for duty in rota)]


def _on_duty(duty: Duty) -> Text:
    weekday, name = Weekdays(1 << duty.weekday), duty.person.name or "?"
    if duty.deputy is None:
        return _("{weekday}: {name}", weekday=weekday, name=name)
    return _("{weekday}: {name}, deputy {deputy}", weekday=weekday, name=name, deputy=duty.deputy.name or "?")


@button("set_duty", for_=COORDINATOR)
async def set_duty(chat: Chat, canteen_id: int) -> None:
    """Ask who is on duty on which days, and who steps in for them."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    canteen = await Canteen.get(id=canteen_id)
    names = {str(person.id): person.name or "?" for person in await canteen.coordinators()}
    people = [Choice(number, verbatim(name)) for number, name in names.items()]
    picked = await chat.choose_many(
        "days",
        _("For which days of the week?"),
        [
            Choice(str(day), _("{weekdays}", weekdays=Weekdays(1 << day)))
            for day in range(7)
            if canteen.weekdays >> day & 1
        ],
    )
    person = await chat.ask("person", _("Who is on duty?"), choices=people)
    deputy = await chat.ask(
        "deputy",
        _("And who steps in if {name} can't be reached?", name=names.get(person, "?")),
        choices=[*(one for one in people if one.value != person), Choice(NOBODY, _("Nobody"))],
    )
    await Duty.assign(
        canteen_id,
        [int(day) for day in picked],
        int(person),
        None if deputy == NOBODY else int(deputy),
        chat.person,
        chat.now,
    )
    chat.say(
        lines(*(await _rota(canteen))),
        buttons=[press(_("Back to the settings"), "set_shifts", canteen_id)],
    )
