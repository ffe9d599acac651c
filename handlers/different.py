"""Something is different at a door, told in two taps; and the wrong meal, where everybody stops first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from handlers import answers, diets, doorplan, today
from handlers.casecard import DIFFERENT, EATEN, tell_coordinators
from handlers.chat import VOLUNTEER, Button, Chat, Choice, Priority, button, press
from handlers.text import Text, _, bold, lines
from models import rounds
from models.canteens import Canteen
from models.caselog import CaseEvent
from models.cases import Case, CaseKind
from models.incidents import Incident
from models.meals import Meal
from models.refusals import CaseClosed, Gone
from models.rounds import Door
from models.seniors import Senior
from models.shifts import Shift

KINDS: Final = [Choice(value, label) for value, label in DIFFERENT.items()]
WRONG_MEAL: Final = "meal"
HAVE_EATEN: Final[dict[str, Text]] = {
    "no": _("No, nothing"),
    "yes": _("Yes, some"),
    "unknown": _("I don't know"),
}
HEARD: Final = _("Thank you for looking. The coordinator has it now and will tell you what came of it.")
HEARD_NOW: Final = _("Thank you for looking. All coordinators hear it now, and tell you what came of it.")


@button("different", for_=VOLUNTEER)
async def something_is_different(chat: Chat, meal_id: int) -> None:
    """Take down in two taps what is different at a door today; what more there is to say comes after."""
    senior = await rounds.senior_at(meal_id, chat.person, chat.now)
    kind = await ask_kind(chat)
    if kind == WRONG_MEAL:
        await _wrong_meal(chat, senior, meal_id)
        return
    meal = await Meal.get(id=meal_id)
    case = await Case.open(CaseKind.CONCERN, senior, meal.day, meal, chat.person, None, chat.now, about=kind)
    await tell_coordinators(chat, case, fresh=True, priority=Priority.URGENT if case.red else Priority.REPLY)
    chat.say(HEARD_NOW if case.red else HEARD, buttons=more(case))
    await today.refresh(chat, senior.canteen_id, meal.day)


async def ask_kind(chat: Chat) -> str:
    """Ask which of the six kinds it is."""
    return await chat.ask("kind", _("What is different today?"), choices=KINDS)


def more(case: Case) -> list[Button]:
    """Offer what can be added to what is different, the most pressing first."""
    keys = [] if case.red else [press(_("It can't wait"), "cant_wait", case.id)]
    keys.append(press(_("Add a few words"), "case_words", case.id))
    if case.meal_id is None:
        return [*keys, press(_("Call the next"), "call_next", case.canteen_id)]
    return [
        *keys,
        press(_("Add a photo or a voice note"), "case_file", case.id),
        press(_("Back to the round"), "/round"),
    ]


@button("cant_wait", for_=VOLUNTEER)
async def it_cannot_wait(chat: Chat, case_id: int) -> None:
    """Make what is different urgent at once; tapped again, it is no more so."""
    case = await Case.told(case_id, chat.person)
    if case.kind is not CaseKind.CONCERN:
        raise Gone
    if case.closed_at is not None:
        raise CaseClosed
    canteen = await Canteen.get(id=case.canteen_id)
    if not case.red:
        senior, meal = await Senior.get(id=case.senior_id), await Meal.get_or_none(id=case.meal_id)
        case = await Case.open(case.kind, senior, case.day, meal, chat.person, None, chat.now, urgent=True)
        await tell_coordinators(chat, case, fresh=True)
        await today.refresh(chat, canteen.id, case.day)
    chat.say(
        lines(
            HEARD_NOW, _("If somebody is in danger, call {number} first.", number=canteen.emergency_number)
        ),
        buttons=more(case),
    )


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
    meal = await Meal.get(id=meal_id)
    case = await Case.open(
        CaseKind.WRONG_MEAL, senior, meal.day, meal, chat.person, None, chat.now, urgent=True
    )
    beside = await Incident.freeze(case, meal, chat.person, chat.now)
    await tell_coordinators(chat, case, fresh=True)
    await _stop(chat, case, senior, beside, await _eaten(case))
    if meal.route_id is not None and beside:
        for person in await Shift.carrier(meal.route_id, meal.day):
            if person.id != chat.person.id:
                await doorplan.say(
                    chat, case, person,
                    bold(_("On your route a wrong meal was handed over. Please stop for a moment.")),
                    *compare(beside), keys=[press(_("My round"), "/round")],
                    also=[one.senior.id for one in beside],
                )  # fmt: skip
    await today.refresh(chat, senior.canteen_id, meal.day)


async def _stop(chat: Chat, case: Case, senior: Senior, beside: Sequence[Door], eaten: str | None) -> None:
    """Say what to do about a wrong meal, and ask what only who stands there can tell."""
    canteen = await Canteen.get(id=case.canteen_id)
    ask = _("Please stop: nobody shall eat of it now. Has anybody eaten of it?")
    keys: list[Button | list[Button]] = [press(_("Back to the round"), "/round")]
    if eaten is None:
        keys.insert(0, [press(label, "eaten", case.id, value) for value, label in HAVE_EATEN.items()])
    stop: list[Text | None] = [
        bold(ask) if eaten is None else None,
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
    if not await doorplan.say(chat, case, chat.person, *stop, keys=keys, also=also):
        thanks = _("Thank you. All coordinators know it now.")
        chat.say(thanks if eaten is not None else lines(thanks, bold(ask)), buttons=keys)


async def _eaten(case: Case) -> str | None:
    """Tell what was said last of whether anybody ate of it; None: nobody was asked yet."""
    said = await CaseEvent.filter(case_id=case.id, kind="eaten").order_by("-id").first()
    return None if said is None else said.about


@button("eaten", for_=VOLUNTEER)
async def note_eaten(chat: Chat, case_id: int, eaten: str) -> None:
    """Note whether anybody has eaten of a wrong meal; said again, it stands there once."""
    case = await Case.told(case_id, chat.person)
    if case.kind is not CaseKind.WRONG_MEAL or eaten not in EATEN:
        raise Gone
    if await _eaten(case) != eaten:
        await case.note("eaten", chat.person, chat.now, about=eaten)
        await tell_coordinators(chat, case, fresh=eaten == "yes")
    meal = await Meal.get(id=case.meal_id)
    await _stop(chat, case, await Senior.get(id=case.senior_id), await Incident.beside(meal), eaten)


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
