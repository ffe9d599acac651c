"""A rehearsal's day: which sample it plays, whom it greets, and the moments worth going to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from handlers.chat import REGISTRY, DemoPhone, Mail, Moment, Sample, every, moments, task
from handlers.sample import ZONE, begins, go_on, settle
from handlers.sample_menu import hang_up
from handlers.sample_past import live_through
from handlers.sample_walks import walk_on
from handlers.start import NEEDS
from handlers.text import NOTHING, Text, _, lines
from models.calendar import DayState, ServiceDay
from models.canteens import Canteen
from models.cases import Case, CaseKind
from models.messaging import Task
from models.people import Person, Role
from models.routes import Kind
from models.shifts import Claim, Shift, ShiftState

REHEARSAL: Final = "rehearsal"
EVENING: Final = 1  # reminders said before it: that of three days before
MORNING: Final = 2


async def fill(now: datetime, language: str) -> Sequence[DemoPhone]:
    """Write the sample canteen as it is at an instant, and give three of its people a phone."""
    cast = await settle(now, language)
    await live_through(cast, now)
    await go_on(cast, now)
    await hang_up(cast, now, language)
    await Task.create(name=REHEARSAL, about=cast.canteen.id, total=3, created_at=now)
    chen = cast.coordinators[0]
    return [
        DemoPhone("family", cast.mei, _("Family: {name}", name=cast.mei.name or "")),
        DemoPhone("volunteer", cast.lin, _("Volunteer: {name}", name=cast.lin.name or "")),
        DemoPhone("coordinator", chen, _("Coordinator: {name}", name=chen.name or "")),
    ]


REGISTRY.sample = Sample(zone=ZONE, begins=begins, fill=fill)


@task(REHEARSAL)
async def greet(mail: Mail, task: Task) -> None:
    """Greet whoever has a phone, as soon as they can be reached."""
    canteen = await Canteen.get(id=task.about)
    for person in await Person.filter(accounts__reachable=True).order_by("id").distinct():
        roles = await person.roles()
        mail.say(
            lines(*_welcome(person.name or "", canteen, roles)),
            to=person,
            buttons=[need for role, needs in NEEDS.items() if role in roles for need in needs],
            zone=canteen.zone,
        )
        task.done += 1
    task.finished_at = mail.now


@every(seconds=20)
async def others_walk(mail: Mail) -> None:
    """Let the other volunteers of a rehearsal go on with their rounds; elsewhere there is no such task."""
    rehearsal = await Task.get_or_none(name=REHEARSAL)
    if rehearsal is not None:
        await walk_on(mail, rehearsal.about)


def _welcome(name: str, canteen: Canteen, roles: frozenset[Role]) -> Sequence[Text]:
    hello = _("Hello {name}, this is the canteen {canteen}.", name=name, canteen=canteen.name)
    if Role.COORDINATOR in roles:
        return (
            hello,
            _("Two weeks lie behind us, and tomorrow is a day like any other: I close the orders, send you"
              " the lists, remind the volunteers and tell you at once if somebody does not open."),
            NOTHING,
            _("Tap Today to see how things stand."),
        )  # fmt: skip
    if Role.VOLUNTEER in roles:
        return (
            hello,
            _("You carry lunch on the first route tomorrow. I will remind you this evening and in the"
              " morning, and show you door after door on the way."),
            NOTHING,
            _("Tap My shifts to see when."),
        )  # fmt: skip
    return (
        hello,
        _("I tell you when lunch was handed over to your mother, and you can ask me at any time. If she is"
          " away one day, just say so before the orders close."),
        NOTHING,
        _("Tap How is lunch today? to ask."),
    )  # fmt: skip


@moments
async def coming(now: datetime) -> Sequence[Moment]:
    """List what is still to come until the rehearsed day is over, soonest first."""
    task = await Task.get_or_none(name=REHEARSAL)
    if task is None:
        return []
    canteen = await Canteen.get(id=task.about)
    first = canteen.today(task.created_at)
    day = await ServiceDay.filter(canteen_id=canteen.id, day__gt=first).order_by("day").first()
    if day is None or day.state is DayState.FINISHED:
        return []
    found = {
        day.close_at: _("orders close"),
        day.freezes: _("the kitchen's count is final"),
        day.roster_at: _("the lists for kitchen and rounds"),
        day.out_at: _("lunch leaves the canteen"),
        canteen.at(day.day, canteen.lunch_at): _("lunch is on the table"),
        day.finish_at: _("the report of the day"),
        **await _evening(day),
        **await _reminders(day),
        **await _at_a_shut_door(day),
    }
    return [Moment(at, found[at]) for at in sorted(found) if at > now]


async def _evening(day: ServiceDay) -> dict[datetime, Text]:
    waiting = Shift.filter(canteen_id=day.canteen_id, day=day.day, state=ShiftState.OPEN)
    return {
        shift.next_at: _("who is missing tomorrow")
        for shift in await waiting
        if shift.next_at is not None and shift.next_at < shift.starts_at
    }


async def _at_a_shut_door(day: ServiceDay) -> dict[datetime, Text]:
    climbing = Case.filter(canteen_id=day.canteen_id, day=day.day, kind=CaseKind.NO_ANSWER, closed_at=None)
    return {
        case.next_at: _("the next step at a shut door")
        for case in await climbing.filter(rested_at=None)
        if case.next_at is not None and case.next_at < day.finish_at
    }


async def _reminders(day: ServiceDay) -> dict[datetime, Text]:
    held = Claim.filter(
        shift__canteen_id=day.canteen_id,
        shift__day=day.day,
        shift__route__kind=Kind.ROUND,
        given_back_at=None,
        next_at__not_isnull=True,
    )
    said = {EVENING: _("reminders of the day before"), MORNING: _("reminders of the morning")}
    return {
        claim.next_at: said[claim.reminded] for claim in await held if claim.next_at if claim.reminded in said
    }
