"""Telegram, a canteen, its people, and the processes that serve them: what the tests of this folder share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.kill.furnish import furnish
from tests.kill.life import Cradle, Installation, Life
from tests.kill.load import Coordinator, Crowd, Volunteer
from tests.kill.look import Report, look, settled
from tests.telegram_server import UNPACED, RemoteTelegram

FAMILIES, VOLUNTEERS = 8, 3
RETRY_PAUSES = 0.02
"""What the pauses between Telegram's retries are multiplied with."""


@dataclass
class Scene:
    """People who use the house while `busy` lasts, and then to the end of what they began."""

    folder: Path
    database_url: str
    telegram: RemoteTelegram
    cradle: Cradle
    crowd: Crowd
    coordinator: Coordinator
    volunteers: Sequence[Volunteer]

    def installation(self, *, webhook: bool) -> Installation:
        """Prepare to start processes that listen on one port."""
        house = Installation(
            self.cradle, self.folder, self.database_url, self.telegram.url, self.telegram.token
        )
        house.webhook = house.port if webhook else None
        return house

    @asynccontextmanager
    async def busy(self) -> AsyncIterator[None]:
        """Let people come and go; at the end let no more come, and wait for those who are there."""
        async with asyncio.TaskGroup() as people:
            coming = people.create_task(self.crowd.come())
            people.create_task(self.coordinator.accept_until_idle(coming, self.crowd.registered))
            for volunteer in self.volunteers:
                people.create_task(volunteer.help())
            yield
            self.crowd.close()

    async def end(self, running: Sequence[Life], lives: Sequence[Life], report: Report) -> None:
        """Let all be said, stop the house, and look that everything was done once; fill the report."""
        await self.telegram.delivered(timeout=30)
        await settled(self.database_url)
        logged = "".join(life.logged for life in lives)
        assert [await life.stop() for life in running] == [0] * len(running), logged
        cast = (self.crowd, self.coordinator, self.volunteers)
        await look(self.database_url, self.telegram, cast, lives, report)


@asynccontextmanager
async def opened(
    folder: Path, database_url: str, *, families: int = FAMILIES, keep_alive: bool = True
) -> AsyncIterator[Scene]:
    """Furnish a migrated database; so many families at once will use it.

    keep_alive: whether Telegram keeps its connections for the next updates.
    """
    async with (
        RemoteTelegram.started(
            limits=UNPACED, backoff=RETRY_PAUSES, webhook_timeout=5, keep_alive=keep_alive
        ) as telegram,
        Cradle.opened() as cradle,
    ):
        coordinator = Coordinator(telegram.user("Ms Chen", wrote=True))
        volunteers = [
            Volunteer(telegram.user(f"Volunteer {number}", wrote=True)) for number in range(VOLUNTEERS)
        ]
        await furnish(database_url, coordinator.user, [volunteer.user for volunteer in volunteers])
        yield Scene(
            folder, database_url, telegram, cradle, Crowd(telegram, families), coordinator, volunteers
        )
