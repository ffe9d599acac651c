"""Reading one answer: a picked choice, a choice's number or words, or typed text through the reader."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from handlers import enclosed, words
from handlers.answers import digit, plain, yes_no
from handlers.chat import Choice, Unclear
from handlers.text import Text
from models.files import Enclosure, FileKind

CHANGE: Final = "/change"
DONE: Final = "/done"


@dataclass(frozen=True, slots=True)
class Incoming:
    """What the person just said to the open question; `picked` is a button's value, else `text` was typed.

    file: what was sent instead.
    """

    text: str = ""
    picked: str | None = None
    readable: bool = True
    file: Enclosure | None = None


# For each question that wants a file: which it takes, and what is said to anything else.
FILES: Final[dict[str, tuple[frozenset[FileKind], Text]]] = {
    "photo": (frozenset({FileKind.PHOTO}), words.SEND_PHOTO),
    "voice": (frozenset({FileKind.VOICE}), words.SEND_VOICE),
    "file": (frozenset(FileKind), words.SEND_FILE),
}


class Answer:
    """Reads one answer: a picked choice, a choice's number or words, or typed text through the reader."""

    def __init__(
        self,
        choices: Sequence[Choice],
        read: Callable[[str], Any] | None,
        label_of: Callable[[Text], str],
        want: str = "text",
    ) -> None:
        self._want = want
        self._values = [choice.value for choice in choices]
        self._labels = [choice.label for choice in choices]
        self._read = read
        self._label_of = label_of

    def again(self, recorded: str) -> Any:
        """Read a recorded answer once more. Raises Unclear when its choice is gone."""
        if self._read is not None:
            return self._read(recorded)
        if recorded not in self._values:
            raise Unclear(words.PICK_ONE)
        return recorded

    def hear(self, incoming: Incoming) -> tuple[str, Any]:
        """Return what to record and its value. Raises Unclear."""
        if incoming.picked is not None:
            if incoming.picked not in self._values:
                raise Unclear(words.STALE_BUTTON)
            return incoming.picked, self.again(incoming.picked)
        if self._want in FILES and incoming.file is not None:
            kinds, help_ = FILES[self._want]
            if incoming.file.kind not in kinds:
                raise Unclear(help_)
            packed = enclosed.pack(incoming.file)
            return packed, self.again(packed)
        if not incoming.readable:
            raise Unclear(FILES[self._want][1] if self._want in FILES else words.IN_WORDS)
        named = self._named(incoming.text)
        if named is not None:
            return named, self.again(named)
        chosen = self._spoken(incoming.text)
        if self._want in FILES and chosen is None:
            # What is typed must never be taken for a file: it could name somebody else's.
            raise Unclear(FILES[self._want][1])
        if self._read is None or self._want in FILES:
            if chosen is None:
                raise Unclear(words.PICK_ONE)
            return chosen, self.again(chosen)
        try:
            return incoming.text, self._read(incoming.text)
        except Unclear:
            if chosen is None:
                raise
            return chosen, self._read(chosen)

    def _named(self, text: str) -> str | None:
        """Find the choice whose very words these are: some channels type what a button says."""
        said = plain(text)
        for value, label in zip(self._values, self._labels, strict=True):
            if said and said == plain(self._label_of(label)):
                return value
        return None

    def _spoken(self, text: str) -> str | None:
        number = digit(text)
        if number is not None and 1 <= number <= len(self._values):
            return self._values[number - 1]
        if set(self._values) >= {"yes", "no"}:
            try:
                return "yes" if yes_no(text) else "no"
            except Unclear:
                return None
        return None


def option_of(
    incoming: Incoming, options: Sequence[tuple[Text, str]], label_of: Callable[[Text], str]
) -> str | None:
    choices = [Choice(value, label) for label, value in options]
    try:
        return str(Answer(choices, None, label_of).hear(incoming)[1])
    except Unclear:
        if options[0][1] == "yes":
            try:
                return "yes" if yes_no(incoming.text) else CHANGE
            except Unclear:
                return ""
        return ""


def tick_of(
    incoming: Incoming, choices: Sequence[Choice], label_of: Callable[[Text], str], ticked: Sequence[str]
) -> str:
    options = [(choice.label, choice.value) for choice in choices] + [(words.DONE, DONE)]
    value = option_of(incoming, options, label_of) or "?"
    return value if value == DONE else ("-" if value in ticked else "+") + value
