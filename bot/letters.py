"""From a row to what a channel can show: the reader's language, the channel's capabilities."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from tortoise.expressions import Q

from bot.channels import Attachment, Capabilities, Key, Letter
from bot.i18n import Rendered, render
from bot.papers import Press
from handlers import words
from handlers.text import NOTHING, Text, lines, unpack, verbatim
from models import fileviews
from models.messaging import OutboxMessage, Sent
from models.people import Person
from models.refusals import FileGone, NotAllowed, RoundOver

ROW_LETTERS: Final = 22
ROW_KEYS: Final = 3


async def letter_of(
    row: OutboxMessage, can: Capabilities, links: Callable[[str], list[str]], press: Press, now: datetime
) -> Letter:
    """Render a row for its reader. Needs `person` and `account` fetched."""
    person, account = row.person, row.account
    assert person is not None
    assert account is not None
    body: dict[str, Any] = row.body
    zone = body.get("zone") or person.zone or "UTC"

    def said(text: Text) -> Rendered:
        return render(text, language=person.language, zone=zone, links=links)

    if row.kind == "menu":
        menu = [(name, said(unpack(help_)).text) for name, help_ in body["commands"]]
        return Letter(row.id, account.address, language=person.language, commands=menu)
    keys = _keys(body, lambda label: said(unpack(label)).text)
    text = unpack(body["text"])
    if not can.buttons and keys:
        shown_keys = [key for line in keys for key in line]
        pressed = [key for key in shown_keys if key.opens is None]
        labels = [f"{number} {key.label}" for number, key in enumerate(pressed, 1)]
        labels += [f"{key.label}: {key.opens}" for key in shown_keys if key.opens]
        text, keys = lines(text, NOTHING, *(verbatim(label) for label in labels)), []
    if "footer" in body:
        text = lines(text, NOTHING, unpack(body["footer"]))
    if body["want"] in ("contact", "location"):
        share = words.SHARE_PHONE if body["want"] == "contact" else words.SHARE_PLACE
        keys = [[Key(said(share).text, "share")], *keys]
    file: Attachment | None = None
    if "paper" in body:
        name, *args = body["paper"]
        file = await press.attach(
            name,
            args,
            person.language,
            lambda text, zone: render(text, language=person.language, zone=zone, links=links).text,
        )
    if "file" in body:
        file = await _kept(body["file"], person, now)
        if file is None:
            text = lines(text, words.FILE_GONE)
    shown = said(text)
    return Letter(
        id=row.id,
        address=account.address,
        text=shown.text,
        bold=shown.bold,
        keys=keys,
        edits=await _shown_as(row) if row.edits and can.editing and file is None else None,
        takes_back=bool(body.get("message")),
        want=body["want"],
        urgent=row.priority == 0,
        language=person.language,
        file=file,
    )


async def _kept(file_id: int, reader: Person, now: datetime) -> Attachment | None:
    """Open a kept file, if it is still there and this reader may still see it."""
    try:
        file, _until = await fileviews.seen_by(file_id, reader, now)
    except (FileGone, NotAllowed, RoundOver):
        return None
    return Attachment(file.name, file.mime, file.content, kept=file.id) if file.here else None


def _keys(body: dict[str, Any], label_of: Callable[[Any], str]) -> Sequence[Sequence[Key]]:
    """Lay out the buttons: choices flow into rows as long as their words are short, then the fixed rows."""
    rows: list[list[Key]] = []
    width = 0
    for label, data in body.get("flow", ()):
        key = Key(label_of(label), data)
        # Chinese letters are twice as wide as Latin ones.
        letters = sum(2 if ord(letter) > 0x2E80 else 1 for letter in key.label) + 2
        if rows and width + letters <= ROW_LETTERS and len(rows[-1]) < ROW_KEYS:
            rows[-1].append(key)
            width += letters
        else:
            rows.append([key])
            width = letters
    rows += [[Key(label_of(label), data) for label, data in row] for row in body.get("rows", ())]
    return rows


async def _shown_as(row: OutboxMessage) -> str | None:
    """Find the channel's id of the message in which this card is shown, or of the one that is meant."""
    if meant := row.body.get("message"):
        return str(meant)
    shown = OutboxMessage.filter(
        account_id=row.account_id, card=row.card, state=Sent.SENT, message__isnull=False
    )
    # An older message that was changed by itself (see Mail.say, everywhere) is not where the card is now.
    last = await shown.filter(Q(edits=False) | Q(key__isnull=True)).order_by("-id").first()
    return last.message if last else None
