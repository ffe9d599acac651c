"""Cards as their readers have them before them: messages that are edited in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tortoise.expressions import Subquery
from tortoise.queryset import QuerySet

from models.messaging import OutboxMessage, Sent
from models.people import Account, Membership, Person, Role


@dataclass(frozen=True, slots=True)
class Shown:
    """A card as one reader has it; `words` are its text as it was packed."""

    card: str
    reader: Person
    words: Any


async def shown_to(person: Person, card: str) -> Shown | None:
    """Find a card of one reader."""
    accounts = await Account.filter(person_id=person.id).values_list("id", flat=True)
    found = await _newest(OutboxMessage.filter(account_id__in=list(accounts), card=card))
    return found[-1] if found else None


async def shown_to_all(role: Role, cards: Sequence[str]) -> list[Shown]:
    """Find these cards at everybody who has a role somewhere."""
    held = Membership.filter(role=role, ended_at=None, accepted_at__not_isnull=True)
    accounts = Account.filter(person_id__in=Subquery(held.values("person_id")))
    return await _newest(
        OutboxMessage.filter(account_id__in=Subquery(accounts.values("id")), card__in=list(cards))
    )


async def _newest(rows: QuerySet[OutboxMessage]) -> list[Shown]:
    """Open only the newest row of each card and account: a card that is edited often has many."""
    known = rows.filter(state__in=(Sent.PENDING, Sent.SENT)).order_by("id")
    newest = {
        (card, account): row for row, card, account in await known.values_list("id", "card", "account_id")
    }
    found = OutboxMessage.filter(id__in=list(newest.values())).order_by("id").prefetch_related("person")
    return [Shown(row.card or "", row.person, row.body["text"]) for row in await found if row.person]
