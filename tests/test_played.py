"""A beginning that is gone back to is as if it had been played again."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from bot.database import connect, disconnect
from tests.facts import Facts, facts
from tests.handlers.closures import Town, a_town
from tests.house import House, Phone
from tests.played import played_once


async def all_rows() -> Facts:
    return await facts(besides=frozenset())


async def how_many() -> dict[str, int]:
    return {table: len(rows) for table, rows in (await all_rows()).items()}


async def goes_on(house: House, town: Town) -> list[str]:
    """Live the next day, with somebody new in it; tell all that was read."""
    anew = await house.volunteer("Anew", canteen=town.canteen)
    await house.at("2026-11-24 09:30")
    await town.mei.says("/round")
    await town.mei.taps("✓ Handed over")
    await town.chen.says("/today")
    phones: list[Phone] = [town.chen, *town.others(), anew]
    return [
        f"{phone.address}: {message.text} {message.buttons}" for phone in phones for message in phone.heard
    ]


async def emptied(url: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if url.startswith("sqlite"):
        shutil.copyfile(request.getfixturevalue("sqlite_template"), tmp_path / "another.sqlite3")
        return f"sqlite://{tmp_path}/another.sqlite3"
    await asyncio.to_thread(request.getfixturevalue("broom").sweep)
    return url


async def test_to_go_back_is_as_to_play_again(
    db_url: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    plays = 0

    @played_once
    async def scene(house: House, language: str) -> Town:
        nonlocal plays
        plays += 1
        return await a_town.__wrapped__(house, language)  # type: ignore[attr-defined]  # what `wraps` keeps

    lives = []
    for _ in range(3):
        await connect(db_url)
        try:
            house = House()
            town = await scene(house, "en")
            lives.append(
                (
                    await all_rows(),
                    await goes_on(house, town),
                    await how_many(),
                )
            )
        finally:
            await disconnect()
        db_url = await emptied(db_url, request, tmp_path)
    assert plays == 1
    assert lives[0] == lives[1] == lives[2]
    assert len(lives[0][1]) > 20


async def test_after_anything_else_a_beginning_is_played(house: House) -> None:
    plays = []

    @played_once
    async def scene(house: House, name: str) -> Phone:
        plays.append(name)
        await house.canteen()
        return await house.volunteer(name)

    lin = await scene(house, "Lin")
    zhao = await scene(house, "Zhao")
    again = await scene(house, "Lin")
    assert plays == ["Lin", "Zhao", "Lin"]
    assert len({lin.address, zhao.address, again.address}) == 3
    await lin.says("/shifts")
    assert lin.heard
    assert not again.heard[1:]
