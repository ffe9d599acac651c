"""Cards that keep up with the rows: who has one before them, and whether it still says what is true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tortoise.expressions import Subquery

from handlers.text import Text, pack
from models.messaging import OutboxMessage, Sent
from models.people import Account, Membership, Person, Role


@dataclass(frozen=True, slots=True)
class Shown:
    """A card as one reader has it before them."""

    card: str
    reader: Person
    words: Any

    def says(self, text: Text) -> bool:
        """Tell whether these are the words that stand there."""
        return bool(self.words == pack(text))


async def shown_to(person: Person, card: str) -> Shown | None:
    """Find a card of one reader."""
    accounts = await Account.filter(person_id=person.id).values_list("id", flat=True)
    found = await _last(OutboxMessage.filter(account_id__in=list(accounts), card=card))
    return found[-1] if found else None


async def shown_to_all(role: Role, cards: Sequence[str]) -> list[Shown]:
    """Find these cards at everybody who has a role somewhere."""
    held = Membership.filter(role=role, ended_at=None, accepted_at__not_isnull=True)
    accounts = Account.filter(person_id__in=Subquery(held.values("person_id")))
    return await _last(
        OutboxMessage.filter(account_id__in=Subquery(accounts.values("id")), card__in=list(cards))
    )


async def _last(rows: Any) -> list[Shown]:
    """Read the newest row of each card and account; a card that was edited often has many."""
    named = await rows.filter(state__in=(Sent.PENDING, Sent.SENT)).order_by("id").values_list(
        "id", "card", "account_id"
    )  # fmt: skip
    newest = {(card, account): row for row, card, account in named}
    found = OutboxMessage.filter(id__in=list(newest.values())).order_by("id").prefetch_related("person")
    return [Shown(row.card or "", row.person, row.body["text"]) for row in await found if row.person]
