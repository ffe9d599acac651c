"""A person with a phone, on whichever real channel: says, presses, hears."""

from __future__ import annotations

import asyncio
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Final

from tests.day.sentences import reads
from tests.telegram_server.people import User
from tests.telegram_server.server import TelegramServer
from tests.webchat.phone import Phone as Page

PATIENCE: Final = 20.0
A_CODE: Final = re.compile(r"\b[a-hj-kmnp-z2-9]{12}\b")


@dataclass(frozen=True)
class Shown:
    """A message as it stands in the chat now, so a change of it is another one. keys: (label, data)."""

    id: int
    text: str
    keys: tuple[tuple[str, str], ...]


class Phone(ABC):
    """One person at one phone. Sentences and labels are given in English and read in their language."""

    def __init__(self, name: str, language: str) -> None:
        self.name = name
        self.language = language
        self._heard: dict[int, Shown] = {}

    @property
    @abstractmethod
    def shown(self) -> list[Shown]:
        """Give the bot's messages, oldest first."""

    @abstractmethod
    async def says(self, text: str) -> None: ...

    @abstractmethod
    async def opens(self, code: str) -> None:
        """Follow the link of an invitation."""

    @abstractmethod
    async def shares_number(self, number: str) -> None: ...

    @abstractmethod
    async def taps(self, message: Shown, data: str) -> None: ...

    @abstractmethod
    async def _changed(self) -> None:
        """Wait until something new is shown."""

    async def hears(self, sentence: str, n: int = 0) -> Shown:
        """Wait for a message or a change of one that says this; oldest first."""
        pattern = reads(sentence, self.language, n)
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    for message in self.shown:
                        if self._heard.get(message.id) != message and pattern.search(message.text):
                            self._heard[message.id] = message
                            return message
                    await self._changed()
        except TimeoutError:
            seen = "\n".join(f"  · {each.text!r} {[key[0] for key in each.keys]}" for each in self.shown[-6:])
            raise AssertionError(
                f"{self.name} heard nothing that says {pattern.pattern!r}, but\n{seen}"
            ) from None

    async def presses(self, label: str, *, on: Shown | None = None) -> None:
        """Press the newest button with this label (or what its data begins with), or the one on a message."""
        pattern = reads(label, self.language)
        for message in [on] if on else self.shown[::-1]:
            for words, data in message.keys:
                if pattern.fullmatch(words) or data.startswith(f"{label}:"):
                    await self.taps(message, data)
                    return
        raise AssertionError(f"{self.name} sees no button {label!r}; the last are {self.shown[-1].keys}")

    async def does(self, *steps: tuple[str, str]) -> Shown:
        """Play a dialog: say, or press where it begins with ">", and hear the answer."""
        heard = None
        for given, answer in steps:
            await (self.presses(given[1:]) if given.startswith(">") else self.says(given))
            heard = await self.hears(answer)
        assert heard is not None
        return heard

    def code(self) -> str:
        """Read the newest one-time code in the chat."""
        return next(found[0] for each in reversed(self.shown) if (found := A_CODE.search(each.text)))


class TelegramPhone(Phone):
    """A phone with Telegram."""

    def __init__(self, name: str, language: str, server: TelegramServer, user: User) -> None:
        super().__init__(name, language)
        self._server = server
        self.user = user

    @property
    def shown(self) -> list[Shown]:
        return [
            Shown(seen.id, seen.text, tuple((key.label, key.data) for row in seen.rows for key in row))
            for seen in self.user.messages
        ]

    async def says(self, text: str) -> None:
        await self.user.says(text)

    async def opens(self, code: str) -> None:
        await self.user.starts(code)

    async def shares_number(self, number: str) -> None:
        await self.user.shares_contact(number)

    async def taps(self, message: Shown, data: str) -> None:
        seen = next(seen for seen in self.user.messages if seen.id == message.id)
        if any(data == key.data for row in seen.rows for key in row):
            await self.user.presses(data, on=seen)
        else:
            # What stood there once, on a screen that has not heard of the change.
            self._server.perform(
                "presses_data", user=self.user.id, chat=self.user.id, message_id=seen.id, data=data
            )

    async def _changed(self) -> None:
        before = self.shown
        await self._server.state.changed.until(lambda: True if self.shown != before else None, PATIENCE)


class WebPhone(Phone):
    """A browser with the web chat."""

    def __init__(self, name: str, language: str, page: Page) -> None:
        super().__init__(name, language)
        self.page = page
        self._tag = {"zh_Hans": "zh-CN", "zh_Hant": "zh-TW"}.get(language, language)

    @property
    def shown(self) -> list[Shown]:
        return [
            Shown(number, each["text"], tuple((label, data) for row in each["keys"] for label, data in row))
            for number, each in sorted(self.page.shown.items())
            if not each["mine"]
        ]

    async def says(self, text: str) -> None:
        await self.page.say(text, lang=self._tag)

    async def opens(self, code: str) -> None:
        await self.page.say(f"/start {code}", lang=self._tag)

    async def shares_number(self, number: str) -> None:
        await self.page.say(number, kind="contact", lang=self._tag)

    async def taps(self, message: Shown, data: str) -> None:
        await self.page.press(message.id, data, lang=self._tag)

    async def _changed(self) -> None:
        await self.page.next()
