"""Every feature is in the list, and can be replayed."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.source import ROOT, name_of, python_files

FEATURES = [path for path in python_files("handlers") if path.parent == ROOT / "handlers"]
DECLARED_BY_FEATURES = {
    "command", "button", "every", "still", "explains", "otherwise", "human", "footer", "moments",
    "paper", "page", "public", "api",
}  # fmt: skip
ASKING = {"ask", "choose_many", "confirm"}
NO_CLOCK_NO_CHANCE = {"asyncio", "random", "secrets", "threading", "time"}
WALL_CLOCK = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}


def last_name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def declares(tree: ast.AST) -> bool:
    """Tell whether a module declares something to `handlers.chat`."""
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    marks = (
        mark.func if isinstance(mark, ast.Call) else mark for f in functions for mark in f.decorator_list
    )
    return any(last_name(mark) in DECLARED_BY_FEATURES for mark in marks)


def clocks_and_chance(tree: ast.AST) -> Iterator[str]:
    """Find what gives another answer when a conversation is replayed."""
    for node in ast.walk(tree):
        modules: list[str] = []
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [node.module or ""]
        elif isinstance(node, ast.Attribute) and (last_name(node.value), node.attr) in WALL_CLOCK:
            yield f"line {node.lineno}: {last_name(node.value)}.{node.attr}"
        for module in modules:
            if module.partition(".")[0] in NO_CLOCK_NO_CHANCE:
                yield f"line {node.lineno}: import {module}"


def caught_questions(tree: ast.AST) -> Iterator[str]:
    """Find questions whose pause would run a `finally` or be swallowed."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Try | ast.TryStar):
            continue
        swallows = any(h.type is None or last_name(h.type) == "BaseException" for h in node.handlers)
        if (node.finalbody or swallows) and any(asks(part) for part in node.body):
            yield f"line {node.lineno}: try around a question"


def asks(tree: ast.AST) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr in ASKING for node in ast.walk(tree))


def test_every_feature_is_in_the_list_of_handlers() -> None:
    listed = {
        node.value.removeprefix("handlers.")
        for node in ast.walk(ast.parse((ROOT / "handlers/__init__.py").read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    declaring = {p.stem for p in FEATURES if p.stem != "chat" and declares(ast.parse(p.read_text()))}
    assert declaring - listed == set()


@pytest.mark.parametrize("path", FEATURES, ids=name_of)
def test_a_feature_can_be_replayed(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [*clocks_and_chance(tree), *caught_questions(tree)] == []


@pytest.mark.parametrize(
    "code",
    [
        "import asyncio",
        "import time as t",
        "from random import choice",
        "from datetime import datetime\ndatetime.now(UTC)",
        "import datetime\ndatetime.date.today()",
    ],
)
def test_a_clock_or_a_die_in_a_feature_is_found(code: str) -> None:
    assert len(list(clocks_and_chance(ast.parse(code)))) == 1


def test_the_time_of_the_chat_and_the_class_time_are_no_clock() -> None:
    code = "from datetime import date, time\nchat.now\ndate(2026, 1, 1)\ntime(11, 30)"
    assert list(clocks_and_chance(ast.parse(code))) == []


@pytest.mark.parametrize(
    ("ending", "caught"),
    [
        ("finally:\n  a()", 1),
        ("except:\n  a()", 1),
        ("except BaseException:\n  a()", 1),
        ("except X:\n  a()", 0),
    ],
)
def test_a_try_that_would_swallow_a_question_is_found(ending: str, caught: int) -> None:
    code = f'async def f(chat):\n try:\n  await chat.ask("name", q)\n {ending}\n  a()'
    assert len(list(caught_questions(ast.parse(code)))) == caught


def test_a_decorated_coroutine_makes_a_feature() -> None:
    assert declares(ast.parse('@command("skip", for_=ANYONE)\nasync def skip(chat): ...'))
    assert declares(ast.parse("@chat.otherwise\nasync def guess(chat): ..."))
    assert not declares(ast.parse("@dataclass(frozen=True)\nclass A: ..."))
