"""Invitations: one-time codes that let somebody in, or join two accounts of one person."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from models.audit import AuditEvent
from models.fields import UtcDatetimeField
from models.people import Account, Person, Role
from models.refusals import CodeUnknown, TwoPersons

if TYPE_CHECKING:
    from models.canteens import Canteen
    from models.seniors import Senior

INVITATION_LIFE: Final = timedelta(days=14)
LINK_LIFE: Final = timedelta(minutes=10)


class Purpose(StrEnum):
    """What a one-time code is for."""

    JOIN = "join"
    LINK = "link"
    KIN = "kin"


class Invitation(Model):
    """A one-time code: to join a canteen in a role, to link a second channel, or to follow a senior."""

    id = fields.IntField(primary_key=True)
    code_hash = fields.CharField(max_length=64, unique=True)
    purpose = fields.CharEnumField(Purpose, max_length=16)
    role = fields.CharEnumField(Role, max_length=32, null=True)
    canteen: fields.ForeignKeyNullableRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="invitations", null=True
    )
    canteen_id: int | None
    person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="invitations", null=True
    )
    person_id: int | None
    senior: fields.ForeignKeyNullableRelation[Senior] = fields.ForeignKeyField(
        "models.Senior", related_name="invitations", null=True
    )
    senior_id: int | None
    made_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="invited", null=True, on_delete=fields.SET_NULL
    )
    made_by_id: int | None
    made_at = UtcDatetimeField()
    expires_at = UtcDatetimeField()
    used_at = UtcDatetimeField(null=True)
    used_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="used_invitations", null=True, on_delete=fields.SET_NULL
    )
    used_by_id: int | None

    class Meta:
        table = "invitation"
        constraints = (
            CheckConstraint(
                check="(purpose = 'join' AND role IS NOT NULL AND canteen_id IS NOT NULL)"
                " OR (purpose = 'link' AND person_id IS NOT NULL)"
                " OR (purpose = 'kin' AND senior_id IS NOT NULL)",
                name="invitation_has_its_object",
            ),
        )

    @classmethod
    async def make(
        cls,
        purpose: Purpose,
        *,
        now: datetime,
        by: Person | None = None,
        role: Role | None = None,
        canteen_id: int | None = None,
        senior_id: int | None = None,
    ) -> str:
        """Write an invitation and return its code; only a hash of the code is kept."""
        code = new_code()
        await cls.create(
            code_hash=_hash(code),
            purpose=purpose,
            role=role,
            canteen_id=canteen_id,
            senior_id=senior_id,
            person_id=by.id if by and purpose is Purpose.LINK else None,
            made_by_id=by.id if by else None,
            made_at=now,
            expires_at=now + (LINK_LIFE if purpose is Purpose.LINK else INVITATION_LIFE),
        )
        return code

    @classmethod
    async def look(cls, code: str, now: datetime) -> Invitation:
        """Find a code that may still be used. Raises CodeUnknown."""
        found = await cls.filter(code_hash=_hash(code), used_at=None, expires_at__gt=now).first()
        if found is None:
            raise CodeUnknown
        return found

    @classmethod
    async def was_used_by(cls, person: Person, code: str) -> bool:
        """Tell whether this very person has used this code."""
        return await cls.filter(code_hash=_hash(code), used_by_id=person.id).exists()

    @classmethod
    async def void(cls, senior_id: int, made_by_id: int, now: datetime) -> None:
        """Let the unused codes that somebody made for relatives of a senior work no more."""
        made = cls.filter(purpose=Purpose.KIN, senior_id=senior_id, made_by_id=made_by_id)
        await made.filter(used_at=None, expires_at__gt=now).update(expires_at=now)

    async def use(self, person: Person, now: datetime) -> None:
        """Use the code up, once ever. Raises CodeUnknown if somebody was faster."""
        used = await Invitation.filter(id=self.id, used_at=None, expires_at__gt=now).update(
            used_at=now, used_by_id=person.id
        )
        if not used:
            raise CodeUnknown


async def link(code: Invitation, here: Person, now: datetime) -> Person:
    """Make one person of the one who made a link code and the one who uses it; return who stays.

    Raises CodeUnknown, or TwoPersons if both hold facts.
    """
    from models.messaging import Conversation

    if code.person_id is None:
        raise CodeUnknown
    stays = await Person.locked(code.person_id)
    goes = here
    if goes.id != stays.id and await goes.holds_facts():
        if await stays.holds_facts():
            raise TwoPersons
        stays, goes = goes, stays
    await code.use(stays, now)
    if goes.id != stays.id:
        await Conversation.filter(person_id=goes.id).delete()
        await Account.filter(person_id=goes.id).update(person_id=stays.id)
        await Account.renew_menus(stays.id)
        await AuditEvent.record("person.link", f"person {stays.id}", by=stays.id, now=now)
    return stays


def new_code() -> str:
    """Make a one-time code of 12 letters and digits (59 bits) without look-alikes."""
    return "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(12))


def _hash(code: str) -> str:
    return hashlib.sha256(code.strip().lower().encode()).hexdigest()
