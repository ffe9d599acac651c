"""Notices: one message to many, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from tortoise import fields
from tortoise.models import Model

from models.audit import AuditEvent
from models.fields import EncryptedTextField, UtcDatetimeField
from models.messaging import OutboxMessage, Sent, Task
from models.people import Person, Role
from models.refusals import Gone, NothingToSend
from models.sql import rows

if TYPE_CHECKING:
    from models.canteens import Canteen

TASK: Final = "notice"

# What waits longer waits for the morning; a channel that is busy asks for less.
SOON: Final = timedelta(minutes=10)

# Who reads, each person once, whatever roles they have. {sender} never reads their own words.
READERS: Final = """
    SELECT p.id FROM person p WHERE p.id > {after} AND p.id <> {sender} AND ({who})
    ORDER BY p.id LIMIT {limit}
"""
HOW_MANY: Final = "SELECT COUNT(*) AS n FROM person p WHERE p.id <> {sender} AND ({who})"
HAS_ROLE: Final = """
    EXISTS (SELECT 1 FROM membership m WHERE m.person_id = p.id AND m.canteen_id = {canteen}
        AND m.accepted_at IS NOT NULL AND m.ended_at IS NULL AND m.role IN ({roles}))
"""
FOLLOWS: Final = """
    EXISTS (SELECT 1 FROM kinship k JOIN senior s ON s.id = k.senior_id WHERE k.person_id = p.id
        AND s.canteen_id = {canteen} AND s.status NOT IN ('declined', 'ended')
        AND k.linked AND k.ended_at IS NULL)
"""
# What became of the messages of a notice, found by their keys.
SAID: Final = """
    SELECT o.state, COUNT(*) AS n,
        SUM(CASE WHEN o.state = 0 AND o.owner IS NULL AND o.attempts = 0 AND o.next_at > {0}
            THEN 1 ELSE 0 END) AS held
    FROM receipt r JOIN outbox_message o ON o.key = 'notice ' || r.notice_id || ' for ' || r.person_id
    WHERE r.notice_id = {notice} GROUP BY o.state
