"""What features declare: commands, buttons, jobs and the rest; `bot.app` reads it after importing them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeAlias, TypeVar

from handlers.agenda import Agenda
from handlers.sheets import Listing, Sheet, Workbook
from handlers.talk import ANYONE, Chat, Crowd, Mail
from handlers.text import Text
from models.messaging import Task
from models.people import Person, Role
from models.refusals import Refusal

Script: TypeAlias = Callable[..., Awaitable[None]]
Job: TypeAlias = Callable[[Mail], Awaitable[bool | None]]
Still: TypeAlias = Callable[[int, datetime], Awaitable[bool]]
Footer: TypeAlias = Callable[[Sequence[Person]], Awaitable[Mapping[int, Text]]]
Moments: TypeAlias = Callable[[datetime], Awaitable[Sequence["Moment"]]]
Explain: TypeAlias = Callable[[Any], Text]
Work: TypeAlias = Callable[[Mail, Task], Awaitable[None]]
Back: TypeAlias = Callable[[Mail, datetime], Awaitable[None]]
Lost: TypeAlias = Callable[[Mail, Person], Awaitable[None]]
Paper: TypeAlias = Callable[..., Awaitable[Sheet | Workbook | Listing]]
Show: TypeAlias = Callable[..., Awaitable["View"]]
Public: TypeAlias = Callable[[Mapping[str, str], datetime], Awaitable["View"]]
Act: TypeAlias = Callable[..., Awaitable[Text | None]]
InGroup: TypeAlias = Callable[[Crowd], Awaitable[None]]
Tap: TypeAlias = Callable[..., Awaitable[Text]]
Feed: TypeAlias = Callable[[str, datetime], Awaitable[Agenda | None]]
Overhear: TypeAlias = Callable[[Chat, str], Awaitable[bool]]


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
    """A button's handler, who may press it, and the plain words that do the same."""

    name: str
    run: Script
    for_: frozenset[Role]
    phrases: Text | None = None


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


@dataclass(frozen=True, slots=True)
class View:
    """A page as it is to be shown.

    template: the file in handlers/pages/ that sets it, without its ending; live: the one of the part that
    follows what others do. data: what both show, as lists and mappings of numbers, people's own words as
    they are, and texts for the bot to put into the reader's language. zone: for the clocks in them.
    reveals: what personal data it shows, written to the audit when the page is opened.
    """

    template: str
    live: str
    zone: str
    data: Mapping[str, object]
    reveals: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page as declared: who may open it, and what can be done on it."""

    name: str
    show: Show
    for_: frozenset[Role]
    acts: dict[str, Act] = field(default_factory=dict)


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
    pages: dict[str, Page] = field(default_factory=dict)
    public: dict[str, Public] = field(default_factory=dict)
    groups: dict[str, InGroup] = field(default_factory=dict)
    taps: dict[str, Tap] = field(default_factory=dict)
    feeds: dict[str, Feed] = field(default_factory=dict)
    overhear: list[Overhear] = field(default_factory=list)
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
    """Declare a command: `async def it(chat)`. `phrases`: plain words that mean it, parted by "|".

    A phrase may have a gap ("did…eat"), and one that begins with "!" is meant whatever else is said.
    """

    def declare(run: S) -> S:
        _free(name, REGISTRY.commands)
        REGISTRY.commands[name] = Command(name, run, for_, help, phrases)
        return run

    return declare


def button(name: str, *, for_: frozenset[Role] = ANYONE, phrases: Text | None = None) -> Callable[[S], S]:
    """Declare a button's handler: `async def it(chat, shift_id: int, day: date)`; it may ask, too.

    phrases: as for a command, where the handler takes nothing but the chat.
    """

    def declare(run: S) -> S:
        _free(name, REGISTRY.buttons)
        REGISTRY.buttons[name] = ButtonHandler(name, run, for_, phrases)
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
    """Declare the last line of people's every message: `async def it(people) -> Mapping[person id, Text]`."""
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

    A `Workbook` in its place is sent as a table, a `Listing` as comma-separated values.

    It is said as `chat.say(text, paper=(name, canteen_id, day))`. Rights are checked where it is said.
    """

    def declare(print_: S) -> S:
        _free(name, REGISTRY.papers)
        REGISTRY.papers[name] = print_
        return print_

    return declare


def page(name: str, *, for_: frozenset[Role]) -> Callable[[S], S]:
    """Declare a page: `async def it(board) -> View`, opened by a personal link from the chat.

    The link is made by `BoardKey.make` and said as `PageLink(name, secret)`. That the person has one of the
    roles in the page's canteen is checked at each request, and the rules check again.
    """

    def declare(show: S) -> S:
        _free(name, REGISTRY.pages)
        REGISTRY.pages[name] = Page(name, show, for_)
        return show

    return declare


def public(name: str) -> Callable[[S], S]:
    """Declare a page for anybody: `async def it(asked, now) -> View`; `asked`: what stands in its address.

    It is said as `PublicLink(name, …)`, only reads, and shows nothing about a person.
    """

    def declare(show: S) -> S:
        _free(name, REGISTRY.public)
        REGISTRY.public[name] = show
        return show

    return declare


def act(page_name: str, name: str) -> Callable[[S], S]:
    """Declare what can be done on a page: `async def it(board, meal_id: int) -> Text | None`.

    Absolute, never toggling: a page that had no network says it again. What it returns is said on the page.
    """

    def declare(run: S) -> S:
        acts = REGISTRY.pages[page_name].acts
        _free(name, acts)
        acts[name] = run
        return run

    return declare


def in_group(name: str) -> Callable[[S], S]:
    """Declare what a command does that is written in a group: `async def it(crowd)`.

    A refusal is told to whoever wrote it, in their own chat; a command that is not declared is not answered.
    """

    def declare(run: S) -> S:
        _free(name, REGISTRY.groups)
        REGISTRY.groups[name] = run
        return run

    return declare


def tap(name: str) -> Callable[[S], S]:
    """Declare a button below a message in a group: `async def it(crowd, shift_id: int) -> Text`.

    What it returns, or a refusal, is shown to whoever tapped and to nobody else. It asks nothing.
    """

    def declare(run: S) -> S:
        _free(name, REGISTRY.taps)
        _free(name, REGISTRY.buttons)
        REGISTRY.taps[name] = run
        return run

    return declare


def feed(name: str) -> Callable[[S], S]:
    """Declare a calendar for phones: `async def it(secret: str, now) -> Agenda | None`; None: no such secret.

    It is read in a transaction of its own, under an address that is said as `FeedLink(name, secret)`.
    """

    def declare(give: S) -> S:
        _free(name, REGISTRY.feeds)
        REGISTRY.feeds[name] = give
        return give

    return declare


def overhears(hear: S) -> S:
    """Declare plain words that mean something without a question: `async def it(chat, text) -> bool`.

    Asked one after the other when no command is meant; the first that answers True has done it.
    """
    REGISTRY.overhear.append(hear)
    return hear


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
