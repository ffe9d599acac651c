"""Somebody for whom a case looks is met or reached some other way: it rests, and all who wait hear it."""

from __future__ import annotations

from datetime import date

from handlers import doorplan
from handlers.casecard import tell_coordinators
from handlers.chat import Chat, press
from handlers.text import _, bold
from models.caselog import MET
from models.cases import Case, CaseKind
from models.meals import MealState
from models.people import Person
from models.phonecalls import SPOKEN_WITH, Outcome, PhoneCall
from models.seniors import Senior


async def met(chat: Chat, senior: Senior, day: date) -> None:
    """Let the case of somebody rest whom no call reached, and who opens the door to lunch.

    What was said of a shut door itself is followed by handlers/doors.py.
    """
    case = await Case.climbing(senior.id, day)
    if case is not None and case.kind is not CaseKind.NO_ANSWER:
        await case.rest(MET, chat.person, chat.now)
        await tell_coordinators(chat, case, fresh=False)


async def by_telephone(chat: Chat, call: PhoneCall, *, fresh: bool) -> None:
    """Tell of a call what its case must know; who stands at a shut door hears that there is an answer."""
    if call.case_id is None:
        return
    case = await Case.get(id=call.case_id)
    await tell_coordinators(chat, case, fresh=fresh)
    if call.outcome not in SPOKEN_WITH or case.kind is not CaseKind.NO_ANSWER:
        return
    mates = await case.beside() if case.rested_at is not None else []
    if mates:
        # The alarm of the door is another's now, or names one less.
        await tell_coordinators(chat, mates[0], fresh=mates[0].id > case.id)
    for person in await case.tellers():
        await _knock_again(chat, case, call, person)
        if mates:
            await doorplan.nobody_answers(chat, mates[0], person)


async def _knock_again(chat: Chat, case: Case, call: PhoneCall, to: Person) -> None:
    senior = await Senior.get(id=case.senior_id)
    alone = not await case.beside()
    await doorplan.say(
        chat,
        case,
        to,
        bold(
            _(
                "{who} has reached {name} by telephone just now. Please knock once more.",
                who=chat.person.name or "–",
                name=senior.display,
            )
        ),
        _("If nobody opens, you may go on with your round. Please take the meal along.")
        if call.outcome is Outcome.REACHED and alone
        else None,
        keys=[
            press(_("I can see someone down"), "down", case.id),
            press(_("The door opened: handed over"), "at_door", case.meal_id, MealState.IN_PERSON.value),
        ],
    )


async def not_after_all(chat: Chat, call: PhoneCall) -> None:
    """Show what a call that was taken back leaves of its case; whoever is at the door has its plan again."""
    if call.case_id is None:
        return
    case = await Case.get(id=call.case_id)
    await tell_coordinators(chat, case, fresh=False)
    if call.outcome in SPOKEN_WITH and case.kind is CaseKind.NO_ANSWER and case.climbs:
        for person in await case.tellers():
            await doorplan.nobody_answers(chat, case, person)
