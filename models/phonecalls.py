"""One call by telephone: a senior whom one caller has in hand, what came of it, and taking that back."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from tortoise import fields
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model

from models import callqueue
from models.callqueue import Waiting
from models.callrules import CallRules, coordinates, must_call
from models.calls import CHECKS, CallItem, CallState
from models.canteens import Canteen
from models.fields import UtcDatetimeField
from models.people import Person
from models.refusals import CallOver, Gone, NotCallingNow, TooLateToUndo

if TYPE_CHECKING:
    from models.cases import Case
    from models.seniors import Senior

UNDO: Final = timedelta(minutes=10)


class Outcome(StrEnum):
    """What came of a call. Different: reached, and somebody must look into it; put_back: not called."""

    REACHED = "reached"
    DIFFERENT = "different"
    NO_ANSWER = "no_answer"
    WRONG = "wrong"
    TOLD = "told"
    PUT_BACK = "put_back"
    EXPIRED = "expired"


# What a caller may tap; the clock alone says that the time in hand is over.
SAID: Final = frozenset(Outcome) - {Outcome.EXPIRED}
BECOMES: Final = {
    Outcome.REACHED: CallState.REACHED,
    Outcome.DIFFERENT: CallState.REACHED,
    Outcome.TOLD: CallState.TOLD,
    Outcome.WRONG: CallState.WRONG,
}
# The voice itself was heard.
SPOKEN_WITH: Final = frozenset({Outcome.REACHED, Outcome.DIFFERENT})
REACHED: Final = "reached by telephone"


class PhoneCall(Model):
    """A senior in one caller's hand; each caller has one at most, and nobody is in two hands.

    until_at: until then nobody else calls, and the number is shown. before: how the calls stood that it
    answered: [item, state, tries, next_at], to be put back by an undo.
    """

    id = fields.IntField(primary_key=True)
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="phone_calls"
    )
    canteen_id: int
    senior: fields.ForeignKeyRelation[Senior] = fields.ForeignKeyField(
        "models.Senior", related_name="phone_calls"
    )
    senior_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="phone_calls"
    )
    person_id: int
    taken_at = UtcDatetimeField()
    until_at = UtcDatetimeField(db_index=True)
    outcome = fields.CharEnumField(Outcome, max_length=16, null=True)
    ended_at = UtcDatetimeField(null=True)
    before: fields.Field[Any] = fields.JSONField(null=True)
    case: fields.ForeignKeyNullableRelation[Case] = fields.ForeignKeyField(
        "models.Case", related_name="phone_calls", null=True
    )
    case_id: int | None
    undone_at = UtcDatetimeField(null=True)

    class Meta:
        table = "phone_call"
        constraints = (
            UniqueConstraint(fields=("senior",), name="senior_is_in_one_hand", condition="ended_at IS NULL"),
            UniqueConstraint(fields=("person",), name="caller_has_one_in_hand", condition="ended_at IS NULL"),
        )

    # ------------------------------------------------------------------------------------------ in hand

    @classmethod
    async def in_hand(cls, person_id: int) -> PhoneCall | None:
        """Find whom somebody has in hand."""
        return await cls.get_or_none(person_id=person_id, ended_at=None)

    @classmethod
    async def busy(cls, canteen_id: int) -> dict[int, PhoneCall]:
        """List who has somebody in hand at a canteen, by caller."""
        held = cls.filter(canteen_id=canteen_id, ended_at=None).order_by("id")
        return {call.person_id: call for call in await held}

    @classmethod
    async def take(
        cls, canteen_id: int, by: Person, now: datetime, *, senior_id: int | None = None
    ) -> tuple[PhoneCall | None, list[PhoneCall]]:
        """Take the next senior whom nobody has in hand, or a certain one; tapped twice, it is the same.

        None: nobody is to be called just now. Also gives the calls that ended with it, the caller's own and
        those whose time was over: their numbers are to be hidden. Raises Gone, NotACaller, NotCallingNow.
        """
        await must_call(by, canteen_id, now)
        # Held, so that two callers never find the same senior.
        canteen = await Canteen.locked(canteen_id)
        mine, ended = await cls.in_hand(by.id), list[PhoneCall]()
        if mine is not None:
            if mine.canteen_id == canteen_id and mine.until_at > now and senior_id in (None, mine.senior_id):
                return mine, []
            await mine._end(Outcome.PUT_BACK, now)
            ended.append(mine)
        all_numbers = await coordinates(by, canteen_id)
        until = await cls._until(canteen, now, all_hours=all_numbers)
        for each in await callqueue.waiting(canteen, now, *([senior_id] if senior_id else [])):
            # At a door without any telephone only a coordinator can find a way.
            if (each.senior.phone or all_numbers) and (each.ready(now) or senior_id):
                other = await cls.get_or_none(senior_id=each.senior.id, ended_at=None)
                if other is not None and other.until_at > now:
                    continue
                if other is not None:
                    await other._end(Outcome.EXPIRED, now)
                    ended.append(other)
                taken = await cls.create(
                    canteen_id=canteen_id, senior_id=each.senior.id, person_id=by.id, taken_at=now,
                    until_at=until,
                )  # fmt: skip
                return taken, ended
        return None, ended

    @classmethod
    async def _until(cls, canteen: Canteen, now: datetime, *, all_hours: bool) -> datetime:
        rules = await CallRules.of(canteen.id)
        until = now + timedelta(minutes=rules.hold)
        return until if all_hours else min(until, rules.window(canteen, now)[1])

    @classmethod
    async def in_vain(cls, case_id: int) -> list[Person]:
        """List who called somebody in vain for whom a case looks, in their order."""
        vain = cls.filter(case_id=case_id, outcome=Outcome.NO_ANSWER, undone_at=None)
        calls = await vain.order_by("id").prefetch_related("person")
        return list({call.person_id: call.person for call in calls}.values())

    @classmethod
    async def is_shown(cls, phoned_id: int, now: datetime) -> bool:
        """Tell whether somebody still has this senior in hand."""
        return await cls.filter(id=phoned_id, ended_at=None, until_at__gt=now).exists()

    @classmethod
    async def expire_due(cls, now: datetime, limit: int) -> list[PhoneCall]:
        """Take seniors out of hands in which they were too long; the caller hides the numbers now."""
        over = cls.filter(until_at__lte=now, ended_at=None).order_by("until_at", "id").limit(limit)
        due = await over.select_for_update(skip_locked=True)
        for call in due:
            await call._end(Outcome.EXPIRED, now)
        return due

    @classmethod
    async def let_go(cls, person_id: int, canteen_id: int, now: datetime) -> PhoneCall | None:
        """Take whoever is in the hand of somebody who may not call there any more out of it.

        Gives the call that ended: its number is to be hidden.
        """
        if await coordinates(await Person.get(id=person_id), canteen_id):
            return None
        held = await cls.filter(person_id=person_id, canteen_id=canteen_id, ended_at=None).first()
        return held if held is not None and await held._end(Outcome.EXPIRED, now) else None

    async def _end(self, outcome: Outcome, now: datetime) -> bool:
        mine = type(self).filter(id=self.id, ended_at=None)
        if not await mine.update(outcome=outcome, ended_at=now):
            return False
        self.outcome, self.ended_at = outcome, now
        return True

    # ------------------------------------------------------------------------------------------ outcomes

    @classmethod
    async def mine(cls, phoned_id: int, by: Person) -> PhoneCall:
        """Find and hold one's own call, and the canteen before it. Raises Gone, NotACaller."""
        found = await cls.get_or_none(id=phoned_id, person_id=by.id)
        if found is None:
            raise Gone
        await must_call(by, found.canteen_id)
        await Canteen.locked(found.canteen_id)
        return await cls.filter(id=phoned_id).select_for_update().get()

    @classmethod
    async def answer(
        cls, phoned_id: int, outcome: Outcome, by: Person, now: datetime, *, late: bool = False
    ) -> tuple[PhoneCall, bool]:
        """Write down what came of a call, for all lists at once; tell whether that is news.

        It also counts when the time in hand was over, unless somebody else has written something down.
        Who has not answered so many times is looked after by a person: a case is opened. Who is reached
        while a case looks for them, by whatever they were missed at, lets its ladder rest; where somebody
        stands before a shut door, or a chair is empty, and something is different, it goes on.
        `late`: it is heard also where nobody is to be called any more. Raises Gone, NotACaller, CallOver.
        """
        from models.cases import Case, CaseKind

        call = await cls.mine(phoned_id, by)
        if outcome not in SAID:
            raise Gone
        if call.ended_at is not None and call.outcome is not Outcome.EXPIRED:
            return call, False
        canteen = await Canteen.get(id=call.canteen_id)
        found = await callqueue.waiting(canteen, now, call.senior_id)
        case = await Case.climbing(call.senior_id, canteen.today(now)) if outcome in SPOKEN_WITH else None
        if not found and case is None and not late and outcome is not Outcome.PUT_BACK:
            raise CallOver
        call.outcome, call.ended_at = outcome, now
        if found and outcome is not Outcome.PUT_BACK:
            call.before = [
                [item.id, item.state.value, item.tries, item.next_at.isoformat() if item.next_at else None]
                for item in found[0].items
            ]
            call.case_id = await _note(found[0], outcome, by, now)
        if case is not None:
            if outcome is Outcome.REACHED or case.kind is CaseKind.UNREACHED:
                await case.rest(REACHED, by, now)
            else:
                await case.note(REACHED, by, now)
            call.case_id = case.id
        await call.save(update_fields=["outcome", "ended_at", "before", "case_id"])
        return call, True

    @classmethod
    async def undo(
        cls, phoned_id: int, by: Person, now: datetime
    ) -> tuple[PhoneCall | None, list[PhoneCall]]:
        """Take a tap back, within ten minutes, and have the same senior in hand again.

        None: somebody else has them in hand now, or nobody is called at this hour any more. Also gives the
        calls that ended with it. Raises Gone, NotACaller, TooLateToUndo.
        """
        call = await cls.mine(phoned_id, by)
        if call.ended_at is None or call.outcome in (Outcome.EXPIRED, Outcome.PUT_BACK, Outcome.DIFFERENT):
            raise Gone
        if call.undone_at is None:
            if now - call.ended_at > UNDO:
                raise TooLateToUndo
            call.undone_at = now
            await call.save(update_fields=["undone_at"])
            await call._put_back(by, now)
        try:
            return await cls.take(call.canteen_id, by, now, senior_id=call.senior_id)
        except NotCallingNow:
            return None, []

    async def _put_back(self, by: Person, now: datetime) -> None:
        """Let every list stand as before, except what was written down since then."""
        from models.callrounds import CallRound
        from models.cases import Case

        stays = False
        for item_id, state, tries, next_at in self.before or []:
            mine = CallItem.filter(id=item_id, by_id=self.person_id, at=self.ended_at)
            item = await mine.prefetch_related("call_list").first()
            if item is None:
                continue
            over = await CallRound.over(item.call_list)
            if over is not None and item.state is CallState.CASE:
                # No later hour would make a case of who is still not reached.
                stays = True
                continue
            if over is not None:
                # Who was not reached after all is looked for by another settling.
                await over.settle_again(now)
            await mine.update(
                state=state, tries=tries, next_at=datetime.fromisoformat(next_at) if next_at else None
            )
        if self.case_id is None:
            return
        case = await Case.filter(id=self.case_id).select_for_update().get()
        if self.outcome in SPOKEN_WITH:
            if case.closed_at is None and case.rested_at == self.ended_at:
                senior = await case.senior
                await Case.open(case.kind, senior, case.day, None, by, None, now)
        elif case.began_at == self.ended_at and not stays:
            await case.rest("taken back", by, now)
        else:
            # Somebody looks after them for another reason, too.
            await case.note("taken back", by, now)


