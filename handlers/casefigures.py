"""What a month of worries came to, in words: of which kind they were, and how they ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from handlers.casecard import ENDS
from handlers.text import NOTHING, Month, Text, _, _n, bold, listed
from models.casefigures import Figures
from models.cases import CaseKind, CaseOutcome

KINDS: Final[Mapping[CaseKind, Text]] = {
    CaseKind.NO_ANSWER: _("Doors that stayed shut"),
    CaseKind.EMPTY_PLACE: _("Places that stayed empty"),
    CaseKind.UNREACHED: _("Calls that nobody answered"),
    CaseKind.UNSEEN: _("Not seen for days"),
    CaseKind.CONCERN: _("Something was different"),
    CaseKind.WRONG_MEAL: _("Wrong meals"),
    CaseKind.TREND: _("Fared worse within a week"),
}


def month_words(figures: Figures) -> list[Text]:
    """Say a month; nothing where there was no worry."""
    if not figures.opened:
        return []
    kinds = [_counted(what, figures.opened.get(kind, 0)) for kind, what in KINDS.items()]
    ends = [_counted(ENDS[end], figures.ended.get(end, 0)) for end in CaseOutcome]
    ends.append(_counted(_("Still open"), figures.still_open))
    said = [
        NOTHING,
        bold(
            _n(
                "{month}: {n} worry",
                "{month}: {n} worries",
                sum(figures.opened.values()),
                month=Month(figures.month),
            )
        ),
        _("What it was – {kinds}", kinds=listed([one for one in kinds if one])),
        _("How it ended – {ends}", ends=listed([one for one in ends if one])),
    ]
    if figures.usually is not None:
        said.append(_("Usually we knew after {time} how they were.", time=figures.usually))
    return said


def _counted(what: Text, n: int) -> Text:
    return _("{what}: {n}", what=what, n=n) if n else NOTHING
