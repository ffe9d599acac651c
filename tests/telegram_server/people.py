"""Users and groups, as a test holds them in its hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.telegram_server.seen import PATIENCE, Pressed, Seen, Theatre


@dataclass(frozen=True)
class Group:
    """A group chat."""

    theatre: Theatre
    id: int
    title: str

    @property
    def messages(self) -> list[Seen]:
        """Give what the bot has standing here now."""
        return _seen(self.theatre, self.id)

    async def adds_bot(self, by: User) -> None:
        """Let a member take the bot in."""
        self.theatre.perform("adds_bot", user=by.id, chat=self.id)

    async def brings_bot(self, by: User, payload: str) -> None:
        """Let a member take the bot in by a link that carries a word for it."""
        self.theatre.perform("brings_bot", user=by.id, chat=self.id, payload=payload)

    async def mutes_bot(self, by: User) -> None:
        """Let a member take the bot's right to write; it stays in."""
        self.theatre.perform("mutes_bot", user=by.id, chat=self.id)

    async def says(self, text: str) -> None:
        """Let an administrator write in the name of the group, without their own."""
        self.theatre.perform("says_as_group", chat=self.id, text=text)

    async def deletes(self, message: Seen) -> None:
        """Let an administrator take a message away."""
        self.theatre.perform("deletes", chat=self.id, message_id=message.id)

    async def kicks_bot(self, by: User) -> None:
        """Let a member throw the bot out."""
        self.theatre.perform("kicks_bot", user=by.id, chat=self.id)

    async def adds(self, user: User) -> None:
        """Let someone join."""
        self.theatre.perform("joins", user=user.id, chat=self.id)

    async def removes(self, user: User) -> None:
        """Let someone leave."""
        self.theatre.perform("leaves", user=user.id, chat=self.id)

    async def migrate_to_supergroup(self) -> Group:
        """Turn the group into a supergroup; it goes on under another id."""
        chat = self.theatre.perform("migrates", chat=self.id)
        return Group(self.theatre, chat["id"], self.title)


@dataclass(frozen=True)
class User:
    """A person with a phone. In `to` and `inside` a group stands for their private chat with the bot."""

    theatre: Theatre
    id: int
    name: str

    @property
    def messages(self) -> list[Seen]:
        """Give what the bot has standing in the private chat now, oldest first."""
        return _seen(self.theatre, self.id)

    @property
    def keyboard(self) -> list[str]:
        """Give the labels of the reply keyboard that is open."""
        rows = (self.theatre.perform("keyboard", chat=self.id) or {}).get("keyboard", [])
        return [each["text"] for row in rows for each in row]

    @property
    def menu(self) -> list[str]:
        """Give the commands in this person's menu."""
        return [each["command"] for each in self.theatre.perform("menu", user=self.id, chat=self.id)]

    @property
    def actions(self) -> list[str]:
        """Give the chat actions ("typing") shown so far."""
        return list(self.theatre.perform("actions", chat=self.id))

    async def says(self, text: str, *, to: Group | None = None, reply_to: Seen | None = None) -> Seen:
        """Write a message; what the bot said before is no longer news to `hears`."""
        replied = reply_to.id if reply_to else None
        return self._did("says", chat=self._place(to), text=text, reply_to=replied)

    async def starts(self, payload: str = "") -> Seen:
        """Follow a deep link to the bot and press Start."""
        return self._did("starts", payload=payload)

    async def edits(self, message: Seen, text: str) -> Seen:
        """Change what they wrote."""
        return self._did("edits", chat=message.chat_id, message_id=message.id, text=text)

    async def presses(self, button: str, *, on: Seen | None = None, inside: Group | None = None) -> Pressed:
        """Press a button by its label or data: on the newest message that has it now, or as `on` had it.

        A button of the reply keyboard says its label, or shares the contact or location it asks for.
        """
        if on is None:
            done = self.theatre.perform("presses", user=self.id, chat=self._place(inside), button=button)
        else:
            done = self.theatre.perform(
                "presses_data", user=self.id, chat=on.chat_id, message_id=on.id, data=on.data(button)
            )
        return Pressed(self.theatre, done.get("press", ""))

    async def shares_contact(self, phone: str, *, of: User | None = None) -> Seen:
        """Share their phone number, or somebody else's."""
        return self._did("shares_contact", phone=phone, of=of.id if of else None)

    async def shares_location(self, latitude: float, longitude: float, *, to: Group | None = None) -> Seen:
        """Share where they are."""
        return self._did("shares_location", chat=self._place(to), latitude=latitude, longitude=longitude)

    async def sends_photo(self, content: bytes, caption: str = "", *, to: Group | None = None) -> Seen:
        """Send a picture."""
        return self._did("sends_photo", chat=self._place(to), content=content, caption=caption)

    async def sends_voice(self, content: bytes = b"OggS", duration: int = 3) -> Seen:
        """Send a voice message."""
        return self._did("sends_voice", chat=self.id, content=content, duration=duration)

    async def sends_document(
        self, content: bytes, name: str, mime: str = "application/octet-stream", caption: str = ""
    ) -> Seen:
        """Send a file."""
        return self._did(
            "sends_document", chat=self.id, content=content, name=name, mime=mime, caption=caption
        )

    async def sends_sticker(self, emoji: str = "👍") -> Seen:
        """Send a sticker."""
        return self._did("sends_sticker", chat=self.id, emoji=emoji)

    async def sends(self, content: dict[str, Any]) -> Seen:
        """Send any other content, such as {"video_note": …}."""
        return self._did("sends", chat=self.id, content=content)

    async def blocks_bot(self) -> None:
        """Block the bot."""
        self.theatre.perform("blocks", user=self.id)

    async def unblocks_bot(self) -> None:
        """Let the bot write again."""
        self.theatre.perform("unblocks", user=self.id)

    async def deletes_account(self) -> None:
        """Leave Telegram."""
        self.theatre.perform("leaves_telegram", user=self.id)

    async def hears(
        self, containing: str = "", *, timeout: float = PATIENCE, inside: Group | None = None
    ) -> Seen:
        """Wait for the next message or edit with these words; each is heard once, in order."""
        place = self._place(inside)
        message = await self.theatre.wait(
            "hears", user=self.id, chat=place, containing=containing, timeout=timeout
        )
        if message is None:
            shown = "\n".join(f"  · {seen.text} {seen.buttons}" for seen in _seen(self.theatre, place)[-5:])
            raise AssertionError(
                f"{self.name} heard nothing new with {containing!r} within {timeout:g} s; they see\n{shown}"
            )
        return Seen(self.theatre, message)

    def _place(self, group: Group | None) -> int:
        return group.id if group else self.id

    def _did(self, operation: str, **arguments: Any) -> Seen:
        return Seen(self.theatre, self.theatre.perform(operation, user=self.id, **arguments))


def _seen(theatre: Theatre, chat: int) -> list[Seen]:
    return [Seen(theatre, message) for message in theatre.perform("messages", chat=chat)]
