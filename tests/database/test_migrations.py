"""Upgrade a database that is in use: nothing is lost, everything that was declared exists."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError

from bot.database import connect, dialect, disconnect, transaction
from bot.database.config import Schema, sqlite_path
from bot.database.migrations import MigrationFailed, drift, migrate_at_start, pending
from models.fields import keyring
from tests.database.conftest import SAMPLE
from tests.database.sample.tables import Guest, House, Key, Plate
from tests.database.schema import read_schema
from tests.database.squashed import squashed

BEFORE = "0001_initial"
AFTER = "0002_change"

HOUSES, GUESTS, DAYS = 2, 3, 4
DAY = dt.date(2026, 11, 23)


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[None]:
    await connect(url, SAMPLE)
    try:
        yield
    finally:
        await disconnect()


async def fill() -> None:
    """Write rows that suit the first migration's tables, which the models of today don't know."""
    run = get_connection("default").execute_query
    sealed = "?" if dialect() == "sqlite" else "$1"
    guest = plate = 0
    for house in range(1, HOUSES + 1):
        await run(f"INSERT INTO house (name) VALUES ('House {house}')")
        for number in range(GUESTS):
            guest += 1
            await run(
                "INSERT INTO guest (house_id, name, number, status, note)"
                f" VALUES ({house}, {sealed}, 'A{number}', 'gone', 'likes rice')",
                [keyring().seal("Guest", "guest.name")],
            )
            await run(f"INSERT INTO key (guest_id, hook) VALUES ({guest}, {guest})")
            for day in range(DAYS):
                plate += 1
                date = DAY + dt.timedelta(days=day)
                await run(f"INSERT INTO plate (guest_id, day, portions) VALUES ({guest}, '{date}', 1)")


async def counts() -> tuple[int, int, int, int]:
    return (
        await House.all().count(),
        await Guest.all().count(),
        await Key.all().count(),
        await Plate.all().count(),
    )


async def upgraded(url: str) -> None:
    assert await migrate_at_start(url, SAMPLE, target=BEFORE) == [BEFORE]
    async with connected(url):
        await fill()
    assert await migrate_at_start(url, SAMPLE) == [AFTER]


async def test_an_upgrade_keeps_every_row_of_parents_children_and_grandchildren(empty_url: str) -> None:
    await upgraded(empty_url)

    async with connected(empty_url):
        assert await counts() == (HOUSES, HOUSES * GUESTS, HOUSES * GUESTS, HOUSES * GUESTS * DAYS)
        await House.filter(id=1).update(name="h" * 80)
        assert (await House.get(id=1)).name == "h" * 80


async def test_an_upgrade_arrives_at_the_schema_that_the_models_declare(
    empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await upgraded(empty_url)
    there = await read_schema(empty_url)

    one_step = await squashed(SAMPLE.modules, tmp_path, monkeypatch)
    await remove(empty_url)
    await migrate_at_start(empty_url, one_step)

    assert there == await read_schema(empty_url)


async def remove(url: str) -> None:
    path = sqlite_path(url)
    if path is not None:
        path.unlink()
        return
    await connect(url, SAMPLE)
    await get_connection("default").execute_script("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    await disconnect()


def backups(folder: Path) -> list[Path]:
    return list(folder.glob("*.before-*"))


async def test_after_an_upgrade_every_constraint_holds(empty_url: str) -> None:
    await upgraded(empty_url)

    async with connected(empty_url):
        guest = await Guest.first()
        assert guest is not None
        refused: list[dict[str, Any]] = [
            # A named unique, a check, a foreign key; below a one-to-one, a unique_together, a new check.
            {"house_id": 1, "name": "twin", "number": "A0", "status": "gone"},
            {"house_id": 1, "name": "nobody", "number": "Z1", "status": "lost"},
            {"house_id": 99, "name": "homeless", "number": "Z2", "status": "new"},
        ]
        for row in refused:
            with pytest.raises(IntegrityError):
                async with transaction():
                    await Guest.create(**row)
        with pytest.raises(IntegrityError):
            await Key.create(guest=guest, hook=7)
        with pytest.raises(IntegrityError):
            await Plate.create(guest=guest, day=DAY, portions=1)
        with pytest.raises(IntegrityError):
            await Plate.create(guest=guest, day=dt.date(2027, 1, 1), portions=4)


async def test_a_partial_unique_counts_only_the_rows_of_its_condition(sample: str) -> None:
    house = await House.create(name="one")
    for number in range(2):
        await Guest.create(house=house, name="old", number=f"B{number}", status="gone")
    await Guest.create(house=house, name="guest of honour", number="B7", status="here")

    with pytest.raises(IntegrityError):
        await Guest.create(house=house, name="another", number="B8", status="here")


async def test_the_name_of_a_foreign_key_indexes_its_column(sample: str) -> None:
    schema = await read_schema(sample)
    wanted = {"sqlite": "['house_id', 'status']", "postgres": "(house_id, status)"}[dialect()]

    assert any(fact.startswith("index") and wanted in fact for fact in schema["guest"])


async def test_a_column_added_with_an_index_has_it(sample: str) -> None:
    assert any(
        fact.startswith("index") and "phone_index" in fact for fact in (await read_schema(sample))["house"]
    )


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
async def test_a_rebuilt_table_keeps_indexes_and_triggers_that_were_made_by_hand(empty_url: str) -> None:
    await migrate_at_start(empty_url, SAMPLE, target=BEFORE)
    path = sqlite_path(empty_url)
    assert path is not None
    with closing(sqlite3.connect(path)) as file:
        file.execute("CREATE INDEX plate_by_day ON plate (day) WHERE portions > 1")
        file.execute(
            "CREATE TRIGGER plate_stays BEFORE DELETE ON plate BEGIN SELECT RAISE(ABORT, 'no; it stays'); END"
        )

    await migrate_at_start(empty_url, SAMPLE)

    facts = (await read_schema(empty_url))["plate"]
    assert {"trigger plate_stays", "index unique:0 ['day'] portions > 1"} <= facts


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
async def test_a_rebuilt_table_never_gives_the_id_of_a_deleted_row_again(empty_url: str) -> None:
    await migrate_at_start(empty_url, SAMPLE, target=BEFORE)
    async with connected(empty_url):
        await fill()
        await get_connection("default").execute_query("DELETE FROM plate")
    await migrate_at_start(empty_url, SAMPLE)

    async with connected(empty_url):
        guest = await Guest.first()
        assert guest is not None
        plate = await Plate.create(guest=guest, day=DAY, portions=1)
        assert plate.id == HOUSES * GUESTS * DAYS + 1


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
async def test_a_backup_is_made_before_rows_are_touched(empty_url: str) -> None:
    path = sqlite_path(empty_url)
    assert path is not None
    await upgraded(empty_url)

    backup = path.with_name(f"{path.name}.before-{AFTER}")
    assert backup.stat().st_mode & 0o077 == 0
    with closing(sqlite3.connect(backup)) as file:
        assert file.execute("SELECT count(*) FROM plate").fetchone() == (HOUSES * GUESTS * DAYS,)
        assert file.execute("SELECT name FROM tortoise_migrations").fetchall() == [(BEFORE,)]
    assert backups(path.parent) == [backup]


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
async def test_an_empty_database_is_not_backed_up(empty_url: str, tmp_path: Path) -> None:
    await migrate_at_start(empty_url, SAMPLE)

    assert not backups(tmp_path)


async def test_a_second_migration_at_start_has_nothing_to_do(empty_url: str) -> None:
    assert await pending(empty_url, SAMPLE) == [BEFORE, AFTER]
    assert await migrate_at_start(empty_url, SAMPLE) == [BEFORE, AFTER]
    assert await pending(empty_url, SAMPLE) == []
    assert await migrate_at_start(empty_url, SAMPLE) == []


async def test_what_migrations_say_and_what_models_say_is_the_same() -> None:
    assert await drift(SAMPLE) == []


def with_third(folder: Path, name: str, source: str) -> Schema:
    """Copy the sample's migrations under a new name and add one."""
    package = folder / name
    shutil.copytree(Path(__file__).parent / "sample" / "migrations", package)
    (package / "0003_third.py").write_text(source)
    return Schema(SAMPLE.modules, name)


