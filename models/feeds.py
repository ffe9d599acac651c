"""One's own shifts for the calendar of a phone: a secret address, and what was given out under it.

The numbers follow RFC 5545: an event keeps its UID for ever (3.8.4.7), its SEQUENCE rises with every change
(3.8.7.4), and what is called off stays as STATUS:CANCELLED (3.8.1.11), or it would stand on in the phone.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from tortoise import fields
from tortoise.models import Model

from models.audit import AuditEvent
from models.claiming import CARRIERS
from models.fields import UtcDatetimeField
from models.people import Membership, Person
from models.shifts import Claim, ShiftState

if TYPE_CHECKING:
    from models.shifts import Shift

KEPT: Final = timedelta(days=30)
SECRET_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Appointment:
    """A place as a calendar shows it; `changed_at`: when that was last another thing."""

    uid: str
    sequence: int
    shift: Shift
    cancelled: bool
    changed_at: datetime


class CalendarFeed(Model):
    """The secret address under which a person's calendar reads their shifts.

    token_hash: of the secret, which is stored nowhere; None while the feed is stopped.
    version: how many addresses there were and how often they were stopped, so that a tap counts once.
    """

    id = fields.IntField(primary_key=True)
    person: fields.OneToOneRelation[Person] = fields.OneToOneField(
        "models.Person", related_name="calendar_feed"
    )
    person_id: int
    token_hash = fields.CharField(max_length=64, null=True, unique=True)
    version = fields.IntField(default=0)
    made_at = UtcDatetimeField()

    class Meta:
        table = "calendar_feed"

    @property
    def running(self) -> bool:
        """Tell whether an address is good."""
        return self.token_hash is not None

    @classmethod
    async def of_person(cls, person: Person, now: datetime) -> CalendarFeed:
        """Find a person's feed; one that never had an address is stopped."""
        return await cls.get_or_none(person_id=person.id) or cls(person_id=person.id, version=0, made_at=now)

    @classmethod
    async def renew(cls, person: Person, version: int, now: datetime) -> str | None:
        """Make a new address in the place of the one before; return its secret.

        None: this is not the version that was seen, so it was done already.
        """
        await cls.get_or_create({"made_at": now}, person_id=person.id)
        secret = secrets.token_urlsafe(SECRET_BYTES)
        seen = cls.filter(person_id=person.id, version=version)
        if not await seen.update(token_hash=_hash(secret), version=version + 1, made_at=now):
            return None
        await AuditEvent.record("calendar.link", f"person {person.id}", by=person.id, now=now)
        return secret

    @classmethod
    async def stop(cls, person: Person, version: int, now: datetime) -> None:
        """Let the address give nothing any more; of a newer one than was seen nothing is stopped."""
        seen = cls.filter(person_id=person.id, version=version, token_hash__not_isnull=True)
        if await seen.update(token_hash=None, version=version + 1):
            await AuditEvent.record("calendar.stop", f"person {person.id}", by=person.id, now=now)

    @classmethod
    async def look(cls, secret: str) -> CalendarFeed | None:
        """Find the feed of an address, while its person helps somewhere; held until the transaction ends."""
        feed = await cls.filter(token_hash=_hash(secret)).select_for_update().first()
        if feed is None:
            return None
        helps = Membership.filter(person_id=feed.person_id, role__in=CARRIERS, ended_at=None)
        if not await helps.filter(accepted_at__not_isnull=True).exists():
            return None
        feed.person = await Person.get(id=feed.person_id)
        return feed

    async def appointments(self, now: datetime) -> Sequence[Appointment]:
        """List one's places from a month ago on, soonest first, and remember that they were given out.

        A place that was gone before any calendar saw it is left out.
        """
        mine = Claim.filter(person_id=self.person_id, shift__ends_at__gt=now - KEPT)
        claims = await mine.order_by("shift__starts_at", "id").prefetch_related(
            "shift__route", "shift__canteen"
        )
        entries = await FeedEntry.filter(claim_id__in=[claim.id for claim in claims])
        known = {entry.claim_id: entry for entry in entries}
        found = []
        for claim in claims:
            entry = known.get(claim.id)
            if entry is None and _is_off(claim):
                continue
            entry = await FeedEntry.keep(claim, entry, self.person.language, now)
            found.append(
                Appointment(entry.uid, entry.sequence, claim.shift, _is_off(claim), entry.changed_at)
            )
        return found


class FeedEntry(Model):
    """A place as a calendar was last given it. digest: of all that it was told."""

    id = fields.IntField(primary_key=True)
    claim: fields.OneToOneRelation[Claim] = fields.OneToOneField("models.Claim", related_name="feed_entry")
    claim_id: int
    uid = fields.CharField(max_length=36, unique=True)
    sequence = fields.IntField(default=0)
    digest = fields.CharField(max_length=64)
    changed_at = UtcDatetimeField()

    class Meta:
        table = "feed_entry"

    @classmethod
    async def keep(cls, claim: Claim, known: FeedEntry | None, language: str, now: datetime) -> FeedEntry:
        """Write down what is given out now; what differs from the time before is its next version."""
        shift = claim.shift
        told = (
            shift.starts_at.isoformat(), shift.ends_at.isoformat(), shift.route.name, shift.canteen.name,
            language, str(_is_off(claim)),
        )  # fmt: skip
        digest = hashlib.sha256("\0".join(told).encode()).hexdigest()
        if known is None:
            return await cls.create(claim_id=claim.id, uid=str(uuid.uuid4()), digest=digest, changed_at=now)
        if known.digest != digest:
            known.sequence, known.digest, known.changed_at = known.sequence + 1, digest, now
            await known.save(update_fields=["sequence", "digest", "changed_at"])
        return known


def _is_off(claim: Claim) -> bool:
    off = claim.shift.state in (ShiftState.CANCELLED, ShiftState.DROPPED)
    return off or claim.given_back_at is not None


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
