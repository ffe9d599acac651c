"""The rules of the house that no linter knows."""

import ast
import re
import subprocess
import sys
import tomllib
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "handlers", "models")
PAGE_OR_THREE, TWO_NOUNS = 250, 400  # lines

DECLARED_BY_FEATURES = {
    "command", "button", "every", "still", "explains", "otherwise", "human", "footer", "moments",
    "paper", "page", "api",
}  # fmt: skip
ASKING = {"ask", "choose_many", "confirm"}
NO_CLOCK_NO_CHANCE = {"asyncio", "random", "secrets", "threading", "time"}
WALL_CLOCK = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}

# Spelt so that they do not find themselves.
NOT_OURS = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|deb\.debian\.org"  # registries
    r"|(?<![\w.])/(?:work|farm|root|home/\w+|Users/\w+|tmp/team|opt/pypi)/"  # somebody's machine
)
LATER = re.compile(r"\b(?:TO(?:DO)|FIX(?:ME)|XX(?:X))\b")
EXCEPTION = re.compile(r"#\s*(?:noqa|type:\s*ignore|pragma)\b(?P<rest>.*)")


def python_files(*rooms: str) -> list[Path]:
    return sorted(path for room in rooms for path in (ROOT / room).rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


FEATURES = [path for path in python_files("handlers") if path.parent == ROOT / "handlers"]


def tracked_texts() -> Iterator[tuple[Path, str]]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    for path in (ROOT / name for name in listed.stdout.split("\0") if name):
        if not path.is_file():  # removed, and not committed yet
            continue
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:  # a picture
            continue


def found(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name_of(path)}:{number}: {line.strip()[:100]}"
        for path, text in tracked_texts()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


# ------------------------------------------------------------------------------------- who imports whom


def test_each_room_imports_only_what_it_may() -> None:
    contracts = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert contracts.returncode == 0, contracts.stdout


def test_every_folder_with_code_is_a_package_so_that_the_contracts_see_it() -> None:
    assert [name_of(p) for p in python_files(*ROOMS) if not (p.parent / "__init__.py").exists()] == []


# ----------------------------------------------------------------------------------------------- handlers


def declares(tree: ast.AST) -> bool:
    """Tell whether a module declares something to `handlers.chat`."""
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    marks = (
        mark.func if isinstance(mark, ast.Call) else mark for f in functions for mark in f.decorator_list
    )
    return any(last_name(mark) in DECLARED_BY_FEATURES for mark in marks)


def last_name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


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


# -------------------------------------------------------------------------------------------------- files


@pytest.mark.filterwarnings("default:.*may hold two nouns")
@pytest.mark.parametrize("path", python_files(*ROOMS), ids=name_of)
def test_a_file_stays_a_page_or_three(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= TWO_NOUNS
    if lines > PAGE_OR_THREE:
        warnings.warn(f"{name_of(path)} has {lines} lines: it may hold two nouns", stacklevel=1)


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    assert found(NOT_OURS) == []


def test_nothing_is_left_for_later() -> None:
    assert found(LATER) == []


@pytest.mark.parametrize(
    "line", ["pip -i https://pypi" + ".org/simple", "open('/wo" + "rk/x')", "/ho" + "me/ann/x"]
)
def test_a_registry_or_a_path_of_one_machine_is_found(line: str) -> None:
    assert NOT_OURS.search(line)


def test_every_exception_made_for_a_tool_says_why() -> None:
    silent = [
        f"{name_of(path)}:{number}"
        for path in python_files(*ROOMS, "tests")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if path != Path(__file__) and (made := EXCEPTION.search(line)) and not says_why(made["rest"])
    ]
    assert silent == []


def says_why(rest: str) -> bool:
    codes = re.compile(r"^(?::\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*|\[[\w, -]+\])")
    return bool(re.search(r"\w{2}", codes.sub("", rest)))


def test_an_exception_without_a_reason_is_found() -> None:
    assert not says_why(": N801")
    assert not says_why("[arg-type]")
    assert says_why(": N801  the name by which Tortoise finds it")
    assert says_why("[arg-type]  # the library types it wrongly")


# -------------------------------------------------------------------------------------------------- locks


def locked(name: str) -> dict[str, str]:
    pins = re.findall(r"^([\w.-]+)==(\S+)", (ROOT / name).read_text(), flags=re.MULTILINE)
    return {canonicalize_name(package): version for package, version in pins}


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    for lock, asked in (
        ("requirements.txt", [*project["dependencies"], *extras["build"]]),
        ("requirements-dev.txt", [*project["dependencies"], *extras["build"], *extras["test"]]),
    ):
        pins = locked(lock)
        for need in map(Requirement, asked):
            assert need.specifier.contains(pins[canonicalize_name(need.name)]), f"{lock}: {need}"


def test_what_runs_is_what_was_tested() -> None:
    assert locked("requirements.txt").items() <= locked("requirements-dev.txt").items()
