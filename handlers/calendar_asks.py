"""Questions about the calendar that come by themselves: make-up workdays ahead, years nobody knows yet."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from handlers.calendartold import choose
from handlers.chat import COORDINATOR, Button, Chat, Mail, Priority, button, every, press, still
from handlers.monthwords import proposed, standing, take_keys
from handlers.text import Country, Month, Text, Weekdays, _, _n, bold, lines
from models.calendarasks import Ask, AskKind, CalendarAsk
from models.canteens import Canteen
from models.daychoices import ChoiceOrigin
from models.meals import Meal
from models.quota import MonthPlan
from models.refusals import Gone
from models.shifts import Shift, ShiftState

BATCH: Final = 50


@every(seconds=30)
async def ask_about_the_calendar(mail: Mail) -> bool:
    """Ask the coordinators what is due: each question once."""
    taken, asks = await CalendarAsk.take_due(mail.now, BATCH)
    for ask in asks:
        if ask.kind is AskKind.MONTH:
            said, keys = await _proposal(ask, mail.now)
        elif ask.settled:
            said, keys = await _told(ask)
        else:
            said, keys = _question(ask), _keys(ask, mail.now)
        for coordinator in await ask.canteen.coordinators():
            mail.say(
                said,
                to=coordinator,
                buttons=keys,
                zone=ask.canteen.zone,
                priority=Priority.REMINDER,
                key=f"calendar {ask.id} {coordinator.id}",
                still=("calendar_open" if ask.settled else "calendar", ask.id),
            )
    return taken == BATCH


@still("calendar")
async def still_to_be_asked(ask_id: int, now: datetime) -> bool:
    """Tell whether nobody has answered it meanwhile."""
    return await CalendarAsk.holds(ask_id, now)


@still("calendar_open")
async def still_open(ask_id: int, now: datetime) -> bool:
    """Tell whether the day of which it is told is still to come, and open."""
    return await CalendarAsk.holds_open(ask_id, now)


async def _proposal(ask: Ask, now: datetime) -> tuple[Text, list[Button]]:
    """Propose how the next month comes to its number of lunch days; a tap does it."""
    month = await MonthPlan.ahead(ask.canteen, ask.day, now)
    quota = month.quota or 0
    said = lines(
        bold(_("{month} does not have its {quota} lunch days yet.", month=Month(ask.day), quota=quota))
        if month.planned < quota
        else bold(_("{month} has more than its {quota} lunch days.", month=Month(ask.day), quota=quota)),
        *standing(month)[1:],
        *proposed(month),
    )
    return said, [*take_keys(month), press(_("Look at the month"), "month", ask.canteen.id, ask.day)]


async def _told(ask: Ask) -> tuple[Text, list[Button]]:
    """Say of a make-up day that it is open, for how many, and where somebody is still missing."""
    shifts = await Shift.filter(canteen_id=ask.canteen.id, day=ask.day, state=ShiftState.OPEN)
    free = sum(shift.places_open for shift in shifts)
    said = lines(
        bold(_("{day} is a make-up workday, and it is open.", day=ask.day)),
        await _eaters(ask.canteen, ask.day),
        _n(
            "{n} place of its shifts is still open: who comes every week is not signed up for this day.",
            "{n} places of its shifts are still open: who comes every week is not signed up for this day.",
            free,
        )
        if free
        else _("Every place of its shifts is taken.")
        if shifts
        else None,
    )
    return said, [press(_("Look at the month"), "month", ask.canteen.id, ask.day.replace(day=1))]


def _question(ask: Ask) -> Text:
    year, country = str(ask.day.year), Country(ask.canteen.region or "")
    match ask.kind:
        case AskKind.MAKEUP:
            return lines(
                bold(_("{day} is a make-up workday. Open?", day=ask.day)),
                _("It is planned as open: whoever eats on every workday has lunch then.")
                if ask.cooks
                else _("So far no lunch is planned for it."),
            )
        case AskKind.YEAR_UNKNOWN:
            return lines(
                bold(
                    _(
                        "I don't know yet all public holidays of {year} in {country}.",
                        year=year,
                        country=country,
                    )
                ),
                _(
                    "Where I don't know, I plan by your week: {weekdays}. Please close the days on which you"
                    " will not cook.",
                    weekdays=Weekdays(ask.canteen.weekdays),
                ),
            )
        case _:
            return lines(
                bold(_("Now I know the public holidays of {year} in {country}.", year=year, country=country)),
                _("I have planned by them. What you chose yourselves stays as it is."),
            )


def _keys(ask: Ask, now: datetime) -> list[Button]:
    if ask.kind is AskKind.MAKEUP:
        return [
            press(_("Yes, open"), "makeup", ask.canteen.id, ask.day, 1),
            press(_("No, closed"), "makeup", ask.canteen.id, ask.day, 0),
        ]
    month = max(ask.day, ask.canteen.today(now).replace(day=1))
    return [press(_("Look at the month"), "month", ask.canteen.id, month)]


@button("makeup", for_=COORDINATOR)
async def decide_makeup(chat: Chat, canteen_id: int, day: date, cooks: int) -> None:
    """Open or close a make-up workday."""
    canteen = await Canteen.get_or_none(id=canteen_id)
    if canteen is None:
        raise Gone
    await choose(chat, canteen, {day: bool(cooks)}, ChoiceOrigin.ANSWER)
    chat.say(
        lines(*await decided(canteen, day, cooks=bool(cooks))),
        zone=canteen.zone,
        buttons=[press(_("Look at the month"), "month", canteen_id, day.replace(day=1))],
    )


async def decided(canteen: Canteen, day: date, *, cooks: bool) -> list[Text]:
    """Say what was decided of a day, and for how many it is."""
    if not cooks:
        return [
            bold(_("Closed on {day}.", day=day)),
            _("Whoever had lunch or a place then is told. What families changed for that day is kept."),
        ]
    said = [bold(_("Open on {day}.", day=day))]
    if canteen.planned_until is not None and day <= canteen.planned_until:
        said.append(await _eaters(canteen, day))
    return said


async def _eaters(canteen: Canteen, day: date) -> Text:
    n = len(await Meal.due([canteen.id], day))
    return _n("So far {n} person has lunch then.", "So far {n} people have lunch then.", n)
