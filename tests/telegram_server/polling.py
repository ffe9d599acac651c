"""Answer getUpdates: long polls, confirmed by the next call's offset, one poller at a time."""

from __future__ import annotations

from typing import Any

from tests.telegram_server.mailbox import Mailbox, Pending
from tests.telegram_server.refusals import OTHER_POLLER, WEBHOOK_SET, Refused

LONGEST = 50


class Poller:
    """Hold at most one long poll at a time."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        self._turn = 0
        self._ended_by = OTHER_POLLER
        self.waiting = 0

    def end(self, why: str = WEBHOOK_SET) -> None:
        """End the long poll under way, if there is one, with a conflict."""
        self._turn += 1
        self._ended_by = why
        self._mailbox.bell.ring()

    async def wait(self, offset: int, limit: int, timeout: int, clock: Any) -> list[dict[str, Any]]:
        """Confirm what lies below the offset and wait for what comes after it."""
        self.end(OTHER_POLLER)
        turn, mailbox = self._turn, self._mailbox
        ids = sorted(mailbox.pending)
        if offset < 0:
            offset = ids[offset] if len(ids) >= -offset else (ids[0] if ids else 0)
        mailbox.confirm(number for number in ids if number < offset)

        def look() -> list[Pending] | None:
            if turn != self._turn:
                raise Refused(409, self._ended_by)
            mailbox.drop_expired(clock.now())
            waiting = [mailbox.pending[number] for number in sorted(mailbox.pending)]
            return (mailbox.take_repeated() + waiting)[:limit] or None

        self.waiting += 1
        mailbox.bell.ring()
        try:
            found = await mailbox.bell.until(look, min(timeout, LONGEST))
        finally:
            self.waiting -= 1
        return [update.body for update in found or ()]
