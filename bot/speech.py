"""From what was said in a turn to the rows that hold it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from tortoise.expressions import Q

from handlers.chat import REGISTRY, Button, Keyboard, Priority
from handlers.text import Text, pack
from models.messaging import OutboxMessage, Sent
from models.people import Account, Person

QUIET_FROM: Final = time(21)
QUIET_UNTIL: Final = time(8)
DATA_BYTES: Final = 64


@dataclass(frozen=True, slots=True)
class Said:
    """One thing said to one person; `flow` are choices whose rows the renderer lays out."""

    to: Person
    text: Text
    rows: Sequence[Sequence[tuple[Text, str]]] = ()
    flow: Sequence[tuple[Text, str]] = ()
    want: str = "text"
    zone: str | None = None
    priority: Priority = Priority.REPLY
    not_before: datetime | None = None
    expires: datetime | None = None
    key: str | None = None
    card: str | None = None
    fresh: bool = False
    only_update: bool = False
    reveals: str | None = None
    still: tuple[str, int] | None = None


def data_of(button: Button) -> str:
    """Encode a button for the wire. Raises ValueError beyond 64 bytes or for an unknown handler."""
    if not button.action.startswith("/") and button.action not in REGISTRY.buttons:
        raise ValueError(f"no @button is called {button.action!r}")
    data = ":".join([button.action, *(str(arg) for arg in button.args)])
    if len(data.encode()) > DATA_BYTES:
        raise ValueError(f"a button carries at most {DATA_BYTES} bytes: {data!r}")
    return data


def keyboard_rows(buttons: Keyboard) -> list[list[tuple[Text, str]]]:
    """Turn a handler's keyboard into rows of (label, data)."""
    rows = [[entry] if isinstance(entry, Button) else list(entry) for entry in buttons]
    return [[(button.label, data_of(button)) for button in row] for row in rows]


class Mailbag:
    """Collects what is said at a moment that does not move."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self.said: list[Said] = []

    @property
    def now(self) -> datetime:
        return self._now

    def say(self, text: Text, *, to: Person, buttons: Keyboard = (), **options: Any) -> None:
        """Say something to a person (see handlers.chat.Mail.say)."""
        if not isinstance(text, Text):
            raise TypeError("only a Text can be said: use _(), _n() or verbatim()")
        self.said.append(Said(to, text, rows=keyboard_rows(buttons), **options))


@dataclass(slots=True)
class Post:
    """Writes what was said as outbox rows; remembers accounts and footers for one transaction."""

    now: datetime
    asker: Person | None = None
    via: Account | None = None
    accounts: dict[int, Account | None] = field(default_factory=dict)
    footers: dict[int, Text | None] = field(default_factory=dict)

    async def write(self, said: Sequence[Said]) -> int:
        """Write all rows; return how many. Rows with a key that was used before are dropped."""
        rows: list[OutboxMessage] = []
        await self._find_accounts({one.to.id for one in said} - self.accounts.keys())
        for one in said:
            row = await self._row(one)
            if row is not None:
                rows.append(row)
        for row in [row for row in rows if row.key is None]:
            await row.save(force_create=True)
        if keyed := [row for row in rows if row.key is not None]:
            await OutboxMessage.bulk_create(keyed, ignore_conflicts=True)
        return len(rows)

    async def _row(self, said: Said) -> OutboxMessage | None:
        account = await self.account_of(said.to)
        known, edits = False, False
        if said.card and account is not None:
            known, edits = await self._replace(said, account)
        if said.only_update and not known:
            return None
        body: dict[str, Any] = {"text": pack(said.text), "zone": said.zone, "want": said.want}
        if said.rows:
            body["rows"] = [[[pack(label), data] for label, data in row] for row in said.rows]
        if said.flow:
            body["flow"] = [[pack(label), data] for label, data in said.flow]
        if (footer := await self._footer(said.to)) is not None:
            body["footer"] = pack(footer)
        return OutboxMessage(
            person_id=said.to.id,
            account_id=account.id if account else None,
            channel=account.channel if account else "",
            body=body,
            priority=said.priority,
            state=Sent.PENDING if account else Sent.UNREACHABLE,
            next_at=self._due(said, edits),
            expires_at=said.expires,
            key=said.key,
            card=said.card,
            edits=edits,
            still=None if said.still is None else f"{said.still[0]}:{said.still[1]}",
            reveals=said.reveals,
            created_at=self.now,
        )

    async def _find_accounts(self, people: set[int]) -> None:
        """Look up in one question where many people are written to: a notice has hundreds of readers."""
        if len(people) > 1:
            self.accounts |= dict.fromkeys(people)
            found = Account.filter(person_id__in=list(people), reachable=True)
            for account in await found.order_by("heard_at", "id"):
                self.accounts[account.person_id] = account

    async def account_of(self, person: Person) -> Account | None:
        """Choose where a person is written to: where they just wrote, else where they were last heard."""
        if self.via is not None and person.id == self.via.person_id:
            return self.via
        if person.id not in self.accounts:
            self.accounts[person.id] = await Account.best_of(person.id)
        return self.accounts[person.id]

    async def _replace(self, said: Said, account: Account) -> tuple[bool, bool]:
        """Drop the card's rows that nobody took yet; tell whether it is known there, and to be edited."""
        rows = OutboxMessage.filter(account_id=account.id, card=said.card)
        waiting = await rows.filter(state=Sent.PENDING, owner=None).values_list("id", "edits")
        if waiting:
            await OutboxMessage.filter(id__in=[row[0] for row in waiting], owner=None).update(
                state=Sent.DROPPED
            )
        # A card that was to come anew still comes anew, with the newer words.
        anew = said.fresh or any(not row[1] for row in waiting)
        shown = Q(state=Sent.SENT, message__isnull=False) | Q(state=Sent.PENDING)
        edits = not anew and await rows.filter(shown).exists()
        return edits or bool(waiting), edits

    async def _footer(self, person: Person) -> Text | None:
        if REGISTRY.footer is None:
            return None
        if person.id not in self.footers:
            self.footers[person.id] = await REGISTRY.footer(person)
        return self.footers[person.id]

    def _due(self, said: Said, edits: bool) -> datetime:
        due = max(self.now, said.not_before) if said.not_before else self.now
        answers_now = self.asker is not None and said.to.id == self.asker.id and said.not_before is None
        if said.priority is Priority.URGENT or answers_now or edits:
            return due
        zone = said.to.zone or said.zone
        return due if zone is None else after_quiet_hours(due, zone)


def after_quiet_hours(due: datetime, zone: str) -> datetime:
    """Move an instant out of the reader's night (21:00–08:00)."""
    local = due.astimezone(ZoneInfo(zone))
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return due
    morning = local.date() + timedelta(days=1) if local.time() >= QUIET_FROM else local.date()
    return datetime.combine(morning, QUIET_UNTIL, ZoneInfo(zone)).astimezone(due.tzinfo)
