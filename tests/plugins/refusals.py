"""Miss every refusal that nobody is told in any scene; read each that is told in all languages.

A scene notes what its phones were told (`told`), from the row that was sent, by the product's own renderer.
At the end of a run of all tests a refusal without a scene fails it.
"""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest

from bot.channels import Capabilities
from bot.conversations import explained
from bot.i18n import LANGUAGES, render
from bot.letters import letter_of
from bot.papers import Press
from models.messaging import OutboxMessage
from models.refusals import Refusal

NAME: Final = "refusals"
NEWEST: Final = 12  # rows of a phone, among which the refusal is looked for


@dataclass(frozen=True, slots=True)
class Heard:
    """A refusal as somebody heard it."""

    kind: type[Refusal]
    language: str
    words: str


heard: list[Heard] = []
_raised: list[Refusal] | None = None
_told: set[str] = set()


def _note(kind: type[Refusal], *args: Any, **more: Any) -> Refusal:
    refusal = Exception.__new__(kind, *args, **more)
    if _raised is not None:
        _raised.append(refusal)
    return refusal


@contextlib.contextmanager
def listening() -> Iterator[list[Refusal]]:
    """Give the refusals that come to be meanwhile."""
    global _raised
    before, _raised = _raised, []
    try:
        yield _raised
    finally:
        _raised = before


async def told(refusals: list[Refusal], address: str) -> None:
    """Read in all languages what a phone was told of these; some a handler keeps to itself."""
    for refusal in refusals:
        words = explained(refusal)
        rows = OutboxMessage.filter(account__address=address, kind="text").order_by("-id").limit(NEWEST)
        for row in await rows.prefetch_related("person", "account"):
            assert row.person is not None
            zone = row.body.get("zone") or row.person.zone or "UTC"
            said = {
                language: render(words, language=language, zone=zone, links=lambda _code: []).text
                for language in LANGUAGES
            }
            here = row.person.language
            if said[here] not in await _read(row, here):
                continue
            assert len(set(said.values())) == len(LANGUAGES) or said["zh_Hans"] == said["zh_Hant"], said
            for language, sentence in said.items():
                assert sentence in await _read(row, language), f"{type(refusal).__name__} in {language}"
            _told.add(type(refusal).__name__)
            heard.append(Heard(type(refusal), here, said[here]))
            break


def noted(refusals: list[Refusal], note: str) -> None:
    """Read in all languages the note that somebody got who tapped in a group; a long one ends early."""
    for refusal in refusals:
        words = explained(refusal)
        said = {
            each: render(words, language=each, zone="UTC", links=lambda _code: []).text for each in LANGUAGES
        }
        for language, sentence in said.items():
            if note and sentence.startswith(note.removesuffix("…")):
                assert len(set(said.values())) == len(LANGUAGES) or said["zh_Hans"] == said["zh_Hant"], said
                _told.add(type(refusal).__name__)
                heard.append(Heard(type(refusal), language, sentence))
                break


async def _read(row: OutboxMessage, language: str) -> str:
    assert row.person is not None
    row.person.language = language
    return (await letter_of(row, Capabilities(), lambda _code: [], Press(), row.created_at)).text


def every() -> set[str]:
    """Name all refusals of the product."""
    importlib.import_module("models.shiftrefusals")
    found, new = set(), Refusal.__subclasses__()
    while new:
        kind = new.pop()
        new += kind.__subclasses__()
        if kind.__module__.startswith(("models.", "handlers.", "bot.")):
            found.add(kind.__name__)
    return found


def pytest_configure(config: pytest.Config) -> None:
    Refusal.__new__ = _note  # type: ignore[method-assign]  # from outside, as the product knows nothing of it
    config.pluginmanager.register(Told(config), NAME)


class Told:
    """Collect what was told, from xdist's workers, too."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._told: set[str] = set()
        self._missed: set[str] = set()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        _told.clear()
        heard.clear()
        result = yield
        item.user_properties += [(NAME, name) for name in sorted(_told)]
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._told |= {str(value) for name, value in report.user_properties if name == NAME}

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Let a run of all tests fail where a refusal has no scene."""
        options, here = self._config.option, self._config.args_source
        all_ = here is pytest.Config.ArgsSource.TESTPATHS and not options.keyword and not options.markexpr
        if hasattr(self._config, "workerinput") or not (all_ or options.verbose > 0):
            return
        self._missed = every() - self._told
        if all_ and self._missed and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._missed:
            terminalreporter.section("refusals that nobody was told in any scene", red=True)
            terminalreporter.line(", ".join(sorted(self._missed)))
