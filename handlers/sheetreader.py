"""Read what a coordinator types from a ticked sheet: "1-14 delivered, 7 none", "all but 7", and the like.

Whatever is not said clearly stays open: it is asked, and never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

from handlers.chat import Unclear
from handlers.sheetwords import Numbers, Sign, Strange, Token, tokens
from handlers.text import _
from models.meals import MealState

EVERYTHING, SOME, EXCEPTED, ONE = range(4)
Word = MealState | Sign
OUTCOMES: Final = (Sign.UNCLEAR, Sign.UNKNOWN, Sign.BOX)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sheet says. open: doors that are named without a clear outcome; unknown: said to be so.

    strange: numbers that are not on the sheet. unread: words that were not understood.
    boxes: doors whose box is back, whatever became of the meal.
    """

    outcomes: dict[int, MealState]
    open: frozenset[int]
    unknown: frozenset[int]
    strange: tuple[int, ...]
    unread: tuple[str, ...]
    boxes: frozenset[int] = frozenset()


def sheet(numbers: Collection[int]) -> Callable[[str], Reading]:
    """Make a reader for what stands on a sheet with these doors."""

    def read(text: str) -> Reading:
        found = _Reader(frozenset(numbers))
        said = list(tokens(text))
        for place, token in enumerate(said):
            found.hear(token, said[place + 1 :])
        reading = found.end()
        if not (reading.outcomes or reading.open or reading.unknown or reading.boxes):
            raise Unclear(
                _(
                    "I found no door in that. Please write it like this: {example}",
                    example=_("1-14 delivered, 7 no answer"),
                )
            )
        return reading

    return read


@dataclass
class _Reader:
    """Goes from word to word. What names a door by itself outweighs a range, and a range outweighs "all"."""

    doors: frozenset[int]
    marks: dict[int, tuple[int, Word]] = field(default_factory=dict)
    boxes: set[int] = field(default_factory=set)
    strange: list[int] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    pending: list[tuple[frozenset[int], int]] = field(default_factory=list)
    but: set[int] = field(default_factory=set)
    excepting: bool = False
    # An outcome that was said before its doors: "no answer: 7".
    ahead: Word | None = None
    last: list[tuple[frozenset[int], int]] = field(default_factory=list)
    # "all", which by itself says that they were delivered; "the rest" says nothing.
    whole: bool = False
    # In this piece of the sentence: words that nobody knows; an outcome that has found its doors, or is to.
    puzzled: bool = False
    settled: bool = False
    near: bool = False

    def hear(self, token: Token, rest: Sequence[Token]) -> None:
        match token:
            case Numbers():
                self._numbers(token, rest)
            case Sign.ALL | Sign.REST:
                self._everything(token, rest)
            case Sign.EXCEPT:
                self.excepting = True
            case Sign.BUT_FOR:
                self.but |= {number for these, _weight in self.pending for number in these}
                self._mark(self.but, EXCEPTED, Sign.UNCLEAR)
                self.pending, self.excepting = [], True
            case Sign.STOP:
                self._stop()
            case Strange():
                self.unread.append(token.words)
                self.puzzled = True
            case _:
                self._outcome(token, rest)

    def _numbers(self, named: Numbers, rest: Sequence[Token]) -> None:
        these = named.these & self.doors
        if named.alone:
            self.strange += sorted(named.these - self.doors)
        if self.excepting:
            self.but |= these
            self._mark(these, EXCEPTED, Sign.UNCLEAR)
            return
        weight = ONE if named.alone else SOME
        if self.ahead is not None and not _outcome_follows(rest):
            self._mark(these, weight, self.ahead)
            return
        self.ahead = None
        # "all 1-14 delivered": the numbers say which.
        self.pending = [each for each in self.pending if each[1] != EVERYTHING]
        self.pending.append((these, weight))

    def _everything(self, which: Sign, rest: Sequence[Token]) -> None:
        if self.pending:
            return  # "1-14 all delivered"
        self.excepting, self.whole = False, which is Sign.ALL
        if self.ahead is not None and self.near and not _outcome_follows(rest):
            self._mark(self.doors, EVERYTHING, self.ahead)
            return
        self.ahead = None
        self.pending = [(self.doors, EVERYTHING)]

    def _outcome(self, said: Word, rest: Sequence[Token]) -> None:
        self.puzzled = False
        if self.but and self.pending:
            # "all but 7 delivered" speaks of all; "all but 7 no answer" speaks of 7.
            of_all = said if said is MealState.IN_PERSON or not self.excepting else MealState.IN_PERSON
            if of_all is not said:
                self._but(said)
            self._assign(of_all)
        elif self.but and self.excepting:
            self._but(said)
        elif self.pending:
            self._assign(said)
        elif not self.settled and _doors_follow(rest):
            self.ahead, self.near = said, True
        else:
            # A second outcome of the same doors: which of the two is meant is not ours to say.
            for these, _weight in self.last:
                self._mark(these, ONE, said)
        self.but, self.excepting, self.settled = set(), False, self.ahead is None

    def _but(self, said: Word) -> None:
        self._mark(frozenset(self.but), ONE, said)
        self.last = [(frozenset(self.but), ONE)]

    def _assign(self, said: Word) -> None:
        for these, weight in self.pending:
            self._mark(these, weight, said)
        self.last, self.pending = self.pending, []

    def _mark(self, these: Collection[int], weight: int, said: Word) -> None:
        if said is Sign.BOX:
            self.boxes |= set(these)
            return
        for number in these:
            known = self.marks.get(number)
            if known is None or known[0] < weight:
                self.marks[number] = (weight, said)
            elif known[0] == weight and known[1] is not said:
                self.marks[number] = (weight, Sign.UNCLEAR)

    def _stop(self) -> None:
        if self.puzzled and self.pending:
            # "7 hospital, 8 delivered": what was not understood is of 7, and 8's outcome is not.
            self._assign(Sign.UNCLEAR)
        self.puzzled = self.settled = self.near = False

    def end(self) -> Reading:
        """Close the last sentence: "all" says that all were delivered; bare numbers say nothing."""
        for these, weight in self.pending:
            if weight != EVERYTHING:
                self._mark(these, weight, Sign.UNCLEAR)
            elif self.whole:
                self._mark(these, weight, MealState.IN_PERSON)
        said = {number: mark for number, (_weight, mark) in sorted(self.marks.items())}
        return Reading(
            {number: mark for number, mark in said.items() if isinstance(mark, MealState)},
            frozenset(number for number, mark in said.items() if mark is Sign.UNCLEAR),
            frozenset(number for number, mark in said.items() if mark is Sign.UNKNOWN),
            tuple(dict.fromkeys(self.strange)),
            tuple(self.unread),
            frozenset(self.boxes),
        )


def _outcome_follows(rest: Sequence[Token]) -> bool:
    """Tell whether an outcome still comes in this piece of the sentence."""
    for token in rest:
        if token is Sign.STOP:
            return False
        if isinstance(token, MealState) or token in OUTCOMES:
            return True
    return False


def _doors_follow(rest: Sequence[Token]) -> bool:
    """Tell whether doors come next, before another outcome."""
    for token in rest:
        if isinstance(token, Numbers) or token in (Sign.ALL, Sign.REST):
            return True
        if token is not Sign.STOP:
            return False
    return False
