"""What every channel is: updates in, letters out, and the ways in which it can say no."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from aiohttp import web

from bot.i18n import IN_GROUP

OPENS: Final = "https://"


class Kind(StrEnum):
    """What happened, in the words that all channels share."""

    TEXT = "text"
    PRESS = "press"
    CONTACT = "contact"
    LOCATION = "location"
    PHOTO = "photo"
    VOICE = "voice"
    DOCUMENT = "document"
    STICKER = "sticker"
    EDITED = "edited"
    JOINED = "joined"
    LEFT = "left"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    MIGRATED = "migrated"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Update:
    """One thing that reached us through a channel.

    event: the channel's own name of this delivery, unique in the channel; compared, never ordered.
    sender: the person's address; place: the chat it happened in (equal to `sender` in private).
    file: the channel's own name of what was sent; size, mime: in bytes, and its type, as far as it says them.
    text: what was written; of a contact its phone number, of a location "geo:LAT,LON".
    data: what the pressed button carried; message: the channel's id of the message it stands under.
    at: when the person did it, where the channel knows; None: when we heard it.
    title: of the group it happened in.
    name, language: what the channel says of the sender; first guesses only.
    """

    channel: str
    event: str
    kind: Kind
    sender: str = ""
    place: str = ""
    text: str = ""
    data: str = ""
    message: str = ""
    file: str = ""
    size: int = 0
    mime: str = ""
    name: str = ""
    title: str = ""
    language: str = ""
    at: datetime | None = None
    ack: str = ""

    @property
    def private(self) -> bool:
        return self.place == self.sender


@dataclass(frozen=True, slots=True)
class Key:
    """One button as a channel shows it; its data is what comes back, or an https address that it opens."""

    label: str
    data: str

    @property
    def opens(self) -> str | None:
        """Give the address that the button opens, if it opens one."""
        return self.data if self.data.startswith(OPENS) else None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a letter; its name is in plain letters, for every channel and every disk.

    kept: the File that it is, where it is one: a channel of our own shows that, and keeps no second one.
    """

    name: str
    mime: str
    content: bytes = field(repr=False)
    kept: int | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """One rendered message for one address.

    id: the outbox row's id, so that a channel that can, refuses a repeat.
    bold: (start, length) in code points. edits: the channel's id of the message to edit in place.
    takes_back: the edit is there to take words or a file away; a file that cannot become words goes whole.
    want: "contact", "location", "photo", "voice" or "file" offers the channel's own way to share that.
    file: what is attached; such a letter is never an edit.
    commands: set the chat's command menu to these (name, help) pairs instead of sending text.
    """

    id: int
    address: str
    text: str = ""
    bold: Sequence[tuple[int, int]] = ()
    keys: Sequence[Sequence[Key]] = ()
    edits: str | None = None
    takes_back: bool = False
    want: str = "text"
    urgent: bool = False
    language: str = "en"
    commands: Sequence[tuple[str, str]] | None = None
    file: Attachment | None = None

    def anew(self) -> Letter:
        """Give the same letter as a new message instead of an edit."""
        return replace(self, edits=None)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can show, and how fast.

    groups_begin: how the addresses of groups begin, which have a pace of their own; "": there are none.
    """

    buttons: bool = True
    buttons_per_row: int = 8
    buttons_at_most: int = 100
    editing: bool = True
    text_length: int = 4096
    per_second: float | None = None
    per_chat_per_second: float | None = None
    per_group_per_minute: int | None = None
    groups_begin: str = ""
    repeats_refused: bool = False


class Unreachable(Exception):
    """This address cannot be written to any more."""


class Rejected(Exception):
    """The channel will never take this letter."""


class EditGone(Exception):
    """The message to edit is no longer there: send it anew."""


class Moved(Exception):
    """The chat has a new address."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class Later(Exception):
    """The channel is busy or down; nothing was delivered. `everyone`: the whole channel must wait."""

    def __init__(self, wait: timedelta, *, everyone: bool = False) -> None:
        super().__init__(wait)
        self.wait = wait
        self.everyone = everyone


class Ambiguous(Exception):
    """No answer came: the letter may or may not have been delivered."""


class LockedOut(Exception):
    """The channel does not know us: nothing works before a setting is changed; the message says which."""


class NotHeard(Exception):
    """The turn could not be committed: do not acknowledge, the channel must bring the update again."""


Hear = Callable[[Update], Awaitable[str | None]]
"""Live one update as one committed turn; give what is to be shown to whoever pressed a button in a group.

Raises NotHeard when it must be brought again.
"""


class Channel(Protocol):
    """A messaging channel: a codec, a sender, and a way to receive."""

    @property
    def name(self) -> str: ...
    @property
    def capabilities(self) -> Capabilities: ...

    async def open(self) -> None:
        """Connect; learn one's own name. Called once, in every process."""

    async def close(self) -> None: ...

    async def send(self, letter: Letter) -> str:
        """Send or edit one letter; return the channel's id of the message ("" for a menu).

        Raises Unreachable, Rejected, EditGone, Moved, Later or Ambiguous.
        """

    async def receive(self, hear: Hear) -> None:
        """Bring updates until cancelled, in one process at a time; return at once where they are pushed."""

    def routes(self, hear: Hear) -> Sequence[web.RouteDef | web.StaticDef]:
        """Say which HTTP routes this channel needs in every process."""

    def link(self, code: str) -> str | None:
        """Give the link that opens this channel with /start CODE."""

    def group_link(self, code: str) -> str | None:
        """Give the link that takes the bot into a group, where it says /start CODE."""


@dataclass(slots=True)
class Channels:
    """The channels of this house by name."""

    by_name: dict[str, Channel] = field(default_factory=dict)
    base_url: str = ""

    def add(self, channel: Channel) -> None:
        self.by_name[channel.name] = channel

    def links(self, code: str) -> list[str]:
        """Give every channel's link for a one-time code, or the one link for a path of this server.

        A code that begins with IN_GROUP is for the links that take the bot into a group.
        """
        if code.startswith("/"):
            return [f"{self.base_url}{code}"]
        channels = self.by_name.values()
        if code.startswith(IN_GROUP):
            code = code.removeprefix(IN_GROUP)
            return [link for channel in channels if (link := channel.group_link(code))]
        return [link for channel in channels if (link := channel.link(code))]