"""


class Audience(StrEnum):
    """Whom a notice is for."""

    VOLUNTEERS = "volunteers"
    FAMILIES = "families"
    EVERYONE = "everyone"


class Notice(Model):
    """A coordinator's words to an audience."""

    id = fields.IntField(primary_key=True)
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="notices"
    )
    canteen_id: int
    audience = fields.CharEnumField(Audience, max_length=16)
    body = EncryptedTextField()
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="notices", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None
    at = UtcDatetimeField()
    finished_at = UtcDatetimeField(null=True)

    class Meta:
        table = "notice"

    @classmethod
    async def readers(cls, canteen_id: int, audience: Audience, sender: Person) -> int:
        """Count who would read a notice of this sender."""
        (row,) = await rows(HOW_MANY, sender=str(sender.id), who=_who(canteen_id, audience))
        return int(row["n"])

    @classmethod
    async def send(cls, canteen_id: int, audience: Audience, body: str, by: Person, now: datetime) -> Notice:
        """Take a notice on; it is written to its readers batch by batch, by a task after this turn.

        Raises NotAllowed, and NothingToSend without readers or words.
        """
        await by.must_be(Role.COORDINATOR, canteen_id)
        total = await cls.readers(canteen_id, audience, by)
        if not total or not body.strip():
            raise NothingToSend
        notice = await cls.create(
            canteen_id=canteen_id, audience=audience, body=body, by_id=by.id, at=now, finished_at=None
        )
        await Task.create(name=TASK, about=notice.id, total=total, created_at=now)
        await AuditEvent.record("notice.send", f"notice {notice.id}", by=by.id, now=now)
        return notice

    async def next_readers(self, task: Task, limit: int, now: datetime) -> Sequence[Person]:
        """Take the next readers, with a receipt each, and move the task on; the caller writes to them now."""
        found = await rows(
            READERS,
            after=str(task.cursor),
            sender=str(self.by_id or 0),
            who=_who(self.canteen_id, self.audience),
            limit=str(limit),
        )
        ids = [row["id"] for row in found]
        people = await Person.filter(id__in=ids).order_by("id")
        await Receipt.bulk_create(
            [Receipt(notice_id=self.id, person_id=person.id, written_at=now) for person in people],
            ignore_conflicts=True,
        )
        task.done += len(people)
        if len(ids) < limit:
            task.total, task.finished_at = task.done, now
        else:
            task.cursor = ids[-1]
        return people

    @classmethod
    async def unfinished(cls) -> list[Notice]:
        """List the notices that somebody still waits for."""
        return await cls.filter(finished_at=None).order_by("id").prefetch_related("canteen", "by")

    async def progress(self, now: datetime) -> Progress:
        """Count how far this notice is; done for everybody, it is finished."""
        task = await Task.get(name=TASK, about=self.id)
        said = await rows(SAID, now + SOON, notice=str(self.id))
        states = Counter({Sent(row["state"]): int(row["n"]) for row in said})
        progress = Progress(
            total=task.total,
            sent=states[Sent.SENT],
            unreached=states[Sent.UNREACHABLE] + states[Sent.REJECTED] + states[Sent.DROPPED],
            unsure=states[Sent.UNKNOWN],
            held=sum(int(row["held"]) for row in said),
            seen=await Receipt.filter(notice_id=self.id, seen_at__not_isnull=True).count(),
        )
        if task.finished_at is not None and progress.finished:
            await Notice.filter(id=self.id, finished_at=None).update(finished_at=now)
        return progress

    def key(self, person_id: int) -> str:
        """Name the message of one reader, so that it is written once."""
        return f"notice {self.id} for {person_id}"

    async def unread(self, by: Person) -> list[tuple[Person, bool]]:
        """List who has not said that they read it, and whether they could be reached at all.

        Raises NotAllowed.
        """
        await by.must_be(Role.COORDINATOR, self.canteen_id)
        silent = Receipt.filter(notice_id=self.id, seen_at=None).order_by("person_id")
        people = [receipt.person for receipt in await silent.prefetch_related("person")]
        lost = OutboxMessage.filter(
            key__in=[self.key(person.id) for person in people], state__in=(Sent.UNREACHABLE, Sent.REJECTED)
        )
        unreached = {row[0] for row in await lost.values_list("person_id")}
        return sorted(((person, person.id not in unreached) for person in people), key=lambda found: found[1])


class Receipt(Model):
    """One reader of a notice; `written_at` is when the message row was made, the outbox knows the rest."""

    id = fields.BigIntField(primary_key=True)
    notice: fields.ForeignKeyRelation[Notice] = fields.ForeignKeyField(
        "models.Notice", related_name="receipts"
    )
    notice_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="receipts"
    )
    person_id: int
    written_at = UtcDatetimeField(null=True)
    seen_at = UtcDatetimeField(null=True)

    class Meta:
        table = "receipt"
        unique_together = (("notice", "person"),)

    @classmethod
    async def see(cls, notice_id: int, reader: Person, now: datetime) -> None:
        """Note that a reader has read it; the first time counts. Raises Gone for somebody it was not for."""
        mine = cls.filter(notice_id=notice_id, person_id=reader.id)
        if not await mine.filter(seen_at=None).update(seen_at=now) and not await mine.exists():
            raise Gone


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a notice is. held: written for the end of the readers' night; unsure: perhaps it arrived."""

    total: int
    sent: int
    unreached: int
    unsure: int
    held: int
    seen: int

    @property
    def finished(self) -> bool:
        """Tell whether nobody waits for it any more."""
        return self.sent + self.unreached + self.unsure >= self.total


def _who(canteen_id: int, audience: Audience) -> str:
    roles = {
        Audience.VOLUNTEERS: (Role.VOLUNTEER,),
        Audience.FAMILIES: (Role.FAMILY,),
        Audience.EVERYONE: tuple(role for role in Role if role is not Role.STRANGER),
    }[audience]
    listed = ", ".join(f"'{role.value}'" for role in roles)
    has_role = HAS_ROLE.format(canteen=canteen_id, roles=listed)
    if audience is Audience.VOLUNTEERS:
        return has_role
    return f"{has_role} OR {FOLLOWS.format(canteen=canteen_id)}"
