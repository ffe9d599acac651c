"""What README says is what the code does, and nothing that people can use is missing from it."""

from __future__ import annotations

import importlib.util
import re
from typing import Final

import pytest
from typer.main import get_command

from bot.app import load_features
from bot.cli import cli
from bot.i18n import LANGUAGES, load_catalogues
from bot.replay import BACK, CANCEL
from bot.settings import Settings
from bot.understanding import meant
from handlers.chat import REGISTRY
from models.people import Role
from tests.source import ROOT

load_features()

README: Final = (ROOT / "README.md").read_text(encoding="utf-8")
CODE: Final = re.findall(r"```.*?\n(.*?)```", README, re.DOTALL)
MARKED: Final = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", README, flags=re.DOTALL))
SAID: Final = "\n".join([*CODE, *MARKED])
PAGES: Final = {"/healthz", "/readyz", "/metrics", "/public"}
CONTROLS: Final = {BACK, CANCEL}
OF_TELEGRAM: Final = {"/newbot"}  # said to @BotFather

OF_GROUPS: Final = {f"/{name}" for name in REGISTRY.groups}
COMMANDS: Final = {f"/{name}" for name in REGISTRY.commands}
SETTINGS: Final = {name.upper() for name in Settings.model_fields}
PROGRAM: Final = get_command(cli)
PARTS: Final = dict(PROGRAM.commands)  # type: ignore[attr-defined]  # it is a group
TARGETS: Final = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def section(title: str) -> str:
    """Give the text below a heading, up to the next one of its rank."""
    found = re.search(rf"^## {title}$(.*?)(?=^## |\Z)", README, re.DOTALL | re.MULTILINE)
    assert found, f"README has no section {title!r}"
    return found[1]


def test_every_command_of_the_bot_is_explained() -> None:
    told = set(re.findall(r"`(/\w+)`", section("Every command")))
    assert COMMANDS - told == set(), "these commands are missing under 'Every command'"
    assert told - COMMANDS - CONTROLS == set(), "these commands are told, and do not exist"


def test_a_command_stands_in_a_column_of_somebody_who_may_use_it() -> None:
    rows = [line.strip("|").split("|") for line in section("Every command").splitlines() if line[:1] == "|"]
    roles = {"families": Role.FAMILY, "volunteers": Role.VOLUNTEER, "coordinators": Role.COORDINATOR}
    heads = [roles[cell.strip()] for cell in rows[0]]
    wrong = [
        f"{name} is not for a {role}"
        for row in rows[2:]
        for role, cell in zip(heads, row, strict=True)
        for name in re.findall(r"`/(\w+)`", cell)
        if role not in REGISTRY.commands[name].for_
    ]
    assert wrong == []


def test_every_slash_word_anywhere_is_a_command_or_a_page() -> None:
    told = {f"/{word}" for text in MARKED for word in re.findall(r"(?:^|\s)/(\w+)", text)}
    assert told - COMMANDS - CONTROLS - PAGES - OF_TELEGRAM - OF_GROUPS == set()


def test_every_setting_is_explained() -> None:
    told = set(re.findall(r"`([A-Z][A-Z_]+)`", section("Settings")))
    assert SETTINGS - told == set(), "these settings are missing under 'Settings'"
    assert told - SETTINGS == set(), "these settings are told, and do not exist"


def test_every_setting_named_anywhere_exists() -> None:
    told = {name for text in MARKED for name in re.findall(r"\b([A-Z]+_[A-Z_]+)\b", text)}
    assert told - SETTINGS == set()


def test_every_command_of_the_command_line_is_named_and_exists() -> None:
    told = set(re.findall(r"canteen (\w+)", SAID))
    assert PARTS.keys() - told - {"demo"} == set(), "these are missing; `make demo` stands for the demo"
    assert told - PARTS.keys() == set(), "these are told, and do not exist"


def test_every_option_of_the_command_line_exists() -> None:
    wrong = []
    for line in SAID.splitlines():
        if found := re.search(r"canteen (\w+)(.*)", line):
            known = {name for option in PARTS[found[1]].params for name in option.opts}
            wrong += [f"{found[1]} {name}" for name in re.findall(r"--[\w-]+", found[2]) if name not in known]
    assert wrong == []


def test_every_target_of_make_exists() -> None:
    told = {word for words in re.findall(r"\bmake((?: [a-z]+)+)", SAID) for word in words.split()}
    assert told - TARGETS == set()
    assert {"demo", "test", "setup"} <= told


def test_every_file_and_name_that_is_pointed_at_is_there() -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if "://" not in link]
    paths = [text for text in MARKED if re.fullmatch(r"(bot|handlers|models|tests|locales)/[\w/.]*", text)]
    assert [path for path in links + paths if not (ROOT / path).exists()] == []
    for module in re.findall(r"-m ([\w.]+)", SAID):
        assert importlib.util.find_spec(module), f"there is no module {module}"
    for name, path in re.findall(r"`(\w+\.\w+)` in `(models/\w+\.py)`", README):
        assert f"def {name.partition('.')[2]}(" in (ROOT / path).read_text(), f"{name} is not in {path}"


def test_every_language_is_named_by_its_own_name() -> None:
    assert [name for name in LANGUAGES.values() if name not in README] == []


def quoted() -> list[str]:
    """Give the plain words that README promises to be understood."""
    promise = re.search(r"Plain words do as well: (.*?)\n\n", README, re.DOTALL)
    assert promise, "README does not say which plain words are understood"
    return [*re.findall(r'"([^"]+)"', promise[1]), "did mum eat?"]


@pytest.mark.parametrize("words", quoted())
def test_the_plain_words_are_understood(words: str) -> None:
    load_catalogues()
    language = "zh_Hans" if any(char >= "\u4e00" for char in words) else "es" if "¿" in words else "en"
    found = meant(words, language, frozenset({Role.FAMILY}))
    assert found is not None, f"{words!r} is not understood"
    assert found.name == "status"
