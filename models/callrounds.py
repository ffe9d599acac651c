"""A day's round of calls: made once, and settled once when its hour has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from tortoise import fields
from tortoise.models import Model

from models.callqueue import still_asked
from models.callrules import CallRules
from models.calls import CHECKS, WAITING, CallItem, CallList, CallReason, CallState
from models.canteens import Canteen
from models.cases import MISSED, Case, CaseKind
from models.fields import UtcDatetimeField
from models.people import Person, Role
from models.refusals import NobodyAtRisk
from models.risks import at_risk
from models.seniors import Senior

if TYPE_CHECKING:
    from models.spells import Spell

SPOKEN: Final = (CallState.REACHED, CallState.TOLD, CallState.READ)


class CallRound(Model):
    """The calls of one day for one reason; next_at: its hour, None when it was settled."""

    id = fields.IntField(primary_key=True)
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="call_rounds"
    )
    canteen_id: int
    reason = fields.CharEnumField(CallReason, max_length=16)
    day = fields.DateField()
    spell: fields.ForeignKeyNullableRelation[Spell] = fields.ForeignKeyField(
        "models.Spell", related_name="rounds", null=True
    )
    spell_id: int | None
    at = UtcDatetimeField()
    next_at = UtcDatetimeField(null=True, db_index=True)
    settled_at = UtcDatetimeField(null=True)

    class Meta:
        table = "call_round"
        unique_together = (("canteen", "reason", "day"),)

    @classmethod
    async def begin(
        cls,
        canteen: Canteen,
        reason: CallReason,
        seniors: Collection[Senior],
        by: Person | None,
        now: datetime,
        spell: Spell | None = None,
    ) -> CallRound:
        """Begin today's round, or put more seniors on the one that there is; the canteen is held."""
        assert reason in CHECKS
        day, rules = canteen.today(now), await CallRules.of(canteen.id)
        found, _created = await cls.get_or_create({"at": now}, canteen_id=canteen.id, reason=reason, day=day)
        found.spell_id = spell.id if spell else None
        found.settled_at, found.next_at = None, rules.deadline(canteen, reason, day)
        await found.save(update_fields=["spell_id", "settled_at", "next_at"])
        await CallList.open(canteen.id, reason, found.id, [one.id for one in seniors], day, by, now)
        return found

    @classmethod
    async def begin_daily(cls, canteen_id: int, by: Person, now: datetime) -> CallRound:
        """Begin the day's calls by hand. Raises NotAllowed, Gone, NotCallingNow, NobodyAtRisk."""
        await by.must_be(Role.COORDINATOR, canteen_id)
        canteen, rules = await Canteen.locked(canteen_id), await CallRules.of(canteen_id)
        if now >= rules.window(canteen, now)[1]:
            raise rules.not_now(canteen, now)
        seniors = await _daily(canteen, rules, now)
        if not seniors:
            raise NobodyAtRisk
        return await cls.begin(canteen, CallReason.DAILY, seniors, by, now)

    @classmethod
    async def begin_due(cls, now: datetime, limit: int) -> list[CallRound]:
        """Begin the day's calls of canteens whose hour has come; too late, none."""
        begun = []
        for rules in await CallRules.filter(next_at__lte=now).order_by("canteen_id").limit(limit):
            # The canteen is held first, as by everybody who changes its rules.
            canteen = await Canteen.locked(rules.canteen_id)
            mine = CallRules.filter(id=rules.id, next_at=rules.next_at)
            if not await mine.update(next_at=rules.begins(canteen, now)):
                continue  # another process was first
            seniors = await _daily(canteen, rules, now) if now < rules.window(canteen, now)[1] else []
            if seniors:
                begun.append(await cls.begin(canteen, CallReason.DAILY, seniors, None, now))
        return begun

    @classmethod
    async def settle_due(cls, now: datetime, limit: int) -> list[Settled]:
        """Settle rounds whose hour has come, each once: whoever was not reached becomes a case.

        Of the calls of every day only those become cases who were called in vain: that nobody had the time
        to call says nothing of how somebody is.
        """
        due = cls.filter(next_at__lte=now).order_by("next_at", "id").limit(limit)
        return [await one._settle(now) for one in await due.select_for_update(skip_locked=True)]

    async def _settle(self, now: datetime) -> Settled:
        await type(self).filter(id=self.id).update(next_at=None, settled_at=now)
        self.next_at, self.settled_at = None, now
        canteen = await Canteen.get(id=self.canteen_id)
        # Whom somebody met in person since then is on no list of every day any more.
        at = now if canteen.today(now) == self.day else self.at
        items = await self.items()
        asked = {item.id for item in await still_asked(canteen, at, items) if item.senior.status == "active"}
        cases, uncalled = [], 0
        for item in items:
            if item.state not in (*WAITING, CallState.WRONG):
                continue
            met = item.id not in asked
            tried = item.tries > 0 or item.state is CallState.WRONG
            looked_for = not met and (self.reason is not CallReason.DAILY or tried)
            state = CallState.CASE if looked_for else CallState.VOID
            # Whoever was reached in this moment stays so.
            unchanged = CallItem.filter(id=item.id, state=item.state)
            if not await unchanged.update(state=state, at=now, by_id=None, next_at=None):
                continue
            uncalled += not met and not looked_for
            if looked_for and not await self._was_looked_after(item):
                cases.append(
                    await Case.open(CaseKind.UNREACHED, item.senior, self.day, None, None, None, now)
                )
                await self._answer_other_checks(item, now)
        return Settled(self, canteen, cases, uncalled)

    async def _was_looked_after(self, item: CallItem) -> bool:
        """Tell whether a person has settled how a senior is, after they were last called in vain."""
        settled = Case.filter(senior_id=item.senior_id, day=self.day, kind__in=list(MISSED))
        return await settled.filter(closed_at__gt=item.at or self.at).exists()

    async def _answer_other_checks(self, item: CallItem, now: datetime) -> None:
        """Let the case that was opened answer for every check of the day: no other list opens it again."""
        same = CallItem.filter(
            senior_id=item.senior_id, state__in=WAITING, call_list__reason__in=list(CHECKS)
        )
        others = await same.filter(call_list__ends=self.day).values_list("id", flat=True)
        await CallItem.filter(id__in=list(others), state__in=WAITING).update(
            state=CallState.CASE, at=now, by_id=None, next_at=None
        )

    @classmethod
    async def over(cls, listed: CallList) -> CallRound | None:
        """Find the round of a list, if it was settled."""
        if listed.reason not in CHECKS:
            return None
        return await cls.get_or_none(id=listed.about, next_at=None)

    async def settle_again(self, now: datetime) -> None:
        """Let the clock settle a round once more, for what was taken back since."""
        await type(self).filter(id=self.id, next_at=None).update(next_at=now, settled_at=None)

    async def items(self) -> list[CallItem]:
        """List its calls with their seniors."""
        mine = CallItem.filter(call_list__reason=self.reason, call_list__about=self.id)
        return await mine.order_by("id").prefetch_related("senior", "call_list")

    async def progress(self) -> Progress:
        """Count how far it is."""
        items = await self.items()
        count = Counter(
            "reached" if item.state in SPOKEN
            else "case" if item.state == CallState.CASE
            else "wrong" if item.state == CallState.WRONG
            else "gone" if item.state == CallState.VOID
            else "tried" if item.tries else "open"
            for item in items
        )  # fmt: skip
        return Progress(
            self.day, len(items) - count["gone"], count["reached"], count["tried"], count["open"],
            count["wrong"], count["case"],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a round is: of how many seniors, how many were reached, called in vain, not called so far.

    wrong: the number was not theirs. cases: somebody looks after them now.
    """

    day: date
    seniors: int
    reached: int
    tried: int
    left: int
    wrong: int
    cases: int


@dataclass(frozen=True, slots=True)
class Settled:
    """A round whose hour has come. uncalled: how many nobody had the time to call."""

    round: CallRound
    canteen: Canteen
    cases: Sequence[Case]
    uncalled: int


async def _daily(canteen: Canteen, rules: CallRules, now: datetime) -> list[Senior]:
    return await at_risk(canteen, rules.called_daily, rules.age, canteen.today(now), paused=False)
