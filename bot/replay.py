"""Durable conversations: recorded answers first, then the live question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeVar

from bot.database import written
from bot.reading import CHANGE, DONE, Answer, Incoming, option_of, tick_of
from bot.speech import Mailbag
from handlers import words
from handlers.chat import Choice, Keyboard, Unclear
from handlers.text import NOTHING, Text, lines
from models.messaging import Conversation
from models.people import Person, Role

T = TypeVar("T")

BACK: Final = "/back"
CANCEL: Final = "/cancel"


class AskedAfterWriting(RuntimeError):
    """A conversation asked a question after it had written: that write would happen again on every turn."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question that waits: what to show, and the choices as (label, value)."""

    key: str
    text: Text
    options: Sequence[tuple[Text, str]] = ()
    want: str = "text"
    card: bool = False


class Pause(BaseException):
    """Nothing more can happen until the person answers. Not for handlers to catch."""

    def __init__(self, question: Question) -> None:
        super().__init__(question.key)
        self.question = question


@dataclass(slots=True)
class Situation:
    """Where a turn happens: who, when, on which channel, and how to render a label."""

    person: Person
    now: datetime
    roles: frozenset[Role]
    channel: str
    tapped_at: datetime
    label_of: Callable[[Text], str]
    language: str | None = field(default=None)


class ReplayedChat(Mailbag):
    """One turn of a conversation, from its first line to the first open question.

    Whatever was said ahead of an answered question was said on an earlier turn, so answering forgets it.
    """

    def __init__(self, situation: Situation, conversation: Conversation, incoming: Incoming | None) -> None:
        super().__init__(situation.now)
        self.situation = situation
        self.answers: dict[str, str] = dict(conversation.answers)
        self._conversation = conversation
        self._incoming = incoming
        self._baseline = written()
        self._asked: list[tuple[str, Text | None]] = []

    @property
    def person(self) -> Person:
        return self.situation.person

    @property
    def began(self) -> datetime:
        return self._conversation.began_at

    @property
    def roles(self) -> frozenset[Role]:
        return self.situation.roles

    @property
    def args(self) -> str:
        return str(self._conversation.args[0]) if self._conversation.args else ""

    @property
    def channel(self) -> str:
        return self.situation.channel

    @property
    def tapped_at(self) -> datetime:
        return self.situation.tapped_at

    def remember_language(self, language: str) -> None:
        self.situation.language = language

    def say(self, text: Text, *, to: Person | None = None, buttons: Keyboard = (), **options: Any) -> None:
        super().say(text, to=to or self.person, buttons=buttons, **options)

    async def ask(
        self,
        key: str,
        question: Text,
        read: Callable[[str], Any] | None = None,
        *,
        choices: Sequence[Choice] = (),
        want: str = "text",
        label: Text | None = None,
    ) -> Any:
        self._begin(key, label)
        reader = Answer(choices, read, self.situation.label_of, want)
        shown = Question(key, question, [(choice.label, choice.value) for choice in choices], want)
        if key in self.answers:
            try:
                return self._answered(reader.again(self.answers[key]))
            except Unclear:
                del self.answers[key]
        incoming = self._take(key)
        if incoming is None:
            raise Pause(shown)
        try:
            recorded, value = reader.hear(incoming)
        except Unclear as unclear:
            raise self._unclear(unclear.text, shown) from None
        self.answers[key] = recorded
        return self._answered(value)

    async def choose_many(
        self, key: str, question: Text, choices: Sequence[Choice], *, label: Text | None = None
    ) -> list[str]:
        self._begin(key, label)
        allowed = [choice.value for choice in choices]
        draft_key = f"{key}~"
        if key in self.answers:
            kept = self.answers[key].split(",") if self.answers[key] else []
            return self._answered([value for value in kept if value in allowed])
        ticked = [value for value in self.answers.get(draft_key, "").split(",") if value in allowed]
        incoming = self._take(key)
        if incoming is not None:
            picked = incoming.picked or tick_of(incoming, choices, self.situation.label_of, ticked)
            if picked == DONE:
                self.answers.pop(draft_key, None)
                self.answers[key] = ",".join(value for value in allowed if value in ticked)
                return self._answered([value for value in allowed if value in ticked])
            if picked[:1] == "+" and picked[1:] in allowed and picked[1:] not in ticked:
                ticked.append(picked[1:])
            elif picked[:1] == "-" and picked[1:] in ticked:
                ticked.remove(picked[1:])
            elif picked[1:] not in allowed:
                raise self._unclear(words.TICK, self._many(key, question, choices, ticked))
            self.answers[draft_key] = ",".join(ticked)
        raise Pause(self._many(key, question, choices, ticked))

    async def confirm(self, key: str, summary: Text, *, yes: Text) -> None:
        self._begin(key, None)
        changeable = [(asked, label) for asked, label in self._asked if label is not None]
        options = [(yes, "yes")] + ([(words.CHANGE, CHANGE)] if changeable else [])
        incoming = self._take(key)
        picked = (
            incoming.picked or option_of(incoming, options, self.situation.label_of) if incoming else None
        )
        if picked == "yes":
            return
        if picked is not None and picked[:1] == "~" and picked[1:] in self.answers:
            del self.answers[picked[1:]]
            raise Again(picked[1:])
        if picked == CHANGE:
            choices = [(label, f"~{asked}") for asked, label in changeable]
            raise Pause(Question(key, words.WHICH_ANSWER, choices))
        question = Question(key, summary, options)
        if incoming is not None:
            raise self._unclear(words.PICK_ONE, question)
        raise Pause(question)

    def _begin(self, key: str, label: Text | None) -> None:
        if written() != self._baseline:
            raise AskedAfterWriting(f"{self._conversation.script} asks {key!r} after a write")
        if any(asked == key for asked, _label in self._asked):
            raise RuntimeError(f"{self._conversation.script} asks {key!r} twice")
        self._asked.append((key, label))

    def _take(self, key: str) -> Incoming | None:
        if key != self._conversation.pending or self._incoming is None:
            return None
        incoming, self._incoming = self._incoming, None
        return incoming

    def _answered(self, value: T) -> T:
        self.said.clear()
        return value

    def _unclear(self, help_: Text, question: Question) -> Pause:
        self.said.clear()
        return Pause(
            Question(question.key, lines(help_, NOTHING, question.text), question.options, question.want)
        )

    def _many(self, key: str, question: Text, choices: Sequence[Choice], ticked: Sequence[str]) -> Question:
        options = [
            (words.ticked(choice.label), f"-{choice.value}")
            if choice.value in ticked
            else (choice.label, f"+{choice.value}")
            for choice in choices
        ]
        return Question(key, question, [*options, (words.DONE, DONE)], card=True)


class Again(BaseException):
    """An answer was dropped to be changed: run the conversation from the top once more."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key
