"""Settings from a date: when a change shall hold, what is still to come, and its day when it comes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any, Final

from handlers import answers
from handlers.chat import COORDINATOR, Chat, Choice, Mail, Priority, button, every, press
from handlers.rule_words import words_of
from handlers.seniornames import MODES
from handlers.setting_words import to_come
from handlers.text import Text, Weekdays, _, _n, bold, lines
from models.canteens import Canteen
from models.datedforce import apply_due
from models.datedroutes import HOURS, PLACES, hours_value
from models.datedroutes import plan_for as route_later
from models.datedrules import with_row
from models.datedseniors import ROUTE, plan_for, read_pattern
from models.datedsettings import DatedSetting
from models.months import month_of
from models.routes import Kind, Route
from models.schedule import Schedule
from models.seniors import Senior

FROM_NOW_ON: Final = "now"


async def ask_since(chat: Chat, canteen: Canteen) -> date | None:
    """Ask from when a change shall hold; None is from now on."""
    today = canteen.today(chat.began)
    monday = today + timedelta(days=7 - today.weekday())
    the_first = month_of(today, 1)
    return await chat.ask(
        "since",
        _("From when? Tap one, or write a day, like {example}.", example=today + timedelta(days=10)),
        _since(today),
        choices=[
            Choice(FROM_NOW_ON, _("From now on")),
            *(
                Choice(day.isoformat(), _("From {day} on", day=day))
                for day in dict.fromkeys((monday, the_first))
            ),
        ],
    )


def _since(today: date) -> Callable[[str], date | None]:
    read_day = answers.day(today)

    def read(text: str) -> date | None:
        day = None if text == FROM_NOW_ON else read_day(text)
        return None if day == today else day

    return read


async def comes_later(chat: Chat, canteen: Canteen) -> date | None:
    """Ask from when a change shall hold; the day, where it is one to come."""
    since = await ask_since(chat, canteen)
    return None if since is None or since <= canteen.today(chat.now) else since


async def kept_for_later(chat: Chat, canteen_id: int, room: str, rule: str, value: Any) -> bool:
    """Ask from when a rule shall hold, and keep it for a day to come; tell whether it was."""
    canteen = await Canteen.get(id=canteen_id)
    since = await comes_later(chat, canteen)
    if since is not None:
        await plan_setting(chat, canteen, {f"{room}.{rule}": value}, since)
    return since is not None


async def plan_setting(chat: Chat, canteen: Canteen, values: dict[str, Any], since: date) -> None:
    """Keep a change for its day, and say so."""
    await DatedSetting.plan(canteen.id, values, since, by=chat.person, now=chat.now)
    rows = await DatedSetting.coming([canteen.id])
    coming = [row for row in rows if row.since == since and row.route_id is None]
    chat.say(
        lines(
            *[bold(await said(row)) for row in coming if row.name in values],
            _("Until then everything stays as it is. Days from then on are planned with it already."),
        ),
        buttons=[
            *(press(_("Take it back"), "setting_stays", row.id) for row in coming if row.name in values),
            press(_("Back to the settings"), "settings", canteen.id),
        ],
    )


async def plan_for_senior(
    chat: Chat, canteen: Canteen, senior: Senior, values: dict[str, str], since: date
) -> None:
    """Keep a change of one senior's lunch for its day, and say so."""
    planned = await plan_for(senior.id, values, since, by=chat.person, now=chat.now)
    chat.say(
        lines(
            *[bold(await said(row)) for row in planned],
            _("Until then everything stays as it is; lists that are made already stay so, too."),
        ),
        zone=canteen.zone,
        buttons=[press(_("Take it back"), "setting_stays", row.id) for row in planned],
    )


async def changes_later(chat: Chat, route: Route, values: dict[str, Any]) -> bool:
    """Ask from when a route has new hours or places, and keep them; tell whether they were kept for a day."""
    since = await comes_later(chat, await Canteen.get(id=route.canteen_id))
    if since is None:
        return False
    name, value = PLACES, str(values.get("places"))
    if "starts_at" in values:
        name, value = HOURS, hours_value(values["starts_at"], values["ends_at"])
    await plan_for_route(chat, await route_later(route.id, name, value, since, by=chat.person, now=chat.now))
    return True


