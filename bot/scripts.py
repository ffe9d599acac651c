"""Find the coroutine behind a script's name, and read a button's arguments."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final, get_type_hints

from handlers.chat import REGISTRY, Script
from models.people import Role

ID_AT_MOST: Final = 2**31 - 1  # what the columns of both engines can hold


def whole(text: str) -> int:
    """Read a whole number as our own buttons carry it. Raises ValueError for any other writing of it."""
    value = int(text)
    if str(value) != text or abs(value) > ID_AT_MOST:
        raise ValueError("no number of ours")
    return value


READERS: Final[dict[Any, Callable[[str], Any]]] = {int: whole, str: str, date: date.fromisoformat}


def command_script(name: str) -> str:
    """Name the script of a command."""
    return f"command:{name}"


def button_script(name: str) -> str:
    """Name the script of a button."""
    return f"button:{name}"


HUMAN: Final = "human:"
OTHERWISE: Final = "otherwise:"


def find(script: str, given: Sequence[Any]) -> tuple[Script, list[Any]] | None:
    """Find a script and what to call it with; None when this release has it no more."""
    kind, _colon, name = script.partition(":")
    if kind == "command":
        command = REGISTRY.commands.get(name)
        return None if command is None else (command.run, [])
    if kind == "button":
        handler = REGISTRY.buttons.get(name)
        args = None if handler is None else arguments(handler.run, [str(arg) for arg in given])
        return None if handler is None or args is None else (handler.run, args)
    run = REGISTRY.human if script == HUMAN else REGISTRY.otherwise
    return None if run is None else (run, list(given))


def allowed(script: str, roles: frozenset[Role]) -> bool:
    """Tell whether these roles may still run a script: a role may end while a question is open."""
    kind, _colon, name = script.partition(":")
    declared = {"command": REGISTRY.commands.get(name), "button": REGISTRY.buttons.get(name)}.get(kind)
    return declared is None or bool(declared.for_ & roles)


def arguments(run: Callable[..., Any], given: Sequence[str], *, skip: int = 1) -> list[Any] | None:
    """Read a button's arguments by the handler's annotations; None when they don't fit.

    skip: how many parameters come first that are not given, such as the chat.
    """
    hints = get_type_hints(run)
    names = list(inspect.signature(run).parameters)[skip:]
    if len(names) != len(given):
        return None
    try:
        return [READERS[hints[name]](value) for name, value in zip(names, given, strict=True)]
    except ValueError:
        return None


def named_arguments(run: Callable[..., Any], given: Mapping[str, str]) -> dict[str, Any] | None:
    """Read what a form holds by a handler's annotations; None when something is missing or doesn't fit."""
    names = list(inspect.signature(run).parameters)[1:]
    values = arguments(run, [given[name] for name in names if name in given])
    return None if values is None else dict(zip(names, values, strict=True))
