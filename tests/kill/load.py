"""People who use the house while it is killed: families register, volunteers claim, a coordinator accepts."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.telegram_server import RemoteTelegram, Seen, User

PATIENCE = 90.0
"""Seconds that somebody waits for an answer: some deaths long."""

# What is said or tapped, and words of the answer. A dialog from the first word to the last.
REGISTER: tuple[tuple[str, str], ...] = (
    ("I would like to register a family member", "Whom would you like to register"),
    ("{name}, 1941, Grandma {number}", "On which phone number"),
    ("No phone", "Where would"),
    ("5 Ping'an Lane, building 3, floor 2, door {number}", "get an answer at the door"),
    ("Ring long, she hears badly", "On which days"),
    ("Done", "special diet"),
    ("low salt", "special diet"),
    ("Done", "How soft"),
    ("ordinary food", "allergic"),
    ("Done", "Whom else may we call"),
    ("Nobody else", "live alone"),
    ("Yes, alone", "personally agree"),
    ("Yes, agreed", "Is everything right?"),
    ("Yes, send it", "Thank you. The coordinator will look at it today"),
)


@dataclass
class Crowd:
    """Keep so many families busy, one after another, until it is told that no more shall come."""

    telegram: RemoteTelegram
    at_once: int = 8
    registered: list[str] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)
    _closed: bool = False
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def come(self) -> None:
        """Live until closed; whoever has begun goes on to the end."""
        async with asyncio.TaskGroup() as families:
            for _ in range(self.at_once):
                families.create_task(self._one_after_another())

    def close(self) -> None:
        """Let no more come."""
        self._closed = True

    async def _one_after_another(self) -> None:
        while not self._closed:
            await self._family(next(self._numbers))

    async def _family(self, number: int) -> None:
        user = self.telegram.user(f"Family {number}")
        name = f"Wang {''.join('abcdefghij'[int(digit)] for digit in str(number)).capitalize()}"
        self.registered.append(name)
        await user.starts()
        seen = await user.hears("Who are you?", timeout=PATIENCE)
        for said, heard in REGISTER:
            seen = await _answer(user, seen, said.format(name=name, number=number), heard)
        self.finished.append(name)


async def _answer(user: User, seen: Seen, said: str, heard: str) -> Seen:
    """Tap what is a button, else write it; wait for the answer."""
    if any(said in label for label in seen.buttons):
        await user.presses(next(label for label in seen.buttons if said in label), on=seen)
    else:
        await user.says(said)
    return await user.hears(heard, timeout=PATIENCE)


@dataclass
class Coordinator:
    """Accept every registration as it comes."""

    user: User
    accepted: int = 0

    async def accept_until_idle(self, coming: asyncio.Task[None], registered: Sequence[str]) -> None:
        """Accept until nobody comes any more and all who came are accepted."""
        done: set[str] = set()
        while not coming.done() or self.accepted < len(registered):
            # By the button's data: a card that was sent twice is one registration.
            waiting = {
                key.data: card
                for card in self.user.messages
                for row in card.rows
                for key in row
                if key.data.startswith("senior_yes:") and key.data not in done
            }
            for data, card in waiting.items():
                done.add(data)
                await self.user.presses("Accept", on=card)
                await self.user.hears("is with us now", timeout=PATIENCE)
                self.accepted += 1
            if not waiting:
                await asyncio.sleep(0.05)


@dataclass
class Volunteer:
    """Take shift after shift, until none is left that they could take."""

    user: User

    @property
    def promised(self) -> set[int]:
        """Read in the chat which places this volunteer was given; what came twice is one."""
        keys = (key for seen in self.user.messages for row in seen.rows for key in row)
        return {int(key.data.split(":")[1]) for key in keys if key.data.startswith("shift_back:")}

    async def help(self) -> None:
        """Take the first shift that is offered, again and again; others may be faster."""
        while True:
            await self.user.says("/shifts")
            offered = await self._hears("Open shifts at", "no shift at")
            data = [key.data for row in offered.rows for key in row if key.data.startswith("shift_take:")]
            if not data:
                return
            await self.user.presses(data[0], on=offered)
            await self._hears("is yours", "Somebody was a moment faster")

    async def _hears(self, *sentences: str) -> Seen:
        while True:
            seen = await self.user.hears(timeout=PATIENCE)
            if any(sentence in seen.text for sentence in sentences):
                return seen
