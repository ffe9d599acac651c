"""The ladder, step by step: the clock reminds people, and leaves every decision to them."""

from __future__ import annotations

from handlers import doorplan
from handlers.casecard import DECISIONS, headline, tell_coordinators
from handlers.chat import Mail, Priority, every, press
from handlers.text import _, bold, lines
from models import ladder
from models.canteens import Canteen
from models.ladder import Due, Step
from models.people import Person
from models.seniors import Senior


@every(seconds=15)
async def climb(mail: Mail) -> bool:
    """Say the steps whose minute has come; after an outage only the one that is right now."""
    taken = await ladder.take_due(mail.now)
    for due in taken:
        if (await due.case.lead()).id != due.case.id:
            continue  # another case speaks for this door
        await _to_coordinators(mail, due)
        if due.case.rested_at is None:
            await _to_volunteers(mail, due)
    return len(taken) == ladder.BATCH


async def _to_volunteers(mail: Mail, due: Due) -> None:
    for person in await due.case.tellers():
        if Step.GO_ON in due.reached:
            # Whoever heard that somebody has it, heard also that they may go on; whoever came to the door
            # after that has heard neither.
            if not await due.case.was_taken_since(person):
                await doorplan.may_go_on(mail, due.case, person)
        elif Step.RED in due.reached:
            await doorplan.turned_red(mail, due.case, person)


async def _to_coordinators(mail: Mail, due: Due) -> None:
    case = due.case
    owner = await Person.get_or_none(id=case.owner_id)
    match due.step:
        case Step.RED:
            await tell_coordinators(mail, case, fresh=True)
        case Step.CALL:
            first = _("Please phone now, one number after the other, and tap what came of it.")
            await tell_coordinators(mail, case, fresh=True, to=[owner] if owner else None, first=first)
        case Step.AGAIN if due.needed:
            first = (
                _("{who} has it, but no call is noted yet. Please look once more.", who=owner.name or "–")
                if owner
                else _("Nobody looks after this yet. Somebody please tap “I look after it”.")
            )
            await tell_coordinators(mail, case, fresh=True, first=first)
        case Step.SECOND:
            await _ask_the_second(mail, due, owner)
        case Step.REMIND:
            first = _("This is still open. Please close it when you know how things are.")
            await tell_coordinators(
                mail, case, fresh=True, to=[owner] if owner else None, first=first, priority=Priority.REMINDER
            )
        case _:
            await tell_coordinators(mail, case, fresh=False)


async def _ask_the_second(mail: Mail, due: Due, owner: Person | None) -> None:
    """Ask those who do not have it yet: two people decide about the police and the door, never a machine."""
    case = due.case
    canteen = await Canteen.get(id=case.canteen_id)
    senior = await Senior.get(id=case.senior_id)
    everyone = await canteen.coordinators()
    second = [person for person in everyone if owner is None or person.id != owner.id] or everyone
    await tell_coordinators(mail, case, fresh=True)
    for person in second:
        mail.say(
            lines(
                bold(headline(case, senior)),
                _(
                    "That was {when}, and nobody knows yet how {name} is.",
                    when=case.minute(0),
                    name=senior.display,
                ),
                _(
                    "{who} looks after it. Please speak with each other.",
                    who=owner.name or "–",
                )
                if owner
                else None,
                bold(_("Shall the police be called, or the door be opened? You decide; I call nobody.")),
            ),
            to=person,
            buttons=[press(label, "decide", case.id, what) for what, label in DECISIONS.items()],
            zone=canteen.zone,
            priority=Priority.URGENT,
            key=f"second:{case.id}:{person.id}:{case.minute(0):%d%H%M%S}",
        )
