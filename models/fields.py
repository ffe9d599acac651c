"""Columns of our own: UTC instants, local wall times, and personal data that only the key can read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar, overload

import orjson
from tortoise.exceptions import ConfigurationError, FieldError
from tortoise.fields import CharField
from tortoise.fields.base import Field
from tortoise.models import Model

from models.keys import BLIND_LENGTH, Keyring, Unreadable, blind, keyring, new_secret, use_keys

__all__ = [
    "BlindIndexField",
    "EncryptedJSONField",
    "EncryptedTextField",
    "Keyring",
    "LocalTimeField",
    "Unreadable",
    "UtcDatetimeField",
    "blind",
    "keyring",
    "new_secret",
    "open_column",
    "use_keys",
]

Text = TypeVar("Text", str, str | None)
Instant = TypeVar("Instant", datetime, datetime | None)

# What has a form of its own in a sentence (handlers/text.py) may not slip through as a bare string.
PLAIN = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS

WALL_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


class UtcDatetimeField(Field[Instant]):
    """Hold an instant: aware on the way in, UTC in the table, aware UTC on the way out.

    SQLite compares instants as text, so a value in another zone would compare wrongly.
    """

    field_type = datetime
    SQL_TYPE = "TIMESTAMP"

    class _db_postgres:  # noqa: N801  the name by which Tortoise finds it
        SQL_TYPE = "TIMESTAMPTZ"

    @overload
    def __init__(
        self: UtcDatetimeField[datetime], *, null: Literal[False] = False, **kwargs: Any
    ) -> None: ...

    @overload
    def __init__(self: UtcDatetimeField[datetime | None], *, null: Literal[True], **kwargs: Any) -> None: ...

    def __init__(self, **kwargs: Any) -> None:
        if "auto_now" in kwargs or "auto_now_add" in kwargs:
            raise ConfigurationError("UtcDatetimeField takes `now` from its caller, not from a clock")
        super().__init__(**kwargs)

    def to_db_value(self, value: Any, instance: Any) -> datetime | None:
        """Convert to UTC; ValueError for what is not an aware datetime."""
        return self._utc(value)

    def to_python_value(self, value: Any) -> datetime | None:
        """Read a row's text or an aware datetime as UTC."""
        if isinstance(value, str):
            read = datetime.fromisoformat(value)
            return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
        return self._utc(value)

    def _utc(self, value: Any) -> datetime | None:
        if value is None:
            return None
        if not isinstance(value, datetime) or value.utcoffset() is None:
            raise ValueError(f"{self.model_field_name}: expected an aware datetime, not {value!r}")
        return value.astimezone(UTC)


class LocalTimeField(Field[Text]):
    """Hold a local wall time as "HH:MM", 00:00 to 23:59; its zone is the canteen's."""

    field_type = str
    SQL_TYPE = "VARCHAR(5)"

    @overload
    def __init__(self: LocalTimeField[str], *, null: Literal[False] = False, **kwargs: Any) -> None: ...

    @overload
    def __init__(self: LocalTimeField[str | None], *, null: Literal[True], **kwargs: Any) -> None: ...

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)

    def to_db_value(self, value: Any, instance: Any) -> str | None:
        """Pass a wall time; ValueError for anything else."""
        return self._wall_time(value)

    def to_python_value(self, value: Any) -> str | None:
        """Pass a wall time; ValueError for anything else."""
        return self._wall_time(value)

    def _wall_time(self, value: Any) -> str | None:
        if value is None:
            return None
        if not isinstance(value, str) or not WALL_TIME.fullmatch(value):
            raise ValueError(f"{self.model_field_name}: expected a time such as 07:30, not {value!r}")
        return value


class _SealedField(Field[Any]):
    """Keep what both encrypted columns share: sealed bytes, bound to their table and column."""

    indexable = False
    SQL_TYPE = "BLOB"

    class _db_postgres:  # noqa: N801  the name by which Tortoise finds it
        SQL_TYPE = "BYTEA"

    def _place(self) -> str:
        return f"{self.model._meta.db_table}.{self.source_field or self.model_field_name}"

    def _read(self, text: str) -> Any:
        return text

    def _seal(self, text: str, instance: Any) -> bytes:
        # A filter passes the model's class. Every sealing differs: such a filter would silently find nothing.
        if isinstance(instance, type):
            raise FieldError(f"{self._place()} is encrypted: look it up by a BlindIndexField")
        return keyring().seal(text, self._place())


class EncryptedTextField(_SealedField, Field[Text]):
    """Hold a text that only the key can read; it cannot be filtered or ordered by."""

    field_type = str

    @overload
    def __init__(self: EncryptedTextField[str], *, null: Literal[False] = False, **kwargs: Any) -> None: ...

    @overload
    def __init__(self: EncryptedTextField[str | None], *, null: Literal[True], **kwargs: Any) -> None: ...

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)

    def to_db_value(self, value: Any, instance: Any) -> bytes | None:
        """Seal a text."""
        if value is None:
            return None
        if not isinstance(value, str):
            raise ValueError(f"{self.model_field_name}: expected a text, not {type(value).__name__}")
        return self._seal(value, instance)

    def to_python_value(self, value: Any) -> str | None:
        """Open a row's bytes; a text that was just assigned stays as it is."""
        if value is None or isinstance(value, str):
            return value
        return keyring().open(bytes(value), self._place())


class EncryptedJSONField(_SealedField):
    """Hold any JSON value, sealed as one text."""

    field_type = object

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)

    def to_db_value(self, value: Any, instance: Any) -> bytes | None:
        """Seal a value; TypeError for what JSON cannot hold, and for integers of more than 64 bits."""
        if value is None:
            return None
        return self._seal(orjson.dumps(value, option=PLAIN).decode(), instance)

    def to_python_value(self, value: Any) -> Any:
        """Open a row's bytes; a value that was just assigned stays as it is."""
        if isinstance(value, bytes | memoryview):
            return self._read(keyring().open(bytes(value), self._place()))
        return value

    def _read(self, text: str) -> Any:
        return orjson.loads(text)


def open_column(model: type[Model], name: str, column: Sequence[bytes | None]) -> list[Any]:
    """Open one sealed column of many rows: value by value, lists would take twice as long."""
    field = model._meta.fields_map[name]
    assert isinstance(field, _SealedField), f"{name} is not sealed"
    opened = keyring().open_all([value for value in column if value is not None], field._place())
    return [None if value is None else field._read(next(opened)) for value in column]


class BlindIndexField(CharField[str | None]):
    """Hold the blind index of an encrypted neighbour, so that equal values can be found."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=BLIND_LENGTH, **{"null": True, "db_index": True, **kwargs})
