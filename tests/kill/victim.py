"""Be the real `canteen run`, die by SIGKILL at the n-th passage of a window, and keep a journal until then.

The product is wrapped from outside. A line of the journal is one write to a file opened for appending:
it outlives the process.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from bot import cli
from bot.channels import Letter, Update
from bot.channels.telegram import Telegram
from bot.delivery import Delivery
from bot.inbox import Inbox
from bot.scheduler import Scheduler
from models.messaging import OutboxMessage, Sent
from tests.kill.windows import JOURNAL, PASSAGE, WINDOW, Window


class Journal:
    """Say what is under way, and die at the chosen passage of the chosen window."""

    def __init__(self) -> None:
        self._file = os.open(os.environ[JOURNAL], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._window = os.environ.get(WINDOW, "")
        self._left = int(os.environ.get(PASSAGE, "0"))

    def write(self, *words: object) -> None:
        """Add a line."""
        os.write(self._file, (" ".join(str(word) for word in words) + "\n").encode())

    def pass_(self, window: Window, what: object) -> None:
        """Go through a window, or die in it."""
        if window != self._window:
            return
        self._left -= 1
        if self._left <= 0:
            self.write("killed", window, what)
            os.kill(os.getpid(), signal.SIGKILL)


def wrap(journal: Journal) -> None:
    """Put the windows around the product."""
    live: Callable[[Inbox, Update], Awaitable[str]] = Inbox._live
    hear: Callable[[Inbox, Update], Awaitable[None]] = Inbox.hear
    send: Callable[[Telegram, Letter], Awaitable[str]] = Telegram.send
    settle: Callable[..., Awaitable[None]] = Delivery._settle
    start: Callable[[Scheduler], None] = Scheduler.start

    def starting(scheduler: Scheduler) -> None:
        # What its clock shows, beside the one that all processes of a machine share.
        journal.write("up", scheduler._clock.now().isoformat(), time.monotonic())
        start(scheduler)

    async def living(inbox: Inbox, update: Update) -> str:
        outcome = await live(inbox, update)
        journal.pass_(Window.BEFORE_COMMIT, update.event)
        return outcome

    async def hearing(inbox: Inbox, update: Update) -> None:
        await hear(inbox, update)
        journal.pass_(Window.BEFORE_ACKNOWLEDGEMENT, update.event)

    async def sending(channel: Telegram, letter: Letter) -> str:
        journal.write("send", letter.id)
        message = await send(channel, letter)
        journal.write("sent", letter.id, message)
        journal.pass_(Window.BEFORE_MARK, letter.id)
        return message

    async def settling(delivery: Delivery, row: OutboxMessage, state: Sent, *more: Any) -> None:
        await settle(delivery, row, state, *more)
        journal.write("settled", row.id)

    Inbox._live, Inbox.hear = living, hearing
    Telegram.send, Delivery._settle, Scheduler.start = sending, settling, starting
    # A message a second for each person is what Telegram wants; here it would only make the test longer.
    Telegram.capabilities = replace(Telegram.capabilities, per_second=None, per_chat_per_second=None)


def main() -> None:
    """Run the command."""
    wrap(Journal())
    sys.argv = ["canteen", "run"]
    cli.main()


if __name__ == "__main__":
    main()
