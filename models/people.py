"""People, how they are reached, and what they may do where."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.models import Model

from models.fields import BlindIndexField, EncryptedTextField, UtcDatetimeField, blind
from models.refusals import FormOpen, NotAllowed

if TYPE_CHECKING:
    from models.canteens import Canteen


class Role(StrEnum):
    """What a person is to a canteen."""

    COORDINATOR = "coordinator"
    VOLUNTEER = "volunteer"
    KITCHEN = "kitchen"
    COUNSELLOR = "counsellor"
    FAMILY = "family"
    STRANGER = "stranger"


class Organisation(Model):
    """Who runs canteens."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=200)

    class Meta:
        table = "organisation"


class Person(Model):
    """A human being, with or without a phone, an account or a role."""

    id = fields.IntField(primary_key=True)
    name = EncryptedTextField(null=True)
    phone = EncryptedTextField(null=True)
    phone_index = BlindIndexField()
    language = fields.CharField(max_length=10, default="en")
    zone = fields.CharField(max_length=40, null=True)
    canteen: fields.ForeignKeyNullableRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="guests", null=True, on_delete=fields.SET_NULL
    )
    canteen_id: int | None
    created_at = UtcDatetimeField()
    accounts: fields.ReverseRelation[Account]
    memberships: fields.ReverseRelation[Membership]

    class Meta:
        table = "person"

    @classmethod
    async def locked(cls, person_id: int) -> Person:
        """Read a person and hold the row until the transaction ends: one turn of a person at a time."""
        return await cls.filter(id=person_id).select_for_update().get()

    async def roles(self) -> frozenset[Role]:
        """List what this person is in any canteen; a stranger if nothing."""
        from models.seniors import Kinship

        held = await Membership.filter(person_id=self.id, ended_at=None)
        # A family needs nobody's yes.
        found = {member.role for member in held if member.accepted_at or member.role is Role.FAMILY}
        if (
            Role.FAMILY not in found
            and await Kinship.filter(person_id=self.id, ended_at=None, linked=True).exists()
        ):
            found.add(Role.FAMILY)
        return frozenset(found or {Role.STRANGER})

    async def canteens(self, role: Role) -> list[Canteen]:
        """List the canteens where this person has a role, or follows a senior, oldest first."""
        from models.canteens import Canteen
        from models.seniors import Kinship

        held: set[object] = set(
            await Membership.filter(
                person_id=self.id, role=role, ended_at=None, accepted_at__not_isnull=True
            ).values_list("canteen_id", flat=True)
        )
        if role is Role.FAMILY:
            held |= set(
                await Kinship.filter(person_id=self.id, ended_at=None, linked=True).values_list(
                    "senior__canteen_id", flat=True
                )
            )
        return await Canteen.filter(id__in=list(held)).order_by("id")

    async def home_zone(self) -> str | None:
        """Find the zone of the first canteen that this person has to do with."""
        from models.canteens import Canteen
        from models.seniors import Kinship

        member = await Membership.filter(person_id=self.id, ended_at=None).order_by("id").first()
        canteen_id: object = None if member is None else member.canteen_id
        if canteen_id is None:
            kin = Kinship.filter(person_id=self.id, ended_at=None).order_by("id")
            canteen_id = await kin.first().values_list("senior__canteen_id", flat=True)
        canteen = None if canteen_id is None else await Canteen.get(id=canteen_id)
        return None if canteen is None else canteen.zone

    async def must_be(self, role: Role, canteen_id: int) -> None:
        """Check a right. Raises NotAllowed."""
        if not await Membership.holds(self.id, canteen_id, role):
            raise NotAllowed

    def set_phone(self, phone: str | None) -> None:
        """Keep a phone number (E.164) and its blind index; the caller saves."""
        self.phone = phone
        self.phone_index = None if phone is None else blind(phone, "phone")

    async def introduce(self, name: str, phone: str) -> None:
        """Keep the name and the phone number (E.164) that a person gave of themselves."""
        self.name = name
        self.set_phone(phone)
        await self.save(update_fields=["name", "phone", "phone_index"])

    async def speak(self, language: str) -> None:
        """Have everything said to this person in a language from now on, the command menus too."""
        self.language = language
        await self.save(update_fields=["language"])
        await Account.renew_menus(self.id)

    async def live_in(self, zone: str | None) -> None:
        """Keep in which zone this person's own clock stands; None: where the canteen's does."""
        self.zone = zone
        await self.save(update_fields=["zone"])

    async def work_for(self, canteen_id: int) -> None:
        """Mean this canteen from now on, where a person has several.

        Raises NotAllowed, and FormOpen while a question is open: its answers may belong to another canteen.
        """
        from models.messaging import Conversation

        if canteen_id not in {canteen.id for role in Role for canteen in await self.canteens(role)}:
            raise NotAllowed
        if await Conversation.filter(person_id=self.id).exists():
            raise FormOpen
        self.canteen_id = canteen_id
        await self.save(update_fields=["canteen_id"])

    async def holds_facts(self) -> bool:
        """Tell whether anything but an empty account hangs on this person."""
        from models.seniors import Kinship

        return (
            await Membership.filter(person_id=self.id).exists()
            or await Kinship.filter(person_id=self.id).exists()
        )


