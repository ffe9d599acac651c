"""Who is at risk: the lists from which a coordinator picks whom somebody looks after more closely."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from tortoise.expressions import Q

from models.canteens import Canteen
from models.caselog import CaseEvent
from models.kin import Kinship
from models.pauses import HOSPITAL, Pause
from models.people import Account
from models.seniors import Senior, Status

LATELY: Final = timedelta(days=30)


class Risk(StrEnum):
    """Why somebody is at risk.

    Ill: in hospital or unwell within thirty days. Unlinked: no relative to whom we can write.
    """

    ALONE = "alone"
    OLD = "old"
    ILL = "ill"
    NO_PHONE = "no_phone"
    UNLINKED = "unlinked"
    ALL = "all"


async def at_risk(
    canteen: Canteen, risks: Collection[Risk], age: int, day: date, *, paused: bool
) -> list[Senior]:
    """List who is on any of these lists on a day, by their short ids; nobody who is in hospital.

    age: from which on somebody is old. paused: also those who have no lunch for some days.
    """
    seniors = await Senior.filter(canteen_id=canteen.id, status=Status.ACTIVE).order_by("id")
    away = await _pauses(canteen, day)
    here = [
        senior
        for senior in seniors
        if (found := away.get(senior.id)) is None or (paused and found.reason != HOSPITAL)
    ]
    if Risk.ALL in risks:
        return here
    listed: set[int] = set()
    if Risk.ALONE in risks:
        listed |= {senior.id for senior in here if senior.alone}
    if Risk.OLD in risks:
        listed |= {senior.id for senior in here if senior.born is not None and day.year - senior.born >= age}
    if Risk.NO_PHONE in risks:
        listed |= {senior.id for senior in here if not senior.phone}
    if Risk.UNLINKED in risks:
        listed |= {senior.id for senior in here} - await _linked([senior.id for senior in here])
    if Risk.ILL in risks:
        listed |= await _ill(canteen, [senior.id for senior in here], day)
    return [senior for senior in here if senior.id in listed]


async def in_hospital(canteen: Canteen, day: date) -> set[int]:
    """Find who is in hospital on a day."""
    return {number for number, pause in (await _pauses(canteen, day)).items() if pause.reason == HOSPITAL}


async def _pauses(canteen: Canteen, day: date) -> dict[int, Pause]:
    """Find who has no lunch on a day; of several pauses the one that is for a hospital."""
    held = Pause.filter(Q(ends__isnull=True) | Q(ends__gte=day), starts__lte=day, voided_at=None)
    found = await held.filter(senior__canteen_id=canteen.id).order_by("id")
    return {pause.senior_id: pause for pause in sorted(found, key=lambda pause: pause.reason == HOSPITAL)}


async def _linked(senior_ids: Collection[int]) -> set[int]:
    """Find whom somebody follows who can be written to."""
    linked = Kinship.filter(senior_id__in=list(senior_ids), linked=True, ended_at=None)
    kin = [one for one in await linked if one.hears]
    accounts = Account.filter(person_id__in=[one.person_id for one in kin], reachable=True)
    reachable: set[object] = set(await accounts.values_list("person_id", flat=True))
    return {one.senior_id for one in kin if one.person_id in reachable}


async def _ill(canteen: Canteen, senior_ids: Collection[int], day: date) -> set[int]:
    """Find who came from hospital, or whose health worried somebody, within thirty days."""
    stays = Pause.filter(senior_id__in=list(senior_ids), ends__gte=day - LATELY, voided_at=None)
    found = {pause.senior_id for pause in await stays if pause.reason == HOSPITAL}
    told = CaseEvent.filter(
        case__canteen_id=canteen.id, case__day__gte=day - LATELY, kind__in=("opened", "again")
    )
    # What is different is sealed, so it is read here and not asked of the database.
    for event in await told.prefetch_related("case"):
        if event.about == "health":
            found.add(event.case.senior_id)
    return found
