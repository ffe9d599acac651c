"""Compare what people did with what was kept, and what was kept with what they saw."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.database import connect, disconnect
from models.messaging import Conversation, InboxUpdate, Lease, OutboxMessage, Sent
from models.people import Account
from models.seniors import Senior, Status
from models.shifts import Claim, Shift
from tests.kill.furnish import FIRST_SENIOR
from tests.kill.life import Life
from tests.kill.load import Coordinator, Crowd, Volunteer
from tests.kill.windows import Window
from tests.telegram_server import RemoteTelegram, User

SETTLED_WITHIN = 60.0

Cast = tuple[Crowd, Coordinator, Sequence[Volunteer]]


@dataclass
class Report:
    """What a campaign did, and what was sent twice."""

    seed: int
    ends: Counter[Window] = field(default_factory=Counter)
    dialogs: int = 0
    claims: int = 0
    messages: int = 0
    repeated: int = 0
    in_hand: int = 0

    seconds: float = 0.0

    def add(self, other: Report) -> None:
        """Count another report to this one."""
        self.ends += other.ends
        for name in ("dialogs", "claims", "messages", "repeated", "in_hand", "seconds"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def __str__(self) -> str:
        windows = ", ".join(f"{count} {window}" for window, count in sorted(self.ends.items()))
        return (
            f"{f'seed {self.seed}; ' if self.seed else ''}{self.ends.total()} ends ({windows});"
            f" {self.dialogs} dialogs, {self.claims} claims, {self.messages} messages, {self.repeated} of"
            f" them repeats of the {self.in_hand} that were on their way at a death"
            f"{f'; {self.seconds:.0f} s' if self.seconds else ''}"
        )


async def settled(database_url: str) -> None:
    """Wait until nothing is left to be sent."""
    await connect(database_url)
    try:
        async with asyncio.timeout(SETTLED_WITHIN):
            while await OutboxMessage.filter(state=Sent.PENDING).exists():  # noqa: ASYNC110 -- by another process
                await asyncio.sleep(0.05)
    finally:
        await disconnect()


async def look(
    database_url: str, telegram: RemoteTelegram, cast: Cast, lives: Sequence[Life], report: Report
) -> None:
    """Raise AssertionError for anything lost, done twice, or sent twice without a reason; fill the report."""
    await connect(database_url)
    try:
        assert not await Lease.all(), "whoever ends in good order gives back what it holds"
        await _dialogs(*cast, report)
        await _messages(telegram, lives, report)
    finally:
        await disconnect()


async def _dialogs(
    crowd: Crowd, coordinator: Coordinator, volunteers: Sequence[Volunteer], report: Report
) -> None:
    assert sorted(crowd.finished) == sorted(crowd.registered)
    seniors = await Senior.all()
    assert Counter(senior.name for senior in seniors) == Counter([FIRST_SENIOR, *crowd.registered])
    assert {senior.status for senior in seniors} == {Status.ACTIVE}
    assert coordinator.accepted == len(crowd.registered)
    assert not await InboxUpdate.filter(failed__not_isnull=True)
    assert not await Conversation.all()
    claims = await Claim.all().prefetch_related("person__accounts")
    for volunteer in volunteers:
        address = str(volunteer.user.id)
        held = {claim.id for claim in claims if claim.person.accounts[0].address == address}
        assert held == volunteer.promised
    assert len({(claim.person_id, claim.shift_id) for claim in claims}) == len(claims)
    for shift in await Shift.all():
        assert shift.taken == sum(claim.shift_id == shift.id for claim in claims) <= shift.places
    report.dialogs, report.claims = len(crowd.finished), len(claims)


async def _messages(telegram: RemoteTelegram, lives: Sequence[Life], report: Report) -> None:
    rows = await OutboxMessage.all()
    left = [(row.id, row.state.name) for row in rows if row.state not in (Sent.SENT, Sent.DROPPED)]
    assert not left, left
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
