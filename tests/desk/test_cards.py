"""Cards with a code: printed for guests, read at the desk, worth nothing once they are lost."""

from __future__ import annotations

import pytest
import pytest_asyncio

from models.meals import MealState
from models.qrcards import CODE_DIGITS, SeniorCard
from tests.desk.scene import Scene, at_noon
from tests.house import House
from tests.pdf import pages

pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


@pytest_asyncio.fixture
async def scene(house: House) -> Scene:
    return await at_noon(house)


async def test_a_sheet_of_cards_shows_numbers_and_no_names(scene: Scene) -> None:
    chen = scene.chen
    await chen.says("/signin")
    (message,) = await chen.taps("Cards with a code")
    assert message.file is not None
    (sheet,) = pages(message.file.content)
    assert "5 cards" in message.text
    assert all(number in sheet for number in ("A1", "A2", "A3", "A17", "B3"))
    assert "Wang" not in sheet
    codes = {card.code for card in await SeniorCard.all()}
    assert len(codes) == 5
    assert all(len(code) == CODE_DIGITS and code.isdigit() for code in codes)
    await chen.says("/signin")
    await chen.taps("Cards with a code")
    assert {card.code for card in await SeniorCard.all()} == codes, "printed again, it is the same card"


async def test_a_card_signs_in_and_a_lost_one_does_not(scene: Scene) -> None:
    chen = scene.chen
    await chen.says("/signin")
    await chen.taps("Cards with a code")
    old = await SeniorCard.get(senior_id=scene.wang.id)
    question = await chen.taps("A card was lost")
    assert "Whose card was lost?" in question[-1].text
    (new,) = await chen.says("A1")
    assert "The old one does not work any more" in new.text
    assert new.file is not None
    await chen.says("/signin")
    assert "not one of ours" in (await chen.says(old.code))[-1].text
    assert await scene.state(scene.wang) is MealState.EXPECTED
    fresh = await SeniorCard.get(senior_id=scene.wang.id, revoked_at=None)
    await chen.says(f"{fresh.code[:8]} {fresh.code[8:]}")
    assert await scene.state(scene.wang) is MealState.SIGNED_IN
    pick_up = await SeniorCard.get(senior_id=scene.zhao.id)
    assert "Who picks up" in (await chen.says(pick_up.code))[-1].text, "a card may be in another's hand"
    assert "not open to you" in (await scene.cook.presses(f"qrcards:{scene.canteen.id}"))[-1].text


async def test_a_card_of_another_canteen_opens_nothing_here(scene: Scene) -> None:
    await SeniorCard.issue_missing(scene.canteen.id, await scene.chen.person(), scene.house.now)
    code = (await SeniorCard.get(senior_id=scene.wang.id)).code
    elsewhere = await scene.house.canteen("Elsewhere")
    hu = await scene.house.coordinator("Ms Hu", canteen=elsewhere)
    await scene.house.at("2026-11-24 16:01")
    await scene.house.at("2026-11-25 11:00")
    assert "not one of ours" in (await hu.says(f"/signin {code}"))[-1].text
    assert "no card to print" in (await hu.presses(f"qrcards:{elsewhere.id}"))[-1].text
