"""What people and forgers write, send and press that nobody asked for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from bot.channels import Kind
from tests.house import Heard, Phone

Act = Callable[[Phone], Awaitable[list[Heard]]]

NUMBERS: Final = (
    "?", "-", "0x10", "-1", "99999999999999999999", "٣", "１２", "1e9", "½", "²", "1.", "1、", "+", "+0",
    "31/02/2026", "2026-02-31", "0001-01-01", "9999-12-31", "25:61", "24:00", "tomorrow yesterday",
)  # fmt: skip
TEXTS: Final = (
    "asdf qwer", "…", "N" * 10_000, "名" * 10_000, "n " * 5_000, "é" * 300, "e\u0301\u0302" * 50,
    "👵🏽🍜🇨🇳\U0001f468\u200d\U0001f469\u200d\U0001f467", "\u200fשלום, זו אמא\u200e", "\u202e evil \u2066",
    "العنوان ٢١", "<b>Grandma</b> & <script>alert(1)</script>", "{name} {0} {} {", "}{", "%s %(name)s %",
    "\\n \\x00", "a\x00b", "\x01\x02", "'; DROP TABLE person; --", "\u200b\u200d\u200c", "\t\n \n\t .",
)  # fmt: skip
UNREADABLE: Final = NUMBERS + TEXTS
# None of what follows answers a question: the one that is open must stay as it was.
SLASHES: Final = (
    "/", "//", "/nosuchword", "/no such word", "/🍜", "/ start", "/" + "x" * 5_000, "/back2", "/START2",
)  # fmt: skip
GARBAGE: Final = (
    "", ":", ":::::", "x" * 64, "é" * 32, "🍜" * 16, "{name}", "q", "q:", "q:1", "q:x:y:z", "q:-1:who:yes",
    "q:0:who:", "q:99999999999999999999:who:yes", "q:٣:who:yes", "q:²:who:yes", "k:", "k:1", "k:x:go",
    "k:99999999999999999999:drop", "k:-1:go", "/", "/nosuchword", "//", "nosuchbutton:1",
)  # fmt: skip
# Names of real buttons, with what none of ours carries.
MISSHAPEN: Final = (
    "senior", "senior:", "senior:1:2", "senior:x", "senior:-1", "senior:1.5", "senior:99999999999999999999",
    "at_door:1", "at_door:999999:in_person", "at_door:1:expected", "at_door:1:", "at_door:1:x:y",
    "undo:999999", "undo:999999:999999",
    "today:1:2026-13-45", "today:1:0001-01-01", "today:1:9999-12-31", "today:1:",
    "kitchen:1:0001-01-01", "kitchen:1:9999-12-31", "roster:1:0001-01-01", "carriers:1:9999-12-31",
    "eat:1:9999-12-31", "eat:1:0001-01-01", "set:1:nosuch", "set:1:__class__", "set_route:1:nosuch",
    "speak:xx", "speak:", "invite:1:stranger", "invite:1:kitchen", "invite:1:x", "shifts_page:1:-5",
    "shifts_page:1:2147483647", "shift_take:999999:0", "put_stop:1:999999:-2147483647", "order:1:",
    "month:1:0001-01-01", "month:1:9999-12-31", "month_week:1:2026-11-01:9999-12-31",
    "month_week:1:2026-11-01:0001-01-01",
    "month_take:1:2026-11-30:-1:99999999999", "month_take:1:9999-12-31:2:0", "month_day:1:0001-01-01:1",
    "month_day:1:9999-12-31:1", "month_day:1:2026-11-28:7", "makeup:1:9999-12-31:0", "setting_stays:999999",
    "calendar:999999",
    "tell:1:7", "hours_right:-1", "desk_in:x", "desk_in:999999", "desk_guests:1:2026-11-24:-5",
    "desk_guests:1:2026-11-24:999", "desk:1:0001-01-01:0", "desk_page:-1", "food:999999", "food_month:1:x",
    "desk_rule:1:__class__", "qrcards:999999",
)  # fmt: skip
SENT: Final = (Kind.PHOTO, Kind.VOICE, Kind.STICKER, Kind.DOCUMENT)


def says(text: str) -> Act:
    return lambda phone: phone.says(text)


def presses(data: str) -> Act:
    return lambda phone: phone.presses(data)


def sends(kind: Kind, text: str = "") -> Act:
    return lambda phone: phone.sends(kind, text, "file")


ANSWERS: Final[dict[str, Act]] = {
    **{text[:24]: says(text) for text in UNREADABLE},
    "a place": sends(Kind.LOCATION, "geo:31.23,121.47"),
    "a place nowhere": sends(Kind.LOCATION, ""),
    "a contact": sends(Kind.CONTACT, "+8613900000009"),
    "a contact without a number": sends(Kind.CONTACT, ""),
}
HARMLESS: Final[dict[str, Act]] = {
    **{text[:24]: says(text) for text in SLASHES},
    **{f"button {data}": presses(data) for data in (*GARBAGE, *MISSHAPEN)},
    **{kind.value: sends(kind) for kind in SENT},
    "a changed message": sends(Kind.EDITED, "Wang"),
}
