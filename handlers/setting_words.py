"""The sentences of the settings: what follows from a change, and what is still to come."""

from __future__ import annotations

from datetime import date, time

from handlers.chat import Chat, explains
from handlers.languages import LANGUAGES
from handlers.text import Country, Text, Weekdays, _, _n
from models.calendar import ServiceDay
from models.canteens import Canteen
from models.datedsettings import DatedSetting
from models.refusals import SettingsOutOfOrder, SettingUnreadable


def orders_close(canteen: Canteen) -> Text:
    """Say when orders close, as a rule."""
    clock = time.fromisoformat(canteen.cutoff_at)
    if canteen.cutoff_days == 0:
        return _("Orders close at {clock} on the day itself.", clock=clock)
    return _n(
        "Orders close at {clock} on the service day before.",
        "Orders close at {clock}, {n} service days before.",
        canteen.cutoff_days,
        clock=clock,
    )


def public_holidays(canteen: Canteen) -> Text:
    """Say whose public holidays a canteen keeps."""
    if canteen.region is None:
        return _("Public holidays change nothing: you cook by your week all year.")
    return _("Public holidays: {country}", country=Country(canteen.region))


def aim(canteen: Canteen) -> Text:
    """Say on how many days of a month a canteen means to cook."""
    if canteen.quota is None:
        return _("Lunch days of a month are not counted.")
    return _n("Lunch days in a month: {n}", "Lunch days in a month: {n}", canteen.quota)


def week_limit(limit: int | None) -> Text:
    """Say how many shifts a week one volunteer may take."""
    if limit is None:
        return _("A volunteer may take as many shifts a week as they like.")
    return _n(
        "A volunteer may take {n} shift a week; what is still free two days before is open to all.",
        "A volunteer may take {n} shifts a week; what is still free two days before is open to all.",
        limit,
    )


def to_come(row: DatedSetting) -> Text:
    """Say what will hold from a day on."""
    day, value = row.since, row.setting
    if row.name == "week_limit":
        assert not isinstance(value, str)
        return _("From {day}: {rule}", day=day, rule=week_limit(value))
    if isinstance(value, str):
        return _clock_to_come(row.name, day, time.fromisoformat(value))
    if value is None and row.name == "freeze_at":
        return _("From {day}: the kitchen's count is final when the roster comes", day=day)
    if value is None:
        return _("From {day}: lunch days are not counted", day=day)
    if row.name == "weekdays":
        return _("From {day}: open {weekdays}", day=day, weekdays=Weekdays(value))
    if row.name == "quota":
        return _n(
            "From {day}: {n} lunch day in a month", "From {day}: {n} lunch days in a month", value, day=day
        )
    if row.name == "places":
        return _n(
            "From {day}: {n} volunteer on each shift",
            "From {day}: {n} volunteers on each shift",
            value,
            day=day,
        )
    return _closes_before(value, day)


def _clock_to_come(name: str, day: date, clock: time) -> Text:
    match name:
        case "lunch_at":
            return _("From {day}: lunch at {clock}", day=day, clock=clock)
        case "cutoff_at":
            return _("From {day}: orders close at {clock}", day=day, clock=clock)
        case "roster_at":
            return _("From {day}: roster at {clock}", day=day, clock=clock)
        case "freeze_at":
            return _("From {day}: the kitchen's count is final at {clock}", day=day, clock=clock)
        case "finish_at":
            return _("From {day}: end of the day at {clock}", day=day, clock=clock)
        case _:
            return _("From {day}: reminders at {clock}", day=day, clock=clock)


def _closes_before(count: int, day: date) -> Text:
    if count == 0:
        return _("From {day}: orders close on the day itself", day=day)
    return _n(
        "From {day}: orders close on the service day before",
        "From {day}: orders close {n} service days before",
        count,
        day=day,
    )


async def consequences(what: str, canteen: Canteen, chat: Chat) -> list[Text]:
    """Say what a setting means from now on."""
    match what:
        case "cutoff_at" | "cutoff_days" | "zone" | "weekdays":
            rule = (
                _("From now on you cook on {weekdays}.", weekdays=Weekdays(canteen.weekdays))
                if what == "weekdays"
                else orders_close(canteen)
            )
            coming = await ServiceDay.open_days(canteen.id, chat.now, 1)
            return [rule] + [
                _("Next, the orders for {day} close: {when}.", day=day.day, when=day.close_at)
                for day in coming
            ]
        case "lunch_at":
            return [_("From now on lunch is at {clock}.", clock=time.fromisoformat(canteen.lunch_at))]
        case "roster_at":
            clock = time.fromisoformat(canteen.roster_at)
            return [_("From now on you get the day's roster at {clock}.", clock=clock)]
        case "finish_at":
            clock = time.fromisoformat(canteen.finish_at)
            return [_("From now on the day is over at {clock}.", clock=clock)]
        case "remind_at":
            clock = time.fromisoformat(canteen.remind_at)
            return [_("From now on I remind volunteers at {clock}.", clock=clock)]
        case "places":
            return [
                _n(
                    "Shifts that nobody has taken yet need {n} volunteer now.",
                    "Shifts that nobody has taken yet need {n} volunteers now.",
                    canteen.places,
                )
            ]
        case "human":
            name, phone = canteen.human
            return [_("From now on families are told to call {name}, {phone}.", name=name, phone=phone)]
        case "emergency_number":
            return [_("From now on volunteers are told to call {number}.", number=canteen.emergency_number)]
        case "region":
            return [public_holidays(canteen)]
        case "quota":
            return [aim(canteen)]
        case "name":
            return [_("From now on the canteen is called {name}.", name=canteen.name)]
        case _:
            language = LANGUAGES[canteen.language]
            return [_("From now on paper is printed in this language: {language}.", language=language)]


@explains(SettingUnreadable)
def unreadable(_refusal: SettingUnreadable) -> Text:
    return _("That can't be. Nothing was changed.")


@explains(SettingsOutOfOrder)
def out_of_order(_refusal: SettingsOutOfOrder) -> Text:
    return _(
        "Then the day would not run in its order: orders close, roster, the kitchen's count,"
        " lunch, end of the day;"
        " and a route begins before it ends. Nothing was changed."
    )
