"""Who is on duty: a coordinator for each weekday, and a deputy. Urgent matters reach them first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from models.audit import AuditEvent
from models.canteens import Canteen
from models.fields import UtcDatetimeField
from models.people import Account, Membership, Person, Role
from models.refusals import NotAllowed


class Duty(Model):
    """Who looks after urgent matters on one weekday (0 is Monday); a change ends the row."""

    id = fields.IntField(primary_key=True)
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="duties"
    )
    canteen_id: int
    weekday = fields.SmallIntField()
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person", related_name="duties")
    person_id: int
    deputy: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="deputy_duties", null=True, on_delete=fields.SET_NULL
    )
    deputy_id: int | None
    since = UtcDatetimeField()
    ended_at = UtcDatetimeField(null=True)

    class Meta:
        table = "duty"
        constraints = (
            CheckConstraint(check="weekday BETWEEN 0 AND 6", name="duty_is_on_a_weekday"),
            UniqueConstraint(
                fields=("canteen", "weekday"), name="duty_of_a_weekday_is_one", condition="ended_at IS NULL"
            ),
        )

    @classmethod
    async def assign(
        cls,
        canteen_id: int,
        weekdays: Sequence[int],
        person_id: int,
        deputy_id: int | None,
        by: Person,
        now: datetime,
    ) -> None:
        """Put a coordinator, and a deputy, on duty for some weekdays. Raises NotAllowed."""
        await by.must_be(Role.COORDINATOR, canteen_id)
        for number in (person_id, deputy_id):
            if number is not None and not await Membership.holds(number, canteen_id, Role.COORDINATOR):
                raise NotAllowed
        await Canteen.locked(canteen_id)
        for weekday in weekdays:
            await cls.filter(canteen_id=canteen_id, weekday=weekday, ended_at=None).update(ended_at=now)
            await cls.create(
                canteen_id=canteen_id,
                weekday=weekday,
                person_id=person_id,
                deputy_id=None if deputy_id == person_id else deputy_id,
                since=now,
            )
        await AuditEvent.record("duty.assign", f"canteen {canteen_id}", by=by.id, now=now)

    @classmethod
    async def rota(cls, canteen_id: int) -> list[Duty]:
        """List who is on duty through the week, from Monday."""
        held = cls.filter(canteen_id=canteen_id, ended_at=None)
        return await held.order_by("weekday").prefetch_related("person", "deputy")


async def on_duty(canteen: Canteen, day: date, *, deputy: bool = True) -> list[Person]:
    """List whom an urgent matter of a day reaches: who is on duty, and their deputy.

    deputy=False: the deputy only in the place of somebody who can't be reached. Whoever is no coordinator
    any more has no duty; without a rota it is all coordinators.
    """
    everybody = {person.id: person for person in await canteen.coordinators()}
    duty = await Duty.filter(canteen_id=canteen.id, weekday=day.weekday(), ended_at=None).first()
    if duty is None:
        return list(everybody.values())
    wanted = [number for number in (duty.person_id, duty.deputy_id) if number in everybody]
    accounts = await Account.filter(person_id__in=wanted, reachable=True)
    reached = [number for number in wanted if any(account.person_id == number for account in accounts)]
    if not reached:
        return list(everybody.values())
    return [everybody[number] for number in (reached if deputy else reached[:1])]