DELETES = """
from tortoise import migrations
from tortoise.migrations import operations as ops

async def forget(apps, editor):
    await apps.get_model("models.House").filter(id=1).using_db(editor.client).delete()

class Migration(migrations.Migration):
    dependencies = [("models", "0002_change")]
    operations = [ops.RunPython(forget)]
"""


@pytest.mark.parametrize(("said", "left"), [(False, HOUSES), (True, HOUSES - 1)])
async def test_a_migration_deletes_rows_only_when_it_says_so(
    empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: bool, left: int
) -> None:
    await upgraded(empty_url)
    async with connected(empty_url):
        # Foreign keys are off while SQLite migrates, so the orphans would be found out as well.
        await Guest.filter(house_id=1).delete()
    monkeypatch.syspath_prepend(tmp_path)
    source = DELETES + f"    deletes_rows = {said}\n"
    third = with_third(
        tmp_path, f"third_{said}_{'postgres' if sqlite_path(empty_url) is None else 'sqlite'}", source
    )

    if said:
        await migrate_at_start(empty_url, third)
    else:
        with pytest.raises(
            MigrationFailed, match=r"0003_third would delete rows \(house: 2 -> 1\) and was taken back"
        ):
            await migrate_at_start(empty_url, third)

    async with connected(empty_url):
        assert await House.all().count() == left
    assert await pending(empty_url, third) == ([] if said else ["0003_third"])


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
async def test_a_migration_that_orphans_rows_is_taken_back(
    empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await upgraded(empty_url)
    monkeypatch.syspath_prepend(tmp_path)
    third = with_third(tmp_path, "third_orphans", DELETES + "    deletes_rows = True\n")

    with pytest.raises(MigrationFailed, match=r"rows without their parents in \['guest'\]"):
        await migrate_at_start(empty_url, third)

    async with connected(empty_url):
        assert await House.all().count() == HOUSES


async def test_a_database_of_a_newer_release_is_left_alone(
    empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    newer = with_third(tmp_path, f"newer_{len(empty_url)}", DELETES + "    deletes_rows = True\n")
    await migrate_at_start(empty_url, newer)

    with pytest.raises(MigrationFailed, match=r"made by a newer release \(it has 0003_third"):
        await migrate_at_start(empty_url, SAMPLE)
