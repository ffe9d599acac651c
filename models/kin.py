"""Relatives and friends of a senior: who may know what, and whom to call."""

from __future__ import annotations

from datetime import datetime
from enum import IntFlag
from typing import TYPE_CHECKING, Final

from tortoise import fields
from tortoise.models import Model

from models.audit import AuditEvent
from models.fields import EncryptedTextField, UtcDatetimeField
from models.invitations import Invitation
from models.people import Account, Person, Role
from models.refusals import Gone, NotAllowed, NotByMessage

if TYPE_CHECKING:
    from models.seniors import Senior


class Scope(IntFlag):
    """What a relative may know: how lunch stands, what was wrong at the door, what concerns the health."""

    STATUS = 1
    NOTICES = 2
    HEALTH = 4


USUAL: Final = Scope.STATUS | Scope.NOTICES
ALL: Final = USUAL | Scope.HEALTH


class Kinship(Model):
    """A relative or friend of a senior, and what they may know and want to be told.

    linked: the person follows the senior by chat; else only a number to call.
    scope: what they may know, set by a coordinator; None: the usual. rank: in which order they are called.
    """

    id = fields.IntField(primary_key=True)
    senior: fields.ForeignKeyRelation[Senior] = fields.ForeignKeyField("models.Senior", related_name="kin")
    senior_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person", related_name="kin")
    person_id: int
    relation = EncryptedTextField(null=True)
    linked = fields.BooleanField(default=False)
    tell_served = fields.BooleanField(default=False)
    tell_problems = fields.BooleanField(default=True)
    scope = fields.SmallIntField(null=True)
    rank = fields.SmallIntField(null=True)
    since = UtcDatetimeField()
    ended_at = UtcDatetimeField(null=True)

    class Meta:
        table = "kinship"
        unique_together = (("senior", "person"),)
        indexes = (("person_id",),)

    @property
    def held(self) -> Scope:
        """Tell all that this relative may know."""
        return USUAL if self.scope is None else Scope(self.scope)

    def may(self, scope: Scope) -> bool:
        """Tell whether this relative may know of that."""
        return scope in self.held

    @property
    def hears(self) -> bool:
        """Tell whether this relative follows by chat and may know how lunch stands."""
        return self.linked and self.may(Scope.STATUS)

    @classmethod
    async def may_know(cls, senior_id: int, person: Person, scope: Scope) -> bool:
        """Tell whether a person follows a senior by chat and may know of that."""
        kin = await cls.filter(senior_id=senior_id, person_id=person.id, linked=True, ended_at=None).first()
        return kin is not None and kin.may(scope)

    @classmethod
    async def to_call(cls, senior: Senior) -> list[Kinship]:
        """List whom to call when a senior does not answer, with their persons, in the agreed order."""
        kin = [one for one in await cls.of(senior) if one.person.phone]
        return sorted(kin, key=lambda one: (one.rank is None, one.rank or 0, one.id))

    @classmethod
    async def coordinated(cls, kin_id: int, by: Person) -> Kinship:
        """Find and hold a relative for a coordinator, with person and senior. Raises Gone, NotAllowed."""
        kin = await cls.filter(id=kin_id, ended_at=None).select_for_update().first()
        if kin is None:
            raise Gone
        await kin.fetch_related("person", "senior")
        await by.must_be(Role.COORDINATOR, kin.senior.canteen_id)
        return kin

    @classmethod
    async def allow(cls, kin_id: int, scope: Scope, *, own_yes: bool, by: Person, now: datetime) -> Kinship:
        """Set what a relative may know; `own_yes`: the senior said so, else the coordinator decides.

        Where it becomes less, codes that they have passed on work no more. Raises Gone, NotAllowed.
        """
        kin = await cls.coordinated(kin_id, by)
        if kin.held & ~scope:
            await Invitation.void(kin.senior_id, kin.person_id, now)
        kin.scope = int(scope)
        await kin.save(update_fields=["scope"])
        why = "own yes" if own_yes else "coordinator"
        about = f"senior {kin.senior_id}, person {kin.person_id}: {int(scope)}, {why}"
        await AuditEvent.record("kin.scope", about, by=by.id, now=now)
        return kin

    @classmethod
    async def call_first(cls, kin_id: int, by: Person, now: datetime) -> Kinship:
        """Let a relative be called before all others. Raises Gone, NotAllowed."""
        kin = await cls.coordinated(kin_id, by)
        others = [one.id for one in await cls.to_call(kin.senior) if one.id != kin.id]
        for rank, one in enumerate([kin.id, *others]):
            await cls.filter(id=one).update(rank=rank)
        await AuditEvent.record("kin.rank", f"senior {kin.senior_id}, kin {kin.id}", by=by.id, now=now)
        kin.rank = 0
        return kin

    @classmethod
    async def end(cls, kin_id: int, by: Person, now: datetime) -> Kinship:
        """Let one relative follow and be called no more; their codes go too. Raises Gone, NotAllowed."""
        kin = await cls.coordinated(kin_id, by)
        await cls.filter(id=kin.id).update(ended_at=now)
        await Invitation.void(kin.senior_id, kin.person_id, now)
        await Account.renew_menus(kin.person_id)
        await AuditEvent.record("kin.end", f"senior {kin.senior_id}, kin {kin.id}", by=by.id, now=now)
        return kin

    @classmethod
    async def of(cls, senior: Senior) -> list[Kinship]:
        """List a senior's relatives with their persons: those who follow by chat first."""
        kin = cls.filter(senior_id=senior.id, ended_at=None)
        return await kin.order_by("-linked", "id").prefetch_related("person")

    @classmethod
    async def between(cls, senior_id: int, person: Person) -> Kinship:
        """Find how a person follows a senior. Raises NotAllowed."""
        kin = await cls.filter(senior_id=senior_id, person_id=person.id, linked=True, ended_at=None).first()
        if kin is None:
            raise NotAllowed
        return kin

    @classmethod
    async def informed(cls, senior_id: int, person: Person) -> Kinship:
        """Find how a person follows a senior of whom they hear. Raises NotAllowed, NotByMessage."""
        kin = await cls.between(senior_id, person)
        if not kin.may(Scope.STATUS):
            raise NotByMessage
        return kin

    @classmethod
    async def begin(cls, senior_id: int, person: Person, now: datetime, *, most: Scope = ALL) -> Kinship:
        """Let a person follow a senior by chat; once more, it begins again.

        What they may know, once set, stays as it was, and never is it more than `most`.
        """
        kin, created = await cls.get_or_create(
            {"linked": True, "since": now}, senior_id=senior_id, person_id=person.id
        )
        if created or kin.ended_at is not None or not kin.linked:
            if kin.held & ~most:
                kin.scope = int(kin.held & most)
            kin.linked, kin.since, kin.ended_at = True, now, None
            await kin.save(update_fields=["linked", "since", "ended_at", "scope"])
        await Account.renew_menus(person.id)
        return kin

    @classmethod
    async def note(
        cls, senior_id: int, name: str, phone: str, relation: str | None, *, language: str, now: datetime
    ) -> Kinship:
        """Keep the name and number of someone to call."""
        person = Person(name=name, language=language, created_at=now)
        person.set_phone(phone)
        await person.save()
        return await cls.create(senior_id=senior_id, person_id=person.id, relation=relation, since=now)

    @classmethod
    async def ask(cls, senior_id: int, person: Person, now: datetime) -> None:
        """Put on record that somebody registered a senior who is on the list already."""
        await AuditEvent.record("kin.ask", f"senior {senior_id}", by=person.id, now=now)

    @classmethod
    async def refuse(cls, senior_id: int, person_id: int, by: Person, now: datetime) -> Person:
        """Do not let somebody who asked follow a senior. Raises Gone, NotAllowed."""
        person = await cls._asker(senior_id, person_id, by)
        await AuditEvent.record("kin.refuse", f"senior {senior_id}, person {person_id}", by=by.id, now=now)
        return person

    @classmethod
    async def _asker(cls, senior_id: int, person_id: int, by: Person) -> Person:
        from models.seniors import LISTED, Senior

        senior = await Senior.coordinated(senior_id, by)
        asked = AuditEvent.filter(act="kin.ask", about=f"senior {senior_id}", person_id=person_id)
        if senior.status not in LISTED or not await asked.exists():
            raise Gone
        return await Person.get(id=person_id)

    @classmethod
    async def admit(cls, senior_id: int, person_id: int, by: Person, now: datetime) -> Kinship:
        """Let somebody who asked follow a senior: the coordinator knows them. Raises Gone, NotAllowed."""
        person = await cls._asker(senior_id, person_id, by)
        kin = await cls.begin(senior_id, person, now)
        await AuditEvent.record("kin.admit", f"senior {senior_id}, person {person_id}", by=by.id, now=now)
        kin.person = person
        return kin

    @classmethod
    async def tell(cls, senior_id: int, person: Person, *, served: bool) -> Kinship:
        """Tell a relative each day, or only when something is wrong. Raises NotAllowed."""
        kin = await cls.between(senior_id, person)
        kin.tell_served = served
        await kin.save(update_fields=["tell_served"])
        return kin

    @classmethod
    async def end_all(cls, senior_id: int, now: datetime) -> list[Person]:
        """Let nobody follow any more; return who did."""
        kin = await cls.filter(senior_id=senior_id, ended_at=None, linked=True).prefetch_related("person")
        await cls.filter(senior_id=senior_id, ended_at=None).update(ended_at=now)
        for one in kin:
            await Account.renew_menus(one.person_id)
        return [one.person for one in kin]
