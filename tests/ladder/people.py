"""Volunteers and coordinators of the rehearsal: they tap, and look at what comes."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection
from dataclasses import dataclass

from models.meals import MealState
from tests.telegram_server import Seen, User
from tests.telegram_server.audience import Impossible

PATIENCE = 60.0
CARD = re.compile(r"Door \d+ of \d+|That was the last door")


@dataclass
class Walker:
    """A volunteer on the round."""

    user: User

    async def walk(self, silent: Collection[int]) -> None:
        """Go from door to door; at the meals in `silent` nobody answers."""
        await self.user.says("/round")
        while (card := await self._card()) is not None:
            meal = int(self._at_door(card)[0].split(":")[1])
            what = MealState.NO_ANSWER if meal in silent else MealState.IN_PERSON
            await self.user.presses(f"at_door:{meal}:{what}", on=card)

    async def _card(self) -> Seen | None:
        """Wait for the next door; None after the last one."""
        while True:
            seen = await self.user.hears(timeout=PATIENCE)
            if CARD.search(seen.text):
                return seen if self._at_door(seen) else None

    @staticmethod
    def _at_door(card: Seen) -> list[str]:
        return [key.data for row in card.rows for key in row if key.data.startswith("at_door:")]

    async def taps(self, data: str) -> None:
        """Tap a button, where it is still to be seen."""
        with contextlib.suppress(Impossible):
            await self.user.presses(data)


@dataclass
class Desk:
    """A coordinator."""

    user: User

    async def taps(self, data: str) -> None:
        """Tap a button, where it is still to be seen."""
        with contextlib.suppress(Impossible):
            await self.user.presses(data)

    async def closes(self, case: int) -> None:
        """Close a case with what was found out."""
        try:
            await self.user.presses(f"settle:{case}")
        except Impossible:
            return
        await self._answers("How is", "Safe, asleep or did not hear")
        if "With whom" in (await self._hears("With whom", "Anything to note")).text:
            await self.user.presses("With nobody yet")
            await self._hears("Anything to note")
        await self.user.presses("No")
        await self._hears("That is on record now")

    async def _answers(self, question: str, answer: str) -> None:
        await self._hears(question)
        await self.user.presses(answer)

    async def _hears(self, *words: str) -> Seen:
        while True:
            seen = await self.user.hears(timeout=PATIENCE)
            if any(word in seen.text for word in words):
                return seen
