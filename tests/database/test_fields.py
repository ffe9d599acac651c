"""Seal what is personal, and keep time as one can compare it."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import ConfigurationError, FieldError

from bot.database.config import sqlite_path
from models.fields import (
    BlindIndexField,
    EncryptedJSONField,
    Keyring,
    Unreadable,
    UtcDatetimeField,
    blind,
    keyring,
    new_secret,
    use_keys,
)
from tests.database.sample.tables import Guest, House, Visit
from tests.fixtures_database import SECRET

NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


async def everything_stored(url: str) -> bytes:
    """Return all that the database keeps, as bytes: the file with its log, or the value of each column."""
    path = sqlite_path(url)
    if path is not None:
        return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    connection = await asyncpg.connect(url)
    try:
        rows = [
            *await connection.fetch("SELECT * FROM guest"),
            *await connection.fetch("SELECT * FROM visit"),
        ]
        values = [value for row in rows for value in row]
        return b"\n".join(value if isinstance(value, bytes) else str(value).encode() for value in values)
    finally:
        await connection.close()


async def test_nothing_personal_can_be_read_in_the_database(sample: str) -> None:
    house = await House.create(name="a plain house")
    await Guest.create(
        house=house, name="Rosa Luxemburg", number="A1", status="new", name_index=blind("rosa", "name")
    )
    await Visit.create(at=NOON, secret="likes Rote Grütze", facts={"mobile": "+8613800138000"})

    stored = await everything_stored(sample)

    assert b"A1" in stored
    for word in ("Rosa", "Luxemburg", "Rote", "Grütze", "mobile", "13800138000"):
        assert word.encode() not in stored


async def test_sealed_values_come_back_as_they_were(sample: str) -> None:
    facts = {"phones": ["+8613800138000"], "nested": {"张": None, "n": 1.5, "yes": True}}
    visit = await Visit.create(at=NOON, secret="张奶奶", facts=facts)
    await Visit.filter(id=visit.id).update(secret="李爷爷")

    read = await Visit.get(id=visit.id)

    assert (read.secret, read.facts) == ("李爷爷", facts)


async def test_an_empty_personal_field_stays_empty(sample: str) -> None:
    visit = await Visit.create(at=NOON)

    assert await Visit.filter(secret__isnull=True, facts__isnull=True).count() == 1
    assert (await Visit.get(id=visit.id)).secret is None


async def test_a_sealed_value_opens_only_with_its_key(sample: str) -> None:
    await Visit.create(at=NOON, secret="张奶奶")
    use_keys(Keyring.parse(new_secret()))

    with pytest.raises(Unreadable, match=r"visit\.secret: sealed with another key"):
        await Visit.first()


async def test_a_sealed_value_opens_only_in_its_column(sample: str) -> None:
    await Visit.create(at=NOON, secret='["moved"]')
    await get_connection("default").execute_query("UPDATE visit SET facts = secret")

    with pytest.raises(Unreadable, match=r"visit\.facts: sealed with another key, or for another place"):
        await Visit.first()


async def test_after_a_key_is_added_old_values_open_and_new_ones_need_the_new_key(sample: str) -> None:
    old = await Visit.create(at=NOON, secret="before")
    index = blind("rosa", "name")
    both = f"{new_secret(2)},{SECRET}"

    use_keys(Keyring.parse(both))
    new = await Visit.create(at=NOON, secret="after")

    assert [visit.secret for visit in await Visit.all().order_by("id")] == ["before", "after"]
    assert blind("rosa", "name") == index
    use_keys(Keyring.parse(SECRET))
    assert (await Visit.get(id=old.id)).secret == "before"
    with pytest.raises(Unreadable, match="sealed with key 2, which SECRET_KEY does not have"):
        await Visit.get(id=new.id)


async def test_equal_values_are_found_by_their_blind_index(sample: str) -> None:
    house = await House.create(name="one")
    for number, name in enumerate(("Rosa", "Karl", "Rosa")):
        await Guest.create(
            house=house,
            name=name,
            number=str(number),
            status="new",
            name_index=blind(name.casefold(), "name"),
        )

    found = await Guest.filter(name_index=blind("rosa", "name")).order_by("number")

    assert [guest.number for guest in found] == ["0", "2"]


def test_a_blind_index_tells_scopes_and_keys_apart() -> None:
    ours = blind("+491", "phone")

    assert len(ours) == 32
    assert ours != blind("+491", "name")
    assert ours != Keyring.parse(new_secret()).blind("+491", "phone")


@pytest.mark.parametrize(
    "search", [{"secret": "x"}, {"secret__in": ["x"]}, {"facts": {}}, {"secret__not": "x"}]
)
async def test_a_search_by_a_sealed_value_is_refused_instead_of_finding_nothing(
    sample: str, search: dict[str, object]
) -> None:
    with pytest.raises(FieldError, match="is encrypted: look it up by a BlindIndexField"):
        await Visit.filter(**search)


def test_every_sealing_looks_different() -> None:
    assert keyring().seal("same", "t.c") != keyring().seal("same", "t.c")


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x02" + b"x" * 40, b"plain text that was never sealed"])
def test_what_was_never_sealed_does_not_open(sealed: bytes) -> None:
    with pytest.raises(Unreadable):
        keyring().open(sealed, "t.c")


@pytest.mark.parametrize(
    ("secret", "mistake"),
    [
        ("", "SECRET_KEY is empty"),
        ("abc", "expected number:base64"),
        ("x:" + SECRET[2:], "expected number:base64"),
        ("1:not base64!", "key 1 is not base64"),
        ("1:AAAA", "key 1 has 3 bytes instead of 32"),
        ("0:" + SECRET[2:], "number 0 is not between 1 and 255"),
        ("256:" + SECRET[2:], "number 256 is not between 1 and 255"),
        (f"{SECRET},{SECRET}", "key 1 is given twice"),
    ],
)
def test_a_mistake_in_the_secret_is_named(secret: str, mistake: str) -> None:
    with pytest.raises(ValueError, match=mistake):
        Keyring.parse(secret)


def test_without_keys_nothing_is_read() -> None:
    code = "from models.fields import keyring\ntry: keyring()\nexcept RuntimeError as error: print(error)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "no keys: call use_keys()" in done.stdout


def test_a_sealed_value_is_not_a_number() -> None:
    with pytest.raises(ValueError, match="expected a text, not int"):
        Guest._meta.fields_map["name"].to_db_value(5, None)  # type: ignore[arg-type]  # a wrong type is the point


async def test_an_instant_of_any_zone_is_found_by_when_it_is(sample: str) -> None:
    early = await Visit.create(at=dt.datetime(2026, 11, 23, 19, 59, tzinfo=SHANGHAI))
    await Visit.create(at=dt.datetime(2026, 11, 23, 20, 0, 0, 1, tzinfo=SHANGHAI))
    await Visit.filter(id=early.id).update(at=dt.datetime(2026, 11, 23, 19, 58, tzinfo=SHANGHAI))

    assert [visit.id for visit in await Visit.filter(at__lt=NOON)] == [early.id]
    assert await Visit.filter(at__gt=NOON.astimezone(SHANGHAI)).count() == 1
    assert (await Visit.all().order_by("at").first()) == early


async def test_an_instant_comes_back_in_utc(sample: str) -> None:
    visit = await Visit.create(at=NOON.astimezone(SHANGHAI))

    read = await Visit.get(id=visit.id)

    assert (read.at, read.at.tzinfo) == (NOON, dt.UTC)


async def test_an_instant_without_a_zone_is_refused(sample: str) -> None:
    naive = NOON.replace(tzinfo=None)

    with pytest.raises(ValueError, match="at: expected an aware datetime"):
        await Visit.create(at=naive)
    with pytest.raises(ValueError, match="at: expected an aware datetime"):
        await Visit.filter(at__lt=naive)
    with pytest.raises(ValueError, match="at: expected an aware datetime"):
        await Visit.all().update(at=naive)


def test_an_instant_is_never_taken_from_a_clock() -> None:
    with pytest.raises(ConfigurationError, match="takes `now` from its caller"):
        UtcDatetimeField(auto_now_add=True)


@pytest.mark.parametrize("wrong", ["7:30", "24:00", "12:60", "12:30:00", "noon", "１２:30", dt.time(12, 30)])
async def test_what_is_not_a_wall_time_is_refused(sample: str, wrong: object) -> None:
    with pytest.raises(ValueError, match="lunch_at: expected a time such as 07:30"):
        await Visit.create(at=NOON, lunch_at=wrong)
    with pytest.raises(ValueError, match="lunch_at: expected a time such as 07:30"):
        await Visit.all().update(lunch_at=wrong)


@pytest.mark.parametrize("right", ["00:00", "07:30", "23:59", None])
async def test_a_wall_time_comes_back_as_it_was(sample: str, right: str | None) -> None:
    visit = await Visit.create(at=NOON, lunch_at=right)

    assert (await Visit.get(id=visit.id)).lunch_at == right


def test_columns_describe_themselves_to_migrations_in_few_words() -> None:
    assert BlindIndexField().deconstruct() == (
        "models.fields.BlindIndexField",
        [],
        {"null": True, "db_index": True},
    )
    assert EncryptedJSONField(default=list).deconstruct()[2] == {"default": list}
