"""Count what a transaction wrote."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from tortoise.connection import get_connection
from tortoise.queryset import QuerySet

from bot.database import WouldWrite, dialect, only_looking, traced, transaction, written
from tests.database.sample.tables import House


async def test_every_kind_of_write_is_counted_once(sample: str) -> None:
    async with transaction() as connection:
        assert written() == 0
        house = await House.create(name="one")
        assert written() == 1
        house.name = "two"
        await house.save()
        assert written() == 2
        await House.filter(id=house.id).update(name="three")
        assert written() == 3
        await House.bulk_create([House(name="four"), House(name="five")])
        assert written() == 4
        await House.bulk_create([House(id=house.id, name="six")], on_conflict=["id"], update_fields=["name"])
        assert written() == 5
        await House.filter(name="five").delete()
        assert written() == 6
        await connection.execute_query("  insert into house (name) select name from house")
        assert written() == 7
        await connection.execute_query_dict("UPDATE house SET name = 'seven' RETURNING id")
        assert written() == 8


async def test_reading_and_locking_are_no_writes(sample: str) -> None:
    async with transaction() as connection:
        await House.all()
        await House.filter(name="UPDATE").exists()
        locked: QuerySet[House] = House.all().select_for_update()
        await locked
        await connection.execute_query("WITH updated AS (SELECT 1 AS n) SELECT n FROM updated")
        if dialect() == "postgres":
            await connection.execute_query("WITH h AS (SELECT id FROM house FOR UPDATE) SELECT id FROM h")
            await connection.execute_query(
                "WITH h AS (SELECT id FROM house FOR NO KEY UPDATE) SELECT id FROM h"
            )

        assert written() == 0


async def test_a_write_inside_of_a_query_is_counted(sample: str) -> None:
    writes = {
        "sqlite": "WITH names AS (SELECT 'n' AS n) INSERT INTO house (name) SELECT n FROM names",
        "postgres": "WITH h AS (INSERT INTO house (name) VALUES ('n') RETURNING 1) SELECT count(*) FROM h",
    }
    async with transaction() as connection:
        await connection.execute_query(writes[dialect()])

        assert written() == 1


async def test_savepoints_and_tasks_inside_count_for_the_whole_transaction(sample: str) -> None:
    async with transaction():
        async with transaction() as inner:
            await House.create(name="in a savepoint")
            await inner.execute_query("UPDATE house SET name = 'through the savepoint'")
        await asyncio.gather(House.create(name="beside"), House.create(name="beside"))

        assert written() == 4


async def test_each_transaction_counts_for_itself(sample: str) -> None:
    async def turn(writes: int) -> int:
        async with transaction():
            for number in range(writes):
                await House.create(name=str(number))
            return written()

    assert await asyncio.gather(*(turn(writes) for writes in range(5))) == [0, 1, 2, 3, 4]
    assert written() == 0
    await House.create(name="outside")
    assert written() == 0
    assert get_connection("default").capabilities.dialect == dialect()


async def test_who_only_looks_reads_what_is_there_and_writes_nothing(sample: str) -> None:
    await House.create(name="one")
    with only_looking():
        assert [house.name for house in await House.all().select_for_update(skip_locked=True)] == ["one"]
        assert await House.filter(name="two").count() == 0


async def begin() -> None:
    async with transaction():
        pass


WRITES: dict[str, Callable[[], Awaitable[object]]] = {
    "create": lambda: House.create(name="two"),
    "update": lambda: House.all().update(name="two"),
    "delete": lambda: House.all().delete(),
    "several": lambda: House.bulk_create([House(name="two")]),
    "raw": lambda: get_connection("default").execute_query_dict("DELETE FROM house RETURNING id"),
    "transaction": begin,
}


@pytest.mark.parametrize("would", WRITES)
async def test_who_only_looks_is_stopped_before_the_first_write(sample: str, would: str) -> None:
    await House.create(name="one")
    with only_looking(), pytest.raises(WouldWrite):
        await WRITES[would]()
    assert await House.all().values_list("name", flat=True) == ["one"]
    await House.create(name="two")


async def test_the_tables_that_were_read_and_written_are_known(sample: str) -> None:
    with traced() as looked:
        await House.filter(guests__number="1").exists()
    assert looked.read >= {"house", "guest"}
    assert not looked.wrote

    with traced() as inserted:
        house = await House.create(name="one")
    assert inserted.wrote == {"house"}

    with traced() as changed:
        async with transaction() as connection:
            await connection.execute_query("UPDATE house SET name = 'two'")
            await connection.execute_query("SELECT 1 FROM guest")
    assert (changed.wrote, changed.read) == ({"house"}, {"guest"})

    with traced() as deleted:
        await house.delete()
    assert deleted.wrote >= {"house", "guest"}, "its rooms went with it"
