"""What the machinery does for itself: old questions, old rows, and coming back after an outage."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.clock import Clock
from bot.database import transaction
from bot.speech import Mailbag, Post
from handlers import words
from handlers.chat import REGISTRY, Mail, every
from models.files import File
from models.messaging import (
    ChannelState,
    Conversation,
    Heartbeat,
    InboxUpdate,
    Lease,
    OutboxMessage,
)
from models.uploads import Upload
from models.webfiles import WebFile

log = structlog.get_logger(__name__)

OPEN_AT_MOST: Final = timedelta(days=7)
# Telegram brings nothing again after a day; the ids of a month are room enough for any channel.
HEARD_KEPT: Final = timedelta(days=30)
SENT_KEPT: Final = timedelta(days=90)
BATCH: Final = 500
FILES_AT_ONCE: Final = 50
OUTAGE: Final = timedelta(minutes=2)
OUTAGE_AT_MOST: Final = timedelta(hours=12)


@every(seconds=300)
async def close_old_questions(mail: Mail) -> bool:
    """Close conversations that waited a week for an answer, and tell the person."""
    waiting = Conversation.filter(touched_at__lt=mail.now - OPEN_AT_MOST).order_by("id").limit(BATCH)
    # Somebody who answers at this very moment keeps the question.
    old = await waiting.select_for_update(skip_locked=True).prefetch_related("person")
    if not old:
        return False
    newest = {conversation.person_id: conversation for conversation in old}
    for conversation in newest.values():
        mail.say(words.EXPIRED, to=conversation.person, key=f"expired:{conversation.id}")
    await Conversation.filter(id__in=[conversation.id for conversation in old]).delete()
    return len(old) == BATCH


@every(seconds=600)
async def forget_old_rows(mail: Mail) -> bool:
    """Delete what was heard a month ago and said three months ago, in small batches."""
    # Rows are as old as their ids: the first ones are looked at, never the whole table.
    first = InboxUpdate.all().order_by("id").limit(BATCH)
    heard = [row for row, at in await first.values_list("id", "heard_at") if at < mail.now - HEARD_KEPT]
    earliest = OutboxMessage.all().order_by("id").limit(BATCH)
    said = [row for row, at in await earliest.values_list("id", "created_at") if at < mail.now - SENT_KEPT]
    if heard:
        await InboxUpdate.filter(id__in=heard).delete()
    if said:
        await OutboxMessage.filter(id__in=said).delete()
    return len(heard) == BATCH or len(said) == BATCH


@every(seconds=3600)
async def forget_old_files(mail: Mail) -> bool:
    """Delete files whose days are over: papers of the web chat, photos and voice notes, forsaken uploads."""
    papers = await WebFile.forget_old(mail.now, BATCH)
    told = await File.forget_old(mail.now, FILES_AT_ONCE)
    forsaken = await Upload.forget_old(mail.now, BATCH)
    return papers == BATCH or told == FILES_AT_ONCE or forsaken == BATCH


async def come_back(now: datetime) -> None:
    """After the house was away, let handlers show anew what people may have tapped in vain.

    Telegram drops a press after 150 seconds, so only the person knows that it was not heard.
    """
    beat = await Heartbeat.all().order_by("-at").first()
    if beat is not None:
        async with transaction():
            await _tell(Clock().now() - beat.at, now)


async def reached(channel: str, now: datetime) -> None:
    """Note that a channel brings what people say; after a gap do as after an outage of the house."""
    world = Clock().now()
    async with transaction():
        await ChannelState.bulk_create([ChannelState(channel=channel, heard_at=world)], ignore_conflicts=True)
        before = (await ChannelState.get(channel=channel)).heard_at
        # Of several processes the one that moves the mark has seen the gap.
        if await ChannelState.filter(channel=channel, heard_at=before).update(heard_at=world) and before:
            await _tell(world - before, now)


async def _tell(away: timedelta, now: datetime) -> None:
    """Tell of one outage once, over any number of processes. To be called in a transaction."""
    if REGISTRY.after_outage is None or not OUTAGE < away < OUTAGE_AT_MOST:
        return
    # Whatever else is reported meanwhile is the same outage: a new one is longer than that.
    world = Clock().now()
    if not await Lease.hold("after outage", secrets.token_hex(8), world, world + OUTAGE):
        return
    log.warning("back_after_outage", seconds=int(away.total_seconds()))
    mail = Mailbag(now)
    await REGISTRY.after_outage(mail, now - away)
    await Post(now).write(mail.said)
