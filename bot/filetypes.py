"""Tell photos and voice notes by their first bytes, whatever they are called."""

from __future__ import annotations

from typing import Final

from models.files import FileKind

_BEGINNINGS: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\x1aE\xdf\xa3", "audio/webm"),
)


def type_of(content: bytes) -> str | None:
    """Name the type of a photo or a voice note that is kept; None for everything else."""
    for beginning, mime in _BEGINNINGS:
        if content.startswith(beginning):
            return mime
    if content[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(content[8:12])
    if content[4:8] == b"ftyp":
        return "audio/mp4" if content[8:12] in (b"M4A ", b"mp42", b"isom", b"dash") else None
    return None


def kind_of(mime: str) -> FileKind:
    """Say whether a type is that of a photo or of a voice note."""
    return FileKind.PHOTO if mime.startswith("image/") else FileKind.VOICE


def without_place(content: bytes) -> bytes:
    """Take out of a JPEG where and with what it was taken; its picture stays as it is.

    Segments APP1 (Exif, XMP) and APP13 (IPTC) are left out up to the picture's data, JEITA CP-3451.
    """
    if not content.startswith(b"\xff\xd8"):
        return content
    kept, at = [content[:2]], 2
    while at + 4 <= len(content) and content[at] == 0xFF and content[at + 1] != 0xDA:
        length = 2 + int.from_bytes(content[at + 2 : at + 4])
        if content[at + 1] not in (0xE1, 0xED):
            kept.append(content[at : at + length])
        at += length
    return b"".join([*kept, content[at:]])
