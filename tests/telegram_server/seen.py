"""Messages, buttons and taps, as a test holds them in its hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

PATIENCE = 5.0


class Theatre(Protocol):
    """Perform the operations of a stage, in this process or another."""

    def perform(self, operation: str, /, **arguments: Any) -> Any:
        """Do something at once."""

    async def wait(self, operation: str, /, **arguments: Any) -> Any:
        """Wait for something."""


@dataclass(frozen=True)
class Button:
    """One button under a message."""

    label: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True)
class Seen:
    """A message as somebody saw it at one moment."""

    theatre: Theatre
    raw: dict[str, Any]

    @property
    def id(self) -> int:
        return int(self.raw["message_id"])

    @property
    def chat_id(self) -> int:
        return int(self.raw["chat"]["id"])

    @property
    def text(self) -> str:
        """Give the text, or the caption of a file."""
        return str(self.raw.get("text", self.raw.get("caption", "")))

    @property
    def edited(self) -> bool:
        return "edit_date" in self.raw

    @property
    def rows(self) -> list[list[Button]]:
        """Give the buttons row by row."""
        keyboard = self.raw.get("reply_markup", {}).get("inline_keyboard", [])
        return [
            [Button(each["text"], each.get("callback_data", ""), each.get("url", "")) for each in row]
            for row in keyboard
        ]

    @property
    def buttons(self) -> list[str]:
        """Give the labels of all buttons."""
        return [button.label for row in self.rows for button in row]

    @property
    def file(self) -> dict[str, Any] | None:
        """Give the file object that came with the message."""
        if "photo" in self.raw:
            return dict(self.raw["photo"][-1])
        found = self.raw.get("document", self.raw.get("voice"))
        return dict(found) if found else None

    def content(self) -> bytes:
        """Give the bytes of the file that came with the message."""
        if self.file is None:
            raise LookupError(f"no file came with {self.text!r}")
        return bytes(self.theatre.perform("content", file_id=self.file["file_id"]))

    def data(self, button: str) -> str:
        """Give what a button of this message carries."""
        for row in self.rows:
            for each in row:
                if button in (each.label, each.data):
                    return each.data
        raise LookupError(f"there is no button {button!r}; there are {self.buttons}")


@dataclass(frozen=True)
class Pressed:
    """A tap of a button."""

    theatre: Theatre
    id: str

    async def answered(self, timeout: float = PATIENCE) -> str:
        """Wait until the bot answered the tap; give what popped up ("": nothing)."""
        answer = await self.theatre.wait("answered", press=self.id, timeout=timeout)
        assert answer is not None, f"the tap was not answered within {timeout:g} s"
        return str(answer["text"])
