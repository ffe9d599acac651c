"""What stands above the phones of a rehearsal."""

from __future__ import annotations

from typing import Final

from handlers.text import Text, _

WORDS: Final[dict[str, Text]] = {
    "title": _("Canteen – one day, three phones"),
    "lead": _("This is the real program with sample people. What you do on one phone shows on the others."),
    "clock": _("The canteen's clock"),
    "next": _("Next:"),
    "moving": _("The clock is moving…"),
    "ended": _("The day is over. Start the demo anew for another one."),
    "failed": _("The clock did not move. Is the demo still running?"),
}
