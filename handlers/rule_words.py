"""The sentences of the rules of the doors, the calls, the desk and the menu: what holds, rule by rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time

from handlers import spellcard
from handlers.foodwords import WHOLE, celsius
from handlers.menuwords import line_word
from handlers.text import Text, _, _n, listed
from models.callrules import CallRules
from models.canteens import Canteen
from models.care import Care
from models.datedrules import Rules
from models.deskrules import DeskRules
from models.menumail import MenuSetting
from models.menus import ORDINARY


def words_of(rules: Rules, canteen: Canteen, day: date) -> Mapping[str, Text]:
    """Say what the rules of a room mean on a day, by rule; two rules of one sentence have the same."""
    if isinstance(rules, Care):
        return {**door_words(rules), **kept_words(rules)}
    if isinstance(rules, CallRules):
        return call_words(rules)
    return desk_words(rules, canteen, day) if isinstance(rules, DeskRules) else menu_words(rules)


def door_words(care: Care) -> dict[str, Text]:
    """Say what is done when nobody opens."""
    return {
        "red_after": _n(
            "After {n} minute: red, all are alerted.",
            "After {n} minutes: red, all are alerted.",
            care.red_after,
        ),
        "call_after": _n(
            "After {n} minute: a coordinator phones, one number after the other.",
            "After {n} minutes: a coordinator phones, one number after the other.",
            care.call_after,
        ),
        "go_on_after": _n(
            "After {n} minute: the volunteer may go on.",
            "After {n} minutes: the volunteer may go on.",
            care.go_on_after,
        ),
        "again_after": _n(
            "After {n} minute, and again and again: all are alerted, until somebody looks after it.",
            "After {n} minutes, and again and again: all are alerted, until somebody looks after it.",
            care.again_after,
        ),
        "second_after": _n(
            "After {n} minute: a second coordinator is asked about police and door.",
            "After {n} minutes: a second coordinator is asked about police and door.",
            care.second_after,
        ),
        "unseen_days": _n(
            "Not met in person on {n} service day: please look in on them.",
            "Not met in person on {n} service days: please look in on them.",
            care.unseen_days,
        ),
        "wellbeing": _("Volunteers are asked at the door how people are.")
        if care.wellbeing
        else _("Volunteers are not asked at the door how people are."),
    }


def kept_words(care: Care) -> dict[str, Text]:
    """Say for how long photos and voice notes are kept."""
    return {
        "photo_days": _n("Photos are kept for {n} day.", "Photos are kept for {n} days.", care.photo_days),
        "voice_days": _n(
            "Voice notes are kept for {n} day.", "Voice notes are kept for {n} days.", care.voice_days
        ),
    }


def call_words(rules: CallRules) -> dict[str, Text]:
    """Say when seniors are called, and what follows when nobody answers."""
    window = _(
        "Volunteers call between {opens} and {shuts}.",
        opens=_time(rules.opens_at),
        shuts=_time(rules.shuts_at),
    )
    extra = _(
        "In heat and cold the extra calls begin at {begins}, and all must be reached by {by}.",
        begins=_time(rules.check_at),
        by=_time(rules.check_by),
    )
    return {
        "opens_at": window,
        "shuts_at": window,
        "daily_at": _("The calls of every day begin at {clock}.", clock=_time(rules.daily_at))
        if rules.daily_at
        else _("The calls of a day begin when a coordinator taps it."),
        "daily_for": _(
            "They are for: {whom}",
            whom=listed([spellcard.risk_words(rules.age)[one] for one in rules.called_daily]),
        ),
        "check_at": extra,
        "check_by": extra,
        "again_after": _n(
            "Who does not answer is called again after {n} minute.",
            "Who does not answer is called again after {n} minutes.",
            rules.again_after,
        ),
        "tries": _n(
            "After {n} call without an answer a case is opened.",
            "After {n} calls without an answer a case is opened.",
            rules.tries,
        ),
        "hold": _n(
            "A caller has a senior in hand for {n} minute.",
            "A caller has a senior in hand for {n} minutes.",
            rules.hold,
        ),
        "age": _("At risk in heat and cold: {age} years and older", age=str(rules.age)),
    }


def desk_words(rules: DeskRules, canteen: Canteen, day: date) -> dict[str, Text]:
    """Say what holds at the desk and of food."""
    closes = time.fromisoformat(rules.closes_clock(canteen, day))
    return {
        "closes_at": _("The desk closes at {clock}; who has not come then is asked after.", clock=closes),
        "spare": _n(
            "{n} lunch a day for guests without an order",
            "{n} lunches a day for guests without an order",
            rules.spare,
        ),
        "hot_at_least": _("Hot dishes: at least {celsius}", celsius=celsius(rules.hot_at_least * WHOLE)),
        "cold_at_most": _("Cold dishes: at most {celsius}", celsius=celsius(rules.cold_at_most * WHOLE)),
        "samples_at": _("Missing samples are reminded of at {clock}", clock=_time(rules.samples_at)),
        "warm_for": _n(
            "{n} minute after packing hot food is on its way too long.",
            "{n} minutes after packing hot food is on its way too long.",
            rules.warm_for,
        ),
    }


def menu_words(setting: MenuSetting) -> dict[str, Text]:
    """Say when the menu goes out and who sees it, and which kitchen lines there are."""
    return {
        "menu_at": _("The menu goes out at {clock}, to those who want it.", clock=setting.clock),
        "families": _("Families see the menu.") if setting.families else _("Only helpers see the menu."),
        "lines": _(
            "Kitchen lines: {lines}",
            lines=listed([line_word(line) for line in (ORDINARY, *setting.lines)]),
        ),
    }


def _time(clock: str) -> time:
    return time.fromisoformat(clock)
