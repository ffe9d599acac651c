"""The Telegram channel."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from collections.abc import Coroutine, Sequence
from typing import Any, Final
from urllib.parse import urlencode

import structlog
from aiohttp import web
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    Message,
)
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.channels import Ambiguous, Capabilities, EditGone, Hear, Later, Letter, Rejected, Update
from bot.channels.telegram import codec, webhook
from bot.channels.telegram.errors import DOWN, TokenRefused, has_no_words, not_modified, refusal
from bot.channels.telegram.letters import Piece, captioned, keyboard, pieces, shares
from bot.channels.telegram.polling import Backoff, Poller, Reached
from bot.channels.telegram.request import READ, AiohttpRequest

log = structlog.get_logger(__name__)

API: Final = "https://api.telegram.org"
HALVES: Final = 1000
"""Letters remembered as sent in part."""

_PAYLOAD: Final = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
# A preview would fetch a one-time link before its reader does.
_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)


class Telegram:
    """Telegram by webhook where a public address is given, else by polling."""

    name: Final = codec.NAME
    capabilities: Final = Capabilities(
        per_second=30, per_chat_per_second=1, per_group_per_minute=20, groups_begin="-"
    )

    def __init__(
        self,
        token: str,
        api_url: str | None = None,
        public_url: str | None = None,
        *,
        read_timeout: float = READ,
        reached: Reached | None = None,
    ) -> None:
        """Prepare the channel; `reached`: called after each poll that Telegram has answered."""
        api = (api_url or API).rstrip("/")
        self._token = token
        self._reached = reached or _nothing
        self._public_url = public_url.rstrip("/") if public_url else None
        self._request = AiohttpRequest(read_timeout)
        self._bot = Bot(
            token,
            base_url=f"{api}/bot",
            base_file_url=f"{api}/file/bot",
            request=self._request,
            get_updates_request=self._request,
        )
        self._username = ""
        self._background: set[asyncio.Task[None]] = set()
        self._halves: dict[int, tuple[int, int]] = {}

    async def open(self) -> None:
        """Connect and learn the bot's name, later if Telegram cannot be reached. Raises TokenRefused."""
        # At its debug level the library logs every parameter, and so every message.
        logging.getLogger("telegram").setLevel(logging.INFO)
        await self._request.initialize()
        try:
            await self._introduce()
        except InvalidToken:
            await self.close()
            raise TokenRefused from None
        except TelegramError as error:
            log.warning("Telegram cannot be reached yet", error=type(error).__name__)
            self._spawn(self._keep_introducing())

    async def close(self) -> None:
        """Let go of the connection; presses not yet answered stay unanswered."""
        tasks = list(self._background)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._request.shutdown()

    async def send(self, letter: Letter) -> str:
        """Send or edit one letter, in several messages if it is long; return the id of the last."""
        try:
            chat = int(letter.address)
        except ValueError:
            raise Rejected("a Telegram address is a number") from None
        try:
            return await self._deliver(letter, chat)
        except TelegramError as error:
            said = error
        except codec.MALFORMED as error:
            log.error("Telegram's answer could not be read", error=type(error).__name__)
            raise Ambiguous(type(error).__name__) from None
        if letter.edits and not_modified(said):
            return letter.edits
        raise refusal(said, group=chat < 0, editing=letter.edits is not None)

    async def receive(self, hear: Hear) -> None:
        """Poll until cancelled, or set the webhook and return. Raises TokenRefused."""
        if self._public_url is not None:
            await self._insist(self._set_webhook)
            return
        await self._insist(self._bot.delete_webhook)
        await Poller(self._updates, self._read, self._acknowledged(hear), self._reached).run()

    def routes(self, hear: Hear) -> Sequence[web.RouteDef]:
        """Give the webhook's route, if there is a public address."""
        if self._public_url is None:
            return []
        receive = webhook.handler(self._token, self._read, self._acknowledged(hear))
        return [web.post(webhook.path(self._token), receive)]

    def link(self, code: str) -> str | None:
        """Give the link that opens the bot with /start CODE, once its name is known."""
        if not self._username or not _PAYLOAD.fullmatch(code):
            return None
        return f"https://t.me/{self._username}?start={code}"

    def group_link(self, code: str) -> str | None:
        """Give the link that takes the bot into a group with /start CODE, once its name is known."""
        start = self.link(code)
        return start and start.replace("?start=", "?startgroup=")

    async def download(self, file_id: str) -> bytes:
        """Fetch a file of at most 20 MB. Raises Rejected or Later."""
        try:
            file = await self._bot.get_file(file_id)
            return bytes(await file.download_as_bytearray())
        except TelegramError as error:
            said = refusal(error)
        except codec.MALFORMED as error:
            said = Rejected(type(error).__name__)
        match said:
            case Rejected() | Later():
                raise said
            case Ambiguous():  # fetching twice does no harm
                raise Later(DOWN)
        raise Rejected(str(said))

    async def _deliver(self, letter: Letter, chat: int) -> str:
        if letter.commands is not None:
            menu = [BotCommand(name, codec.clean(about)[:256]) for name, about in letter.commands]
            await self._bot.set_my_commands(menu, scope=BotCommandScopeChat(chat))
            return ""
        parts = pieces(letter.text, letter.bold)
        if letter.file is not None:
            parts = captioned(parts)
        if letter.edits is not None:
            return await self._edit(letter, chat, parts)
        done = self._continue(letter, parts)
        last = ""
        for number in range(done, len(parts)):
            message = await self._say(chat, parts[number], letter, last=number == len(parts) - 1)
            last = str(message.message_id)
            if len(parts) > 1:
                self._remember(letter, parts, number + 1)
        self._halves.pop(letter.id, None)
        return last

    async def _say(self, chat: int, piece: Piece, letter: Letter, *, last: bool) -> Message:
        """Send one piece; the last one of a letter has its keys, and its file if there is one."""
        markup = keyboard(letter) if last else None
        if last and letter.file is not None:
            words: dict[str, Any] = {"caption": piece.text or None, "caption_entities": piece.bold}
            content = InputFile(letter.file.content, letter.file.name)
            match letter.file.mime if letter.file.kept is not None else "":
                case "image/jpeg" | "image/png":
                    return await self._bot.send_photo(chat, content, reply_markup=markup, **words)
                case "audio/ogg":
                    return await self._bot.send_voice(chat, content, reply_markup=markup, **words)
            return await self._bot.send_document(chat, content, reply_markup=markup, **words)
        return await self._bot.send_message(
            chat,
            piece.text,
            entities=piece.bold,
            reply_markup=markup,
            link_preview_options=_NO_PREVIEW,
        )

    async def _edit(self, letter: Letter, chat: int, parts: list[Piece]) -> str:
        alike = len(parts) == 1 and letter.file is None and not shares(letter)
        if not alike or not letter.edits or not letter.edits.isdecimal():
            raise EditGone("Telegram cannot show this in the place of another message")
        markup = keyboard(letter)
        try:
            await self._bot.edit_message_text(
                parts[0].text,
                chat,
                int(letter.edits),
                entities=parts[0].bold,
                reply_markup=markup if isinstance(markup, InlineKeyboardMarkup) else None,
                link_preview_options=_NO_PREVIEW,
            )
        except BadRequest as error:
            if not (letter.takes_back and has_no_words(error)):
                raise
            await self._bot.delete_message(chat, int(letter.edits))
        return letter.edits

    def _continue(self, letter: Letter, parts: list[Piece]) -> int:
        """Say how many pieces of this letter went out before Telegram asked us to wait."""
        done, sent = self._halves.get(letter.id, (0, 0))
        return done if done < len(parts) and sent == _sum(parts[:done]) else 0

    def _remember(self, letter: Letter, parts: list[Piece], done: int) -> None:
        self._halves[letter.id] = (done, _sum(parts[:done]))
        if len(self._halves) > HALVES:
            del self._halves[next(iter(self._halves))]

    def _read(self, raw: object) -> Update:
        return codec.read(raw, self._username)

    def _acknowledged(self, hear: Hear) -> Hear:
        """Answer a press once its turn is committed, beside the next turn and unpaced.

        A note stands on the screen of whoever pressed until they put it away; nobody else in a group sees it.
        """

        async def heard(update: Update) -> None:
            note = await hear(update)
            if update.ack:
                self._spawn(self._answer(update.ack, note or None))

        return heard

    async def _answer(self, query: str, note: str | None) -> None:
        # Too late is as good as never: the press itself is heard.
        with contextlib.suppress(TelegramError):
            await self._bot.answer_callback_query(query, note, show_alert=True if note else None)

    async def _introduce(self) -> None:
        me = await self._bot.get_me()
        self._username = me.username or ""

    async def _keep_introducing(self) -> None:
        with contextlib.suppress(TokenRefused):  # the receiver says it
            await self._insist(self._introduce)

    async def _insist(self, call: Any) -> None:
        """Call until Telegram does it."""
        backoff = Backoff()
        while True:
            try:
                await call()
            except TelegramError as error:
                failure = error
            else:
                return
            await backoff.after(failure)

    async def _set_webhook(self) -> None:
        await self._bot.set_webhook(
            f"{self._public_url}{webhook.path(self._token)}",
            allowed_updates=codec.WANTED,
            secret_token=webhook.secret(self._token),
            max_connections=40,
        )

    async def _updates(self, offset: int, limit: int, seconds: int) -> list[Any]:
        """Fetch updates as raw JSON: the library would refuse a whole batch for one that it cannot read."""
        query = {"offset": offset, "limit": limit, "timeout": seconds}
        wanted = "[" + ",".join(f'"{kind}"' for kind in codec.WANTED) + "]"
        url = f"{self._bot.base_url}/getUpdates?{urlencode(query | {'allowed_updates': wanted})}"
        raw: Any = await self._request.post(url, read_timeout=seconds + self._request.read_timeout)
        if not isinstance(raw, list):
            raise TelegramError("Invalid server response")
        return raw

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)


async def _nothing() -> None:
    """Tell nobody."""


def _sum(parts: list[Piece]) -> int:
    return hash(tuple(part.text for part in parts))
