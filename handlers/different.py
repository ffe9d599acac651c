"""Something is different at a door, told in two taps; and the wrong meal, where everybody stops first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from handlers import answers, diets, doorplan, today
from handlers.casecard import DIFFERENT, EATEN, tell_coordinators
from handlers.chat import VOLUNTEER, Chat, Choice, Priority, button, press
from handlers.text import Text, _, bold
from models import rounds
from models.canteens import Canteen
from models.cases import Case, CaseKind
from models.incidents import Incident
from models.meals import Meal
from models.rounds import Door
from models.seniors import Senior
from models.shifts import Shift

KINDS: Final = [Choice(value, label) for value, label in DIFFERENT.items()]
MAY_BE_URGENT: Final = frozenset({"health", "care", "walking", "mood"})
URGENT: Final = "urgent"
WRONG_MEAL: Final = "meal"


@button("different", for_=VOLUNTEER)
async def something_is_different(chat: Chat, meal_id: int) -> None:
    """Take down in two taps what is different at a door today."""
    senior = await rounds.senior_at(meal_id, chat.person, chat.now)
    kind = await ask_kind(chat)
    if kind == WRONG_MEAL:
        await _wrong_meal(chat, senior, meal_id)
        return
    urgent = await ask_urgent(chat, kind)
    meal = await Meal.get(id=meal_id)
    case = await Case.open(
        CaseKind.CONCERN, senior, meal.day, meal, chat.person, None, chat.now, about=kind, urgent=urgent
    )
    await tell_coordinators(chat, case, fresh=True, priority=Priority.URGENT if urgent else Priority.REPLY)
    chat.say(
        _("Thank you for looking. All coordinators hear it now, and tell you what came of it.")
        if urgent
        else _("Thank you for looking. The coordinator has it now and will tell you what came of it."),
        buttons=[
            press(_("Add a few words"), "case_words", case.id),
            press(_("Add a photo or a voice note"), "case_file", case.id),
            press(_("Back to the round"), "/round"),
        ],
    )
    await today.refresh(chat, senior.canteen_id, meal.day)


async def ask_kind(chat: Chat) -> str:
    """Ask which of the six kinds it is."""
    return await chat.ask("kind", _("What is different today?"), choices=KINDS)


async def ask_urgent(chat: Chat, kind: str) -> bool:
    """Ask whether it can wait, where that is a question."""
    if kind not in MAY_BE_URGENT:
        return False
    said = await chat.ask(
        "urgent",
        _("Must somebody look after it at once?"),
        choices=[Choice(URGENT, _("Yes, at once")), Choice("later", _("No, in the next days"))],
    )
    return said == URGENT


@button("case_words", for_=VOLUNTEER)
async def add_words(chat: Chat, case_id: int) -> None:
    """Take down a few words about what is different."""
    case = await Case.told(case_id, chat.person)
    words = await chat.ask("words", _("What did you see?"), answers.long_words)
    await case.note("words", chat.person, chat.now, words)
    await tell_coordinators(chat, case, fresh=True, priority=Priority.URGENT if case.red else Priority.REPLY)
    chat.say(_("Thank you, it is on the card."), buttons=[press(_("Back to the round"), "/round")])


async def _wrong_meal(chat: Chat, senior: Senior, meal_id: int) -> None:
    """Stop first, then ask; freeze what lay in the box, and have the boxes beside it compared."""
    eaten = await chat.ask(
        "eaten",
        _("Please stop: nobody shall eat of it now. Has anybody eaten of it?"),
        choices=[
            Choice("no", _("No, nothing")),
            Choice("yes", _("Yes, some")),
            Choice("unknown", _("I don't know")),
        ],
    )
    assert eaten in EATEN
    meal = await Meal.get(id=meal_id)
    case = await Case.open(
        CaseKind.WRONG_MEAL, senior, meal.day, meal, chat.person, None, chat.now, urgent=True
    )
    await case.note("eaten", chat.person, chat.now, about=eaten)
    beside = await Incident.freeze(case, meal, eaten, chat.person, chat.now)
    await tell_coordinators(chat, case, fresh=True)
    canteen = await Canteen.get(id=case.canteen_id)
    stop: list[Text | None] = [
        bold(_("Please take the meal back: nobody eats of it.")),
        _(
            "If {name} has trouble breathing, a swollen face or cannot swallow, call {number} at once.",
            name=senior.display,
            number=canteen.emergency_number,
        )
        if eaten != "no"
        else None,
        _("A coordinator calls you."),
        *compare(beside),
    ]
    also = [one.senior.id for one in beside]
    back = [press(_("Back to the round"), "/round")]
    if not await doorplan.say(chat, case, chat.person, *stop, keys=back, also=also):
        chat.say(_("Thank you. All coordinators know it now."))
    if meal.route_id is not None and beside:
        for person in await Shift.carrier(meal.route_id, meal.day):
            if person.id != chat.person.id:
                await doorplan.say(
                    chat, case, person,
                    bold(_("On your route a wrong meal was handed over. Please stop for a moment.")),
                    *compare(beside), keys=[press(_("My round"), "/round")], also=also,
                )  # fmt: skip
    await today.refresh(chat, senior.canteen_id, meal.day)


def compare(beside: Sequence[Door]) -> list[Text]:
    """Ask to compare the boxes of the doors beside a wrong meal with their labels.

    The label of plain food names no diet; where none is on record, nobody knows what may be in the box.
    """
    return [_still_to_come(door) if door.open else _handed_over(door) for door in beside]


def _still_to_come(door: Door) -> Text:
    number = _which(door)
    if door.diet is None:
        return _(
            "Before door {number}: no diet is on record. Hand nothing over there before the coordinator has"
            " said what may be eaten.",
            number=number,
        )
    if diets.plain_food(door.diet):
        return _(
            "Before door {number}: on the box must stand no diet. Hand it over only if its label names none.",
            number=number,
        )
    return _(
        "Before door {number}: on the box must stand “{label}”. Hand it over only if it does.",
        number=number,
        label=diets.door_label(door.diet),
    )


def _handed_over(door: Door) -> Text:
    number = _which(door)
    if door.diet is None:
        return _("At door {number} no diet is on record. The coordinator asks there.", number=number)
    if diets.plain_food(door.diet):
        return _(
            "At door {number} the box should have had no diet on its label. The coordinator asks there.",
            number=number,
        )
    return _(
        "At door {number} the box should have been “{label}”. The coordinator asks there.",
        number=number,
        label=diets.door_label(door.diet),
    )


def _which(door: Door) -> Text | int:
    """Say which box is meant: of several behind one door, by the name."""
    if door.home < 0:
        return door.number
    return _("{number} {name}", number=door.number, name=door.senior.display)
