"""Numbers to call: whom else a coordinator can reach for a senior, and a senior's own new one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.audit import AuditEvent
from models.calls import CallItem, CallState
from models.canteens import Canteen
from models.fields import blind
from models.kin import Kinship
from models.people import Person
from models.seniors import Senior


@dataclass(frozen=True, slots=True)
class Number:
    """Somebody else to call for a senior."""

    name: str
    phone: str


async def other_numbers(senior: Senior) -> list[Number]:
    """List whom else a coordinator can call, in the agreed order."""
    return [
        Number(one.person.name or "?", one.person.phone or "")
        for one in await Kinship.to_call(senior)
        if one.person.phone != senior.phone
    ]


async def new_number(senior_id: int, phone: str, by: Person, now: datetime) -> Senior:
    """Keep a senior's new number (E.164), and have them called again where the old one was wrong.

    Raises Gone, NotAllowed.
    """
    senior = await Senior.coordinated(senior_id, by)
    senior.phone, senior.phone_index = phone, blind(phone, "phone")
    await senior.save(update_fields=["phone", "phone_index"])
    await AuditEvent.record("senior.phone", f"senior {senior_id}", by=by.id, now=now)
    canteen = await Canteen.get(id=senior.canteen_id)
    wrong = CallItem.filter(senior_id=senior_id, state=CallState.WRONG)
    await wrong.filter(call_list__ends__gte=canteen.today(now)).update(state=CallState.OPEN, at=now)
    return senior
