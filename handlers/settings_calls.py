"""Settings of the calls: when seniors are called, how often it is tried, and what then."""

from __future__ import annotations

from typing import Any, Final

from handlers import answers, spellcard
from handlers.chat import COORDINATOR, Button, Chat, Choice, button, explains, press
from handlers.rule_words import call_words
from handlers.setting_dates import kept_for_later
from handlers.text import Text, _, bold, lines
from models.callrules import NUMBERS, CallRules
from models.canteens import Canteen
from models.people import Role
from models.refusals import CallHoursOutOfOrder, Gone

BY_HAND: Final = "-"
CLOCKS: Final[dict[str, Text]] = {
    "opens_at": _("From which hour on may volunteers call seniors?"),
    "shuts_at": _("Until which hour may volunteers call seniors?"),
    "check_at": _("In heat and cold: at which hour do the extra calls begin?"),
    "check_by": _("In heat and cold: by which hour must all be reached?"),
}
ASKED: Final[dict[str, Text]] = {
    "again_after": _("After how many minutes shall somebody who did not answer be called again?"),
    "tries": _("After how many calls without an answer shall a case be opened?"),
    "hold": _("For how many minutes may a caller have one senior in hand?"),
    "age": _("From which age on is somebody at risk in heat and cold?"),
}


# The second hour of a pair: both stand in one sentence.
SECOND: Final = ("shuts_at", "check_by")


@button("settings_calls", for_=COORDINATOR)
async def show_call_settings(chat: Chat, canteen_id: int) -> None:
    """Show the rules of the calls, with a button for each."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    canteen, rules = await Canteen.get(id=canteen_id), await CallRules.of(canteen_id)
    chat.say(
        lines(
            bold(_("Calls by telephone at {canteen}", canteen=canteen.name)),
            *(words for rule, words in call_words(rules).items() if rule not in SECOND),
        ),
        card=f"settings_calls {canteen_id}",
        fresh=True,
        buttons=[
            [_set(_("First hour"), canteen_id, "opens_at"), _set(_("Last hour"), canteen_id, "shuts_at")],
            [_set(_("Every day"), canteen_id, "daily_at"), _set(_("For whom"), canteen_id, "daily_for")],
            [_set(_("Extra calls"), canteen_id, "check_at"), _set(_("Reached by"), canteen_id, "check_by")],
            [_set(_("Call again"), canteen_id, "again_after"),
             _set(_("Calls until a case"), canteen_id, "tries")],
            [_set(_("In hand"), canteen_id, "hold"), _set(_("Age"), canteen_id, "age")],
            press(_("Who may call"), "callers", canteen_id),
            press(_("Back to the settings"), "settings", canteen_id),
        ],
    )  # fmt: skip


def _set(label: Text, canteen_id: int, what: str) -> Button:
    return press(label, "set_calls", canteen_id, what)


@button("set_calls", for_=COORDINATOR)
async def change_call_setting(chat: Chat, canteen_id: int, what: str) -> None:
    """Ask for one rule, and change it."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    value: Any
    if what in CLOCKS:
        value = await chat.ask(what, CLOCKS[what], answers.clock)
    elif what in NUMBERS:
        value = await chat.ask(what, ASKED[what], answers.number(*NUMBERS[what]))
    elif what == "daily_at":
        value = await chat.ask(
            what,
            _("At which hour shall the calls of every day begin by themselves?"),
            lambda text: None if text == BY_HAND else answers.clock(text),
            choices=[Choice(BY_HAND, _("Only when somebody taps it"))],
        )
    elif what == "daily_for":
        rules = await CallRules.of(canteen_id)
        value = await chat.choose_many(
            what,
            _("Whom shall somebody call every day? Tap all lists that you want."),
            [Choice(risk.value, label) for risk, label in spellcard.risk_words(rules.age).items()],
        )
    else:
        raise Gone
    if await kept_for_later(chat, canteen_id, "calls", what, value):
        return
    await CallRules.change(canteen_id, by=chat.person, now=chat.now, **{what: value})
    await show_call_settings(chat, canteen_id)


@explains(CallHoursOutOfOrder)
def out_of_order(_refusal: CallHoursOutOfOrder) -> Text:
    return _(
        "Then the hours would not follow one another: calls begin within the hours of the volunteers, and all"
        " are reached before these end. Nothing was changed."
    )
