"""What the house does for itself: old questions, old rows, menus, and coming back after an outage."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from bot.channels import Kind, Update
from bot.clock import Clock
from bot.housekeeping import BATCH, HEARD_KEPT, OPEN_AT_MOST, SENT_KEPT, come_back, forget_old_rows
from bot.speech import Mailbag
from bot.tasks import work
from handlers.chat import REGISTRY, Mail, after_outage, task
from handlers.text import _
from models.messaging import Conversation, Heartbeat, InboxUpdate, OutboxMessage, Sent, Task
from models.people import Account, Membership, Role
from tests.fixtures_database import ONE_ENGINE
from tests.house import House


@pytest.fixture(autouse=True)
def kept() -> Iterator[None]:
    """Take back what a scene declares."""
    before = (dict(REGISTRY.tasks), REGISTRY.after_outage)
    yield
    REGISTRY.tasks, REGISTRY.after_outage = before


async def test_a_question_of_a_week_ago_is_put_aside_and_told_once(house: House) -> None:
    await house.canteen()
    wu = house.stranger()
    await wu.says("/register")
    await wu.says("/register")
    assert await Conversation.all().count() == 2
    house.clock.instant += OPEN_AT_MOST
    await house.tick()
    assert await Conversation.all().count() == 2, "a week is not over yet"
    wu.reads()
    house.clock.instant += timedelta(hours=1)
    await house.tick()
    await house.tick()
    assert not await Conversation.exists()
    assert [message.text.split(",")[0] for message in wu.reads()] == ["A week has passed without an answer"]


async def test_an_answer_given_in_the_week_keeps_the_question(house: House) -> None:
    await house.canteen()
    wu = house.stranger()
    await wu.says("/register")
    house.clock.instant += timedelta(days=6)
    await wu.says("Wang Guilan")
    house.clock.instant += timedelta(days=6)
    await house.tick()
    assert await Conversation.all().count() == 1


async def test_old_rows_are_deleted_in_batches_and_the_rest_stays(house: House) -> None:
    wu = house.stranger()
    await wu.says("/help")
    person, account = await wu.person(), await Account.get(address=wu.address)
    now = house.now + SENT_KEPT + timedelta(days=1)
    kept_heard, kept_said = now - HEARD_KEPT + timedelta(days=1), now - SENT_KEPT + timedelta(days=2)
    old = [("old", house.now, house.now)] * (BATCH + 20)
    rows = [*old, ("young", kept_heard, kept_said)]
    await InboxUpdate.bulk_create(
        [
            InboxUpdate(channel="x", event=f"{name} {number}", kind="text", heard_at=heard)
            for number, (name, heard, _said) in enumerate(rows)
        ]
    )
    await OutboxMessage.bulk_create(
        [
            OutboxMessage(
                person_id=person.id,
                account_id=account.id,
                channel="x",
                body={},
                state=Sent.SENT,
                next_at=said,
                created_at=said,
            )
            for _name, _heard, said in rows
        ]
    )
    assert await forget_old_rows(Mailbag(now)) is True, "one batch is not all"
    assert await InboxUpdate.filter(channel="x").count() > 1
    assert await forget_old_rows(Mailbag(now)) is False
    assert [update.event.split()[0] for update in await InboxUpdate.filter(channel="x")] == ["young"]
    assert [row.created_at for row in await OutboxMessage.filter(channel="x")] == [kept_said]
    assert not await InboxUpdate.filter(channel="test").exists()


async def test_a_role_given_by_somebody_else_reaches_the_menu_at_once(house: House) -> None:
    canteen = await house.canteen()
    wu = house.stranger()
    await wu.says("/help")
    assert "shifts" not in wu.menu
    await Membership.grant(await wu.person(), canteen.id, Role.VOLUNTEER, by=None, now=house.now)
    await house.tick()
    assert "shifts" in wu.menu
    menus = OutboxMessage.filter(kind="menu")
    count = await menus.count()
    await house.tick()
    assert await menus.count() == count


async def test_no_menu_is_sent_to_somebody_who_cannot_be_reached(house: House) -> None:
    wu = house.stranger()
    await wu.says("/help")
    sender = {"sender": wu.address, "place": wu.address}
    await house.inbox.hear(Update("test", "blocked", Kind.BLOCKED, **sender))
    await Account.renew_menus((await wu.person()).id)
    count = await OutboxMessage.filter(kind="menu").count()
    await house.tick()
    assert await OutboxMessage.filter(kind="menu").count() == count


@pytest.mark.parametrize(
    ("away", "told"),
    [(timedelta(seconds=90), False), (timedelta(minutes=3), True), (timedelta(hours=13), False)],
    ids=["a restart", "an outage", "another day"],
)
async def test_after_an_outage_handlers_may_say_so(house: House, away: timedelta, told: bool) -> None:
    since: list[datetime] = []

    @after_outage
    async def show(mail: Mail, at: datetime) -> None:
        since.append(at)

    REGISTRY.after_outage = show
    await Heartbeat.create(job="older", at=Clock().now() - away - timedelta(hours=1))
    await Heartbeat.create(job="newest", at=Clock().now() - away)
    await come_back(house.now)
    assert bool(since) is told
    if told:
        assert abs(since[0] - (house.now - away)) < timedelta(seconds=30)


@ONE_ENGINE
async def test_a_house_that_never_ran_was_not_away(house: House) -> None:
    @after_outage
    async def show(mail: Mail, at: datetime) -> None:
        raise AssertionError

    await come_back(house.now)


async def test_a_task_that_fails_by_itself_does_not_hold_up_the_others(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.tasks._resting", {})  # what failed in another test has another database
    wu = house.stranger()
    await wu.says("/help")
    person = await wu.person()

    @task("poison")
    async def poison(_mail: Mail, _task: Task) -> None:
        raise ZeroDivisionError

    @task("good")
    async def good(mail: Mail, one: Task) -> None:
        mail.say(_("Hello"), to=person)
        one.finished_at = mail.now

    await Task.create(name="poison", about=1, created_at=house.now)
    await Task.create(name="good", about=1, created_at=house.now)
    assert await house.scheduler.run(work) is False
    assert await house.scheduler.run(work) is True
    assert (await Task.get(name="good")).finished_at == house.now
    house.clock.instant += timedelta(minutes=2)
    assert await house.scheduler.run(work) is False, "it is tried again"
