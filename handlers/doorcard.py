"""The card of a round: one door at a time, edited in place, gone when its window closes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from handlers import boxdoor, diets, leftwith, metdoor
from handlers.chat import Button, Chat, Keyboard, Mail, Priority, press
from handlers.seniornames import on_record
from handlers.text import NOTHING, Text, _, _n, bold, lines, listed, verbatim
from handlers.wayfinding import way_to
from models import rounds
from models.canteens import Canteen
from models.care import Care
from models.cases import Case
from models.consents import Consent
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
    after: Sequence[Door] = (),
    fresh: bool = False,
    also: Sequence[Button] = (),
) -> None:
    """Show a door, or that all are done; `after`: those of whom something was just said."""
    faces = await _faces(after)
    if door is None:
        await _say_done(chat, round_, after, [*faces, *also], fresh=fresh)
        return
    asked, answers = await _ask(round_, after)
    keys: Keyboard = [
        *_outcome_keys(round_, door),
        press(_("Something else happened"), "others", round_.shift.id, door.meal.id),
        *answers,
        *faces,
        *also,
        *await _undo_keys(chat, after),
        *await boxdoor.keys(round_, door, after),
        *await _photo_keys(after),
        *await _map(round_, door),
        _way(round_, door),
    ]
    first = [*await _said_before(after), *asked]
    await say_door(chat, round_, door, keys, first=[*first, NOTHING] if first else [], fresh=fresh)


async def _ask(round_: Round, after: Sequence[Door]) -> tuple[list[Text], list[Button | Sequence[Button]]]:
    """Ask what the words about doors leave open."""
    met, answers = await metdoor.ask(round_)
    who, names = await leftwith.ask(after)
    return [*met, *who], [*answers, *names]


def _outcome_keys(round_: Round, door: Door) -> list[Button | list[Button]]:
    """Offer the two outcomes that matter: of all who live there with one tap, and of each by itself."""
    home = round_.behind(door)
    if len(home) == 1:
        return [
            press(_("✓ Handed over"), "at_door", door.meal.id, MealState.IN_PERSON.value),
            press(_("✗ No answer"), "at_door", door.meal.id, MealState.NO_ANSWER.value),
            press(_("Something is different"), "different", door.meal.id),
        ]
    keys: list[Button | list[Button]] = []
    if all(one.open for one in home):
        keys = [
            press(_("✓ Handed over to all of them"), "at_home", door.meal.id, MealState.IN_PERSON.value),
            press(_("✗ No answer at all"), "at_home", door.meal.id, MealState.NO_ANSWER.value),
        ]
    for one in [one for one in home if one.open] or home:
        name = one.senior.display
        keys.append(
            [
                press(_("✓ {name}", name=name), "at_door", one.meal.id, MealState.IN_PERSON.value),
                press(_("✗ {name}", name=name), "at_door", one.meal.id, MealState.NO_ANSWER.value),
            ]
        )
    return [
        *keys,
        *(
            press(_("{name}: something is different", name=one.senior.display), "different", one.meal.id)
            for one in home
        ),
    ]


async def _faces(after: Sequence[Door]) -> list[list[Button]]:
    """Ask in five faces how somebody was who took the lunch in person, where the canteen wants to know."""
    met = await _to_rate(after)
    if met is None:
        return []
    return [[press(verbatim(face), "feels", met.meal.id, rating) for rating, face in enumerate(FACES)]]


async def _to_rate(after: Sequence[Door]) -> Door | None:
    """Find the first of those just met of whom nobody has said how they seemed."""
    met = [one for one in after if one.meal.state is MealState.IN_PERSON]
    if not met or not (await Care.of(met[0].meal.canteen_id)).wellbeing:
        return None
    for one in met:
        if await WellBeing.of_meal(one.meal.id) is None:
            return one
    return None


async def _undo_keys(chat: Chat, after: Sequence[Door]) -> list[Button]:
    """Offer to take back what the card says of a door, where it is one's own word."""
    return [
        press(_("Undo: {name}", name=one.senior.display), "undo", one.meal.id, word.id)
        for one in after
        if not one.open and (word := await rounds.own_word(one.meal.id, chat.person)) is not None
    ]


async def _photo_keys(after: Sequence[Door]) -> list[Button]:
    """Offer a photo of a lunch that was just handed over to somebody who has agreed to photos."""
    return [
        press(_("Photo: {name}", name=one.senior.display), "door_photo", one.meal.id)
        for one in after
        if one.meal.state is MealState.IN_PERSON and await Consent.photos(one.senior.id)
    ]


async def _map(round_: Round, door: Door) -> list[Button]:
    if not any(one.open for one in round_.behind(door)):
        return []
    canteen = await Canteen.get(id=round_.shift.canteen_id)
    return await way_to(canteen.id, canteen.zone, door.residence)


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
    chat: Chat,
    round_: Round,
    door: Door,
    keys: Keyboard,
    *,
    first: Sequence[Text | None] = (),
    fresh: bool = False,
) -> None:
    canteen = await Canteen.get(id=round_.shift.canteen_id)
    assert round_.claim is not None
    chat.say(
        lines(*first, *describe(round_, door), *await boxdoor.said(round_, door)),
        buttons=[row for row in keys if row],
        zone=canteen.zone,
        card=card_of(round_.shift.id),
        fresh=fresh,
        priority=Priority.REPLY,
        expires=round_.ends,
        still=("on_round", round_.claim.id),
        reveals=f"door of {on_record(one.senior.id for one in round_.behind(door))}",
    )


