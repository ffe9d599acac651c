"""What a look back over the day finds: who was not seen for days, and who fares worse than before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from handlers.casecard import headline
from handlers.chat import Mail, Priority, every, press
from handlers.text import NOTHING, Text, _, _n, bold, lines
from models import watch
from models.cases import Case
from models.seniors import Senior
from models.watch import Look

SHOWN: Final = 20


@every(seconds=60)
async def look_back(mail: Mail) -> bool:
    """Look back over a day that has ended, and tell the coordinators once what it has shown."""
    look = await watch.look_back(mail.now)
    if look is None:
        return False
    if look.cases or look.still:
        words = await _words(look)
        for person in await look.canteen.coordinators():
            mail.say(
                words,
                to=person,
                buttons=[press(_("Open cases"), "/cases")],
                zone=look.canteen.zone,
                priority=Priority.REPLY,
                key=f"look {look.canteen.id} {look.day} {person.id}",
            )
    return True


async def _words(look: Look) -> Text:
    said = await _list(look.cases)
    if said:
        said = [bold(_("Looking back on {day}, please look in on them:", day=look.day)), *said]
    if look.still:
        said += [NOTHING] if said else []
        said += [bold(_("Still open from the days before:")), *await _list(look.still)]
    return lines(*said)


async def _list(cases: Sequence[Case]) -> list[Text]:
    seniors = await Senior.in_bulk([case.senior_id for case in cases[:SHOWN]], "id")
    said = [_("🟠 {what}", what=headline(case, seniors[case.senior_id])) for case in cases[:SHOWN]]
    if (more := len(cases) - SHOWN) > 0:
        said.append(_n("and {n} more: /cases", "and {n} more: /cases", more))
    return said