class Account(Model):
    """A person on one channel."""

    id = fields.IntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="accounts"
    )
    person_id: int
    channel = fields.CharField(max_length=20)
    address = fields.CharField(max_length=64)
    reachable = fields.BooleanField(default=True)
    menu = fields.CharField(max_length=120, default="")
    heard_at = UtcDatetimeField()

    class Meta:
        table = "account"
        unique_together = (("channel", "address"),)
        indexes = (("person_id",),)

    @classmethod
    async def best_of(cls, person_id: int) -> Account | None:
        """Find where this person was last heard and can be reached."""
        return await cls.filter(person_id=person_id, reachable=True).order_by("-heard_at", "-id").first()

    @classmethod
    async def move(cls, channel: str, old: str, new: str) -> bool:
        """Note a chat's new address, once; False: that one is known as another chat already, or none is.

        Message numbers begin anew there: what was shown can't be edited any more.
        """
        from models.messaging import OutboxMessage

        account = await cls.get_or_none(channel=channel, address=old)
        known = await cls.filter(channel=channel, address=new).exists()
        if account is None or known:
            return known and account is None
        await cls.filter(id=account.id).update(address=new)
        await OutboxMessage.filter(account_id=account.id, message__not_isnull=True).update(card=None)
        return True

    @classmethod
    async def renew_menus(cls, person_id: int) -> None:
        """Have the command menus of a person sent anew: their roles or language have changed."""
        await cls.filter(person_id=person_id).update(menu="")


class Membership(Model):
    """A person's role in a canteen, from a day on."""

    id = fields.IntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="memberships"
    )
    person_id: int
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="members"
    )
    canteen_id: int
    role = fields.CharEnumField(Role, max_length=32)
    asked_at = UtcDatetimeField()
    accepted_at = UtcDatetimeField(null=True)
    accepted_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="accepted", null=True, on_delete=fields.SET_NULL
    )
    accepted_by_id: int | None
    ended_at = UtcDatetimeField(null=True)

    class Meta:
        table = "membership"
        unique_together = (("person", "canteen", "role"),)
        indexes = (("canteen_id", "role"),)

    @classmethod
    async def grant(
        cls, person: Person, canteen_id: int, role: Role, *, by: Person | None, now: datetime
    ) -> Membership:
        """Give a person a role at once; a role that ended begins again."""
        member, created = await cls.get_or_create(
            person_id=person.id,
            canteen_id=canteen_id,
            role=role,
            defaults={"asked_at": now, "accepted_at": now, "accepted_by_id": by.id if by else None},
        )
        if not created and (member.ended_at or not member.accepted_at):
            member.ended_at, member.accepted_at = None, now
            member.accepted_by_id = by.id if by else None
            await member.save()
        await Account.renew_menus(person.id)
        return member

    @classmethod
    async def holds(cls, person_id: int, canteen_id: int, *roles: Role) -> bool:
        """Tell whether a person has one of these roles in a canteen now."""
        held = cls.filter(person_id=person_id, canteen_id=canteen_id, role__in=roles)
        return await held.filter(accepted_at__not_isnull=True, ended_at=None).exists()

    @classmethod
    async def people(cls, canteen_id: int, role: Role) -> list[Person]:
        """List who has a role in a canteen, longest first."""
        held = (
            await cls.filter(canteen_id=canteen_id, role=role, ended_at=None, accepted_at__not_isnull=True)
            .order_by("accepted_at", "id")
            .prefetch_related("person")
        )
        return [member.person for member in held]
