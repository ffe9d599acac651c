"""The door that stays shut: told at once, or taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from handlers import doorplan, reached
from handlers.casecard import tell_coordinators
from handlers.chat import VOLUNTEER, Chat, Priority, button
from handlers.text import _, bold, lines
from models import rounds
from models.canteens import Canteen
from models.cases import MISSED, Case, CaseKind
from models.meals import NOT_MET, Meal, MealState
from models.rounds import Recorded
from models.seniors import Senior

MET: Final = frozenset({MealState.IN_PERSON, MealState.REFUSED, MealState.SIGNED_IN})


async def follow(chat: Chat, recorded: Recorded, said: MealState | None) -> None:
    """Let the case of a door follow what was just said of it: it opens, rests, or climbs again.

    said: what was tapped, which need not be the last word about the door; None: a word was taken back.
    """
    meal, senior = recorded.meal, recorded.senior
    if meal.state is MealState.NO_ANSWER:
        anew = said is meal.state and not recorded.repeated
        if recorded.news or anew or not await Case.is_open(CaseKind.NO_ANSWER, senior, meal.day):
            await _nobody_answers(chat, recorded, meal.state_at)
    elif said is MealState.NO_ANSWER and meal.state in NOT_MET:
        # It came after a later word, which has met nobody either.
        if not await Case.filter(senior_id=senior.id, day=meal.day, kind=CaseKind.NO_ANSWER).exists():
            await _nobody_answers(chat, recorded, chat.tapped_at)
    elif recorded.news and recorded.before in NOT_MET:
        await _otherwise(chat, recorded)
    if recorded.news and meal.state in MET:
        await reached.met(chat, senior, meal.day)


async def met(chat: Chat, recorded: Recorded) -> None:
    """Let the case of whoever was met rest, if there is one, although the lunch goes back."""
    await _otherwise(chat, recorded, met=True)
    await reached.met(chat, recorded.senior, recorded.meal.day)


async def _nobody_answers(chat: Chat, recorded: Recorded, at: datetime | None) -> None:
    meal = recorded.meal
    case = await Case.open(
        CaseKind.NO_ANSWER, recorded.senior, meal.day, meal, chat.person, None, chat.now, at=at
    )
    await tell_coordinators(chat, case, fresh=True)
    await doorplan.nobody_answers(chat, case, chat.person)


async def _otherwise(chat: Chat, recorded: Recorded, *, met: bool = False) -> None:
    """Tell the coordinators that the last word about a door is another; the case stays theirs to close."""
    meal = recorded.meal
    case = await Case.filter(
        senior_id=recorded.senior.id, day=meal.day, kind=CaseKind.NO_ANSWER, closed_at=None
    ).select_for_update().first()  # fmt: skip
    if case is None:
        return
    if met or meal.state in MET:
        await case.rest("opened after all", chat.person, chat.now)
    elif meal.state is MealState.EXPECTED and recorded.before is MealState.NO_ANSWER:
        await case.rest("taken back", chat.person, chat.now)
    else:
        # Left with a neighbour or at the door, or brought back, nobody was seen: the ladder goes on.
        await case.note(f"now:{meal.state}", chat.person, chat.now)
    await tell_coordinators(chat, case, fresh=False)
    mates = await case.beside()
    if mates and case.rested_at is not None and mates[0].id < case.id:
        # The alarm is the other one's: this name leaves it.
        await tell_coordinators(chat, mates[0], fresh=False)
    elif mates and case.rested_at is not None:
        # The one that spoke for the door is met: now the other one speaks.
        await tell_coordinators(chat, mates[0], fresh=True)
        await doorplan.nobody_answers(chat, mates[0], chat.person)
    if case.rested_at is not None:
        await doorplan.say(
            chat, case, chat.person,
            _("Thank you. The coordinator knows it and will close this."), keys=[],
        )  # fmt: skip


@button("still_none", for_=VOLUNTEER)
async def still_none(chat: Chat, case_id: int) -> None:
    """Turn a case red: the volunteer has tried once more."""
    await Case.hold_door(case_id)
    case = await Case.told(case_id, chat.person)
    for mate in await case.beside():
        await mate.still_none(chat.person, chat.now)
    if await case.still_none(chat.person, chat.now):
        await tell_coordinators(chat, case, fresh=True)
    await doorplan.turned_red(chat, case, chat.person)


@button("down_at", for_=VOLUNTEER)
async def someone_is_down_at(chat: Chat, meal_id: int) -> None:
    """See somebody lying there before anything else was said of the door."""
    senior = await rounds.senior_at(meal_id, chat.person, chat.now)
    meal = await Meal.get(id=meal_id)
    case = await Case.open(CaseKind.NO_ANSWER, senior, meal.day, meal, chat.person, None, chat.now)
    await _down(chat, case, senior)


@button("down", for_=VOLUNTEER)
async def someone_is_down(chat: Chat, case_id: int) -> None:
    """Show the emergency number first, and alert every coordinator."""
    case = await Case.told(case_id, chat.person)
    senior = await Senior.get(id=case.senior_id)
    if case.closed_at is not None:
        meal = await Meal.get_or_none(id=case.meal_id)
        case = await Case.open(case.kind, senior, case.day, meal, chat.person, None, chat.now)
    await _down(chat, case, senior)


async def _down(chat: Chat, case: Case, senior: Senior) -> None:
    canteen = await Canteen.get(id=case.canteen_id)
    chat.say(
        lines(
            bold(_("Call {number} now.", number=canteen.emergency_number)),
            _("Then stay there, please. Do not move anybody. One of us is calling you."),
        ),
        priority=Priority.URGENT,
    )
    if case.kind in MISSED:
        await case.still_none(chat.person, chat.now)
    await case.note("someone down", chat.person, chat.now)
    for person in await canteen.coordinators():
        chat.say(
            bold(
                _(
                    "{volunteer} sees someone lying behind {name}'s door and was told to call {number}."
                    " Please phone {volunteer} at once: {phone}",
                    volunteer=chat.person.name or "",
                    name=senior.display,
                    number=canteen.emergency_number,
                    phone=chat.person.phone or "–",
                )
            ),
            to=person,
            priority=Priority.URGENT,
            zone=canteen.zone,
            key=f"down:{case.id}:{person.id}:{chat.now:%H%M}",
        )
    await tell_coordinators(chat, case, fresh=True)
