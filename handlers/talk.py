"""Chatting as a handler sees it: a conversation with one person, and mail to anyone.

A conversation is a coroutine that runs from the top on every turn: `ask` returns what was answered
before, and stops the turn at the first question that is still open. So: ask everything, then do one
thing, then speak. Nothing between two questions may write, roll dice or read a clock.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any, Final, Literal, Protocol, TypeAlias, TypeVar, overload

from handlers.text import Text
from models.people import Person, Role

T = TypeVar("T")
Reader: TypeAlias = Callable[[str], T]
Want: TypeAlias = Literal["text", "contact", "location", "photo", "voice", "file"]

ANYONE: Final[frozenset[Role]] = frozenset(Role)
FAMILY: Final = frozenset({Role.FAMILY})
VOLUNTEER: Final = frozenset({Role.VOLUNTEER, Role.COORDINATOR})
COORDINATOR: Final = frozenset({Role.COORDINATOR})


class Unclear(Exception):
    """The answer could not be read; the text says what would help."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.message)
        self.text = text


class Priority(IntEnum):
    """What goes first when the channel is busy; only URGENT breaks the reader's quiet hours."""

    URGENT = 0
    REPLY = 1
    REMINDER = 2
    NOTICE = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a question: the value that is recorded and the words on its button."""

    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class Button:
    """A button below a message: its words, the @button handler it calls, and that handler's arguments.

    Absolute, never toggling: pressed twice, it says the same thing twice. With its arguments it
    must fit 64 bytes (checked when it is said). `Button(label, "/shifts")` runs a command, and one whose
    action is an https address opens it: nothing of that reaches us.
    """

    label: Text
    action: str
    args: tuple[object, ...] = ()


def press(label: Text, action: str, *args: object) -> Button:
    """Make a button: `press(_("I'll be there"), "confirm", claim.id)`."""
    return Button(label, action, args)


def goto(label: Text, address: str) -> Button:
    """Make a button that opens an https address on the reader's device."""
    return Button(label, address)


Keyboard: TypeAlias = Sequence[Button | Sequence[Button]]


class Mail(Protocol):
    """Saying something to anyone, at a moment that does not move."""

    @property
    def now(self) -> datetime: ...

    def say(
        self,
        text: Text,
        *,
        to: Person,
        buttons: Keyboard = (),
        zone: str | None = None,
        priority: Priority = Priority.REPLY,
        not_before: datetime | None = None,
        expires: datetime | None = None,
        key: str | None = None,
        card: str | None = None,
        fresh: bool = False,
        only_update: bool = False,
        everywhere: bool = False,
        reveals: str | None = None,
        still: tuple[str, int] | None = None,
        paper: tuple[object, ...] | None = None,
        file: int | None = None,
    ) -> None:
        """Write one message row for a person, in this turn's transaction.

        buttons: a flat list is laid out one a row; nested lists are rows.
        zone: the canteen's zone name, for clocks in the text (without: the reader's, else UTC).
        key: said once ever; a second row with the same key is dropped.
        card: a message edited in place; the newer row of a card replaces what is shown.
        fresh: send the card anew at the bottom of the chat.
        only_update: edit the card where it is shown, else say nothing.
        everywhere: edit every message that shows the card, on all channels; with `key`, not those that were
            edited so and have shown nothing else since; with `reveals`, only those that reveal just that.
        reveals: what personal data it shows ("address of senior 12"), written to the audit when it is sent.
        still: (name, id) of a @still check asked again just before sending.
        paper: (name, arguments…) of a @paper, made when it is sent and attached as a file.
        file: a kept File that goes with it; whether this reader may see it is asked again when it is sent.
        """


class Board(Mail, Protocol):
    """One person at a page of one canteen, at a moment that does not move."""

    @property
    def person(self) -> Person: ...
    @property
    def canteen_id(self) -> int: ...
    @property
    def tapped_at(self) -> datetime:
        """When the person did it, also if the page had no network then; else now."""


class Crowd(Mail, Protocol):
    """A group in which somebody wrote a command or tapped a button of ours.

    Whatever is said here goes to whom it names, never to the group itself unless its reader is named.
    """

    @property
    def person(self) -> Person | None:
        """Who it was; None: somebody who never wrote to us."""

    @property
    def channel(self) -> str: ...
    @property
    def place(self) -> str:
        """The group's address on the channel."""

    @property
    def title(self) -> str:
        """How the group is called there."""

    @property
    def args(self) -> str:
        """What was written after the command."""


class Chat(Mail, Protocol):
    """One conversation with one person."""

    @property
    def person(self) -> Person: ...
    @property
    def began(self) -> datetime:
        """The instant at which this conversation began: "tomorrow" is read against it."""

    @property
    def roles(self) -> frozenset[Role]: ...
    @property
    def args(self) -> str:
        """What was typed after the command, e.g. the code of /start."""

    @property
    def channel(self) -> str: ...

    @property
    def tapped_at(self) -> datetime:
        """When the person did it, where the channel knows (web chat, queued offline); else now."""

    @overload
    async def ask(
        self, key: str, question: Text, *, choices: Sequence[Choice], label: Text | None = None
    ) -> str: ...
    @overload
    async def ask(
        self,
        key: str,
        question: Text,
        read: Reader[T],
        *,
        choices: Sequence[Choice] = (),
        want: Want = "text",
        label: Text | None = None,
    ) -> T: ...
    async def ask(
        self,
        key: str,
        question: Text,
        read: Reader[Any] | None = None,
        *,
        choices: Sequence[Choice] = (),
        want: Want = "text",
        label: Text | None = None,
    ) -> Any:
        """Ask once; ever after, return what was answered.

        Without `read`, one of the choices must be picked and its value is returned. With `read`, typed
        text and a picked choice's value both go through it; it raises Unclear when it can't read.
        want="contact" or "location" offers the channel's own sharing button; what is shared arrives as
        text: a phone number, or "geo:LAT,LON". want="photo", "voice" or "file" (either of them) takes such a
        message only, or a choice; `read` is given what handlers.enclosed can read, and typed words never.
        label: the answer's short name in the list of what can be changed from the summary.
        """

    async def choose_many(
        self, key: str, question: Text, choices: Sequence[Choice], *, label: Text | None = None
    ) -> list[str]:
        """Ask for any number of the choices (also none), ticked one by one and then confirmed."""

    async def confirm(self, key: str, summary: Text, *, yes: Text) -> None:
        """Show what was answered and wait for yes; any single answer can be changed from here first.

        Listed for changing is every answer whose question was given a `label`.
        """

    def say(
        self,
        text: Text,
        *,
        to: Person | None = None,
        buttons: Keyboard = (),
        zone: str | None = None,
        priority: Priority = Priority.REPLY,
        not_before: datetime | None = None,
        expires: datetime | None = None,
        key: str | None = None,
        card: str | None = None,
        fresh: bool = False,
        only_update: bool = False,
        everywhere: bool = False,
        reveals: str | None = None,
        still: tuple[str, int] | None = None,
        paper: tuple[object, ...] | None = None,
        file: int | None = None,
    ) -> None:
        """Say something, to the person of this chat when `to` is left out (see Mail.say)."""

    def remember_language(self, language: str) -> None:
        """Speak this language to the person from now on (also in what this turn says)."""
