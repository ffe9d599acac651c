"""Photos and voice notes as they come in: packed as an answer, and read again."""

from __future__ import annotations

from collections.abc import Callable

from handlers.chat import Unclear
from handlers.text import Text, _
from models.files import AT_MOST, Enclosure, FileKind


def pack(file: Enclosure) -> str:
    """Write down what was sent as an answer; nobody can type one."""
    return f"{file.kind} {file.size} {file.channel} {file.ref}"


def read(text: str) -> Enclosure:
    """Read what `pack` wrote. Raises Unclear for a file that is too large."""
    kind, size, channel, ref = text.split(" ", 3)
    file = Enclosure(FileKind(kind), channel, ref, int(size))
    if file.size > AT_MOST:
        raise Unclear(too_large(file.kind))
    return file


def or_none(choice: str) -> Callable[[str], Enclosure | None]:
    """Make a reader for a file, or the choice to send none."""
    return lambda text: None if text == choice else read(text)


def too_large(kind: FileKind) -> Text:
    """Say that a file is larger than what is kept, and what helps."""
    most = AT_MOST // 1_000_000
    if kind is FileKind.PHOTO:
        return _("This photo is larger than {n} MB. Please send it smaller.", n=most)
    return _("This voice note is larger than {n} MB. Please send a shorter one.", n=most)
