"""After an outage: whoever is on duty is shown anew what they had before them, to tap once more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from handlers import casecard, doorcard, doorplan
from handlers.chat import Chat, Mail, Priority, after_outage
from handlers.text import Text, _
from models import rounds
from models.canteens import Canteen
from models.cases import Case, CaseKind
from models.people import Person
from models.rounds import Round


@dataclass(frozen=True, slots=True)
class _Line:
    """Mail to one person, said as in a chat with them."""

    mail: Mail
    to: Person

    @property
    def now(self) -> datetime:
        return self.mail.now

    def say(self, text: Text, **options: Any) -> None:
        self.mail.say(text, to=self.to, **options)


@after_outage
async def show_anew(mail: Mail, since: datetime) -> None:
    """Send the open cards of those on duty anew: what they tapped while we were away was not heard."""
    for claim in await rounds.under_way(mail.now):
        round_ = await Round.of(claim.person, mail.now, claim.shift_id)
        if round_ is None:
            continue
        mail.say(
            _away(since, mail.now),
            to=claim.person,
            zone=(await Canteen.get(id=claim.shift.canteen_id)).zone,
            priority=Priority.URGENT,
            card=f"away:{claim.shift_id}",
            fresh=True,
        )
        for case in await _shut(round_):
            await doorplan.nobody_answers(mail, case, claim.person)
        line = cast("Chat", _Line(mail, claim.person))
        await doorcard.show(line, round_, round_.next_open(), fresh=True)
    canteens: dict[int, list[Case]] = {}
    for case in await Case.filter(closed_at=None, day__gte=since.date() - timedelta(days=1)).order_by("id"):
        canteens.setdefault(case.canteen_id, []).append(case)
    for canteen_id, cases in canteens.items():
        await _to_coordinators(mail, await Canteen.get(id=canteen_id), cases, since)


def _away(since: datetime, now: datetime) -> Text:
    return _("I was away from {since} to {now}. Please tap once more what I missed.", since=since, now=now)


async def _shut(round_: Round) -> list[Case]:
    """List the open cases of a round's doors, each door once."""
    meals = {door.meal.id for door in round_.doors}
    there = await Case.at_doors(round_.shift.canteen_id, round_.shift.day)
    found = [
        case
        for case in there
        if case.meal_id in meals
        and case.kind is CaseKind.NO_ANSWER
        and case.closed_at is None
        and case.rested_at is None
    ]
    return [case for case in found if (await case.lead()).id == case.id]


async def _to_coordinators(mail: Mail, canteen: Canteen, cases: Sequence[Case], since: datetime) -> None:
    """Send today's open cases anew: who takes one, or ticks a call, may have done it in vain."""
    today = canteen.today(mail.now)
    for case in cases:
        if case.day == today and (await case.lead()).id == case.id:
            await casecard.tell_coordinators(mail, case, fresh=True, first=_away(since, mail.now))
