"""What a page says before it is open, and after it has closed."""

from __future__ import annotations

from typing import Final

from handlers.text import Text, _

PAGE_CLOSED: Final[Text] = _(
    "This page is not open here. Its link works once and for one day."
    " Please write to the canteen's chat for a new one, for example /signin"
)
PAGE_UNKNOWN: Final[Text] = _("There is no such page.")
