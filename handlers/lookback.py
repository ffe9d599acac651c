"""What a look back over the day finds: who was not seen for days, and who fares worse than before."""

from __future__ import annotations

from handlers.casecard import headline
from handlers.chat import Mail, Priority, every, press
from handlers.text import Text, _, bold, lines
from models import watch
from models.cases import Case
from models.seniors import Senior


@every(seconds=60)
async def look_back(mail: Mail) -> bool:
    """Look back over a day that has ended, and tell the coordinators once what it has shown."""
    look = await watch.look_back(mail.now)
    if look is None:
        return False
    if look.cases:
        found = [await _line(case) for case in look.cases]
        for person in await look.canteen.coordinators():
            mail.say(
                lines(
                    bold(_("Looking back on {day}, please look in on them:", day=look.day)),
                    *found,
                ),
                to=person,
                buttons=[press(_("Open cases"), "/cases")],
                zone=look.canteen.zone,
                priority=Priority.REPLY,
                key=f"look {look.canteen.id} {look.day} {person.id}",
            )
    return True


async def _line(case: Case) -> Text:
    return _("🟠 {what}", what=headline(case, await Senior.get(id=case.senior_id)))
