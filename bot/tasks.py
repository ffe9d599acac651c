"""Long work in batches after commit, with its own progress."""

from __future__ import annotations

from handlers.chat import REGISTRY, Mail, every
from models.messaging import Task


@every(seconds=1)
async def work(mail: Mail) -> bool:
    """Do one batch of the oldest task that is not finished."""
    rows = Task.filter(finished_at=None, name__in=list(REGISTRY.tasks)).order_by("id")
    task = await rows.select_for_update(skip_locked=True).first()
    if task is None:
        return False
    await REGISTRY.tasks[task.name](mail, task)
    await task.save()
    return True
