"""The keys of personal data: what is sealed with them, and what can be looked up without opening it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12
# A version, the number of the key, the nonce; then what was sealed.
HEAD_BYTES = 2 + NONCE_BYTES
BLIND_LENGTH = 32
SEAL_VERSION = 1


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
        return next(self.open_all((sealed,), place))

    def open_all(self, column: Iterable[bytes], place: str) -> Iterator[str]:
        """Decrypt many that were sealed for one place; `Unreadable` at the first that does not open."""
        about = place.encode()
        for sealed in column:
            if len(sealed) <= HEAD_BYTES or sealed[0] != SEAL_VERSION:
                raise Unreadable(f"{place}: this is not a sealed value")
            box = self._boxes.get(sealed[1])
            if box is None:
                raise Unreadable(f"{place}: sealed with key {sealed[1]}, which SECRET_KEY does not have")
            try:
                yield box.decrypt(sealed[2:HEAD_BYTES], sealed[HEAD_BYTES:], about).decode()
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
