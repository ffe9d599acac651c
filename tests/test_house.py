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

from tests.source import ROOMS, ROOT, name_of, python_files

PAGE_OR_THREE, TWO_NOUNS = 250, 400  # lines

QUERIES = {"filter", "exclude", "bulk_create", "bulk_update", "select_for_update"}

# Spelt so that they do not find themselves.
NOT_OURS = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|deb\.debian\.org"  # registries
    r"|(?<![\w.])/(?:work|farm|root|home/\w+|Users/\w+|tmp/team|opt/pypi)/"  # somebody's machine
    r"|\b(?:DESIGN|domain|engines|peers)\.md\b"  # notes that do not lie here
)
LATER = re.compile(r"\b(?:TO(?:DO)|FIX(?:ME)|XX(?:X))\b")
EXCEPTION = re.compile(r"#\s*(?:noqa|type:\s*ignore|pragma)\b(?P<rest>.*)")


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


# ------------------------------------------------------------------------------------------------- queries


def forgotten_queries(tree: ast.AST) -> Iterator[str]:
    """Find queries that nobody awaits: they do nothing, silently, and to mypy a query is no coroutine."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and any(
            isinstance(part, ast.Attribute) and part.attr in QUERIES for part in chain(node.value)
        ):
            yield f"line {node.lineno}"


def chain(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the links of `a.b(…).c(…)` from the last to the first."""
    while isinstance(node, ast.Call | ast.Attribute):
        yield node
        node = node.func if isinstance(node, ast.Call) else node.value


def test_every_query_is_awaited() -> None:
    assert [
        f"{name_of(path)}: {line}"
        for path in python_files(*ROOMS, "tests")
        for line in forgotten_queries(ast.parse(path.read_text(encoding="utf-8")))
    ] == []


def test_a_query_without_await_is_found() -> None:
    assert len(list(forgotten_queries(ast.parse("Shift.filter(id=1).update(taken=2)")))) == 1
    assert (
        list(forgotten_queries(ast.parse("await Shift.filter(id=1).update(taken=2)\nseen.update(a=1)"))) == []
    )


# -------------------------------------------------------------------------------------------------- files


# Migrations are written by a program and read by one.
WRITTEN = [path for path in python_files(*ROOMS) if "migrations" not in path.parent.parts]


@pytest.mark.filterwarnings("default:.*may hold two nouns")
@pytest.mark.parametrize("path", WRITTEN, ids=name_of)
def test_a_file_stays_a_page_or_three(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= TWO_NOUNS
    if lines > PAGE_OR_THREE:
        warnings.warn(f"{name_of(path)} has {lines} lines: it may hold two nouns", stacklevel=1)


def test_no_file_names_a_registry_a_path_of_one_machine_or_a_note_outside() -> None:
    assert found(NOT_OURS) == []


def test_nothing_is_left_for_later() -> None:
    assert found(LATER) == []


@pytest.mark.parametrize(
    "line",
    ["pip -i https://pypi" + ".org/simple", "open('/wo" + "rk/x')", "/ho" + "me/ann/x", "see domain" + ".md"],
)
def test_a_registry_a_path_of_one_machine_or_a_note_outside_is_found(line: str) -> None:
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
