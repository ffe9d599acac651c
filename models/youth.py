"""Helpers who are under age: how old somebody said they are, and the guardian's yes.

Only the class of an age is kept, never a birthday: the rules need no more (data minimisation, PIPL Art. 6,
GDPR Art. 5). Young people under fourteen do not help here: their data need rules of their own (PIPL Art. 28).
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from tortoise import fields
from tortoise.models import Model

from models.audit import AuditEvent
from models.fields import EncryptedTextField, UtcDatetimeField
from models.people import Membership, Person, Role
from models.refusals import NotAllowed

if TYPE_CHECKING:
    from models.canteens import Canteen


class AgeClass(StrEnum):
    """How old somebody is, as far as the rules ask."""

    UNDER_16 = "under_16"
    UNDER_18 = "under_18"
    ADULT = "adult"


MINORS: Final = frozenset({AgeClass.UNDER_16, AgeClass.UNDER_18})
# Until when somebody may be on a shift, in the canteen's zone. Young people are not to work at night
# (ILO Convention 79; in most countries from 20:00 or 22:00 on): helping without pay is held to no less.
UNTIL: Final = {AgeClass.UNDER_16: "18:00", AgeClass.UNDER_18: "20:00"}


class AgeNote(Model):
    """Which age somebody said they have, or a coordinator noted; the newest row counts."""

    id = fields.IntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person", related_name="ages")
    person_id: int
    age = fields.CharEnumField(AgeClass, max_length=16)
    at = UtcDatetimeField()
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="noted_ages", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None

    class Meta:
        table = "age_note"
        indexes = (("person_id", "at"),)

    @property
    def minor(self) -> bool:
        """Tell whether the rules for young people hold."""
        return self.age in MINORS

    @classmethod
    async def of(cls, person: Person) -> AgeNote:
        """Read how old somebody is; whoever was never asked is taken for an adult (an unsaved row)."""
        newest = await cls.filter(person_id=person.id).order_by("-at", "-id").first()
        return newest or cls(person_id=person.id, age=AgeClass.ADULT, at=person.created_at)

    @classmethod
    async def minors(cls, person_ids: list[int]) -> set[int]:
        """Find which of these people are under age."""
        newest: dict[int, AgeClass] = {}
        for note in await cls.filter(person_id__in=person_ids).order_by("at", "id"):
            newest[note.person_id] = note.age
        return {number for number, age in newest.items() if age in MINORS}

    @classmethod
    async def note(cls, person: Person, age: AgeClass, by: Person, now: datetime) -> AgeNote:
        """Write down how old somebody is; said again, it is one row. Whoever is under age drives no more."""
        from models.skills import Ability, Skill

        known = await cls.of(person)
        if known.age is age and await cls.filter(person_id=person.id).exists():
            return known
        if age in MINORS:
            driving = Ability.filter(person_id=person.id, skill=Skill.DRIVE, ended_at=None)
            await driving.update(ended_at=now)
        return await cls.create(person_id=person.id, age=age, at=now, by_id=by.id)

    @classmethod
    async def note_by_coordinator(
        cls, person: Person, canteen_id: int, age: AgeClass, by: Person, now: datetime
    ) -> AgeNote:
        """Correct how old one of the canteen's helpers is. Raises NotAllowed."""
        await _must_look_after(person, canteen_id, by)
        note = await cls.note(person, age, by, now)
        await AuditEvent.record("age.note", f"{age} of person {person.id}", by=by.id, now=now)
        return note


class GuardianYes(Model):
    """A guardian's yes to a young person's helping: who said it, to whom, and when.

    Withdrawn, it keeps its row.
    """

    id = fields.IntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="guardians"
    )
    person_id: int
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="guardians"
    )
    canteen_id: int
    name = EncryptedTextField()
    phone = EncryptedTextField()
    wording = fields.SmallIntField(default=1)
    at = UtcDatetimeField()
    heard_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="heard_guardians", null=True, on_delete=fields.SET_NULL
    )
    heard_by_id: int | None
    ended_at = UtcDatetimeField(null=True)

    class Meta:
        table = "guardian_yes"
        indexes = (("person_id", "canteen_id"),)

    @classmethod
    async def of(cls, person: Person, canteen_id: int) -> GuardianYes | None:
        """Find the yes that holds now."""
        held = cls.filter(person_id=person.id, canteen_id=canteen_id, ended_at=None)
        return await held.order_by("-id").first()

    @classmethod
    async def hear(
        cls, person: Person, canteen_id: int, name: str, phone: str, by: Person, now: datetime
    ) -> GuardianYes:
        """Write down a guardian's yes, as told to a coordinator; it takes the place of an older one.

        Raises NotAllowed.
        """
        await _must_look_after(person, canteen_id, by)
        await cls._end(person, canteen_id, now)
        yes = await cls.create(
            person_id=person.id, canteen_id=canteen_id, name=name, phone=phone, at=now, heard_by_id=by.id
        )
        await AuditEvent.record("guardian.yes", f"person {person.id}", by=by.id, now=now)
        return yes

    @classmethod
    async def withdraw(cls, person: Person, canteen_id: int, by: Person, now: datetime) -> None:
        """Note that a guardian has taken the yes back: no shift more. Raises NotAllowed."""
        await _must_look_after(person, canteen_id, by)
        if await cls._end(person, canteen_id, now):
            await AuditEvent.record("guardian.no", f"person {person.id}", by=by.id, now=now)

    @classmethod
    async def _end(cls, person: Person, canteen_id: int, now: datetime) -> int:
        held = cls.filter(person_id=person.id, canteen_id=canteen_id, ended_at=None)
        return await held.update(ended_at=now)


async def _must_look_after(person: Person, canteen_id: int, by: Person) -> None:
    await by.must_be(Role.COORDINATOR, canteen_id)
    if not await Membership.filter(person_id=person.id, canteen_id=canteen_id).exists():
        raise NotAllowed
