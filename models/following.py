"""Following a senior by a code: who may pass one on, and what whoever uses it may know at most."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.audit import AuditEvent
from models.invitations import Invitation, Purpose
from models.kin import ALL, Kinship, Scope
from models.people import Membership, Person, Role
from models.refusals import CodeUnknown, Gone, OwnCode
from models.seniors import LISTED, Senior


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of a code. invited_by: who made it. new: its user did not follow the senior before."""

    senior: Senior
    kin: Kinship
    invited_by: Person
    new: bool


async def invite(senior_id: int, by: Person, now: datetime) -> str:
    """Make a code for another relative. Raises NotAllowed, Gone, NotByMessage."""
    senior = await Senior.get_or_none(id=senior_id)
    # To a stranger, a senior whom nobody knows and one whom they do not follow are the same.
    if senior is None or not await Membership.holds(by.id, senior.canteen_id, Role.COORDINATOR):
        await Kinship.informed(senior_id, by)
    if senior is None or senior.status not in LISTED:
        raise Gone
    return await Invitation.make(Purpose.KIN, now=now, by=by, senior_id=senior_id)


async def may_follow(invitation: Invitation, person: Person) -> tuple[Senior, Scope]:
    """Check a code; give the senior, and what whoever uses it may know at most.

    A relative passes on no more than they may know themselves, at the moment at which the code is used.
    Raises CodeUnknown, OwnCode, and Gone if the senior is no longer with us.
    """
    if invitation.senior_id is None or invitation.made_by_id is None:
        raise CodeUnknown
    if invitation.made_by_id == person.id:
        raise OwnCode
    senior = await Senior.get(id=invitation.senior_id)
    if senior.status not in LISTED:
        raise Gone
    if await Membership.holds(invitation.made_by_id, senior.canteen_id, Role.COORDINATOR):
        return senior, ALL
    # Held, so that nobody ends it between this look and the use of the code.
    kin = Kinship.filter(senior_id=senior.id, person_id=invitation.made_by_id, linked=True, ended_at=None)
    inviter = await kin.select_for_update().first()
    if inviter is None or not inviter.may(Scope.STATUS):
        raise CodeUnknown
    return senior, inviter.held


async def follow(invitation: Invitation, person: Person, now: datetime) -> Followed:
    """Use such a code. Raises what `may_follow` raises."""
    senior, most = await may_follow(invitation, person)
    await invitation.use(person, now)
    known = await Kinship.filter(
        senior_id=senior.id, person_id=person.id, linked=True, ended_at=None
    ).exists()
    kin = await Kinship.begin(senior.id, person, now, most=most)
    await AuditEvent.record("kin.follow", f"senior {senior.id}", by=person.id, now=now)
    assert invitation.made_by_id is not None
    return Followed(senior, kin, await Person.get(id=invitation.made_by_id), new=not known)
