"""Read the parameters of a call, however they were encoded."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.telegram_server.refusals import bad_request


@dataclass(frozen=True)
class Upload:
    """Hold one file part of a multipart body."""

    name: str
    mime: str
    content: bytes


@dataclass
class Params:
    """Give each parameter in the type that a method needs."""

    values: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Give a string, empty where there is none."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def integer(self, name: str) -> int | None:
        """Give a whole number, or None."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad_request(f'parameter "{name}" must be of type Integer') from None

    def number(self, name: str) -> float:
        """Give a number that has to be there."""
        try:
            return float(self.values[name])
        except (KeyError, TypeError, ValueError):
            raise bad_request(f'parameter "{name}" must be of type Float') from None

    def boolean(self, name: str) -> bool:
        """Give a truth value, false where there is none."""
        return str(self.values.get(name, "")).lower() in {"true", "1"}

    def json(self, name: str) -> Any:
        """Give a structure, or None."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None

    def upload(self, name: str) -> Upload | None:
        """Give the file sent as this parameter, as its own part or through attach://."""
        if name in self.files:
            return self.files[name]
        value = self.values.get(name)
        if isinstance(value, str) and value.startswith("attach://"):
            return self.files.get(value.removeprefix("attach://"))
        return None


async def read(request: web.Request) -> Params:
    """Read a call's parameters from its address, its form, its parts or its JSON."""
    params = Params(values=dict(request.query))
    if request.method != "POST":
        return params
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError:
            raise bad_request("can't parse JSON object") from None
        if not isinstance(body, dict):
            raise bad_request("can't parse JSON object")
        params.values.update({name: value for name, value in body.items() if value is not None})
        return params
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            params.files[name] = Upload(value.filename, value.content_type, value.file.read())
        else:
            params.values[name] = value.decode() if isinstance(value, bytes | bytearray) else value
    return params
