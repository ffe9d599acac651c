"""Photos and voice notes: kept once and sealed, shown to those who may, and gone after their days."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from tortoise import fields
from tortoise.models import Model

from models.audit import AuditEvent
from models.care import Care
from models.consents import Consent
from models.fields import EncryptedTextField, UtcDatetimeField
from models.people import Account, Membership, Person, Role
from models.refusals import FileGone, Gone, NoPhotoAgreed, NotAllowed
from models.uploads import Upload

if TYPE_CHECKING:
    from models.canteens import Canteen
    from models.cases import Case
    from models.meals import Meal
    from models.seniors import Senior

AT_MOST: Final = 5_000_000  # bytes, of a photo or a voice note of some ten minutes
GIVE_UP_AFTER: Final = timedelta(hours=24)
HOLD: Final = timedelta(minutes=1)
OF_A_CASE_AT_MOST: Final = 9
TYPES: Final = {
    "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "audio/ogg": "ogg", "audio/mpeg": "mp3",
    "audio/mp4": "m4a", "audio/webm": "weba", "audio/wav": "wav",
}  # fmt: skip
"""What is taken, and how such a file's name ends; nothing that a browser would run."""


# Of a list, the contents stay sealed.
LISTED: Final = ("id", "canteen_id", "kind", "by_id", "at", "fetch_at", "deleted_at")


