"""Read DATABASE_URL."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from tortoise.connection import get_connection

from bot.database import connect, dialect, disconnect
from bot.database.config import config, sqlite_path
from tests.database.conftest import SAMPLE
from tests.database.sample.tables import House


def credentials(url: str) -> dict[str, object]:
    read: dict[str, object] = config(url)["connections"]["default"]["credentials"]
    return read


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///var/lib/canteen/canteen.sqlite3", "/var/lib/canteen/canteen.sqlite3"),
        ("sqlite://data/canteen.sqlite3", "data/canteen.sqlite3"),
        ("sqlite://data/my%20canteen.sqlite3?synchronous=NORMAL", "data/my canteen.sqlite3"),
    ],
)
def test_an_sqlite_url_names_a_file(url: str, path: str) -> None:
    assert sqlite_path(url) == Path(path)
    assert credentials(url)["file_path"] == path


def test_sqlite_is_durable_unless_the_url_says_otherwise() -> None:
    assert credentials("sqlite://a")["synchronous"] == "FULL"
    assert credentials("sqlite://a?synchronous=OFF")["synchronous"] == "OFF"


def test_a_postgres_url_is_taken_apart() -> None:
    read = credentials("postgres://me:p%40ss@db.example:6543/meals?maxsize=20&command_timeout=5&ssl=require")

    assert {name: read[name] for name in ("host", "port", "user", "password", "database")} == {
        "host": "db.example",
        "port": 6543,
        "user": "me",
        "password": "p@ss",
        "database": "meals",
    }
    assert (read["minsize"], read["maxsize"], read["command_timeout"]) == (1, 20, 5.0)
    assert (read["application_name"], read["ssl"]) == ("canteen", "require")


def test_a_postgres_socket_is_named_as_the_host() -> None:
    assert credentials("postgresql:///canteen?host=/run/postgresql")["host"] == "/run/postgresql"


@pytest.mark.parametrize(
    ("url", "mistake"),
    [
        ("mysql://host/name", r"expected sqlite://path or postgres://"),
        ("canteen.sqlite3", r"expected sqlite://path or postgres://"),
        ("sqlite://", "SQLite needs a file"),
        ("sqlite://:memory:", "SQLite needs a file"),
        ("sqlite://a?sinchronous=OFF", "SQLite has no option sinchronous=OFF"),
        ("sqlite://a?synchronous=OFF;DROP", "SQLite has no option synchronous=OFF;DROP"),
        ("postgres://host", "the name of the database is missing"),
        ("postgres://host:port/name", "the port is not a number"),
        ("postgres://host/name?maxsize=many", "maxsize is not a number"),
        ("postgres://host/name?max_size=5", "PostgreSQL has no option max_size"),
    ],
)
def test_a_mistake_in_the_url_is_named(url: str, mistake: str) -> None:
    with pytest.raises(ValueError, match=f"DATABASE_URL: .*{mistake}"):
        config(url)


async def test_the_connection_is_set_as_it_was_asked_for(sample: str) -> None:
    async def show(name: str) -> object:
        rows = await get_connection("default").execute_query_dict(f"{verb} {name}")
        return next(iter(rows[0].values()))

    if dialect() == "sqlite":
        verb = "PRAGMA"
        assert [await show(name) for name in ("journal_mode", "foreign_keys", "busy_timeout")] == [
            "wal",
            1,
            10000,
        ]
    else:
        verb = "SHOW"
        assert [await show(name) for name in ("application_name", "lock_timeout")] == ["canteen", "10s"]


async def test_a_new_database_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "canteen.sqlite3"
    await connect(f"sqlite://{path}", SAMPLE)
    try:
        await get_connection("default").execute_query("CREATE TABLE t (n)")
        modes = {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    finally:
        await disconnect()

    assert modes == {0o600}


async def test_a_process_can_go_from_one_database_to_another(sample_url: str, fresh_sample_url: str) -> None:
    await connect(sample_url, SAMPLE)
    await House.create(name="here")
    await disconnect()
    await connect(fresh_sample_url, SAMPLE)
    try:
        assert await House.all().count() == 0
        await House.create(name="there")
        assert await House.filter(name="there").count() == 1
    finally:
        await disconnect()