def describe(round_: Round, door: Door) -> list[Text | None]:
    """Say all that is needed at one door: who, each with the diet label first, then where and how."""
    home = round_.behind(door)
    said: list[Text | None] = [_("Door {number} of {all}", number=door.number, all=round_.doors[-1].number)]
    if len(home) > 1:
        said.append(_n("{n} lunch for this door:", "{n} lunches for this door:", len(home)))
    for one in home:
        said += _who(round_, one)
        said.append(None if one.open or len(home) == 1 else _("So far: {what}", what=_state(one)))
    said += _where(home)
    said.append(_("Not today: door {numbers}", numbers=tuple(round_.not_today)) if round_.not_today else None)
    said.append(None if door.open or len(home) > 1 else _("So far: {what}", what=_state(door)))
    return said


def _who(round_: Round, door: Door) -> list[Text | None]:
    return [
        bold(verbatim(door.senior.display)),
        bold(diets.door_label(door.diet)) if door.diet is not None else None,
        bold(_("Also the box for {days}", days=listed(door.ahead))) if door.ahead else None,
        *_first(round_, door),
        bold(_n("And {n} lunch for a guest", "And {n} lunches for guests", door.meal.guests))
        if door.meal.guests
        else None,
    ]


def _where(home: Sequence[Door]) -> list[Text | None]:
    """Say an address and a knock once, though two may have told them."""
    residences = [one.residence for one in home if one.residence is not None]
    if not residences:
        return [_("The address is missing. Please ask the coordinator.")]
    addresses = dict.fromkeys(each.address for each in residences)
    knocks = dict.fromkeys(each.knock for each in residences if each.knock)
    return [*map(verbatim, addresses), *(_("How to knock: {how}", how=knock) for knock in knocks)]


async def _said_before(after: Sequence[Door]) -> list[Text | None]:
    names = await leftwith.names(after)
    said: list[Text | None] = [
        _(
            "{name}: {what}. Thank you.",
            name=one.senior.display,
            what=_("Left with {neighbour}", neighbour=names[one.meal.id])
            if one.meal.id in names
            else _state(one),
        )
        for one in after
        if not one.open
    ]
    met = await _to_rate(after)
    if met is not None and len(after) > 1:
        said.append(_("How did {name} seem?", name=met.senior.display))
    return said


def _first(round_: Round, door: Door) -> list[Text]:
    """Say that somebody new has lunch for the first time, and who goes along."""
    if not door.first or not door.open:
        return []
    if round_.beside is not None:
        return [bold(_("First visit: with {name}", name=round_.beside.name or "?"))]
    return [bold(_("First visit: please say who you are and take your time"))]


def _state(door: Door) -> Text:
    if door.meal.state is MealState.SIGNED_IN:
        return _("came to the canteen")
    return OUTCOMES.get(door.meal.state, _("not yet"))


async def _say_done(
    chat: Chat,
    round_: Round,
    after: Sequence[Door],
    keys: Sequence[Button | Sequence[Button]],
    *,
    fresh: bool,
) -> None:
    unanswered = [door for door in round_.doors if door.meal.state is MealState.NO_ANSWER]
    handed = sum(door.meal.state is MealState.IN_PERSON for door in round_.doors)
    asked, answers = await _ask(round_, after)
    first = [*await _said_before(after), *asked]
    chat.say(
        lines(
            *([*first, NOTHING] if first else []),
            bold(_("That was the last door. Thank you for the round!")),
            _n("{n} meal was handed over in person.", "{n} meals were handed over in person.", n=handed),
            _(
                "Nobody answered at {names}. Please bring these meals back; the coordinator looks after it.",
                names=tuple(door.senior.display for door in unanswered),
            )
            if unanswered
            else None,
        ),
        buttons=[
            *answers,
            *keys,
            *await _undo_keys(chat, after),
            *await boxdoor.keys(round_, None, after),
            *await _photo_keys(after),
            *await _thermometer(round_),
        ],
        card=card_of(round_.shift.id),
        fresh=fresh,
        expires=round_.ends,
        still=None if round_.claim is None else ("on_round", round_.claim.id),
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
    for card in (card_of(shift.id), *await _plans(shift, person, mail.now, stays=False)):
        mail.say(
            _("This round is over, so the addresses are gone from here. Thank you."),
            to=person,
            card=card,
            everywhere=True,
            key=f"over {card} {person.id}",
        )


async def shorten_round(mail: Mail, shift: Shift, person: Person) -> None:
    """Take all doors of a round away from wherever they were shown: some of them are another's now."""
    for card in (card_of(shift.id), *await _plans(shift, person, mail.now, stays=True)):
        mail.say(
            _("Your round has become shorter: /round"),
            to=person,
            card=card,
            everywhere=True,
            key=f"shorter {card} {person.id}",
        )


async def _plans(shift: Shift, person: Person, now: datetime, *, stays: bool) -> list[str]:
    """Name the cards of shut doors that somebody may not see any more; `stays`: their round goes on.

    A door may have been on this round when its card was shown, and on another one now.
    """
    seen = await Round.routes_seen(person.id, shift.canteen_id, shift.day, now) - {shift.route_id}
    if stays:
        seen.add(shift.route_id)
    cases = await Case.at_doors(shift.canteen_id, shift.day)
    return [plan_of(case.id) for case in cases if case.meal is None or case.meal.route_id not in seen]
