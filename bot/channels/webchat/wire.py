"""What the page and the server say to each other, as JSON frames."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from bot.channels import Kind, Letter, Update
from models.uploads import Upload
from models.webchat import Direction, WebMessage, WebSession
from models.webfiles import WebFile

FRAME_BYTES: Final = 64 * 1024
TEXT_LENGTH: Final = 10_000
DATA_BYTES: Final = 64
OLDEST_TAP: Final = timedelta(hours=24)
_PLACE: Final = re.compile(r"geo:-?\d{1,2}(\.\d{1,8})?,-?\d{1,3}(\.\d{1,8})?")
_PHONE: Final = re.compile(r"[+\d][\d\s()./-]{3,39}")

Number = Annotated[int, Field(ge=0, le=2**53)]


class _Frame(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Say(_Frame):
    """What a person did on the page.

    id: the page's own name of it, the same when it is sent again, and of what it uploaded before for a photo
    or a voice note. at: when it was done.
    """

    id: UUID
    kind: Literal["text", "press", "contact", "location", "photo", "voice"]
    text: str = Field("", max_length=TEXT_LENGTH)
    press: str = ""
    message: Number | None = None
    at: AwareDatetime | None = None
    lang: str = Field("", max_length=35)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        match self.kind:
            case "text":
                whole = bool(self.text.replace("\0", "").strip())
            case "press":
                whole = 0 < len(self.press.encode()) <= DATA_BYTES
            case "photo" | "voice":
                whole = True
            case "contact":
                whole = _PHONE.fullmatch(self.text) is not None
            case _:
                whole = _PLACE.fullmatch(self.text) is not None
        if not whole:
            raise ValueError(f"a {self.kind} that says nothing")
        return self

    def said_at(self, now: datetime) -> datetime | None:
        """Give the moment of the tap, where it can be believed."""
        return self.at if self.at and now - OLDEST_TAP <= self.at <= now else None

    def update(
        self, address: str, message: WebMessage | None, now: datetime, upload: Upload | None = None
    ) -> Update:
        """Put it in the words that all channels share."""
        return Update(
            channel="webchat",
            event=f"{address}:{self.id}",
            kind=Kind(self.kind),
            sender=address,
            place=address,
            text=self.text.replace("\0", ""),
            data=self.press,
            message=str(message.id) if message else "",
            file=str(upload.id) if upload else "",
            size=upload.size if upload else 0,
            mime=upload.mime if upload else "",
            language=self.lang,
            at=self.said_at(now),
        )


class Frame(_Frame):
    """One frame of the page: one of these.

    hello: show me what changed since, in the session that I know. read: everything up to this number
    was seen. before: show me older messages than this number.
    """

    hello: Number | None = None
    session: str = ""
    say: Say | None = None
    read: Number | None = None
    before: Number | None = None
    ping: bool = False


class _Named(_Frame):
    id: UUID


class _Refused(_Frame):
    say: _Named


def refused(frame: str) -> dict[str, Any]:
    """Tell the page which of its words could not be read, so that it does not bring them again."""
    try:
        return {"refused": str(_Refused.model_validate_json(frame).say.id)}
    except ValueError:
        return {"refused": None}


def body(letter: Letter, file: WebFile | None = None) -> dict[str, Any]:
    """Keep of a letter what its bubble shows."""
    shown: dict[str, Any] = {
        "text": letter.text,
        "bold": [list(span) for span in letter.bold],
        "keys": [[[key.label, key.data] for key in row] for row in letter.keys],
        "want": letter.want,
        "urgent": letter.urgent,
        "language": letter.language,
        "pressed": None,
    }
    if file is not None and letter.file is not None:
        shown["file"] = {"id": file.id, "name": file.name, "size": len(letter.file.content)}
    elif letter.file is not None and letter.file.kept is not None:
        shown["kept"] = {
            "id": letter.file.kept, "mime": letter.file.mime, "size": len(letter.file.content)
        }  # fmt: skip
    return shown


def bubble(message: WebMessage) -> dict[str, Any]:
    """Show one message to the page."""
    return {
        "number": message.number,
        "mine": message.direction is Direction.IN,
        "id": message.client_id,
        "at": message.said_at.isoformat(),
        "read": message.read_at is not None,
        **message.body,
    }


def changes(
    session: WebSession, messages: Sequence[WebMessage], *, now: datetime, whole: bool, more: bool, menu: bool
) -> dict[str, Any]:
    """Tell the page what changed up to `session.changes`.

    whole: these messages replace all that it shows; more: there are older ones.
    """
    frame: dict[str, Any] = {
        "changes": [bubble(message) for message in messages],
        "upto": session.changes,
        "session": session.address,
        "now": now.isoformat(),
    }
    if whole:
        frame["more"] = more
    if menu:
        frame["menu"] = session.menu
        frame["language"] = session.language
    return frame
