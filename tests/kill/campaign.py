"""Kill the house again and again while people use it, then let it finish and look at what is left."""

from __future__ import annotations

import asyncio
import random
import signal
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.database import connect, disconnect
from models.canteens import Canteen
from models.messaging import Conversation, InboxUpdate, OutboxMessage, Sent
from models.people import Account, Membership, Person, Role
from models.seniors import Senior, Status
from tests.kill.life import Cradle, Installation, Life
from tests.kill.load import Coordinator, Crowd
from tests.kill.windows import Window
from tests.telegram_server import UNPACED, RemoteTelegram, User

LATEST_PASSAGE = 15
LATEST_MOMENT = 1.5
"""Seconds after the start of a process within which the parent kills it."""
SETTLED_WITHIN = 20.0
RETRY_PAUSES = 0.02
"""What the pauses between Telegram's retries are multiplied with."""


@dataclass
class Report:
    """What a campaign did, and what was sent twice."""

    seed: int
    kills: Counter[Window] = field(default_factory=Counter)
    dialogs: int = 0
    messages: int = 0
    repeated: int = 0
    in_hand: int = 0

    def __str__(self) -> str:
        windows = ", ".join(f"{count} {window}" for window, count in sorted(self.kills.items()))
        return (
            f"seed {self.seed}: {self.kills.total()} kills ({windows}); {self.dialogs} dialogs,"
            f" {self.messages} messages, {self.repeated} of them repeats of the"
            f" {self.in_hand} that were on their way at a death"
        )


async def furnish(database_url: str, coordinator: User) -> None:
    """Open a canteen where it is midday now, so that nobody's night holds anything back."""
    now = datetime.now(UTC)
    await connect(database_url)
    try:
        # The sign of these zones is turned round: Etc/GMT+5 is five hours behind.
        zone = f"Etc/GMT{now.hour - 12:+d}" if now.hour != 12 else "Etc/GMT"
        canteen = await Canteen.open(name="Ping'an Lane", zone=zone, language="en", now=now)
        person = await Person.create(name="Ms Chen", language="en", created_at=now)
        await Account.create(
            person_id=person.id, channel="telegram", address=str(coordinator.id), heard_at=now
        )
        await Membership.grant(person, canteen.id, Role.COORDINATOR, by=None, now=now)
    finally:
        await disconnect()


async def campaign(
    folder: Path, database_url: str, windows: Sequence[Window], *, webhook: bool, seed: int
) -> Report:
    """Kill one process after another, once in each of the windows; AssertionError tells what went wrong."""
    chance, report = random.Random(seed), Report(seed)
    async with (
        RemoteTelegram.started(limits=UNPACED, backoff=RETRY_PAUSES, webhook_timeout=5) as telegram,
        Cradle.opened() as cradle,
    ):
        chen = Coordinator(telegram.user("Ms Chen", wrote=True))
        await furnish(database_url, chen.user)
        house = Installation(cradle, folder, database_url, telegram.url, telegram.token)
        house.webhook = house.port if webhook else None
        crowd = Crowd(telegram)
        async with asyncio.timeout(20 * len(windows)), asyncio.TaskGroup() as people:
            coming = people.create_task(crowd.come())
            accepting = people.create_task(chen.accept_until_idle(coming, crowd.registered))
            for window in windows:
                await _kill(house, window, chance)
                report.kills[window] += 1
            last = await house.start()
            crowd.close()
            await coming
            await accepting
        await telegram.delivered(timeout=SETTLED_WITHIN)
        await _settled(database_url)
        assert await last.stop() == 0, house.logged()
        await _look(database_url, telegram, crowd, chen, house.lives, report)
    return report


async def _kill(house: Installation, window: Window, chance: random.Random) -> None:
    life = await house.start(window, chance.randint(1, LATEST_PASSAGE))
    if window is Window.RANDOM:
        await asyncio.sleep(chance.uniform(0, LATEST_MOMENT))
        life.kill()
    status = await life.died()
    assert status == -signal.SIGKILL, f"it ended by itself, with {status}: {house.logged()}"
    assert window is Window.RANDOM or life.killed_in is window


async def _settled(database_url: str) -> None:
    """Wait until nothing is left to be sent."""
    await connect(database_url)
    try:
        async with asyncio.timeout(SETTLED_WITHIN):
            while await OutboxMessage.filter(state=Sent.PENDING).exists():  # noqa: ASYNC110 -- it is another process
                await asyncio.sleep(0.05)
    finally:
        await disconnect()


async def _look(
    database_url: str,
    telegram: RemoteTelegram,
    crowd: Crowd,
    coordinator: Coordinator,
    lives: Sequence[Life],
    report: Report,
) -> None:
    """Compare what people did with what was kept, and what was kept with what they saw."""
    report.dialogs = len(crowd.finished)
    assert sorted(crowd.finished) == sorted(crowd.registered)
    await connect(database_url)
    try:
        seniors = await Senior.all()
        assert Counter(senior.name for senior in seniors) == Counter(crowd.registered)
        assert {senior.status for senior in seniors} == {Status.ACTIVE}
        assert coordinator.accepted == len(seniors)
        assert not await InboxUpdate.filter(failed__not_isnull=True)
        assert not await Conversation.all()
        rows = await OutboxMessage.all()
        left = [row for row in rows if row.state not in (Sent.SENT, Sent.DROPPED)]
        assert not left, [(row.id, row.state) for row in left]
        kept = {(row.account_id, row.message) for row in rows if row.message}
        for account in await Account.filter(channel="telegram"):
            ours = {row.id for row in rows if row.account_id == account.id}
            on_the_way = sum(len(ours & life.in_hand) for life in lives)
            shown = [str(seen.id) for seen in User(telegram, int(account.address), "").messages]
            unknown = [message for message in shown if (account.id, message) not in kept]
            assert len(unknown) <= on_the_way, f"{len(unknown)} repeats, {on_the_way} on their way at a death"
            report.messages += len(shown)
            report.repeated += len(unknown)
            report.in_hand += on_the_way
    finally:
        await disconnect()
