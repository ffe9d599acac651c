"""From what was said in a turn to the rows that hold it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from tortoise.expressions import Q

from bot.channels import OPENS
from handlers.chat import REGISTRY, Button, Keyboard, Priority
from handlers.text import Span, Text, pack
from models.messaging import OutboxMessage, Sent
from models.people import Account, Person
from models.quiet import after_quiet_hours

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
    everywhere: bool = False
    reveals: str | None = None
    still: tuple[str, int] | None = None
    paper: tuple[object, ...] | None = None
    file: int | None = None


def data_of(button: Button) -> str:
    """Encode a button for the wire; one that opens an address carries just that.

    Raises ValueError beyond 64 bytes or for an unknown handler.
    """
    if button.action.startswith(OPENS):
        return button.action
    known = button.action in REGISTRY.buttons or button.action in REGISTRY.taps
    if not button.action.startswith("/") and not known:
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
        if (paper := options.get("paper")) is not None and paper[0] not in REGISTRY.papers:
            raise ValueError(f"no @paper is called {paper[0]!r}")
        self.said.append(Said(to, text, rows=keyboard_rows(buttons), **options))


@dataclass(slots=True)
class Post:
    """Writes what was said as outbox rows; remembers accounts and footers for one transaction."""

    now: datetime
    asker: Person | None = None
    via: Account | None = None
    accounts: dict[int, Account | None] = field(default_factory=dict)
    footers: dict[int, Text | None] = field(default_factory=dict)
    zones: dict[int, str | None] = field(default_factory=dict)

    async def write(self, said: Sequence[Said]) -> int:
        """Write all rows; return how many. Rows with a key that was used before are dropped."""
        rows: list[OutboxMessage] = []
        await self._find_accounts({one.to.id for one in said} - self.accounts.keys())
        await self._find_footers({one.to.id: one.to for one in said if one.to.id not in self.footers})
        for one in _newest_of_cards(said):
            if one.everywhere:
                rows += await self._edits(one)
            elif (row := await self._row(one)) is not None:
                rows.append(row)
        # Row by row in the order in which it was said: the ids are the order in which it is sent.
        for keyed, run in groupby(rows, key=lambda row: row.key is not None):
            if keyed:
                await OutboxMessage.bulk_create(list(run), ignore_conflicts=True)
            else:
                for row in run:
                    await row.save(force_create=True)
        return len(rows)

    async def _edits(self, said: Said) -> list[OutboxMessage]:
        """Change every message that shows a card to this person, on all channels, unless it says it now."""
        cards = OutboxMessage.filter(account__person_id=said.to.id, card=said.card, kind="text")
        waiting = cards.filter(state=Sent.PENDING, owner=None, edits=False)
        if await waiting.exists():
            await waiting.update(state=Sent.DROPPED)
        shown = cards.filter(state=Sent.SENT, message__not_isnull=True).order_by("id")
        newest = {
            (account_id, message): row
            for account_id, message, *row in await shown.values_list(
                "account_id", "message", "id", "channel", "key", "reveals"
            )
        }
        return [
            OutboxMessage(
                person_id=said.to.id,
                account_id=account_id,
                channel=channel,
                body={"text": pack(said.text), "zone": said.zone, "want": "text", "message": message},
                priority=said.priority,
                next_at=self.now,
                # Once for what it shows now: words that are shown in it again are changed again.
                key=f"{said.key}:{row_id}",
                card=said.card,
                edits=True,
                created_at=self.now,
            )
            for (account_id, message), (row_id, channel, key, reveals) in newest.items()
            if not (key or "").startswith(f"{said.key}:") and said.reveals in (None, reveals)
        ]

    async def _row(self, said: Said) -> OutboxMessage | None:
        account = await self.account_of(said.to)
        known, edits = False, False
        if said.card and account is not None:
            known, edits = await self._replace(said, account)
        if said.only_update and not known:
            return None
        zone = await self._zone(said)
        body: dict[str, Any] = {"text": pack(said.text), "zone": said.zone or zone, "want": said.want}
        due = max(self.now, said.not_before) if said.not_before else self.now
        if zone is not None and not edits and not self._at_any_hour(said):
            body["quiet"] = zone
            due = after_quiet_hours(due, zone)
        if said.only_update:
            body["only_update"] = True
        if said.rows:
            body["rows"] = [[[pack(label), data] for label, data in row] for row in said.rows]
        if said.flow:
            body["flow"] = [[pack(label), data] for label, data in said.flow]
        if said.paper:
            body["paper"] = [str(part) for part in said.paper]
        if said.file is not None:
            body["file"] = said.file
        if (footer := self.footers.get(said.to.id)) is not None:
            body["footer"] = pack(footer)
        return OutboxMessage(
            person_id=said.to.id,
            account_id=account.id if account else None,
            channel=account.channel if account else "",
            body=body,
            priority=said.priority,
            state=Sent.PENDING if account else Sent.UNREACHABLE,
            next_at=due,
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
        # What changes one message by itself (see _edits) stays: nothing newer is said in its place.
        rows = OutboxMessage.filter(
            Q(edits=False) | Q(key__isnull=True), account_id=account.id, card=said.card
        )
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

    async def _find_footers(self, people: dict[int, Person]) -> None:
        if REGISTRY.footer is not None and people:
            found = await REGISTRY.footer(list(people.values()))
            self.footers |= {person_id: found.get(person_id) for person_id in people}

    def _at_any_hour(self, said: Said) -> bool:
        """Tell whether it is said at night, too: what is urgent, and answers."""
        answers = self.asker is not None and said.to.id == self.asker.id and said.not_before is None
        return said.priority is Priority.URGENT or answers

    async def _zone(self, said: Said) -> str | None:
        """Find where the reader's clock stands, if that matters for these words."""
        known = said.to.zone or said.zone
        if known is not None or (self._at_any_hour(said) and not _tells_time(said.text)):
            return known
        if said.to.id not in self.zones:
            self.zones[said.to.id] = await said.to.home_zone()
        return self.zones[said.to.id]


def _newest_of_cards(said: Sequence[Said]) -> list[Said]:
    """Keep the newer words of a card that is said twice in one turn, and what the older promised."""
    kept: dict[object, Said] = {}
    for place, one in enumerate(said):
        name = (one.to.id, one.card) if one.card and one.key is None else place
        older = kept.pop(name, None)
        kept[name] = (
            one
            if older is None
            else replace(
                one,
                fresh=one.fresh or older.fresh,
                only_update=one.only_update and older.only_update,
                priority=min(one.priority, older.priority),
            )
        )
    return list(kept.values())


def _tells_time(text: Text) -> bool:
    """Tell whether a clock is read in a text."""
    blanks = text.blanks.values()
    return any(isinstance(value, datetime | Span) for value in blanks) or any(
        _tells_time(part) for part in (*text.parts, *(value for value in blanks if isinstance(value, Text)))
    )
