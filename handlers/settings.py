"""The canteen's settings: one card that shows them all, and a small question for each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import time
from typing import Any, Final, TypeAlias

from handlers import answers
from handlers.chat import COORDINATOR, Button, Chat, Choice, button, command, press
from handlers.languages import LANGUAGES
from handlers.places import which_canteen
from handlers.setting_dates import ask_since, plan_setting, said
from handlers.setting_readers import MASK, emergency_number, week, zone
from handlers.setting_words import aim, consequences, orders_close, public_holidays
from handlers.settings_calendar import ask_quota, ask_region
from handlers.text import Text, Weekdays, _, bold, lines, listed, verbatim
from models.canteens import Canteen
from models.datedroutes import is_under_way
from models.datedsettings import DATED, DatedSetting
from models.people import Role
from models.refusals import Gone
from models.routes import Route

Values: TypeAlias = dict[str, Any]

CLOCKS: Final = {
    "lunch_at": _("At what time is lunch?"),
    "cutoff_at": _("At what time do orders close?"),
    "roster_at": _("At what time shall the day's roster come to you?"),
    "finish_at": _("At what time is the day over?"),
    "remind_at": _("At what time shall volunteers be reminded, days before their shift?"),
}


@command(
    "settings",
    for_=COORDINATOR,
    help=_("The canteen's clock, days, routes and phone numbers"),
    phrases=_("settings|change the time|change the phone number"),
)
async def settings(chat: Chat) -> None:
    """Show all settings, with a button for each."""
    await show_settings(chat, (await which_canteen(chat, Role.COORDINATOR)).id)


@button("settings", for_=COORDINATOR)
async def show_settings(chat: Chat, canteen_id: int) -> None:
    """Show all settings of one canteen."""
    canteen = await _mine(chat, canteen_id)
    routes = await Route.of(canteen.id)
    coming = [(await said(row), row) for row in await DatedSetting.coming([canteen.id])]
    name, phone = canteen.human
    chat.say(
        lines(
            bold(_("Settings of {canteen}", canteen=canteen.name)),
            _(
                "Open: {weekdays}, lunch at {lunch}",
                weekdays=Weekdays(canteen.weekdays),
                lunch=time.fromisoformat(canteen.lunch_at),
            ),
            orders_close(canteen),
            public_holidays(canteen),
            aim(canteen),
            _("Roster at {clock}", clock=time.fromisoformat(canteen.roster_at)),
            _("End of the day at {clock}", clock=time.fromisoformat(canteen.finish_at)),
            _("Reminders at {clock}", clock=time.fromisoformat(canteen.remind_at)),
            _("Routes: {routes}", routes=listed([route.name for route in routes])),
            _("Volunteers on each shift: {n}", n=canteen.places),
            _("To call: {name}, {phone}", name=name, phone=phone) if phone else _("To call: nobody yet"),
            _("In an emergency: {number}", number=canteen.emergency_number),
            _("Time zone: {zone}", zone=canteen.zone),
            _("Language: {language}", language=LANGUAGES.get(canteen.language, canteen.language)),
            *[words for words, _row in coming],
        ),
        card=f"settings {canteen.id}",
        fresh=True,
        buttons=[
            [_set(_("Days"), canteen, "weekdays"), _set(_("Lunch"), canteen, "lunch_at")],
            [_set(_("Orders close"), canteen, "cutoff_at"), _set(_("Days before"), canteen, "cutoff_days")],
            [_set(_("Roster"), canteen, "roster_at"), _set(_("End of the day"), canteen, "finish_at")],
            [_set(_("Reminders"), canteen, "remind_at"), _set(_("Places"), canteen, "places")],
            press(_("Routes and stops"), "routes", canteen.id),
            press(_("Calendar"), "calendar", canteen.id),
            press(_("Orders and the kitchen's count"), "order_settings", canteen.id),
            press(_("Desk and food log"), "desk_rules", canteen.id),
            press(_("Menu and kitchen lines"), "settings_menu", canteen.id),
            press(_("Calls by telephone"), "settings_calls", canteen.id),
            [
                press(_("On the round"), "settings_round", canteen.id),
                press(_("When nobody opens"), "settings_door", canteen.id),
            ],
            press(_("Volunteers and duty"), "set_shifts", canteen.id),
            [_set(_("Whom to call"), canteen, "human"), _set(_("Emergency"), canteen, "emergency_number")],
            [_set(_("Name"), canteen, "name"), _set(_("Time zone"), canteen, "zone")],
            _set(_("Language"), canteen, "language"),
            press(_("Paper"), "set_paper", canteen.id),
            *(
                press(_("Take back: {change}", change=words), "setting_stays", row.id)
                for words, row in coming
                if not is_under_way(row)
            ),
        ],
    )


def _set(label: Text, canteen: Canteen, what: str) -> Button:
    return press(label, "set", canteen.id, what)


@button("set", for_=COORDINATOR)
async def change_setting(chat: Chat, canteen_id: int, what: str) -> None:
    """Ask for one setting, change it, and say what follows from it."""
    if what not in ASKED:
        raise Gone
    canteen = await _mine(chat, canteen_id)
    values = await ASKED[what](chat, canteen)
    since = await ask_since(chat, canteen) if values.keys() <= DATED else None
    if since is not None and since > canteen.today(chat.now):
        await plan_setting(chat, canteen, values, since)
        return
    canteen = await Canteen.change(canteen_id, by=chat.person, now=chat.now, **values)
    chat.say(
        lines(*await consequences(what, canteen, chat)),
        zone=canteen.zone,
        buttons=[press(_("Back to the settings"), "settings", canteen.id)],
    )


async def _mine(chat: Chat, canteen_id: int) -> Canteen:
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    return await Canteen.get(id=canteen_id)


# ------------------------------------------------------------------------------------------------ questions


def _asks_clock(what: str) -> Callable[[Chat, Canteen], Awaitable[Values]]:
    async def ask(chat: Chat, _canteen: Canteen) -> Values:
        return {what: await chat.ask(what, CLOCKS[what], answers.clock)}

    return ask


async def _ask_weekdays(chat: Chat, _canteen: Canteen) -> Values:
    choices = [Choice(f"{MASK}{mask}", _("{weekdays}", weekdays=Weekdays(mask))) for mask in (31, 63, 127)]
    return {
        "weekdays": await chat.ask(
            "weekdays",
            _("On which days do you cook? Tap one, or write the days, like {example}.", example=Weekdays(21)),
            week,
            choices=choices,
        )
    }


async def _ask_cutoff_days(chat: Chat, _canteen: Canteen) -> Values:
    days = await chat.ask(
        "cutoff_days",
        _("How many service days before lunch do orders close?"),
        choices=[
            Choice("0", _("On the day itself")),
            Choice("1", _("On the service day before")),
            Choice("2", _("Two service days before")),
            Choice("3", _("Three service days before")),
        ],
    )
    return {"cutoff_days": int(days)}


async def _ask_places(chat: Chat, _canteen: Canteen) -> Values:
    question = _("How many volunteers does each shift need? A route can have its own number.")
    return {"places": await chat.ask("places", question, answers.number(1, 20))}


async def _ask_human(chat: Chat, canteen: Canteen) -> Values:
    name = await chat.ask(
        "human_name",
        _("Who answers the phone for families and volunteers? Please write the name."),
        answers.words,
    )
    phone = await chat.ask(
        "human_phone",
        _("What is the phone number of {name}?", name=name),
        answers.phone(answers.country_code(canteen.zone)),
    )
    return {"human_name": name, "human_phone": phone}


async def _ask_emergency(chat: Chat, _canteen: Canteen) -> Values:
    question = _("Which number is called in an emergency? For example {example}.", example="120")
    return {"emergency_number": await chat.ask("emergency_number", question, emergency_number)}


async def _ask_name(chat: Chat, _canteen: Canteen) -> Values:
    return {"name": await chat.ask("name", _("What is the canteen called?"), answers.words)}


async def _ask_zone(chat: Chat, canteen: Canteen) -> Values:
    question = _(
        "In which time zone is the canteen? Please write a city, like {example}.", example=canteen.zone
    )
    return {"zone": await chat.ask("zone", question, zone)}


async def _ask_language(chat: Chat, _canteen: Canteen) -> Values:
    choices = [Choice(code, verbatim(name)) for code, name in LANGUAGES.items()]
    question = _("In which language shall lists and notices on paper be?")
    return {"language": await chat.ask("language", question, choices=choices)}


ASKED: Final[dict[str, Callable[[Chat, Canteen], Awaitable[Values]]]] = {
    **{what: _asks_clock(what) for what in CLOCKS},
    "weekdays": _ask_weekdays,
    "cutoff_days": _ask_cutoff_days,
    "places": _ask_places,
    "human": _ask_human,
    "emergency_number": _ask_emergency,
    "name": _ask_name,
    "zone": _ask_zone,
    "language": _ask_language,
    "region": ask_region,
    "quota": ask_quota,
}
