"""What every turn and every message asks must not read whole tables."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tortoise.connection import get_connection
from tortoise.queryset import QuerySet

from models.cases import Case, CaseEvent
from models.meals import MealEvent
from models.messaging import Conversation, OutboxMessage, Sent
from models.people import Account, Membership, Role
from models.seniors import Kinship
from models.wellbeing import WellBeing

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)

HOT = {
    "the open conversation": lambda: Conversation.filter(person_id=1, parked_at=None),
    "where somebody is written to": lambda: Account.filter(person_id=1, reachable=True),
    "whom somebody follows": lambda: Kinship.filter(person_id=1, ended_at=None),
    "who looks after a canteen": lambda: Membership.filter(canteen_id=1, role=Role.COORDINATOR),
    "what was said of a meal": lambda: MealEvent.filter(meal_id=1, voided_at=None),
    "the steps of a case": lambda: CaseEvent.filter(case_id=1),
    "steps that are due": lambda: Case.filter(next_at__lte=NOON, closed_at=None).order_by("next_at", "id"),
    "how somebody was at the door": lambda: WellBeing.filter(meal_id=1),
    "a card": lambda: OutboxMessage.filter(account_id=1, card="today:1", state=Sent.PENDING),
    "what somebody was told": lambda: OutboxMessage.filter(person_id=1, key__startswith="meal 1"),
    "what waits": lambda: OutboxMessage.filter(channel="telegram", state=Sent.PENDING).order_by(
        "priority", "id"
    ),
}


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("what", HOT)
async def test_a_hot_question_is_answered_by_an_index(db: str, what: str) -> None:
    query: QuerySet[Account] = HOT[what]()
    plan = await get_connection("default").execute_query_dict(
        f"EXPLAIN QUERY PLAN {query.sql(params_inline=True)}"
    )
    steps = " / ".join(str(row["detail"]) for row in plan)
    assert "USING" in steps, steps
    assert "SCAN" not in steps, steps
    assert "TEMP B-TREE" not in steps, steps
