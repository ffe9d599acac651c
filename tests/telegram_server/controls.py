"""What a test may do with a server, whether it runs in this process or in its own."""

from __future__ import annotations

from typing import Any

from tests.telegram_server.people import Group, User
from tests.telegram_server.seen import PATIENCE, Theatre

Call = dict[str, Any]


class Controls(Theatre):
    """Create people, bring updates, break calls, read what was called."""

    token: str
    url: str

    @property
    def calls(self) -> list[Call]:
        """Give every call so far: method, params as sent, files, ts, and how it was answered (code)."""
        return list(self.perform("calls"))

    @property
    def deliveries(self) -> list[dict[str, Any]]:
        """Give every attempt to deliver to the webhook: update_id, lane, attempt, status, ts."""
        return list(self.perform("deliveries"))

    @property
    def undelivered(self) -> list[dict[str, Any]]:
        """Give the updates that the bot has not confirmed."""
        return list(self.perform("undelivered"))

    @property
    def repeated_early(self) -> int:
        """Count the calls that did not wait as long as a 429 had told."""
        return int(self.perform("repeated_early"))

    def user(
        self,
        name: str,
        *,
        id: int | None = None,
        language_code: str = "en",
        last_name: str = "",
        username: str = "",
        wrote: bool = False,
    ) -> User:
        """Let someone join Telegram; `wrote`: they have written before, so the bot may write to them."""
        user = self.perform(
            "joins_telegram", id=id, first_name=name, last_name=last_name, username=username,
            language_code=language_code, wrote=wrote,
        )  # fmt: skip
        return User(self, user["id"], name)

    def crowd(self, count: int, *, language_code: str = "en") -> list[User]:
        """Let many join who have all written before."""
        users = self.perform("joins_as_crowd", count=count, language_code=language_code)
        return [User(self, user["id"], user["first_name"]) for user in users]

    def group(
        self, title: str, members: list[User], *, supergroup: bool = False, with_bot: bool = False
    ) -> Group:
        """Open a group; `with_bot`: the bot is in it already, and is told nothing of it."""
        chat = self.perform(
            "opens_group", title=title, members=[user.id for user in members], supergroup=supergroup,
            with_bot=with_bot,
        )  # fmt: skip
        return Group(self, chat["id"], title)

    async def push(self, update: dict[str, Any], *, lane: str = "raw") -> int:
        """Bring the bot any update, also a malformed one; {"update_id": None, …} goes without a number."""
        return int(self.perform("push", update=update, lane=lane))

    def redeliver(self, update_id: int) -> None:
        """Bring the bot an update once more."""
        self.perform("redeliver", update_id=update_id)

    def pass_time(self, seconds: float) -> None:
        """Let the server's clock (not the bot's) move on at once."""
        self.perform("pass_time", seconds=seconds)

    def fail_next(
        self,
        method: str,
        how: int | str,
        *,
        delivered: bool | None = None,
        times: int = 1,
        to: User | Group | None = None,
        description: str = "",
        retry_after: int = 0,
    ) -> None:
        """Break the next calls of a method ("*": any).

        how: a status code; "timeout", no answer ever; "cut", the connection breaks. delivered: whether the
        call is performed all the same; by default it is where the caller can't tell (timeout, cut).
        """
        self.perform(
            "fail_next", method=method, how=how, times=times, chat_id=to.id if to else None,
            delivered=isinstance(how, str) if delivered is None else delivered,
            description=description, retry_after=retry_after,
        )  # fmt: skip

    def fail_no_more(self) -> None:
        """Forget the faults that were planned and have not happened."""
        self.perform("fail_no_more")

    async def called(self, method: str, *, count: int = 1, timeout: float = PATIENCE) -> list[Call]:
        """Wait until a method was called (and answered) so many times in all; give those calls."""
        calls = await self.wait("called", method=method, count=count, timeout=timeout)
        assert calls is not None, f"{method} was not called {count} times within {timeout:g} s"
        return list(calls)

    async def polled(self, timeout: float = PATIENCE) -> None:
        """Wait until the bot waits for updates in a long poll."""
        assert await self.wait("polled", timeout=timeout), f"the bot did not poll within {timeout:g} s"

    async def attempted(self, count: int, *, timeout: float = PATIENCE) -> None:
        """Wait until so many deliveries to the webhook were tried in all."""
        done = await self.wait("attempted", count=count, timeout=timeout)
        assert done, f"{len(self.deliveries)} deliveries were tried within {timeout:g} s, not {count}"

    async def delivered(self, timeout: float = PATIENCE) -> None:
        """Wait until the bot has confirmed every update."""
        done = await self.wait("delivered", timeout=timeout)
        assert done, f"not confirmed within {timeout:g} s: {self.undelivered}"
