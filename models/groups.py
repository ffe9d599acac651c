"""Groups of volunteers in which the open places of a canteen are shown: bound with a one-time code.

Without a code of the coordinator's anybody who takes the bot into a group could put the canteen's places on
show there; a group shows one canteen until it is let go.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from tortoise import fields
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.audit import AuditEvent
from models.fields import EncryptedTextField, UtcDatetimeField
from models.invitations import new_code
from models.messaging import OutboxMessage, Sent
from models.people import Account, Person, Role
from models.refusals import CodeUnknown, Gone, GroupTaken

if TYPE_CHECKING:
    from models.canteens import Canteen

CODE_LIFE: Final = timedelta(days=1)
SWEPT_AFTER: Final = timedelta(days=30)
NO_MENU: Final = "group"
"""Marks an account of a group: it gets no command menu, since nobody is answered there."""


class Group(Model):
    """A one-time code, and the group that was bound with it; ended, it keeps its row.

    account: where the group is written to; its person is no human being, but the group as a reader.
    """

    id = fields.IntField(primary_key=True)
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="groups"
    )
    canteen_id: int
    code_hash = fields.CharField(max_length=64, unique=True)
    made_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="made_groups", null=True, on_delete=fields.SET_NULL
    )
    made_by_id: int | None
    made_at = UtcDatetimeField()
    account: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name="groups", null=True
    )
    account_id: int | None
    title = EncryptedTextField(null=True)
    bound_at = UtcDatetimeField(null=True)
    ended_at = UtcDatetimeField(null=True)

    class Meta:
        table = "chat_group"
        indexes = (("canteen_id", "ended_at"),)
        constraints = (
            UniqueConstraint(
                fields=("account",), name="chat_group_shows_one_canteen", condition="ended_at IS NULL"
            ),
        )

    @property
    def reader(self) -> Person:
        """Who stands for the group where something is said to it."""
        assert self.account is not None
        return self.account.person

    @property
    def card(self) -> str:
        """Name the message that shows the open places."""
        return f"group {self.id}"

    @classmethod
    async def invite(cls, canteen_id: int, *, by: Person, now: datetime) -> str:
        """Make a code that binds one group within a day; only its hash is kept. Raises NotAllowed.

        Codes that nobody used are swept away.
        """
        await by.must_be(Role.COORDINATOR, canteen_id)
        await cls.filter(bound_at=None, made_at__lt=now - SWEPT_AFTER).delete()
        code = new_code()
        await cls.create(canteen_id=canteen_id, code_hash=_hash(code), made_by_id=by.id, made_at=now)
        return code

    @classmethod
    async def bind(
        cls, code: str, channel: str, place: str, title: str, now: datetime
    ) -> tuple[Group, Group | None]:
        """Bind the group at a place with a code; give it, and the binding of the same canteen that it ends.

        Raises CodeUnknown, also for a code that was used, and GroupTaken where another canteen is shown.
        """
        fresh = cls.filter(code_hash=_hash(code), bound_at=None, ended_at=None, made_at__gt=now - CODE_LIFE)
        group = await fresh.select_for_update().first()
        if group is None:
            raise CodeUnknown
        await group.fetch_related("canteen")
        before = await cls.at(channel, place)
        if before is not None and before.canteen_id != group.canteen_id:
            raise GroupTaken(before.canteen.name)
        if before is not None:
            await cls.filter(id=before.id).update(ended_at=now)
        account = await cls._account(channel, place, group.canteen, now)
        await cls.filter(id=group.id).update(account_id=account.id, bound_at=now)
        group.account_id, group.bound_at, group.title = account.id, now, title
        await group.save(update_fields=["title"])
        await AuditEvent.record("group.bind", f"group {group.id}", by=group.made_by_id, now=now)
        return await cls._read(cls.filter(id=group.id)).get(), before

    @classmethod
    async def _account(cls, channel: str, place: str, canteen: Canteen, now: datetime) -> Account:
        """Find or make the account of a group, which reads in the canteen's language and zone."""
        account = await Account.filter(channel=channel, address=place).select_related("person").first()
        if account is None:
            reader = await Person.create(language=canteen.language, zone=canteen.zone, created_at=now)
            return await Account.create(
                person_id=reader.id, channel=channel, address=place, menu=NO_MENU, heard_at=now
            )
        await Account.filter(id=account.id).update(reachable=True)
        await Person.filter(id=account.person_id).update(language=canteen.language, zone=canteen.zone)
        return account

    @classmethod
    def _read(cls, found: QuerySet[Group]) -> QuerySet[Group]:
        return found.select_related("canteen", "account__person").order_by("id")

    @classmethod
    async def at(cls, channel: str, place: str) -> Group | None:
        """Find what is bound at a place."""
        return await cls._read(
            cls.filter(account__channel=channel, account__address=place, ended_at=None)
        ).first()

    @classmethod
    async def read_by(cls, person: Person) -> Group | None:
        """Find the group that a reader stands for."""
        return await cls._read(cls.filter(account__person_id=person.id, ended_at=None)).first()

    @classmethod
    async def bound(cls, canteen_id: int | None = None) -> list[Group]:
        """List the groups that show open places, of one canteen or of all."""
        found = cls.filter(bound_at__not_isnull=True, ended_at=None)
        return await cls._read(found if canteen_id is None else found.filter(canteen_id=canteen_id))

    @classmethod
    async def let_go(cls, group_id: int, *, by: Person, now: datetime) -> Group:
        """End a binding; asked twice, it was ended once. Raises Gone, NotAllowed."""
        group = await cls._read(cls.filter(id=group_id, bound_at__not_isnull=True)).first()
        if group is None:
            raise Gone
        await by.must_be(Role.COORDINATOR, group.canteen_id)
        if await cls.filter(id=group.id, ended_at=None).update(ended_at=now):
            await AuditEvent.record("group.end", f"group {group.id}", by=by.id, now=now)
        return group

    async def lose(self, now: datetime) -> bool:
        """End a binding because nothing can be written there any more; tell whether that is news."""
        return bool(await Group.filter(id=self.id, ended_at=None).update(ended_at=now))

    async def said_last(self, *, hold: bool = False) -> object:
        """Give the words that the card was last given, whatever became of them; None where there is no card.

        hold: keep others from saying something to this group until the transaction ends.
        """
        if hold:
            await Group.filter(id=self.id).select_for_update()
        rows = OutboxMessage.filter(account_id=self.account_id, card=self.card)
        row = await rows.exclude(state__in=(Sent.DROPPED, Sent.UNREACHABLE)).order_by("-id").first()
        return None if row is None else row.body["text"]


def _hash(code: str) -> str:
    return hashlib.sha256(code.strip().lower().encode()).hexdigest()
