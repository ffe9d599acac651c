"""Columns of our own: UTC instants, local wall times, and personal data that only the key can read."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import re
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar, overload

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from tortoise.exceptions import ConfigurationError, FieldError
from tortoise.fields import CharField
from tortoise.fields.base import Field

Text = TypeVar("Text", str, str | None)
Instant = TypeVar("Instant", datetime, datetime | None)

KEY_BYTES = 32
NONCE_BYTES = 12
BLIND_LENGTH = 32
SEAL_VERSION = 1
WALL_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


class Unreadable(ValueError):
    """Say that a sealed value does not open: another key, another place, or damage."""


class Keyring:
    """Seal and open texts with AES-256-GCM; the newest key seals, every key opens.

    The blind index hangs on the oldest key, so that adding a key keeps every look-up working;
    taking the oldest key away needs a re-index of the blind columns first.
    """

    def __init__(self, keys: dict[int, bytes]) -> None:
        if not keys:
            raise ValueError("SECRET_KEY is empty")
        for number, key in keys.items():
            if not 1 <= number <= 255:
                raise ValueError(f"SECRET_KEY: the key's number {number} is not between 1 and 255")
            if len(key) != KEY_BYTES:
                raise ValueError(f"SECRET_KEY: key {number} has {len(key)} bytes instead of {KEY_BYTES}")
        self._newest = max(keys)
        self._boxes = {number: AESGCM(_derive(key, b"field-v1")) for number, key in keys.items()}
        self._index_key = _derive(keys[min(keys)], b"blind-index-v1")

    @classmethod
    def parse(cls, text: str) -> Keyring:
        """Read `number:base64(32 bytes)`, one or more, comma separated; ValueError names the mistake."""
        keys: dict[int, bytes] = {}
        for part in filter(None, (part.strip() for part in text.split(","))):
            number, colon, encoded = part.partition(":")
            if not colon or not (number.isascii() and number.isdigit()):
                raise ValueError("SECRET_KEY: expected number:base64, as `canteen init` writes it")
            if int(number) in keys:
                raise ValueError(f"SECRET_KEY: key {int(number)} is given twice")
            try:
                keys[int(number)] = base64.b64decode(encoded, validate=True)
            except binascii.Error as error:
                raise ValueError(f"SECRET_KEY: key {int(number)} is not base64") from error
        return cls(keys)

    def seal(self, text: str, place: str) -> bytes:
        """Encrypt for one place (a column): elsewhere it will not open."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._boxes[self._newest].encrypt(nonce, text.encode(), place.encode())
        return bytes([SEAL_VERSION, self._newest]) + nonce + sealed

    def open(self, sealed: bytes, place: str) -> str:
        """Decrypt what `seal` made for this place; `Unreadable` otherwise."""
        if len(sealed) <= 2 + NONCE_BYTES or sealed[0] != SEAL_VERSION:
            raise Unreadable(f"{place}: this is not a sealed value")
        box = self._boxes.get(sealed[1])
        if box is None:
            raise Unreadable(f"{place}: sealed with key {sealed[1]}, which SECRET_KEY does not have")
        nonce, body = sealed[2 : 2 + NONCE_BYTES], sealed[2 + NONCE_BYTES :]
        try:
            return box.decrypt(nonce, body, place.encode()).decode()
        except InvalidTag as error:
            raise Unreadable(f"{place}: sealed with another key, or for another place") from error

    def blind(self, value: str, scope: str) -> str:
        """Return 32 hex digits that are equal only for equal values of one scope."""
        message = scope.encode() + b"\0" + value.encode()
        return hmac.new(self._index_key, message, hashlib.sha256).hexdigest()[:BLIND_LENGTH]


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(key)


def new_secret(number: int = 1) -> str:
    """Make a fresh random key in the format of SECRET_KEY."""
    return f"{number}:{base64.b64encode(os.urandom(KEY_BYTES)).decode()}"


_keyring: Keyring | None = None


def use_keys(keyring: Keyring) -> None:
    """Set the keys of this process; done once, before the first row is read."""
    global _keyring
    _keyring = keyring


def keyring() -> Keyring:
    """Return the keys of this process."""
    if _keyring is None:
        raise RuntimeError("no keys: call use_keys() before reading or writing personal data")
    return _keyring


def blind(value: str, scope: str) -> str:
    """Return the blind index of a value (normalise it first); scopes keep equal values apart."""
    return keyring().blind(value, scope)


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
        """Seal a value; TypeError for what JSON cannot hold."""
        if value is None:
            return None
        return self._seal(json.dumps(value, ensure_ascii=False, separators=(",", ":")), instance)

    def to_python_value(self, value: Any) -> Any:
        """Open a row's bytes; a value that was just assigned stays as it is."""
        if isinstance(value, bytes | memoryview):
            return json.loads(keyring().open(bytes(value), self._place()))
        return value


class BlindIndexField(CharField[str | None]):
    """Hold the blind index of an encrypted neighbour, so that equal values can be found."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=BLIND_LENGTH, **{"null": True, "db_index": True, **kwargs})
