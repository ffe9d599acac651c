"""Long work in batches after commit, with its own progress."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.database import retryable
from handlers.chat import REGISTRY, Mail, every
from models.messaging import Task

REST: Final = timedelta(minutes=1)

# Tasks that failed by themselves, and until when the others go first.
_resting: dict[int, datetime] = {}


@every(seconds=1)
async def work(mail: Mail) -> bool:
    """Do one batch of the oldest task that is not finished."""
    resting = [number for number, until in _resting.items() if until > mail.now]
    rows = Task.filter(finished_at=None, name__in=list(REGISTRY.tasks)).exclude(id__in=resting)
    task = await rows.order_by("id").select_for_update(skip_locked=True).first()
    if task is None:
        return False
    try:
        await REGISTRY.tasks[task.name](mail, task)
    except Exception as error:
        if not retryable(error):
            _resting[task.id] = mail.now + REST
        raise
    await task.save()
    return True
