"""Who stands at the desk: read from a card's code, a number such as A17, several of them, or a name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from handlers.answers import plain, words
from handlers.chat import Board, Chat, Unclear
from handlers.seniornames import called_so, label
from handlers.text import _, verbatim
from models.qrcards import CODE_DIGITS, SeniorCard
from models.seniors import Senior, Status

CODE: Final = re.compile(rf"\d{{{CODE_DIGITS}}}")
SHORT_ID: Final = re.compile(r"[A-Z]{1,2}\d{1,2}")
# Before or after a number: let this one eat, although no lunch was ordered.
EXTRA: Final = "+"
NAMED_AT_MOST: Final = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """What was written: a card's code, short ids, or a name; extra: although no lunch was ordered."""

    code: str | None = None
    short_ids: tuple[str, ...] = ()
    name: str = ""
    extra: bool = False


class Several(Unclear):
    """More than one senior is called so: which one, only a person can say."""

    def __init__(self, seniors: Sequence[Senior]) -> None:
        self.seniors = seniors[:NAMED_AT_MOST]
        super().__init__(
            _(
                "Several are called like that: {seniors}. Please write the number, such as A17.",
                seniors=tuple(label(senior) for senior in self.seniors),
            )
        )


def read(text: str) -> Asked:
    """Read what somebody wrote or scanned at the desk."""
    said = plain(words(text))
    extra = words(text).strip().startswith(EXTRA) or words(text).strip().endswith(EXTRA)
    said = said.strip(f"{EXTRA} ")
    if CODE.fullmatch(said.replace(" ", "")):
        return Asked(code=said.replace(" ", ""), extra=extra)
    parts = [part for part in re.split(r"[\s,;，、；+]+", said.upper()) if part]
    if parts and all(SHORT_ID.fullmatch(part) for part in parts):
        return Asked(short_ids=tuple(dict.fromkeys(parts)), extra=extra)
    return Asked(name=said, extra=extra)


async def find(at: Chat | Board, canteen_id: int, asked: Asked) -> list[Senior]:
    """Find who is meant, among everybody of the canteen. Raises CardUnknown, Several, Unclear."""
    if asked.code is not None:
        return [await SeniorCard.holder(asked.code, canteen_id, at.person, at.now)]
    everybody = await Senior.filter(canteen_id=canteen_id, status=Status.ACTIVE).order_by("id")
    if asked.short_ids:
        known = {senior.short_id: senior for senior in everybody}
        if strange := [short_id for short_id in asked.short_ids if short_id not in known]:
            raise Unclear(_("Nobody here has this number: {numbers}", numbers=tuple(map(verbatim, strange))))
        return [known[short_id] for short_id in asked.short_ids]
    found = called_so(asked.name, everybody)
    if not found:
        raise Unclear(_("I can't find that senior. Please write the number, such as A17, or the name."))
    if len(found) > 1:
        raise Several(found)
    return found
