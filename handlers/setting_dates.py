"""Settings from a date: when a change shall hold, what is still to come, and its day when it comes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

from handlers import answers
from handlers.chat import COORDINATOR, Chat, Choice, Mail, Priority, button, every, press
from handlers.seniornames import MODES
from handlers.setting_words import to_come
from handlers.text import Text, Weekdays, _, bold, lines
from models.canteens import Canteen
from models.datedseniors import ROUTE, plan_for, read_pattern
from models.datedsettings import DatedSetting
from models.months import month_of
from models.routes import Route
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


async def plan_setting(chat: Chat, canteen: Canteen, values: dict[str, Any], since: date) -> None:
    """Keep a change for its day, and say so."""
    await DatedSetting.plan(canteen.id, values, since, by=chat.person, now=chat.now)
    coming = [row for row in await DatedSetting.coming([canteen.id]) if row.since == since]
    chat.say(
        lines(
            *(bold(to_come(row)) for row in coming if row.name in values),
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


async def said(row: DatedSetting) -> Text:
    """Say what will hold from a day on, of the canteen or of one senior."""
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
    applied = await DatedSetting.apply_due(mail.now)
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
                if any(row.senior_id is None for row in rows)
                else bold(_("As you planned, the next lists of {canteen} have this:", canteen=canteen.name)),
                *told,
            ),
            to=coordinator,
            priority=Priority.NOTICE,
            key=f"settings in force {rows[-1].id} {coordinator.id}",
        )
    return True
