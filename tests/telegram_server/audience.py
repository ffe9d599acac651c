"""What people on Telegram see and wait for, and what a test does behind the scenes."""

from __future__ import annotations

from typing import Any

from tests.telegram_server.chats import Chat, Message, Place
from tests.telegram_server.mailbox import DAY
from tests.telegram_server.state import State


class Impossible(LookupError):
    """Something that nobody could do on Telegram, such as pressing a button that is not there."""


class Audience:
    """Look, and listen."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._world = state.world

    def messages(self, chat: int) -> list[Message]:
        """Give what the bot has standing in a chat now, oldest first."""
        bot = self._state.bot["id"]
        return [each for each in self._world.chats[chat].messages.values() if each["from"]["id"] == bot]

    def keyboard(self, chat: int) -> dict[str, Any] | None:
        """Give the reply keyboard that is open in a private chat."""
        return self._world.chats[chat].keyboard

    def actions(self, chat: int) -> list[str]:
        """Give the chat actions ("typing") shown so far."""
        return self._world.chats[chat].actions

    def menu(self, user: int, chat: int) -> list[dict[str, str]]:
        """Give the commands that a person sees in a chat."""
        language = self._world.users[user].get("language_code", "")
        return self._state.profile.menu(self._world.chats[chat], user, language)

    def content(self, file_id: str) -> bytes:
        """Give the bytes of a file."""
        return self._state.files.find(file_id).content

    def pass_time(self, seconds: float) -> None:
        """Let the server's clock move on at once."""
        self._state.clock.advance(seconds)
        self._state.mailbox.bell.ring()

    def push(self, update: dict[str, Any], lane: str) -> int:
        """Bring the bot any update, also a malformed one."""
        return self._state.mailbox.put(update, lane, self._state.clock.now() + DAY)

    def redeliver(self, update_id: int) -> None:
        """Bring the bot an update once more."""
        self._state.mailbox.repeat(update_id, self._state.clock.now() + DAY)

    def undelivered(self) -> list[dict[str, Any]]:
        """Give the updates that the bot has not confirmed."""
        return [update.body for update in self._state.mailbox.pending.values()]

    def repeated_early(self) -> int:
        """Count the calls that did not wait as long as a 429 had told."""
        return self._state.flood.repeated_early

    async def hears(self, user: int, chat: int, containing: str, timeout: float) -> Message | None:
        """Wait for a message or an edit that this person has not heard yet; None after the timeout."""
        place, listener = self._place(user, chat), Place(user, chat)

        def look() -> Message | None:
            for index in range(self._world.heard[listener], len(place.log)):
                message = place.messages.get(place.log[index])
                if message and containing in str(message.get("text", message.get("caption", ""))):
                    self._world.heard[listener] = index + 1
                    return message
            return None

        return await self._state.changed.until(look, timeout)

    async def answered(self, press: str, timeout: float) -> dict[str, Any] | None:
        """Wait for the answer to a tap."""
        return await self._state.changed.until(lambda: self._state.presses[press].answer, timeout)

    async def delivered(self, timeout: float) -> bool:
        """Wait until the bot has confirmed every update."""
        mailbox = self._state.mailbox
        return bool(await mailbox.bell.until(lambda: mailbox.idle() or None, timeout))

    async def polled(self, timeout: float) -> bool:
        """Wait until the bot waits for updates in a long poll."""
        poller = self._state.poller
        return bool(await self._state.mailbox.bell.until(lambda: poller.waiting or None, timeout))

    async def attempted(self, count: int, timeout: float) -> bool:
        """Wait until so many deliveries to the webhook were tried in all."""
        tried = self._state.courier.deliveries
        bell = self._state.mailbox.bell
        return bool(await bell.until(lambda: len(tried) >= count or None, timeout))

    def _place(self, user: int, chat: int) -> Chat:
        place = self._world.chats[chat]
        if user != chat and user not in place.members:
            raise Impossible(f"{self._world.users[user]['first_name']} is not in {place.title}")
        return place

    def _listen(self, user: int, place: Chat) -> None:
        # What was said before a person speaks is no answer to them.
        self._world.heard[Place(user, place.id)] = len(place.log)
