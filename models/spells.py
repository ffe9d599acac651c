"""Heat waves and cold snaps: seniors at risk are called each day until all are reached."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from models.audit import AuditEvent
from models.callrounds import CallRound
from models.callrules import CallRules
from models.calls import CallReason
from models.canteens import Canteen
from models.fields import EncryptedTextField, UtcDatetimeField
from models.people import Person, Role
from models.refusals import DaysBackwards, Gone, NobodyAtRisk
from models.risks import Risk, at_risk
from models.seniors import Senior

LONGEST: Final = timedelta(days=30)


class SpellKind(StrEnum):
    """What the weather does."""

    HEAT = "heat"
    COLD = "cold"

    @property
    def reason(self) -> CallReason:
        """Tell for which reason seniors are called."""
        return CallReason(self.value)


class Spell(Model):
    """One heat wave or cold snap of a canteen, as a coordinator declared it; at most one of a kind is on.

    words: the reason, as people are told it. risks: the lists whose seniors are called.
    next_at: when its next round begins, or when it is over.
    """

    id = fields.IntField(primary_key=True)
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="spells"
    )
    canteen_id: int
    kind = fields.CharEnumField(SpellKind, max_length=16)
    words = EncryptedTextField(null=True)
    starts = fields.DateField()
    ends = fields.DateField()
    risks: fields.Field[Any] = fields.JSONField(default=list)
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="spells", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None
    at = UtcDatetimeField()
    next_at = UtcDatetimeField(null=True, db_index=True)
    ended_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="ended_spells", null=True, on_delete=fields.SET_NULL
    )
    ended_by_id: int | None
    ended_at = UtcDatetimeField(null=True)
    rounds: fields.ReverseRelation[CallRound]

    class Meta:
        table = "spell"
        constraints = (
            UniqueConstraint(
                fields=("canteen", "kind"), name="spell_of_a_kind_is_one", condition="ended_at IS NULL"
            ),
            CheckConstraint(check="ends >= starts", name="spell_ends_after_it_starts"),
        )

    @classmethod
    async def on(cls, canteen_id: int, kind: SpellKind) -> Spell | None:
        """Find what is on."""
        return await cls.get_or_none(canteen_id=canteen_id, kind=kind, ended_at=None)

    @classmethod
    async def concerned(
        cls, canteen_id: int, risks: Collection[Risk], by: Person, now: datetime
    ) -> list[Senior]:
        """List whom these lists hold; nobody who is in hospital. Raises NotAllowed, NobodyAtRisk."""
        await by.must_be(Role.COORDINATOR, canteen_id)
        canteen, rules = await Canteen.get(id=canteen_id), await CallRules.of(canteen_id)
        found = await at_risk(canteen, risks, rules.age, canteen.today(now), paused=True)
        if not found:
            raise NobodyAtRisk
        return found

    @classmethod
    async def declare(
        cls,
        canteen_id: int,
        kind: SpellKind,
        ends: date,
        risks: Collection[Risk],
        words: str | None,
        by: Person,
        now: datetime,
    ) -> Spell:
        """Switch the extra checks on; the first round begins at its hour, or at once.

        Where somebody else was faster, theirs go on as they are. Raises NotAllowed, Gone, DaysBackwards,
        NobodyAtRisk.
        """
        await cls.concerned(canteen_id, risks, by, now)
        canteen = await Canteen.locked(canteen_id)
        today = canteen.today(now)
        if not today <= ends <= today + LONGEST:
            raise DaysBackwards
        if (known := await cls.on(canteen_id, kind)) is not None:
            return known
        rules = await CallRules.of(canteen_id)
        spell = cls(
            canteen_id=canteen_id, kind=kind, words=words, starts=today, ends=ends,
            risks=[risk.value for risk in risks], by_id=by.id, at=now,
        )  # fmt: skip
        spell.next_at = spell._next(canteen, rules, today, now)
        await spell.save()
        await AuditEvent.record(f"spell.{kind}", f"spell {spell.id}", by=by.id, now=now)
        return spell

    @classmethod
    async def stop(cls, spell_id: int, by: Person, now: datetime) -> tuple[Spell, bool]:
        """Switch the checks off before their day; tell whether that is news. Raises Gone, NotAllowed."""
        spell = await cls.get_or_none(id=spell_id)
        if spell is None:
            raise Gone
        await by.must_be(Role.COORDINATOR, spell.canteen_id)
        await Canteen.locked(spell.canteen_id)
        news = await spell._end(by, now)
        if news:
            await AuditEvent.record("spell.stop", f"spell {spell_id}", by=by.id, now=now)
        return spell, news

    @classmethod
    async def take_due(cls, now: datetime, limit: int) -> list[Step]:
        """Take what is due: a day's round begins, or the last day is over; each exactly once."""
        found = cls.filter(next_at__lte=now, ended_at=None).order_by("canteen_id", "id").limit(limit)
        steps = [await spell._step(now) for spell in await found]
        return [step for step in steps if step is not None]

    async def _step(self, now: datetime) -> Step | None:
        # The canteen is held first, as by everybody who changes its rules.
        canteen, rules = await Canteen.locked(self.canteen_id), await CallRules.of(self.canteen_id)
        if not await type(self).filter(id=self.id, next_at=self.next_at, ended_at=None).exists():
            return None  # another process was first, or it was switched off
        today = canteen.today(now)
        if now >= canteen.at(self.ends, rules.shuts_at):
            await self._end(None, now)
            return Step(self, None, ended=True)
        began = None
        known = await CallRound.filter(spell_id=self.id, day=today).exists()
        in_time = canteen.at(today, rules.check_at) <= now < canteen.at(today, rules.check_by)
        if in_time and not known:
            risks = [Risk(one) for one in self.risks]
            seniors = await at_risk(canteen, risks, rules.age, today, paused=True)
            if seniors:
                began = await CallRound.begin(canteen, self.kind.reason, seniors, None, now, self)
        self.next_at = self._next(canteen, rules, today + timedelta(days=in_time or known), now)
        await self.save(update_fields=["next_at"])
        return Step(self, began, ended=False)

    async def replan(self, canteen: Canteen, rules: CallRules, now: datetime) -> None:
        """Bring the next instant in line with the rules."""
        today = canteen.today(now)
        known = await CallRound.filter(spell_id=self.id, day=today).exists()
        at = self._next(canteen, rules, today + timedelta(days=known), now)
        await type(self).filter(id=self.id, ended_at=None).update(next_at=at)

    def _next(self, canteen: Canteen, rules: CallRules, day: date, now: datetime) -> datetime:
        """Tell when the round of a day begins, or of the next if it is too late; else when all is over."""
        if now >= canteen.at(day, rules.check_by):
            day += timedelta(days=1)
        return canteen.at(day, rules.check_at) if day <= self.ends else canteen.at(self.ends, rules.shuts_at)

    async def _end(self, by: Person | None, now: datetime) -> bool:
        """End it; a round under way goes on to its hour, so that nobody on it is forgotten."""
        on = type(self).filter(id=self.id, ended_at=None)
        ended = await on.update(ended_at=now, ended_by_id=by.id if by else None, next_at=None)
        await self.refresh_from_db()
        return bool(ended)

    async def newest_round(self) -> CallRound | None:
        """Find its newest round."""
        return await CallRound.filter(spell_id=self.id).order_by("-day").first()


@dataclass(frozen=True, slots=True)
class Step:
    """What happened: a round began (or there was none to begin), or it is over."""

    spell: Spell
    round: CallRound | None
    ended: bool
