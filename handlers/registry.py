"""What features declare: commands, buttons, jobs and the rest; `bot.app` reads it after importing them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeAlias, TypeVar

from handlers.sheets import Sheet, Workbook
from handlers.talk import ANYONE, Mail
from handlers.text import Text
from models.messaging import Task
from models.people import Person, Role
from models.refusals import Refusal

Script: TypeAlias = Callable[..., Awaitable[None]]
Job: TypeAlias = Callable[[Mail], Awaitable[bool | None]]
Still: TypeAlias = Callable[[int, datetime], Awaitable[bool]]
Footer: TypeAlias = Callable[[Person], Awaitable[Text | None]]
Moments: TypeAlias = Callable[[datetime], Awaitable[Sequence["Moment"]]]
Explain: TypeAlias = Callable[[Any], Text]
Work: TypeAlias = Callable[[Mail, Task], Awaitable[None]]
Back: TypeAlias = Callable[[Mail, datetime], Awaitable[None]]
Lost: TypeAlias = Callable[[Mail, Person], Awaitable[None]]
Paper: TypeAlias = Callable[..., Awaitable[Sheet | Workbook]]


@dataclass(frozen=True, slots=True)
class Command:
    """A command as declared: who may use it, and what the menu and /help say of it."""

    name: str
    run: Script
    for_: frozenset[Role]
    help: Text
    phrases: Text | None


@dataclass(frozen=True, slots=True)
class ButtonHandler:
    """A button's handler and who may press it."""

    name: str
    run: Script
    for_: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant of the day worth jumping to in a rehearsal."""

    at: datetime
    label: Text


@dataclass(frozen=True, slots=True)
class DemoPhone:
    """One of the phones that a rehearsal shows side by side: whose it is, and what stands above it."""

    slot: str
    person: Person
    label: Text


@dataclass(frozen=True, slots=True)
class Sample:
    """Sample data for a rehearsal: at which instant it begins, its zone, and how to write it."""

    zone: str
    begins: Callable[[datetime], datetime]
    fill: Callable[[datetime, str], Awaitable[Sequence[DemoPhone]]]


@dataclass(slots=True)
class Registry:
    """Everything that features declare; `bot.app` reads it after importing them."""

    commands: dict[str, Command] = field(default_factory=dict)
    buttons: dict[str, ButtonHandler] = field(default_factory=dict)
    jobs: list[tuple[float, Job]] = field(default_factory=list)
    stills: dict[str, Still] = field(default_factory=dict)
    refusals: dict[type[Refusal], Explain] = field(default_factory=dict)
    tasks: dict[str, Work] = field(default_factory=dict)
    papers: dict[str, Paper] = field(default_factory=dict)
    otherwise: Script | None = None
    human: Script | None = None
    footer: Footer | None = None
    moments: Moments | None = None
    unreachable: Lost | None = None
    sample: Sample | None = None
    after_outage: Back | None = None


REGISTRY: Final = Registry()
S = TypeVar("S", bound=Callable[..., Any])


def command(name: str, *, for_: frozenset[Role], help: Text, phrases: Text | None = None) -> Callable[[S], S]:
    """Declare a command: `async def it(chat)`. `phrases`: plain words that mean it, parted by "|"."""

    def declare(run: S) -> S:
        _free(name, REGISTRY.commands)
        REGISTRY.commands[name] = Command(name, run, for_, help, phrases)
        return run

    return declare


def button(name: str, *, for_: frozenset[Role] = ANYONE) -> Callable[[S], S]:
    """Declare a button's handler: `async def it(chat, shift_id: int, day: date)`; it may ask, too."""

    def declare(run: S) -> S:
        _free(name, REGISTRY.buttons)
        REGISTRY.buttons[name] = ButtonHandler(name, run, for_)
        return run

    return declare


def every(*, seconds: float) -> Callable[[S], S]:
    """Declare a job: one call is one transaction; it returns True while more is due."""

    def declare(run: S) -> S:
        REGISTRY.jobs.append((seconds, run))
        return run

    return declare


def still(name: str) -> Callable[[S], S]:
    """Declare a check asked just before sending: `async def it(id, now) -> bool`."""

    def declare(check: S) -> S:
        _free(name, REGISTRY.stills)
        REGISTRY.stills[name] = check
        return check

    return declare


def explains(refusal: type[Refusal]) -> Callable[[S], S]:
    """Declare how a refusal of the rules is said: `def it(refusal) -> Text`."""

    def declare(explain: S) -> S:
        _free(refusal, REGISTRY.refusals)
        REGISTRY.refusals[refusal] = explain
        return explain

    return declare


def otherwise(run: S) -> S:
    """Declare what happens with plain words that nothing else understood."""
    REGISTRY.otherwise = run
    return run


def human(run: S) -> S:
    """Declare what "0" does: it always leads to a person."""
    REGISTRY.human = run
    return run


def footer(find: S) -> S:
    """Declare the last line of a person's every message (or None): `async def it(person) -> Text | None`."""
    REGISTRY.footer = find
    return find


def moments(find: S) -> S:
    """Declare the coming events of the day: `async def it(now) -> Sequence[Moment]`, soonest first."""
    REGISTRY.moments = find
    return find


def task(name: str) -> Callable[[S], S]:
    """Declare long work: `async def it(mail, task)` does one batch, and sets `task.finished_at` in the last.

    It is started by a `Task` row with this name, written in a turn; each batch is one transaction.
    """

    def declare(work: S) -> S:
        _free(name, REGISTRY.tasks)
        REGISTRY.tasks[name] = work
        return work

    return declare


def paper(name: str) -> Callable[[S], S]:
    """Declare a paper: `async def it(canteen_id: int, day: date) -> Sheet`, asked when it is sent.

    A `Workbook` in its place is sent as a table.

    It is said as `chat.say(text, paper=(name, canteen_id, day))`. Rights are checked where it is said.
    """

    def declare(print_: S) -> S:
        _free(name, REGISTRY.papers)
        REGISTRY.papers[name] = print_
        return print_

    return declare


def unreachable(tell: S) -> S:
    """Declare what happens when nobody can reach a person by chat any more: `async def it(mail, person)`."""
    REGISTRY.unreachable = tell
    return tell


def after_outage(show: S) -> S:
    """Declare what is said when the house was away since an instant: `async def it(mail, since)`."""
    REGISTRY.after_outage = show
    return show


def _free(name: object, taken: Mapping[Any, object]) -> None:
    if name in taken:
        raise ValueError(f"{name!r} is declared twice")
