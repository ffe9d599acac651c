"""Keep the files that people and the bot sent."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from typing import Any

from tests.telegram_server.params import Params
from tests.telegram_server.refusals import Refused, bad_request

DOWNLOAD, UPLOAD, PHOTO = 20 << 20, 50 << 20, 10 << 20
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"RIFF")
FOLDERS = {"photo": ("photos", "jpg"), "voice": ("voice", "oga"), "sticker": ("stickers", "webp")}


@dataclass(frozen=True)
class Stored:
    """One file with its two names: for this bot (`id`), and for ever (`unique`)."""

    id: str
    unique: str
    path: str
    name: str
    mime: str
    content: bytes

    def public(self) -> dict[str, Any]:
        """Give the part that every kind of file object shares."""
        return {"file_id": self.id, "file_unique_id": self.unique, "file_size": len(self.content)}


class Files:
    """Store files and find them again."""

    def __init__(self) -> None:
        self._by_id: dict[str, Stored] = {}
        self._by_path: dict[str, Stored] = {}

    def keep(self, kind: str, content: bytes, name: str = "", mime: str = "") -> Stored:
        """Store a file; its path is what getFile tells."""
        number = len(self._by_id)
        folder, ending = FOLDERS.get(kind, ("documents", name.rpartition(".")[2] or "bin"))
        digest = hashlib.sha256(content).hexdigest()
        stored = Stored(
            id=f"{kind[:2].upper()}gACAgIAAx0{digest[:24]}{number:04d}",
            unique=f"AQAD{digest[:12]}",
            path=f"{folder}/file_{number}.{ending}",
            name=name,
            mime=mime or "application/octet-stream",
            content=content,
        )
        self._by_id[stored.id] = self._by_path[stored.path] = stored
        return stored

    def find(self, file_id: str) -> Stored:
        """Find a file by its id, or refuse."""
        if not file_id:
            raise bad_request("file_id not specified")
        if file_id not in self._by_id:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        return self._by_id[file_id]

    def at(self, path: str) -> Stored | None:
        """Find a file by the path that getFile told."""
        return self._by_path.get(path)

    def sent(self, kind: str, params: Params) -> Stored:
        """Take the file of a send call: uploaded now, or named by the id of an earlier one."""
        upload = params.upload(kind)
        if upload is None:
            named = params.text(kind)
            if not named:
                raise bad_request(f"there is no {kind} in the request")
            if named.startswith(("http://", "https://")):
                raise bad_request("failed to get HTTP URL content")
            if named not in self._by_id:
                raise bad_request("wrong file identifier/HTTP URL specified")
            return self._by_id[named]
        if not upload.content:
            raise bad_request("file must be non-empty")
        if len(upload.content) > UPLOAD:
            raise Refused(413, "Request Entity Too Large")
        if kind == "photo":
            _check_photo(upload.content)
        return self.keep(kind, upload.content, upload.name, upload.mime)


def photo_sizes(stored: Stored) -> list[dict[str, Any]]:
    """Describe a photo: a thumbnail and the picture itself."""
    width, height = _png_size(stored.content) or (800, 600)
    small = {"file_id": stored.id + "s", "file_unique_id": stored.unique + "s", "file_size": 1024}
    return [
        small | {"width": 90, "height": max(1, 90 * height // max(1, width))},
        stored.public() | {"width": width, "height": height},
    ]


def _check_photo(content: bytes) -> None:
    if len(content) > PHOTO:
        raise bad_request("file is too big")
    if not content.startswith(PICTURES):
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = _png_size(content) or (1, 1)
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")


def _png_size(content: bytes) -> tuple[int, int] | None:
    if not content.startswith(b"\x89PNG\r\n") or len(content) < 24:
        return None
    width, height = struct.unpack(">II", content[16:24])
    return width, height