async def plan_for_route(chat: Chat, row: DatedSetting, *more: Text) -> None:
    """Say what was kept of a route for its day; `more`: what else that means."""
    chat.say(
        lines(
            bold(await said(row)),
            *more,
            _("Until then everything stays as it is; lists that are made already stay so, too."),
        ),
        buttons=[
            press(_("Take it back"), "setting_stays", row.id),
            press(_("All routes"), "routes", row.canteen_id)
            if (await Route.get(id=row.route_id)).kind is Kind.ROUND
            else press(_("All of them"), "works", row.canteen_id),
        ],
    )


async def said(row: DatedSetting) -> Text:
    """Say what will hold from a day on, of the canteen, its rooms, a route or one senior."""
    if row.room is not None:
        canteen = await Canteen.get(id=row.canteen_id)
        then = (await Schedule.of(canteen, row.at)).on(row.since)
        words = words_of(await with_row(row), then, row.since)
        return _("From {day}: {rule}", day=row.since, rule=words[row.rule])
    if row.route_id is not None:
        return await _of_route(row)
    if row.senior_id is None:
        return to_come(row)
    senior = await Senior.get(id=row.senior_id)
    if row.name == ROUTE:
        route = await Route.get(id=int(row.value))
        return _("From {day}: {name} is on {route}", day=row.since, name=senior.display, route=route.name)
    mode, weekdays = read_pattern(row.value)
    return _(
        "From {day}: {name} has lunch {how}, {days}",
        day=row.since,
        name=senior.display,
        how=MODES[mode],
        days=Weekdays(weekdays),
    )


async def _of_route(row: DatedSetting) -> Text:
    route = (await Route.get(id=row.route_id)).name
    match row.name:
        case "hours":
            starts, ends = (time.fromisoformat(clock) for clock in row.value.split())
            return _(
                "From {day}: {route}, {starts}–{ends}", day=row.since, route=route, starts=starts, ends=ends
            )
        case "places":
            return _n(
                "From {day}: {route}, {n} volunteer on each shift",
                "From {day}: {route}, {n} volunteers on each shift",
                int(row.value),
                day=row.since,
                route=route,
            )
        case "order":
            return _("From {day}: the stops of {route} in a new order", day=row.since, route=route)
        case "opens":
            return _("From {day}: {route} is open", day=row.since, route=route)
    if not row.value:
        return _("From {day}: {route} is closed", day=row.since, route=route)
    into = (await Route.get(id=int(row.value))).name
    return _(
        "From {day}: {route} is closed, its homes are the last ones of {into}",
        day=row.since,
        route=route,
        into=into,
    )


@button("setting_stays", for_=COORDINATOR)
async def take_back(chat: Chat, setting_id: int) -> None:
    """Let a setting stay as it is."""
    row = await DatedSetting.take_back(setting_id, chat.person, chat.now)
    chat.say(
        lines(_("Taken back; this will not happen:"), await said(row)),
        buttons=[press(_("Back to the settings"), "settings", row.canteen_id)],
    )


@every(seconds=15)
async def put_into_force(mail: Mail) -> bool:
    """Put settings into force at the midnight of their day, and tell the coordinators."""
    applied = await apply_due(mail.now)
    if applied is None:
        return False
    canteen, rows = applied
    if not rows:
        return True
    told = [await said(row) for row in rows]
    for coordinator in await canteen.coordinators():
        mail.say(
            lines(
                bold(_("As you planned, this holds at {canteen} now:", canteen=canteen.name))
                if not all(row.for_lists for row in rows)
                else bold(_("As you planned, the next lists of {canteen} have this:", canteen=canteen.name)),
                *told,
            ),
            to=coordinator,
            priority=Priority.NOTICE,
            key=f"settings in force {rows[-1].id} {coordinator.id}",
        )
    return True
