"""What was heard and what is to be said, as rows. Knows nothing of what it is about."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from tortoise import fields
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.fields import EncryptedJSONField, UtcDatetimeField

if TYPE_CHECKING:
    from models.people import Account, Person


class InboxUpdate(Model):
    """An update of a channel that was lived; it is heard once."""

    id = fields.BigIntField(primary_key=True)
    channel = fields.CharField(max_length=20)
    event = fields.CharField(max_length=160)
    kind = fields.CharField(max_length=16)
    heard_at = UtcDatetimeField()
    failed = fields.CharField(max_length=16, null=True)

    class Meta:
        table = "inbox_update"
        unique_together = (("channel", "event"),)


class Conversation(Model):
    """A conversation that waits for an answer.

    script: "command:register" or "button:ask"; answers: [key, text] pairs in the order in which they were
    given; pending: the key of the open question; parked: another conversation is in front.
    """

    id = fields.IntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="conversations"
    )
    person_id: int
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name="conversations"
    )
    account_id: int
    script = fields.CharField(max_length=60)
    args: fields.Field[Any] = EncryptedJSONField(default=list)
    answers: fields.Field[Any] = EncryptedJSONField(default=list)
    pending = fields.CharField(max_length=40, null=True)
    began_at = UtcDatetimeField()
    touched_at = UtcDatetimeField(db_index=True)
    parked_at = UtcDatetimeField(null=True)

    class Meta:
        table = "conversation"
        indexes = (("person_id", "parked_at"),)


class Sent(IntEnum):
    """What became of an outbox row."""

    PENDING = 0
    SENT = 1
    DROPPED = 2
    UNKNOWN = 3
    UNREACHABLE = 4
    REJECTED = 5


class OutboxMessage(Model):
    """One thing that the bot says, as a row before it is a message.

    body: packed text, buttons and the like, sealed.
    next_at: due time, end of a sender's lease, or of a back-off.
    owner: the fencing token of the sender that holds it. message: the channel's id once it is sent.
    """

    id = fields.BigIntField(primary_key=True)
    person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="messages", null=True
    )
    person_id: int | None
    account: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name="messages", null=True
    )
    account_id: int | None
    channel = fields.CharField(max_length=20, default="")
    kind = fields.CharField(max_length=16, default="text")
    body: fields.Field[Any] = EncryptedJSONField()
    priority = fields.SmallIntField(default=1)
    state = fields.IntEnumField(Sent, default=Sent.PENDING)
    next_at = UtcDatetimeField()
    expires_at = UtcDatetimeField(null=True)
    key = fields.CharField(max_length=120, null=True, unique=True)
    card = fields.CharField(max_length=60, null=True)
    edits = fields.BooleanField(default=False)
    still = fields.CharField(max_length=60, null=True)
    reveals = fields.CharField(max_length=120, null=True)
    owner = fields.CharField(max_length=40, null=True)
    attempts = fields.SmallIntField(default=0)
    message = fields.CharField(max_length=64, null=True)
    created_at = UtcDatetimeField()
    sent_at = UtcDatetimeField(null=True)

    class Meta:
        table = "outbox_message"
        indexes = (
            ("state", "channel", "priority", "id"),
            ("account_id", "card"),
            ("account_id", "message"),
            ("person_id", "key"),
        )

    def held(self) -> QuerySet[OutboxMessage]:
        """Select this row, as long as the sender that took it has not lost it to another."""
        return OutboxMessage.filter(id=self.id, owner=self.owner)


class ChannelState(Model):
    """What is to be remembered of a channel across restarts.

    quiet_until: it wants silence so long. heard_at: when it last answered whoever polls it, by the world's
    own clock.
    """

    channel = fields.CharField(max_length=20, primary_key=True)
    quiet_until = UtcDatetimeField(null=True)
    heard_at = UtcDatetimeField(null=True)

    class Meta:
        table = "channel_state"


class Task(Model):
    """Long work in batches after commit. cursor: how far it is; done of total, for its progress card."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=40)
    about = fields.IntField()
    cursor = fields.BigIntField(default=0)
    done = fields.IntField(default=0)
    total = fields.IntField(default=0)
    created_at = UtcDatetimeField()
    finished_at = UtcDatetimeField(null=True)

    class Meta:
        table = "task"
        unique_together = (("name", "about"),)


class Lease(Model):
    """Who may do a thing that only one process may do, and until when."""

    name = fields.CharField(max_length=60, primary_key=True)
    owner = fields.CharField(max_length=40)
    until = UtcDatetimeField()

    class Meta:
        table = "lease"

    @classmethod
    async def hold(cls, name: str, owner: str, now: datetime, until: datetime) -> bool:
        """Take or keep a lease; False while another holds it."""
        if await cls.filter(name=name, owner=owner).update(until=until):
            return True
        if await cls.filter(name=name, until__lt=now).update(owner=owner, until=until):
            return True
        await cls.bulk_create([cls(name=name, owner=owner, until=until)], ignore_conflicts=True)
        return await cls.filter(name=name, owner=owner).exists()


class Heartbeat(Model):
    """When a job last ran to its end."""

    job = fields.CharField(max_length=80, primary_key=True)
    at = UtcDatetimeField()

    class Meta:
        table = "heartbeat"
