"""What people are told of a closure, who has read it, and which news was promised."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.calls import CallReason
from models.closures import Closure
from models.fields import EncryptedTextField, UtcDatetimeField
from models.people import Person
from models.refusals import Gone
from models.sql import rows

if TYPE_CHECKING:
    from models.canteens import Canteen

TASK: Final = "closure"
RECENT: Final = timedelta(days=2)

# Readers whom no message reached, found by the keys of their messages.
LOST: Final = """
    SELECT r.id FROM closure_news n JOIN closure_receipt r ON r.news_id = n.id
    JOIN outbox_message o ON o.key = 'closure ' || r.news_id || ' for ' || r.person_id
    WHERE n.at > {0} AND r.lost_at IS NULL AND r.seen_at IS NULL AND o.state IN (4, 5)
"""


class NewsKind(StrEnum):
    """What people are told of a closure; or that the canteen's calendar is another one now."""

    DECLARED = "declared"
    NEWS = "news"
    REOPENED = "reopened"
    CALENDAR = "calendar"


class ClosureNews(Model):
    """One round of messages about a closure: that it is declared, how it stands, or that it is over.

    So are days told that a canteen adds or drops in its calendar: the choices name them, there is no closure.
    about: the declaration that it follows. starts and ends: the days it speaks of.
    lunches: how many it concerned. news_at: when the next news was promised.
    next_at: when a coordinator is reminded of that promise; asked: how often that was done.
    """

    id = fields.IntField(primary_key=True)
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="closure_news"
    )
    canteen_id: int
    about: fields.ForeignKeyNullableRelation[ClosureNews] = fields.ForeignKeyField(
        "models.ClosureNews", related_name="followed_by", null=True
    )
    about_id: int | None
    kind = fields.CharEnumField(NewsKind, max_length=16)
    starts = fields.DateField()
    ends = fields.DateField()
    words = EncryptedTextField(null=True)
    lunches = fields.IntField(default=0)
    news_at = UtcDatetimeField(null=True)
    next_at = UtcDatetimeField(null=True, db_index=True)
    asked = fields.SmallIntField(default=0)
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="closure_news", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None
    at = UtcDatetimeField()
    closures: fields.ReverseRelation[Closure]
    receipts: fields.ReverseRelation[ClosureReceipt]

    class Meta:
        table = "closure_news"

    @property
    def root_id(self) -> int:
        """Tell to which declaration this belongs: itself, if it is one."""
        return self.about_id or self.id

    @property
    def calls(self) -> tuple[CallReason, int]:
        """Tell which call list goes with it: the reason, and what the list is about."""
        match self.kind:
            case NewsKind.REOPENED:
                return CallReason.REOPENED, self.id
            case NewsKind.CALENDAR:
                return CallReason.CALENDAR, self.id
            case _:
                return CallReason.CLOSED, self.root_id

    def key(self, person_id: int) -> str:
        """Name the message of one reader, so that it is written once."""
        return f"closure {self.id} for {person_id}"

    @classmethod
    def of_root(cls, root_id: int) -> QuerySet[ClosureNews]:
        """Select a declaration and all that was told of it later."""
        return cls.filter(Q(id=root_id) | Q(about_id=root_id))

    @classmethod
    async def take_promises(cls, now: datetime, limit: int) -> list[ClosureNews]:
        """Take promises of news that come due half an hour from now, or are due and were not kept."""
        due = await (
            cls.filter(next_at__lte=now)
            .order_by("next_at", "id")
            .limit(limit)
            .select_for_update(skip_locked=True)
            .prefetch_related("canteen")
        )
        for news in due:
            news.next_at = news.news_at if news.news_at is not None and now < news.news_at else None
            news.asked += 1
            await news.save(update_fields=["next_at", "asked"])
        return [news for news in due if await Closure.filter(news_id=news.root_id, ended_at=None).exists()]

    async def days(self) -> list[Closure]:
        """List the days that were declared, also those that are over by now."""
        found = Closure.filter(news_id=self.root_id, day__gte=self.starts, day__lte=self.ends)
        return await found.order_by("day")


class ClosureReceipt(Model):
    """One reader of such news, and what it is to them: several things at once, in one message.

    coordinates, cooks: what they are here. seniors: whom they follow. claims: their places on shifts.
    lost_at: when we noticed that no message reached them.
    """

    id = fields.BigIntField(primary_key=True)
    news: fields.ForeignKeyRelation[ClosureNews] = fields.ForeignKeyField(
        "models.ClosureNews", related_name="receipts"
    )
    news_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="closure_receipts"
    )
    person_id: int
    coordinates = fields.BooleanField(default=False)
    cooks = fields.BooleanField(default=False)
    seniors: fields.Field[Any] = fields.JSONField(default=list)
    claims: fields.Field[Any] = fields.JSONField(default=list)
    seen_at = UtcDatetimeField(null=True)
    lost_at = UtcDatetimeField(null=True)

    class Meta:
        table = "closure_receipt"
        unique_together = (("news", "person"),)

    @classmethod
    async def take_lost(cls, now: datetime) -> list[ClosureReceipt]:
        """Take receipts of the last days whose message reached nobody."""
        unreached = [row["id"] for row in await rows(LOST, now - RECENT)]
        if not unreached:
            return []
        lost = cls.filter(id__in=unreached, lost_at=None)
        found = await lost.order_by("id").select_for_update().prefetch_related("news")
        await cls.filter(id__in=[receipt.id for receipt in found]).update(lost_at=now)
        return found

    @classmethod
    async def see(cls, news_id: int, reader: Person, now: datetime) -> ClosureReceipt:
        """Note that a reader has read it; the first time counts. Raises Gone for somebody it was not for."""
        receipt = await cls.get_or_none(news_id=news_id, person_id=reader.id)
        if receipt is None:
            raise Gone
        await cls.filter(id=receipt.id, seen_at=None).update(seen_at=now)
        return receipt
