"""A turn: what was just said, and which script it is for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot import scripts
from bot.channels import Kind, Update
from bot.conversations import QUESTION, RESUME, Conversations
from bot.i18n import render
from bot.menus import refresh_menu
from bot.reading import Incoming
from bot.replay import BACK, CANCEL, Situation
from bot.speech import Said
from bot.understanding import meant, numbered
from handlers import words
from handlers.answers import digit, plain
from handlers.chat import REGISTRY, Command
from models.files import Enclosure, FileKind
from models.people import Account, Person

OFFLINE_AT_MOST: Final = timedelta(hours=24)
FILES: Final = {Kind.PHOTO: FileKind.PHOTO, Kind.VOICE: FileKind.VOICE}
FILES_BY_TYPE: Final = {"image": FileKind.PHOTO, "audio": FileKind.VOICE}
READABLE: Final = frozenset({Kind.TEXT, Kind.CONTACT, Kind.LOCATION})


class Turn:
    """Lives one update of one person; `said` is what is to be posted with it."""

    def __init__(self, update: Update, account: Account, person: Person, now: datetime) -> None:
        self._update = update
        self._account = account
        self.person = person
        self._now = now
        self.said: list[Said] = []

    async def live(self) -> None:
        """Do what the update asks for, and set the command menu if that changed it."""
        self._roles = await self.person.roles()
        self._talk = Conversations(self._situation(), self._account.id, self.said)
        await self._talk.load()
        if self._update.kind is Kind.UNBLOCKED:
            # Whoever comes back after blocking us may have missed a change of the menu.
            await Account.filter(id=self._account.id).update(menu="")
        elif self._update.kind is Kind.EDITED:
            self._talk.tell(words.EDITED)
            await self._talk.repeat()
        elif self._update.kind is Kind.PRESS:
            await self._press(self._update.data)
        else:
            await self._hear(self._update.text.strip())
        if self._talk.acted or not self._account.menu or self._update.kind is Kind.UNBLOCKED:
            await refresh_menu(self._account.id, self._now)

    async def _hear(self, text: str) -> None:
        if text.startswith("/") and self._update.kind is Kind.TEXT:
            await self._command(text)
        elif plain(text) == "0" and REGISTRY.human is not None:
            await self._talk.begin(scripts.HUMAN, REGISTRY.human, [])
        elif self._talk.front is not None:
            readable = self._update.kind in READABLE and bool(text)
            await self._talk.hear(Incoming(text=text, readable=readable, file=_enclosed(self._update)))
        else:
            await self._understand(text)

    async def _command(self, text: str) -> None:
        name, *args = text[1:].split(maxsplit=1) or [""]
        name = name.split("@")[0].lower()
        if f"/{name}" in (BACK, CANCEL):
            await self._talk.control(f"/{name}")
        elif (command := REGISTRY.commands.get(name)) is None:
            self._talk.tell(words.UNKNOWN_COMMAND)
            await self._talk.repeat()
        else:
            await self._run_command(command, "".join(args))

    async def _run_command(self, command: Command, args: str) -> None:
        if command.for_ & self._roles:
            await self._talk.begin(scripts.command_script(command.name), command.run, [args])
        else:
            await self._not_for_you()

    async def _not_for_you(self) -> None:
        self._talk.tell(words.NOT_FOR_YOU)
        await self._talk.repeat()

    async def _press(self, data: str) -> None:
        name, _colon, rest = data.partition(":")
        if data.startswith("/"):
            await self._command(data)
        elif name == QUESTION:
            await self._talk.pressed(rest)
        elif name == RESUME:
            await self._talk.resume(rest)
        elif (handler := REGISTRY.buttons.get(name)) is None:
            await self._talk.stale()
        elif not handler.for_ & self._roles:
            await self._not_for_you()
        elif (args := scripts.arguments(handler.run, rest.split(":") if rest else [])) is None:
            await self._talk.stale()
        else:
            await self._talk.begin(scripts.button_script(name), handler.run, args)

    async def _understand(self, text: str) -> None:
        number = digit(text)
        if number is not None and (data := await numbered(self._account.id, number)) is not None:
            await self._press(data)
        elif (found := meant(text, self.person.language, self._roles)) is not None:
            if isinstance(found, Command):
                await self._run_command(found, "")
            else:
                await self._talk.begin(scripts.button_script(found.name), found.run, [])
        elif REGISTRY.otherwise is not None:
            await self._talk.begin(scripts.OTHERWISE, REGISTRY.otherwise, [text])

    def _situation(self) -> Situation:
        at = self._update.at
        return Situation(
            person=self.person,
            now=self._now,
            roles=self._roles,
            channel=self._account.channel,
            tapped_at=at if at is not None and self._now - OFFLINE_AT_MOST <= at <= self._now else self._now,
            label_of=lambda label: (
                render(
                    label,
                    language=self.person.language,
                    zone=self.person.zone or "UTC",
                    links=lambda _code: [],
                ).text
            ),
        )


def _enclosed(update: Update) -> Enclosure | None:
    """Find the photo or the voice note in an update; one that was sent as a document is one, too."""
    kind = FILES.get(update.kind)
    if update.kind is Kind.DOCUMENT:
        kind = FILES_BY_TYPE.get(update.mime.partition("/")[0])
    if kind is None or not update.file:
        return None
    return Enclosure(kind, update.channel, update.file, update.size)
