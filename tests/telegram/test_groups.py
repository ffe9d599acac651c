"""A group on Telegram, from the link that takes the bot in to the day when it is thrown out, over HTTP."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import pace
from bot.app import App
from bot.channels import Capabilities
from bot.leases import Leases
from bot.outbox import Sender
from bot.settings import load
from models.canteens import Canteen
from models.groups import Group
from models.messaging import OutboxMessage, Sent
from models.people import Account, Membership, Role
from models.routes import Route
from tests.fixtures_database import SECRET
from tests.house import House, Wire
from tests.models.making import NOW, WEDNESDAY
from tests.shifts.scene import a_canteen_with_shifts, the_shift, walks_to
from tests.telegram_server import TelegramServer, User


async def _joins(user: User, canteen: Canteen, role: Role) -> None:
    await user.says("/help")
    await user.hears()
    account = await Account.get(channel="telegram", address=str(user.id)).select_related("person")
    await Membership.grant(account.person, canteen.id, role, by=None, now=NOW)


async def test_a_group_on_telegram_from_its_link_to_its_end(sqlite_url: str) -> None:
    async with TelegramServer() as tg:
        settings = load(
            _env_file=None, database_url=sqlite_url, secret_key=SECRET, port=0, telegram_token=tg.token,
            telegram_api_url=tg.url, clock=NOW.isoformat(),
        )  # fmt: skip
        async with App(settings).running() as app:
            canteen = await Canteen.open("Ping'an Lane", "Asia/Shanghai", "en", NOW)
            await walks_to(await Route.get(canteen_id=canteen.id), 2)
            await app.scheduler.catch_up()
            chen, lin, wu = tg.user("Chen"), tg.user("Lin"), tg.user("Wu", language_code="es")
            await _joins(chen, canteen, Role.COORDINATOR)
            await _joins(lin, canteen, Role.VOLUNTEER)

            await chen.says("/group")
            told = await chen.hears("https://t.me/canteen_test_bot?startgroup=")
            code = told.text.partition("?startgroup=")[2].split()[0]
            group = tg.group("Round 2", [chen, lin, wu])
            await group.brings_bot(chen, code)
            card = await lin.hears("Open shifts", inside=group)
            await chen.hears("The group Round 2 shows the open places")
            await wu.says("I have seen Grandma Wang at the market", to=group)
            await wu.says("/weather", to=group)

            # Each tap is answered to the one who tapped: a place, and why not.
            on_wednesday = next(label for label in card.buttons if label.startswith("Wed"))
            tapped = await lin.presses(on_wednesday, inside=group)
            assert await tapped.answered() == "Thank you! Wed 25 Nov, 10:00–12:00, Route 1 is yours."
            await lin.hears("Route 1 is yours")
            assert on_wednesday not in (await lin.hears("Open shifts", inside=group)).buttons
            refused = await (await wu.presses(card.buttons[0], on=card)).answered()
            assert refused.startswith("Aquí solo se apunta el voluntariado de Ping'an Lane.")
            alerts = [call["params"] for call in tg.calls if call["params"].get("show_alert")]
            assert len(alerts) == 2

            # A group that grows is another chat for Telegram; the card comes anew there, and is edited there.
            grown = await group.migrate_to_supergroup()
            tapped = await lin.presses(card.buttons[1], on=card)
            await tapped.answered()
            await app.scheduler.catch_up()
            card = await lin.hears("Open shifts", inside=grown)
            tapped = await lin.presses(card.buttons[0], inside=grown)
            assert "is yours" in await tapped.answered()
            edited = await lin.hears("Open shifts", inside=grown)
            assert edited.id == card.id

            # Taken away by somebody, the card comes again with its next change.
            await grown.deletes(edited)
            await lin.says("/my")
            await lin.hears("Your shifts")
            tapped = await lin.presses(edited.buttons[0], on=edited)
            assert "is yours" in await tapped.answered()
            again = await lin.hears("Open shifts", inside=grown)
            assert again.id != card.id

            # Nothing may be written there any more: the coordinator hears it, and it is over.
            await grown.mutes_bot(chen)
            await (await lin.presses(again.buttons[0], on=again)).answered()
            await chen.hears("I can't write in the group Round 2 any more")
            assert await Group.bound() == []
            assert (await (await lin.presses(again.buttons[1], on=again)).answered()).startswith("This group")
            assert {message.text.splitlines()[0] for message in group.messages + grown.messages} == {
                "Open shifts at Ping'an Lane"
            }

            # An administrator writes in the group's name: the code counts, not who brings it.
            await chen.says("/group")
            code = (await chen.hears("/bind ")).text.partition("/bind ")[2].split()[0]
            other = tg.group("Round 3", [chen, lin], supergroup=True, with_bot=True)
            await other.says(f"/bind@canteen_test_bot {code}")
            await lin.hears("Open shifts", inside=other)
            await other.kicks_bot(chen)
            await chen.hears("I can't write in the group Round 3 any more")
            await tg.delivered()


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
async def test_a_group_has_its_messages_of_a_minute_and_then_the_newest_words(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = replace(Capabilities(), per_group_per_minute=3, groups_begin="-")
    house.wire = Wire(capabilities=limits)
    house.channels.by_name[house.wire.name] = house.wire
    house.sender = Sender(house.wire, house.clock, house.channels.links, Leases())
    canteen = await a_canteen_with_shifts(house, places=9)
    chen = await house.coordinator()
    by = await chen.person()
    code = await Group.invite(canteen.id, by=by, now=house.now)
    group, _before = await Group.bind(code, "test", "-500", "Round 2", house.now)
    shift = await the_shift(canteen, WEDNESDAY)
    for number in range(6):
        lin = await house.volunteer(f"Lin {number}")
        await lin.presses(f"shift_take:{shift.id}:0")
        assert "is yours" in lin.last.text, "others are not held up"
        await house.tick()
    rows = OutboxMessage.filter(account_id=group.account_id)
    assert await rows.filter(state=Sent.SENT).count() == 3
    assert await rows.filter(state=Sent.PENDING).count() == 1
    (card,) = house.wire.shown["-500"]
    assert "12 homes · 6 places left" in card.text
    # The minute is over.
    monkeypatch.setattr(pace, "MINUTE", 0.0)
    house.clock.instant += timedelta(minutes=1)
    await house.deliver()
    assert "12 homes · 3 places left" in card.text
    assert await rows.filter(state=Sent.SENT).count() == 4
