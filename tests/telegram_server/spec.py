"""Compare a call with the published description of the Bot API: its parameters, their types, their fields."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.telegram_server.refusals import bad_request

BESIDE_THE_REPOSITORY = Path(__file__).parents[3] / "shared" / "telegram" / "telegram-api.json"
TRUTHS = {"true", "false", "1", "0"}
NUMBER = re.compile(r"-?\d+")


def find() -> Path | None:
    """Find the published description: where TELEGRAM_API_SPEC says, else beside the repository."""
    named = os.environ.get("TELEGRAM_API_SPEC")
    path = Path(named) if named else BESIDE_THE_REPOSITORY
    return path if path.exists() else None


@cache
def load(path: Path) -> Spec:
    """Read the description once."""
    return Spec(json.loads(path.read_text(encoding="utf-8")))


class Spec:
    """Know every method and every type of one version of the Bot API."""

    def __init__(self, published: Mapping[str, Any]) -> None:
        self.types: dict[str, Any] = published["types"]
        self.methods = {name.lower(): method for name, method in published["methods"].items()}
        self._fields = {name: _fields(method) for name, method in self.methods.items()}
        self._objects = {name: _fields(described) for name, described in self.types.items()}

    def name(self, method: str) -> str | None:
        """Give a method's published name, or None where there is no such method."""
        known = self.methods.get(method.lower())
        return known["name"] if known else None

    def check(self, method: str, params: Mapping[str, Any], parts: Iterable[str]) -> None:
        """Refuse what the description does not allow.

        The real server overlooks an unknown parameter; here it is refused, since it is always a mistake.
        """
        fields = self._fields[method.lower()]
        files = set(parts)
        for name, value in params.items():
            if name not in fields:
                raise bad_request(f'unknown parameter "{name}"')
            if not any(self._fits(value, kind, files, encoded=True) for kind in fields[name]["types"]):
                wanted = " or ".join(fields[name]["types"])
                raise bad_request(f'parameter "{name}" must be of type {wanted}')
        for name, field in fields.items():
            if field["required"] and name not in params and name not in files:
                missing = "chat_id is empty" if name == "chat_id" else f'parameter "{name}" is required'
                raise bad_request(missing)

    def _fits(self, value: Any, kind: str, files: set[str], *, encoded: bool = False) -> bool:
        match kind:
            case "String":
                return isinstance(value, str)
            case "Integer":
                return _whole(value) or (encoded and isinstance(value, str) and bool(NUMBER.fullmatch(value)))
            case "Float":
                return _whole(value) or isinstance(value, float) or (encoded and _is_float(value))
            case "Boolean" | "True":
                return isinstance(value, bool) or (encoded and str(value).lower() in TRUTHS)
            case "InputFile":
                return isinstance(value, str) and value.removeprefix("attach://") in files
        if encoded and isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                return False
        if kind.startswith("Array of "):
            inner = kind.removeprefix("Array of ")
            return isinstance(value, list) and all(self._fits(item, inner, files) for item in value)
        return self._is_object(value, kind, files)

    def _is_object(self, value: Any, kind: str, files: set[str]) -> bool:
        if subtypes := self.types[kind].get("subtypes"):
            return any(self._is_object(value, subtype, files) for subtype in subtypes)
        if not isinstance(value, dict):
            return False
        fields = self._objects[kind]
        return all(name in value for name, field in fields.items() if field["required"]) and all(
            name in fields and any(self._fits(item, kind, files) for kind in fields[name]["types"])
            for name, item in value.items()
            if item is not None
        )


def _fields(described: Mapping[str, Any]) -> dict[str, Any]:
    return {field["name"]: field for field in described.get("fields", ())}


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_float(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True
