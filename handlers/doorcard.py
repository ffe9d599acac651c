"""The card of a round: one door at a time, edited in place, gone when its window closes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from handlers import diets
from handlers.chat import Button, Chat, Keyboard, Mail, Priority, press
from handlers.text import NOTHING, Text, _, _n, bold, lines, listed, verbatim
from models.canteens import Canteen
from models.care import Care
from models.cases import Case
from models.foodlog import keeps_a_log
from models.meals import MealState
from models.people import Person
from models.rounds import Door, Round
from models.shifts import Shift
from models.wellbeing import WellBeing

OUTCOMES: Final[dict[MealState, Text]] = {
    MealState.IN_PERSON: _("Handed over"),
    MealState.NO_ANSWER: _("No answer"),
    MealState.NEIGHBOUR: _("Left with the neighbour"),
    MealState.AT_DOOR: _("Left at the door"),
    MealState.REFUSED: _("Did not want it"),
    MealState.RETURNED: _("Bringing it back"),
}
FACES: Final = ("😟", "🙁", "😐", "🙂", "😊")


async def show(
    chat: Chat,
    round_: Round,
    door: Door | None,
    *,
    after: Door | None = None,
    fresh: bool = False,
    also: Sequence[Button] = (),
) -> None:
    """Show a door, or that all are done; `after`: the door of which something was just said."""
    faces = await _faces(after)
    if door is None:
        await _say_done(chat, round_, after, [*faces, *also], fresh=fresh)
        return
    keys: Keyboard = [
        press(_("✓ Handed over"), "at_door", door.meal.id, MealState.IN_PERSON.value),
        press(_("✗ No answer"), "at_door", door.meal.id, MealState.NO_ANSWER.value),
        press(_("Something is different"), "different", door.meal.id),
        press(_("Something else happened"), "others", round_.shift.id, door.meal.id),
        *faces,
        *also,
        *_undo_key(after),
        _way(round_, door),
    ]
    await say_door(chat, round_, door, keys, after=after, fresh=fresh)


async def _faces(after: Door | None) -> list[list[Button]]:
    """Ask in five faces how somebody was who took the lunch in person, where the canteen wants to know."""
    if after is None or after.meal.state is not MealState.IN_PERSON:
        return []
    if (
        not (await Care.of(after.meal.canteen_id)).wellbeing
        or await WellBeing.of_meal(after.meal.id) is not None
    ):
        return []
    return [[press(verbatim(face), "feels", after.meal.id, rating) for rating, face in enumerate(FACES)]]


def _undo_key(after: Door | None) -> list[Button]:
    if after is None or after.open:
        return []
    return [press(_("Undo: {name}", name=after.senior.display), "undo", after.meal.id)]


def _way(round_: Round, door: Door) -> list[Button]:
    before = [other for other in round_.doors if other.number < door.number][-1:]
    behind = [other for other in round_.doors if other.number > door.number][:1]
    return [
        *(
            press(_("← Door {number}", number=one.number), "door", round_.shift.id, one.meal.id)
            for one in before
        ),
        *(
            press(_("Door {number} →", number=one.number), "door", round_.shift.id, one.meal.id)
            for one in behind
        ),
    ]


async def say_door(
    chat: Chat, round_: Round, door: Door, keys: Keyboard, *, after: Door | None = None, fresh: bool = False
) -> None:
    canteen = await Canteen.get(id=round_.shift.canteen_id)
    assert round_.claim is not None
    chat.say(
        lines(*_said_before(after), *describe(round_, door)),
        buttons=[row for row in keys if row],
        zone=canteen.zone,
        card=card_of(round_.shift.id),
        fresh=fresh,
        priority=Priority.REPLY,
        expires=round_.ends,
        still=("on_round", round_.claim.id),
        reveals=f"door of senior {door.senior.id}",
    )


def describe(round_: Round, door: Door) -> list[Text | None]:
    """Say all that is needed at one door: the diet label first, then who, where and how."""
    residence = door.residence
    return [
        _("Door {number} of {all}", number=door.number, all=round_.doors[-1].number),
        bold(verbatim(door.senior.display)),
        bold(diets.door_label(door.diet)) if door.diet is not None else None,
        bold(_("Also the box for {days}", days=listed(door.ahead))) if door.ahead else None,
        *_first(round_, door),
        bold(_n("And {n} lunch for a guest", "And {n} lunches for guests", door.meal.guests))
        if door.meal.guests
        else None,
        verbatim(residence.address)
        if residence
        else _("The address is missing. Please ask the coordinator."),
        _("How to knock: {how}", how=residence.knock) if residence and residence.knock else None,
        _("Not today: door {numbers}", numbers=tuple(round_.not_today)) if round_.not_today else None,
        None if door.open else _("So far: {what}", what=_state(door)),
    ]


def _first(round_: Round, door: Door) -> list[Text]:
    """Say that somebody new has lunch for the first time, and who goes along."""
    if not door.first or not door.open:
        return []
    if round_.beside is not None:
        return [bold(_("First visit: with {name}", name=round_.beside.name or "?"))]
    return [bold(_("First visit: please say who you are and take your time"))]


def _said_before(after: Door | None) -> list[Text | None]:
    if after is None or after.open:
        return []
    return [_("{name}: {what}. Thank you.", name=after.senior.display, what=_state(after)), NOTHING]


def _state(door: Door) -> Text:
    if door.meal.state is MealState.SIGNED_IN:
        return _("came to the canteen")
    return OUTCOMES.get(door.meal.state, _("not yet"))


async def _say_done(
    chat: Chat,
    round_: Round,
    after: Door | None,
    keys: Sequence[Button | Sequence[Button]],
    *,
    fresh: bool,
) -> None:
    unanswered = [door for door in round_.doors if door.meal.state is MealState.NO_ANSWER]
    handed = sum(door.meal.state is MealState.IN_PERSON for door in round_.doors)
    chat.say(
        lines(
            *_said_before(after),
            bold(_("That was the last door. Thank you for the round!")),
            _n("{n} meal was handed over in person.", "{n} meals were handed over in person.", n=handed),
            _(
                "Nobody answered at {names}. Please bring these meals back; the coordinator looks after it.",
                names=tuple(door.senior.display for door in unanswered),
            )
            if unanswered
            else None,
        ),
        buttons=[*keys, *_undo_key(after), *await _thermometer(round_)],
        card=card_of(round_.shift.id),
        fresh=fresh,
        expires=round_.ends,
    )


async def _thermometer(round_: Round) -> list[Button]:
    shift = round_.shift
    if round_.claim is None or not await keeps_a_log(shift.canteen_id, shift.day):
        return []
    return [press(_("Temperature of the last meal"), "food_last", shift.id)]


def card_of(shift_id: int) -> str:
    """Name the card of a shift's round."""
    return f"round:{shift_id}"


def plan_of(case_id: int) -> str:
    """Name the card that shows what was agreed for a door that stays shut."""
    return f"plan:{case_id}"


async def hide_round(mail: Mail, shift: Shift, person: Person) -> None:
    """Take the doors of a round away from wherever they were shown, with the phones beside them."""
    plans = [plan_of(case.id) for case in await Case.of_shift(shift)]
    for card in (card_of(shift.id), *plans):
        mail.say(
            _("This round is over, so the addresses are gone from here. Thank you."),
            to=person,
            card=card,
            everywhere=True,
            key=f"over {card} {person.id}",
        )
