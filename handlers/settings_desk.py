"""Settings of the desk and of the food log: a card of their own, and a small question for each."""

from __future__ import annotations

from typing import Any, Final

from handlers import answers
from handlers.chat import COORDINATOR, Button, Chat, Choice, button, press
from handlers.rule_words import desk_words
from handlers.setting_dates import kept_for_later
from handlers.text import Text, _, bold, lines
from models.canteens import Canteen
from models.deskrules import WARM_FOR, DeskRules
from models.people import Role
from models.refusals import Gone

USUAL: Final = "-"


@button("desk_rules", for_=COORDINATOR)
async def show_rules(chat: Chat, canteen_id: int) -> None:
    """Show the rules, with a button for each."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    canteen, rules = await Canteen.get(id=canteen_id), await DeskRules.of(canteen_id)
    chat.say(
        lines(
            bold(_("The desk and the food log of {canteen}", canteen=canteen.name)),
            *desk_words(rules, canteen, canteen.today(chat.now)).values(),
        ),
        card=f"desk rules {canteen_id}",
        fresh=True,
        buttons=[
            [_set(_("The desk closes"), canteen, "closes_at"), _set(_("Spare lunches"), canteen, "spare")],
            [
                _set(_("Hot at least"), canteen, "hot_at_least"),
                _set(_("Cold at most"), canteen, "cold_at_most"),
            ],
            [
                _set(_("Reminder of samples"), canteen, "samples_at"),
                _set(_("Food on its way"), canteen, "warm_for"),
            ],
            press(_("Back to the settings"), "settings", canteen_id),
        ],
    )


def _set(label: Text, canteen: Canteen, what: str) -> Button:
    return press(label, "desk_rule", canteen.id, what)


@button("desk_rule", for_=COORDINATOR)
async def change_rule(chat: Chat, canteen_id: int, what: str) -> None:
    """Ask for one rule, change it, and say what holds now."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    if what not in ASKED:
        raise Gone
    values = {what: await ASKED[what](chat)}
    if await kept_for_later(chat, canteen_id, "desk", what, values[what]):
        return
    rules = await DeskRules.change(canteen_id, by=chat.person, now=chat.now, **values)
    canteen = await Canteen.get(id=canteen_id)
    chat.say(
        lines(_("From now on:"), *desk_words(rules, canteen, canteen.today(chat.now)).values()),
        buttons=[press(_("Back"), "desk_rules", canteen_id)],
    )


async def _closes_at(chat: Chat) -> Any:
    picked = await chat.ask(
        "closes_at",
        _("At what time does the desk close? After it, I ask you about everybody who did not come."),
        _clock_or_usual,
        choices=[Choice(USUAL, _("75 minutes after lunch begins"))],
    )
    return None if picked == USUAL else picked


def _clock_or_usual(text: str) -> str:
    return USUAL if text == USUAL else answers.clock(text)


async def _spare(chat: Chat) -> Any:
    question = _("How many lunches a day can the kitchen spare for guests without an order?")
    return await chat.ask("spare", question, answers.number(0, 99))


async def _hot(chat: Chat) -> Any:
    question = _("How many degrees Celsius must a hot dish have at least? Usual is {usual}.", usual=60)
    return await chat.ask("hot_at_least", question, answers.number(40, 90))


async def _cold(chat: Chat) -> Any:
    question = _("How many degrees Celsius may a cold dish have at most? Usual is {usual}.", usual=8)
    return await chat.ask("cold_at_most", question, answers.number(0, 15))


async def _samples_at(chat: Chat) -> Any:
    question = _("At what time shall I remind the kitchen of missing samples?")
    return await chat.ask("samples_at", question, answers.clock)


async def _warm_for(chat: Chat) -> Any:
    question = _("How many minutes may hot food be on its way after packing? Usual is {usual}.", usual=120)
    return await chat.ask("warm_for", question, answers.number(*WARM_FOR))


ASKED: Final = {
    "closes_at": _closes_at,
    "spare": _spare,
    "hot_at_least": _hot,
    "cold_at_most": _cold,
    "samples_at": _samples_at,
    "warm_for": _warm_for,
}
