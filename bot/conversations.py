"""A person's conversations: one in front, others parked; run from the top on every turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from bot import scripts
from bot.database import transaction
from bot.reading import Incoming
from bot.replay import BACK, CANCEL, Again, Pause, Question, ReplayedChat, Situation
from bot.speech import DATA_BYTES, Said
from handlers import words
from handlers.answers import plain
from handlers.chat import REGISTRY, Script
from handlers.text import Text
from models.messaging import Conversation
from models.refusals import Refusal

QUESTION: Final = "q"
RESUME: Final = "k"
PARKED_AT_MOST: Final = 3
NUMBER_AT_MOST: Final = len(str(scripts.ID_AT_MOST))


class Conversations:
    """The conversations of one person in one turn; `said` is what they say."""

    def __init__(self, situation: Situation, account_id: int, said: list[Said]) -> None:
        self._situation = situation
        self._account_id = account_id
        self._said = said
        self.front: Conversation | None = None
        self.acted = False
        """A script ran to its end in this turn: only then can anything but a conversation have changed."""

    async def load(self) -> None:
        """Find the conversation that waits in front."""
        self.front = await Conversation.filter(person_id=self._situation.person.id, parked_at=None).first()

    def tell(self, text: Text) -> None:
        """Say a sentence of the machinery."""
        self._said.append(Said(self._situation.person, text))

    async def begin(self, script: str, run: Script, args: Sequence[Any]) -> None:
        """Run a script; if it asks, it comes to the front; else the open question is repeated after it."""
        began = Conversation(
            person_id=self._situation.person.id,
            account_id=self._account_id,
            script=script,
            args=[arg.isoformat() if isinstance(arg, date) else arg for arg in args],
            answers=[],
            began_at=self._situation.now,
            touched_at=self._situation.now,
        )
        if await self._run(began, run, [] if script.startswith("command:") else args, None):
            await self.repeat()
        elif self.front is not None:
            await self._park(self.front)

    async def answer(self, conversation: Conversation, incoming: Incoming | None) -> None:
        """Give a conversation its answer, or None to hear its question again."""
        found = scripts.find(conversation.script, conversation.args)
        allowed = scripts.allowed(conversation.script, self._situation.roles)
        if found is None or not allowed:
            await conversation.delete()
            self.tell(words.STALE_BUTTON if allowed else words.NOT_FOR_YOU)
            await self._offer_parked()
        elif await self._run(conversation, *found, incoming):
            await self._offer_parked()

    async def hear(self, incoming: Incoming) -> None:
        """Take what was typed to the open question; its Back and Cancel may be typed, too."""
        assert self.front is not None
        for control, label in ((BACK, words.BACK), (CANCEL, words.CANCEL)):
            if incoming.readable and plain(incoming.text) == plain(self._situation.label_of(label)):
                await self.control(control)
                return
        await self.answer(self.front, incoming)

    async def repeat(self) -> None:
        """Ask the open question again, if there is one."""
        # What just ran may have put it away: two persons that become one keep one's questions.
        await self.load()
        if self.front is not None:
            await self.answer(self.front, None)

    async def pressed(self, rest: str) -> None:
        """Take a question's button: it answers that question, be it in front or parked, or nothing at all."""
        number, _colon, answer = rest.partition(":")
        key, _colon, value = answer.partition(":")
        found = await self._find(number)
        if found is None or found.pending != key:
            await self.stale()
            return
        await self._bring_forward(found)
        if value in (BACK, CANCEL):
            await self.control(value)
        else:
            await self.answer(found, Incoming(picked=value))

    async def resume(self, rest: str) -> None:
        """Take up a parked conversation, or leave it."""
        number, _colon, what = rest.partition(":")
        found = await self._find(number)
        if found is None:
            await self.stale()
        elif what == "drop":
            await found.delete()
            self.tell(words.CANCELLED)
        else:
            await self._bring_forward(found)
            await self.answer(found, None)

    async def control(self, what: str) -> None:
        """Go one answer back, or drop the conversation in front."""
        if self.front is None:
            self.tell(words.NOTHING_OPEN)
        elif what == CANCEL:
            await self.front.delete()
            self.tell(words.CANCELLED)
            await self._offer_parked()
        else:
            given = [pair for pair in self.front.answers if not pair[0].endswith("~")]
            self.front.answers, self.front.pending = given[:-1], None
            await self.answer(self.front, None)

    async def stale(self) -> None:
        """Say that a button belongs to the past, and repeat the open question."""
        self.tell(words.STALE_BUTTON)
        await self.repeat()

    async def _run(
        self, conversation: Conversation, run: Script, args: Sequence[Any], incoming: Incoming | None
    ) -> bool:
        """Run one turn of a conversation; True when it is over."""
        open_key = conversation.pending
        while True:
            chat = ReplayedChat(self._situation, conversation, incoming)
            try:
                async with transaction():
                    await run(chat, *args)
            except Pause as pause:
                self._take_over(chat)
                # Ticking one of several boxes changes the message in which they stand; all else says it anew.
                ticked = (
                    incoming is not None and incoming.picked is not None and open_key == pause.question.key
                )
                await self._wait(conversation, chat, pause.question, fresh=not ticked)
                return False
            except Again:
                conversation.answers = [[key, value] for key, value in chat.answers.items()]
                conversation.pending, incoming = None, None
                continue
            except Refusal as refusal:
                self.tell(explained(refusal))
            else:
                self._take_over(chat)
                self.acted = True
            if conversation.id:
                await Conversation.filter(id=conversation.id).delete()
            return True

    def _take_over(self, chat: ReplayedChat) -> None:
        person = self._situation.person
        if self._situation.language is not None:
            person.language = self._situation.language
        self._said += [replace(one, to=person) if one.to.id == person.id else one for one in chat.said]

    async def _wait(
        self, conversation: Conversation, chat: ReplayedChat, question: Question, *, fresh: bool
    ) -> None:
        conversation.answers = [[key, value] for key, value in chat.answers.items()]
        conversation.pending, conversation.touched_at = question.key, self._situation.now
        conversation.account_id = self._account_id
        await conversation.save()
        mark = _mark(conversation, question)
        given = [key for key, _value in conversation.answers if not key.endswith("~")]
        controls = ([(words.BACK, mark + BACK)] if given else []) + [(words.CANCEL, mark + CANCEL)]
        self._said.append(
            Said(
                self._situation.person,
                question.text,
                flow=[(label, mark + value) for label, value in question.options],
                rows=[controls],
                want=question.want,
                card=mark if question.card else None,
                fresh=fresh,
            )
        )

    async def _find(self, number: str) -> Conversation | None:
        try:
            mine = Conversation.filter(id=scripts.whole(number), person_id=self._situation.person.id)
        except ValueError:
            return None
        return await mine.first()

    async def _bring_forward(self, conversation: Conversation) -> None:
        # First, so that it is not among those that are dropped when too many are parked.
        await Conversation.filter(id=conversation.id).update(parked_at=None)
        conversation.parked_at = None
        if self.front is not None and self.front.id != conversation.id:
            await self._park(self.front)
        self.front = conversation

    async def _park(self, conversation: Conversation) -> None:
        now, person = self._situation.now, self._situation.person
        await Conversation.filter(id=conversation.id).update(parked_at=now)
        parked = Conversation.filter(person_id=person.id, parked_at__not_isnull=True)
        surplus = (await parked.order_by("-parked_at", "-id"))[PARKED_AT_MOST:]
        if surplus:
            await Conversation.filter(id__in=[one.id for one in surplus]).delete()

    async def _offer_parked(self) -> None:
        rows = Conversation.filter(person_id=self._situation.person.id, parked_at__not_isnull=True)
        parked = await rows.order_by("-parked_at", "-id").first()
        if parked is not None:
            mark = f"{RESUME}:{parked.id}:"
            row = [(words.CONTINUE, mark + "go"), (words.DROP, mark + "drop")]
            self._said.append(Said(self._situation.person, words.PARKED, rows=[row]))


def _mark(conversation: Conversation, question: Question) -> str:
    """Give what each button of a question carries ahead of its value. Raises ValueError beyond 64 bytes."""
    values = [BACK, CANCEL, *(value for _label, value in question.options)]
    room = DATA_BYTES - len(f"{QUESTION}::{question.key}:".encode()) - NUMBER_AT_MOST
    if too_long := [value for value in values if len(value.encode()) > room]:
        raise ValueError(f"{conversation.script}: a choice of {question.key!r} is too long: {too_long[0]!r}")
    return f"{QUESTION}:{conversation.id}:{question.key}:"


def explained(refusal: Refusal) -> Text:
    """Say why the rules said no, in the words of whoever explains it."""
    for kind in type(refusal).__mro__:
        if kind in REGISTRY.refusals:
            return REGISTRY.refusals[kind](refusal)
    raise refusal