class FileKind(StrEnum):
    """What it is."""

    PHOTO = "photo"
    VOICE = "voice"


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that somebody sent: where the channel keeps it (`ref`), and what the channel says of it.

    size: in bytes; 0 where the channel does not say.
    """

    kind: FileKind
    channel: str
    ref: str
    size: int = 0


class File(Model):
    """A photo or a voice note about a senior, sealed; without content it is on its way, lost or deleted.

    ref: the channel's own name of it, until it is fetched. fetch_at: when it is tried next. delete_at: when
    its days are over. hide_at: when it is taken back from wherever it was shown.
    """

    id = fields.BigIntField(primary_key=True)
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="files"
    )
    canteen_id: int
    senior: fields.ForeignKeyRelation[Senior] = fields.ForeignKeyField("models.Senior", related_name="files")
    senior_id: int
    case: fields.ForeignKeyNullableRelation[Case] = fields.ForeignKeyField(
        "models.Case", related_name="files", null=True
    )
    case_id: int | None
    meal: fields.ForeignKeyNullableRelation[Meal] = fields.ForeignKeyField(
        "models.Meal", related_name="files", null=True
    )
    meal_id: int | None
    kind = fields.CharEnumField(FileKind, max_length=16)
    mime = fields.CharField(max_length=40, default="")
    size = fields.IntField(default=0)
    sealed = EncryptedTextField(null=True)
    channel = fields.CharField(max_length=16)
    ref = EncryptedTextField(null=True)
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="files", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None
    at = UtcDatetimeField()
    fetch_at = UtcDatetimeField(null=True, db_index=True)
    delete_at = UtcDatetimeField(null=True, db_index=True)
    hide_at = UtcDatetimeField(null=True, db_index=True)
    deleted_at = UtcDatetimeField(null=True)

    class Meta:
        table = "file"
        indexes = (("case_id",), ("senior_id",))

    # --------------------------------------------------------------------------------------------- looking

    @property
    def here(self) -> bool:
        """Tell whether it can be opened."""
        return self.sealed is not None

    @property
    def coming(self) -> bool:
        """Tell whether it is still to be fetched."""
        return self.fetch_at is not None and self.deleted_at is None

    @property
    def content(self) -> bytes:
        """Open it."""
        return base64.b64decode(self.sealed or "")

    @property
    def name(self) -> str:
        """Give a name that says nothing of anybody."""
        return f"{self.kind}-{self.id}.{TYPES.get(self.mime, 'bin')}"

    @classmethod
    async def of_case(cls, case_id: int) -> list[File]:
        """List what belongs to a case and is not deleted, in the order in which it came."""
        return await cls.filter(case_id=case_id, deleted_at=None).order_by("id").only(*LISTED)

    @classmethod
    async def at_the_door(cls, senior: Senior, by: Person, limit: int) -> list[File]:
        """List the last photos of handing over, newest first. Raises NotAllowed."""
        await by.must_be(Role.COORDINATOR, senior.canteen_id)
        taken = cls.filter(senior_id=senior.id, meal_id__not_isnull=True, deleted_at=None)
        return await taken.order_by("-id").limit(limit).only(*LISTED)

    @classmethod
    async def deletable_by(cls, file_id: int, person: Person) -> File:
        """Find a file for who sent it and helps still, or for a coordinator there.

        Raises FileGone if it was deleted, NotAllowed.
        """
        file = await cls.get_or_none(id=file_id)
        if file is None:
            raise FileGone
        may = (Role.COORDINATOR, *((Role.VOLUNTEER,) if file.by_id == person.id else ()))
        if not await Membership.holds(person.id, file.canteen_id, *may):
            raise NotAllowed
        if file.deleted_at is not None:
            raise FileGone
        return file

    # --------------------------------------------------------------------------------------------- keeping

    @classmethod
    async def keep(
        cls,
        enclosure: Enclosure,
        senior: Senior,
        by: Person,
        now: datetime,
        *,
        case: Case | None = None,
        meal: Meal | None = None,
    ) -> File:
        """Keep what somebody sent; what the channel still has is fetched after the turn.

        With `meal` it is a photo of handing over. Raises Gone if it belongs to too many or nobody, FileGone
        if the upload is not theirs or no longer there, NoPhotoAgreed.
        """
        if (case is None) is (meal is None) or enclosure.size > AT_MOST:
            raise Gone
        if meal is not None and not await Consent.photos(senior.id):
            raise NoPhotoAgreed(senior.id)
        if case is not None and await cls.filter(case_id=case.id).count() >= OF_A_CASE_AT_MOST:
            raise Gone
        care = await Care.of(senior.canteen_id)
        days = care.photo_days if enclosure.kind is FileKind.PHOTO else care.voice_days
        file = cls(
            canteen_id=senior.canteen_id,
            senior_id=senior.id,
            case_id=None if case is None else case.id,
            meal_id=None if meal is None else meal.id,
            kind=enclosure.kind,
            channel=enclosure.channel,
            ref=enclosure.ref,
            by_id=by.id,
            at=now,
            fetch_at=now,
            delete_at=now + timedelta(days=days),
        )
        if enclosure.channel == Upload.CHANNEL:
            await file._take_upload(by)
        await file.save()
        return file

    async def _take_upload(self, by: Person) -> None:
        """Move what a page uploaded to its place: it is kept once."""
        upload = await Upload.get_or_none(id=int(self.ref or 0)).prefetch_related("session")
        theirs = (
            upload
            and await Account.filter(
                channel=Upload.CHANNEL, address=upload.session.address, person_id=by.id
            ).exists()
        )
        if upload is None or not theirs:
            raise FileGone
        self.sealed, self.mime, self.size = upload.sealed, upload.mime, upload.size
        self.ref, self.fetch_at = None, None
        await upload.delete()

    @classmethod
    async def to_fetch(cls, channel: str, now: datetime, limit: int) -> list[File]:
        """Take what is to be fetched now from a channel; held for a minute, by whoever was first."""
        due = cls.filter(channel=channel, fetch_at__lte=now).order_by("fetch_at", "id").limit(limit)
        return [
            file
            for file in await due
            if await cls.filter(id=file.id, fetch_at=file.fetch_at).update(fetch_at=now + HOLD)
        ]

    @classmethod
    async def arrived(cls, file_id: int, mime: str, content: bytes) -> bool:
        """Keep what was fetched; False if it is here already, or was deleted meanwhile."""
        file = await cls.filter(id=file_id).select_for_update().first()
        if file is None or not file.coming:
            return False
        file.sealed, file.mime, file.size = base64.b64encode(content).decode(), mime, len(content)
        file.ref, file.fetch_at = None, None
        await file.save(update_fields=["sealed", "mime", "size", "ref", "fetch_at"])
        return True

    @classmethod
    async def later(cls, file: File, until: datetime) -> bool:
        """Try again later; False once it has been tried for a day."""
        if until - file.at > GIVE_UP_AFTER:
            return False
        await cls.filter(id=file.id, fetch_at__not_isnull=True).update(fetch_at=until)
        return True

    @classmethod
    async def lost(cls, file_id: int, now: datetime) -> bool:
        """Give a file up that cannot be fetched; tell whether that is news."""
        return await cls._empty([file_id], now, only_coming=True) > 0

    # -------------------------------------------------------------------------------------------- deleting

    @classmethod
    async def remove(cls, file_id: int, by: Person, now: datetime) -> File:
        """Delete a file on request of who sent it, at any time, or of a coordinator.

        Raises FileGone, NotAllowed.
        """
        file = await cls.deletable_by(file_id, by)
        await cls._empty([file.id], now)
        await AuditEvent.record("file.delete", f"file {file.id}", by=by.id, now=now)
        return file

    @classmethod
    async def empty_door(cls, senior_id: int, by: Person, now: datetime) -> int:
        """Delete all photos of handing over to a senior who says no to them; return how many."""
        taken = cls.filter(senior_id=senior_id, meal_id__not_isnull=True, deleted_at=None)
        emptied = await cls._empty([row[0] for row in await taken.values_list("id")], now)
        if emptied:
            await AuditEvent.record("file.delete.door", f"senior {senior_id}", by=by.id, now=now)
        return emptied

    @classmethod
    async def forget_old(cls, now: datetime, at_most: int) -> int:
        """Delete what has been kept for its days; return how many."""
        old = await cls.filter(delete_at__lte=now).order_by("delete_at").limit(at_most).values_list("id")
        return await cls._empty([row[0] for row in old], now) if old else 0

    @classmethod
    async def _empty(cls, ids: Sequence[int], now: datetime, *, only_coming: bool = False) -> int:
        """Take the content away; that there was a file stays on record."""
        these = cls.filter(id__in=list(ids), deleted_at=None)
        if only_coming:
            these = these.filter(fetch_at__not_isnull=True)
        await these.filter(hide_at__not_isnull=True).update(hide_at=now)
        return await these.update(sealed=None, ref=None, fetch_at=None, delete_at=None, deleted_at=now)
