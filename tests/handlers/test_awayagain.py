"""After an outage everybody on duty has their open cards before them again, once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.channels.telegram import Telegram
from bot.clock import Clock
from bot.housekeeping import come_back, reached
from models.cases import Case
from models.messaging import ChannelState, Heartbeat
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.test_rounds import Scene, scene
from tests.telegram.listening import PATIENCE, Ears
from tests.telegram_server import TelegramServer

__all__ = ["scene"]

AWAY = timedelta(minutes=27, seconds=30)


async def in_the_middle(scene: Scene) -> Case:
    """Let Lin stand before the third door; nobody has opened at the second, and nobody looks after it."""
    await scene.lin.says("/round")
    await scene.lin.taps("✓ Handed over")
    await scene.lin.taps("✗ No answer")
    await scene.house.tick()
    for phone in (scene.lin, scene.chen, scene.wu, scene.mei):
        phone.reads()
    return await Case.get()


async def shown_anew(scene: Scene) -> None:
    """Look for each card just once, with what stands on it now."""
    await scene.house.deliver()
    sorry, plan, door = scene.lin.reads()
    assert sorry.text.startswith(
        "I was away from Tue 24 Nov, 09:17 to Tue 24 Nov, 09:45. Please tap once more what I missed."
    )
    assert sorry.urgent
    assert "What was agreed: Back window" in plan.text
    assert "Still no answer" in plan.buttons
    assert "Door 3 of 3" in door.text
    assert door.buttons[:2] == ["✓ Handed over", "✗ No answer"]
    for phone in (scene.chen, scene.wu):
        (card,) = phone.reads()
        assert card.text.startswith("I was away from Tue 24 Nov, 09:17 to Tue 24 Nov, 09:45.")
        assert "Nobody answers at Sun A-yi's" in card.text
        assert "I look after it" in card.buttons
    assert scene.mei.reads() == []


async def test_after_the_house_was_away_the_open_cards_come_anew_once(scene: Scene) -> None:
    house, now = scene.house, scene.house.now
    case = await in_the_middle(scene)
    await Heartbeat.all().delete()
    await Heartbeat.create(job="any", at=Clock().now() - AWAY)
    await asyncio.gather(come_back(now), come_back(now), reached("telegram", now))
    await shown_anew(scene)
    await scene.wu.taps("I look after it")
    assert (await Case.get(id=case.id)).owner_id == (await scene.wu.person()).id
    await scene.lin.taps("✓ Handed over")
    await house.deliver()
    assert "last door" in " ".join(message.text for message in scene.lin.heard)


async def test_when_telegram_was_out_of_reach_while_we_lived_it_is_told_once_by_one_process(
    scene: Scene,
) -> None:
    now = scene.house.now
    await in_the_middle(scene)
    for minutes, told in ((1.5, False), (27.5, True), (13 * 60, False)):
        await ChannelState.filter(channel="telegram").delete()
        await ChannelState.create(channel="telegram", heard_at=Clock().now() - timedelta(minutes=minutes))
        await asyncio.gather(*(reached("telegram", now) for _process in range(3)))
        await reached("telegram", now)
        if told:
            await shown_anew(scene)
        await scene.house.deliver()
        assert [phone.reads() for phone in (scene.lin, scene.chen, scene.wu)] == [[], [], []], minutes


@ONE_ENGINE
async def test_the_poller_reports_each_answer_and_none_while_telegram_fails(scene: Scene) -> None:
    answered, ears = asyncio.Event(), Ears()
    notes = 0

    async def note() -> None:
        nonlocal notes
        notes += 1
        answered.set()
        if notes == 1:
            await ChannelState.create(channel="telegram", heard_at=Clock().now() - AWAY)
        await reached("telegram", scene.house.now)

    await in_the_middle(scene)
    async with TelegramServer() as tg:
        ann = tg.user("Ann", wrote=True)
        tg.fail_next("getUpdates", 502)
        channel = Telegram(tg.token, tg.url, reached=note)
        await channel.open()
        poller = asyncio.create_task(channel.receive(ears))
        try:
            await asyncio.sleep(0.3)
            assert notes == 0, "what is not answered is no sign of life"
            await ann.says("hello")
            async with asyncio.timeout(PATIENCE):
                await answered.wait()
            await ears.heard_all("hello")
        finally:
            poller.cancel()
            await asyncio.gather(poller, return_exceptions=True)
            await channel.close()
    await shown_anew(scene)
