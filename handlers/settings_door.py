"""Settings of the ladder: after how many minutes what is done at a door that stays shut."""

from __future__ import annotations

from typing import Final

from handlers import answers
from handlers.chat import COORDINATOR, Chat, Choice, button, explains, press
from handlers.rule_words import door_words
from handlers.setting_dates import kept_for_later
from handlers.text import Text, _, bold, lines
from models.canteens import Canteen
from models.care import AT_MOST, MINUTES, Care
from models.people import Role
from models.refusals import Gone, StepsOutOfOrder

ASKED: Final[dict[str, Text]] = {
    "red_after": _("After how many minutes shall a shut door turn red, for all coordinators?"),
    "call_after": _("After how many minutes shall a coordinator be asked to phone?"),
    "go_on_after": _("After how many minutes may the volunteer go on, even if nobody has taken over?"),
    "again_after": _("After how many minutes shall all be alerted again while nobody looks after it?"),
    "second_after": _("After how many minutes shall a second coordinator be asked about police and door?"),
}
YES: Final = "yes"


@button("settings_door", for_=COORDINATOR)
async def show_door_settings(chat: Chat, canteen_id: int) -> None:
    """Show what is done when nobody opens, with a button for each."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    canteen, care = await Canteen.get(id=canteen_id), await Care.of(canteen_id)
    chat.say(
        lines(
            bold(_("When nobody opens, at {canteen}", canteen=canteen.name)),
            _("At once: the coordinators see it, the volunteer sees what was agreed."),
            *door_words(care).values(),
        ),
        card=f"settings_door {canteen_id}",
        fresh=True,
        buttons=[
            [press(_("Red"), "set_door", canteen_id, "red_after"),
             press(_("Phone"), "set_door", canteen_id, "call_after")],
            [press(_("Go on"), "set_door", canteen_id, "go_on_after"),
             press(_("Alert again"), "set_door", canteen_id, "again_after")],
            press(_("Second coordinator"), "set_door", canteen_id, "second_after"),
            [press(_("Days not met"), "set_door", canteen_id, "unseen_days"),
             press(_("How people are"), "set_door", canteen_id, "wellbeing")],
            press(_("Back to the settings"), "settings", canteen_id),
        ],
    )  # fmt: skip


@button("set_door", for_=COORDINATOR)
async def change_door_setting(chat: Chat, canteen_id: int, what: str) -> None:
    """Ask for one of them, and change it."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    value: int | bool
    if what in MINUTES:
        value = await chat.ask(what, ASKED[what], answers.number(1, AT_MOST))
    elif what == "unseen_days":
        value = await chat.ask(
            what,
            _("After how many service days without meeting somebody shall I ask you to look in?"),
            answers.number(1, 7),
        )
    elif what == "wellbeing":
        value = (
            await chat.ask(
                what,
                _("Shall volunteers be asked at the door, with five faces, how people are?"),
                choices=[Choice(YES, _("Yes")), Choice("no", _("No"))],
            )
            == YES
        )
    else:
        raise Gone
    if await kept_for_later(chat, canteen_id, "care", what, value):
        return
    await Care.change(canteen_id, by=chat.person, now=chat.now, **{what: value})
    await show_door_settings(chat, canteen_id)


@explains(StepsOutOfOrder)
def out_of_order(_refusal: StepsOutOfOrder) -> Text:
    return _(
        "Then the steps would not come one after the other: red, phone, go on, alert again, second"
        " coordinator. Nothing was changed."
    )
