"""When a canteen calls its seniors, how often it tries, and who may call besides the coordinators."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from tortoise import fields
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model

from models.audit import AuditEvent
from models.canteens import Canteen
from models.fields import LocalTimeField, UtcDatetimeField
from models.people import Membership, Person, Role
from models.refusals import CallHoursOutOfOrder, NotACaller, NotAllowed, NotCallingNow
from models.risks import Risk

if TYPE_CHECKING:
    from models.calls import CallReason

NUMBERS: Final = {"again_after": (5, 240), "tries": (1, 9), "hold": (3, 60), "age": (60, 100)}
HOURS: Final = frozenset({"opens_at", "shuts_at", "daily_at", "check_at", "check_by"})
RULES: Final = HOURS | NUMBERS.keys() | {"daily_for"}


class CallRules(Model):
    """One canteen's rules; one that has none written down has the defaults. Hours are local "HH:MM".

    opens_at, shuts_at: the window in which a phone volunteer sees a number.
    daily_at: when the day's calls begin by themselves; None: when a coordinator begins them.
    daily_for: whom they are for, as models.risks names it; None: who lives alone, or has no relative here.
    check_at, check_by: when the extra calls of a heat wave or a cold snap begin, and by when all are reached.
    again_after: minutes until somebody who did not answer is called again; tries: after so many a case opens.
    hold: minutes for which a caller has one senior in hand. age: from which on somebody is at risk in heat
    and cold (the health services' lists of both begin between 65 and 80).
    next_at: when the day's calls begin next.
    """

    id = fields.IntField(primary_key=True)
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="call_rules", unique=True
    )
    canteen_id: int
    opens_at = LocalTimeField(default="09:00")
    shuts_at = LocalTimeField(default="19:00")
    daily_at = LocalTimeField(null=True)
    daily_for: fields.Field[Any] = fields.JSONField(null=True)
    check_at = LocalTimeField(default="10:00")
    check_by = LocalTimeField(default="15:00")
    again_after = fields.SmallIntField(default=30)
    tries = fields.SmallIntField(default=3)
    hold = fields.SmallIntField(default=10)
    age = fields.SmallIntField(default=80)
    next_at = UtcDatetimeField(null=True, db_index=True)

    class Meta:
        table = "call_rules"

    @property
    def called_daily(self) -> list[Risk]:
        """List whom the calls of every day are for."""
        return (
            [Risk.UNLINKED, Risk.ALONE] if self.daily_for is None else [Risk(one) for one in self.daily_for]
        )

    @classmethod
    async def of(cls, canteen_id: int) -> CallRules:
        """Read a canteen's rules."""
        return await cls.get_or_none(canteen_id=canteen_id) or cls(canteen_id=canteen_id)

    @classmethod
    async def change(cls, canteen_id: int, *, by: Person, now: datetime, **values: Any) -> CallRules:
        """Change rules, and the hours of what is to come. Raises NotAllowed, Gone, CallHoursOutOfOrder."""
        from models import datedrules

        assert values.keys() <= RULES
        await by.must_be(Role.COORDINATOR, canteen_id)
        canteen = await Canteen.locked(canteen_id)
        rules = await cls.of(canteen_id)
        rules.update_from_dict(values)
        await datedrules.must_hold("calls", canteen, now, rules)
        await rules.save()
        for name in values:
            await AuditEvent.record(f"calls.{name}", f"canteen {canteen_id}", by=by.id, now=now)
        await replan(canteen, now)
        return await cls.of(canteen_id)

    def must_fit(self, _canteen: Canteen) -> None:
        """Check that the hours follow one another. Raises CallHoursOutOfOrder."""
        begins = [self.check_at] if self.daily_at is None else [self.check_at, self.daily_at]
        if not (
            all(self.opens_at <= clock < self.shuts_at for clock in begins)
            and self.check_at < self.check_by <= self.shuts_at
            and all(low <= getattr(self, name) <= high for name, (low, high) in NUMBERS.items())
        ):
            raise CallHoursOutOfOrder

    def window(self, canteen: Canteen, now: datetime) -> tuple[datetime, datetime]:
        """Tell from when to when seniors are called on the day of an instant."""
        day = canteen.today(now)
        return canteen.at(day, self.opens_at), canteen.at(day, self.shuts_at)

    def not_now(self, canteen: Canteen, now: datetime) -> NotCallingNow:
        """Name the hours in which seniors are called."""
        zone = ZoneInfo(canteen.zone)
        return NotCallingNow(*(at.astimezone(zone).time() for at in self.window(canteen, now)))

    def deadline(self, canteen: Canteen, reason: CallReason, day: date) -> datetime:
        """Tell by when all whom a round of calls is for should have been reached."""
        return canteen.at(day, self.shuts_at if reason == "daily" else self.check_by)

    def begins(self, canteen: Canteen, now: datetime) -> datetime | None:
        """Tell when the day's calls begin next; None where they don't by themselves."""
        if self.daily_at is None:
            return None
        day = canteen.today(now)
        at = canteen.at(day, self.daily_at)
        return at if at > now else canteen.at(day + timedelta(days=1), self.daily_at)


async def replan(canteen: Canteen, now: datetime) -> None:
    """Bring the hours of the calls to come in line with the rules and the canteen's zone."""
    from models.callrounds import CallRound
    from models.spells import Spell

    rules = await CallRules.get_or_none(canteen_id=canteen.id)
    if rules is not None:
        at = rules.begins(canteen, now)
        # What is due and was not begun yet, as after an outage, is still to begin.
        late = at is not None and rules.next_at is not None and rules.next_at <= now
        if not late and rules.next_at != at:
            await CallRules.filter(id=rules.id).update(next_at=at)
    rules = rules or CallRules(canteen_id=canteen.id)
    for round_ in await CallRound.filter(canteen_id=canteen.id, settled_at=None):
        at = rules.deadline(canteen, round_.reason, round_.day)
        await CallRound.filter(id=round_.id, settled_at=None).update(next_at=at)
    for spell in await Spell.filter(canteen_id=canteen.id, ended_at=None):
        await spell.replan(canteen, rules, now)


class Caller(Model):
    """Somebody whom a coordinator lets call seniors; ended, never deleted."""

    id = fields.IntField(primary_key=True)
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="callers"
    )
    canteen_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person", related_name="caller")
    person_id: int
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="callers_chosen", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None
    since = UtcDatetimeField()
    ended_at = UtcDatetimeField(null=True)

    class Meta:
        table = "caller"
        indexes = (("person_id",),)
        constraints = (
            UniqueConstraint(
                fields=("canteen", "person"), name="caller_is_chosen_once", condition="ended_at IS NULL"
            ),
        )

    @classmethod
    async def let(cls, canteen_id: int, person_id: int, by: Person, now: datetime, *, on: bool) -> Person:
        """Let a volunteer call, or no longer; said twice, it is done once.

        Raises NotAllowed, also for somebody who is no volunteer here.
        """
        await by.must_be(Role.COORDINATOR, canteen_id)
        await Canteen.locked(canteen_id)
        if on and not await Membership.holds(person_id, canteen_id, Role.VOLUNTEER):
            raise NotAllowed
        held = cls.filter(canteen_id=canteen_id, person_id=person_id, ended_at=None)
        if on and not await held.exists():
            await cls.create(canteen_id=canteen_id, person_id=person_id, by_id=by.id, since=now)
        ended = not on and await held.update(ended_at=now)
        if not on and not ended and not await Membership.holds(person_id, canteen_id, Role.VOLUNTEER):
            raise NotAllowed
        await AuditEvent.record(
            "caller.begin" if on else "caller.end", f"canteen {canteen_id}, person {person_id}",
            by=by.id, now=now,
        )  # fmt: skip
        return await Person.get(id=person_id)

    @classmethod
    async def holds(cls, person_id: int, canteen_id: int) -> bool:
        """Tell whether a volunteer may call now."""
        chosen = cls.filter(canteen_id=canteen_id, person_id=person_id, ended_at=None)
        return await chosen.exists() and await Membership.holds(person_id, canteen_id, Role.VOLUNTEER)

    @classmethod
    async def of(cls, canteen_id: int) -> list[Person]:
        """List who may call besides the coordinators, longest first."""
        chosen = cls.filter(canteen_id=canteen_id, ended_at=None)
        found = await chosen.order_by("id").prefetch_related("person")
        helping = Membership.filter(
            canteen_id=canteen_id, role=Role.VOLUNTEER, ended_at=None, accepted_at__not_isnull=True
        )
        ids: set[object] = set(await helping.values_list("person_id", flat=True))
        return [one.person for one in found if one.person_id in ids]


async def coordinates(person: Person, canteen_id: int) -> bool:
    """Tell whether a person is a coordinator there: they call at any hour, and see whom else to call."""
    return await Membership.holds(person.id, canteen_id, Role.COORDINATOR)


async def must_call(person: Person, canteen_id: int, now: datetime | None = None) -> None:
    """Check that a person may call; `now`: also that it is the hour for a phone volunteer.

    Raises NotACaller, NotCallingNow.
    """
    if await coordinates(person, canteen_id):
        return
    if not await Caller.holds(person.id, canteen_id):
        raise NotACaller
    if now is None:
        return
    canteen, rules = await Canteen.get(id=canteen_id), await CallRules.of(canteen_id)
    opens, shuts = rules.window(canteen, now)
    if not opens <= now < shuts:
        raise rules.not_now(canteen, now)
