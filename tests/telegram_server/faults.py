"""Break the next call on purpose."""

from __future__ import annotations

from dataclasses import dataclass

from tests.telegram_server.refusals import Refused

PREFIXES = {
    400: "Bad Request", 403: "Forbidden", 429: "Too Many Requests", 500: "Internal Server Error",
    502: "Bad Gateway",
}  # fmt: skip


@dataclass
class Fault:
    """Say what goes wrong.

    how: a status code; "timeout", no answer ever; "cut", the connection breaks. delivered: whether the call
    is performed all the same. times: how many calls. chat_id: only calls to this chat.
    """

    method: str
    how: int | str
    delivered: bool
    times: int = 1
    chat_id: int | None = None
    description: str = ""
    retry_after: int = 0

    def fits(self, method: str, chat_id: object) -> bool:
        """Tell whether this call is the one."""
        to_chat = self.chat_id is None or str(chat_id) == str(self.chat_id)
        return self.times > 0 and self.method.lower() in {method.lower(), "*"} and to_chat

    def refusal(self) -> Refused:
        """Build the answer of a fault that has a status."""
        assert isinstance(self.how, int)
        prefix = PREFIXES.get(self.how, "Error")
        if wait := self.retry_after:
            return Refused(self.how, f"{prefix}: retry after {wait}", retry_after=wait)
        return Refused(self.how, f"{prefix}: {self.description}" if self.description else prefix)


class Faults:
    """Keep what is to go wrong, first planned first."""

    def __init__(self) -> None:
        self._planned: list[Fault] = []

    def plan(self, fault: Fault) -> None:
        """Let a call go wrong."""
        self._planned.append(fault)

    def clear(self) -> None:
        """Let everything go well again."""
        self._planned.clear()

    def take(self, method: str, chat_id: object) -> Fault | None:
        """Give what is to go wrong with this call, if anything."""
        for fault in self._planned:
            if fault.fits(method, chat_id):
                fault.times -= 1
                return fault
        return None
