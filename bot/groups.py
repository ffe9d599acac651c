"""What happens in a group: commands that are meant for us, taps under our own messages, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot import scripts
from bot.channels import Kind, Update
from bot.conversations import explained
from bot.database import transaction
from bot.i18n import guess_language, render
from bot.speech import Mailbag, Post
from handlers import words
from handlers.chat import REGISTRY
from handlers.text import Text
from models.people import Account, Person
from models.refusals import Refusal

NOTE_LENGTH: Final = 200
"""Letters of what is shown to whoever tapped; the shortest that a channel allows (Telegram)."""


def is_meant_for_us(update: Update) -> bool:
    """Tell whether something in a group is for us; of what people say to each other nothing is kept."""
    match update.kind:
        case Kind.LEFT | Kind.MIGRATED:
            return True
        case Kind.PRESS:
            return bool(update.sender)
        case Kind.TEXT:
            # An administrator may write in the group's own name: then there is no sender.
            return _command(update)[0] in REGISTRY.groups
    return False


class InGroup(Mailbag):
    """One command or tap in a group; what it says goes to whom it names."""

    def __init__(self, update: Update, person: Person | None, args: str, now: datetime) -> None:
        super().__init__(now)
        self.person = person
        self.args = args
        self.channel, self.place, self.title = update.channel, update.place, update.title


@dataclass(frozen=True, slots=True)
class Happening:
    """An update of a group, lived in the transaction that is open."""

    update: Update
    now: datetime

    async def live(self) -> str:
        """Do what is asked for; return what is to be shown to whoever tapped, and to nobody else."""
        if self.update.kind is Kind.MIGRATED:
            await Account.move(self.update.channel, self.update.place, self.update.text)
            return ""
        if self.update.kind is Kind.LEFT:
            await self._leave()
            return ""
        account, person = await self._sender()
        if self.update.kind is Kind.PRESS:
            return await self._tap(account, person)
        await self._hear(account, person)
        return ""

    def note(self, text: Text, person: Person | None, zone: str) -> str:
        """Put into the tapper's language what is shown to them: whole lines as long as there is room."""
        language = guess_language(self.update.language) if person is None else person.language
        said = render(text, language=language, zone=zone, links=lambda _code: []).text
        kept = said
        while len(kept) > NOTE_LENGTH and "\n" in kept:
            kept = kept.rpartition("\n")[0]
        return kept if len(kept) <= NOTE_LENGTH else kept[: NOTE_LENGTH - 1] + "…"

    async def _sender(self) -> tuple[Account | None, Person | None]:
        """Find who did it, and hold that person; whoever never wrote to us stays unknown."""
        while True:
            account = await Account.get_or_none(channel=self.update.channel, address=self.update.sender)
            if account is None:
                return None, None
            person = await Person.locked(account.person_id)
            if await Account.filter(id=account.id, person_id=person.id).exists():
                return account, person

    async def _tap(self, account: Account | None, person: Person | None) -> str:
        name, _colon, rest = self.update.data.partition(":")
        run = REGISTRY.taps.get(name)
        args = None if run is None else scripts.arguments(run, rest.split(":") if rest else [])
        if run is None or args is None:
            return self.note(words.GROUPS, person, "UTC")
        crowd = InGroup(self.update, person, "", self.now)
        try:
            async with transaction():
                text = await run(crowd, *args)
        except Refusal as refusal:
            return self.note(explained(refusal), person, "UTC")
        via = account if account is not None and account.reachable else None
        await Post(self.now, asker=person, via=via).write(crowd.said)
        group = await self._reader()
        return self.note(text, person, (group and group.zone) or "UTC")

    async def _hear(self, account: Account | None, person: Person | None) -> None:
        name, args = _command(self.update)
        crowd = InGroup(self.update, person, args, self.now)
        try:
            async with transaction():
                await REGISTRY.groups[name](crowd)
        except Refusal as refusal:
            # Not before everybody: whoever wrote it hears why, if they ever wrote to us alone.
            if person is not None and account is not None:
                private = Mailbag(self.now)
                private.say(explained(refusal), to=person)
                await Post(self.now, asker=person, via=account).write(private.said)
            return
        await Post(self.now, asker=await self._reader()).write(crowd.said)

    async def _leave(self) -> None:
        """Tell whoever must know that the group can't be written to any more."""
        reader = await self._reader()
        if reader is None:
            return
        await Account.filter(channel=self.update.channel, address=self.update.place).update(reachable=False)
        if REGISTRY.unreachable is not None:
            mail = Mailbag(self.now)
            await REGISTRY.unreachable(mail, reader)
            await Post(self.now).write(mail.said)

    async def _reader(self) -> Person | None:
        """Find who stands for the group where something is said to it."""
        at = Account.filter(channel=self.update.channel, address=self.update.place)
        account = await at.select_related("person").first()
        return None if account is None else account.person


def _command(update: Update) -> tuple[str, str]:
    """Read a command of a group and what was written after it; "" for anything else."""
    name, *args = update.text.split(maxsplit=1) or [""]
    return (name[1:].lower() if name.startswith("/") else ""), "".join(args).strip()