async def _note(each: Waiting, outcome: Outcome, by: Person, now: datetime) -> int | None:
    """Write an outcome into every list; give the case that it opened.

    Who is asked how they are is the case's from then on; who is to be told of something is still to be told.
    """
    from models.cases import Case, CaseKind

    canteen_id = each.senior.canteen_id
    rules, canteen = await CallRules.of(canteen_id), await Canteen.get(id=canteen_id)
    opens = False
    for item in each.items:
        item.by_id, item.at, item.next_at = by.id, now, None
        if outcome is Outcome.NO_ANSWER:
            item.tries += 1
            asked = item.call_list.reason in CHECKS
            enough = item.tries >= rules.tries if asked else item.tries == rules.tries
            over = asked and enough
            item.state = CallState.CASE if over else CallState.LATER
            item.next_at = None if over else now + timedelta(minutes=rules.again_after)
            opens |= enough
        else:
            item.state = BECOMES[outcome]
    for item in each.items:
        if opens and item.call_list.reason in CHECKS:
            # One case answers for every check.
            item.state, item.next_at = CallState.CASE, None
        await item.save(update_fields=["state", "tries", "by_id", "at", "next_at"])
    if not opens:
        return None
    case = await Case.open(CaseKind.UNREACHED, each.senior, canteen.today(now), None, by, None, now)
    return case.id
