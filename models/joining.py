"""Coming to a canteen and leaving it: an invitation, asking, the coordinator's yes or no, the end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from models.audit import AuditEvent
from models.callrules import Caller
from models.canteens import Canteen
from models.claiming import CARRIERS
from models.invitations import Invitation, Purpose
from models.people import Account, Membership, Person, Role
from models.phonecalls import PhoneCall
from models.refusals import (
    AlreadyMember,
    AskedBefore,
    CodeUnknown,
    Gone,
    LastCoordinator,
    MemberDecided,
    NotAllowed,
)
from models.shifts import Claim, GivenBack

# Long enough that nobody is worn down by asking, short enough that times may have changed.
ASK_AGAIN: Final = timedelta(days=30)


async def invite(canteen_id: int, role: Role, by: Person, now: datetime) -> str:
    """Make a one-time code that gives its user a role. Raises NotAllowed."""
    await by.must_be(Role.COORDINATOR, canteen_id)
    code = await Invitation.make(Purpose.JOIN, by=by, role=role, canteen_id=canteen_id, now=now)
    await AuditEvent.record("member.invite", f"{role} of canteen {canteen_id}", by=by.id, now=now)
    return code


async def join(code: Invitation, person: Person, *, name: str, phone: str, now: datetime) -> Membership:
    """Use an invitation: the role holds at once, and the first coordinator is the canteen's human.

    Raises CodeUnknown, AlreadyMember (the code stays good then: it was meant for somebody else).
    """
    if code.canteen_id is None or code.role is None:
        raise CodeUnknown
    canteen = await Canteen.locked(code.canteen_id)
    if await Membership.holds(person.id, canteen.id, code.role):
        raise AlreadyMember
    await code.use(person, now)
    await person.introduce(name, phone)
    by = None if code.made_by_id is None else await Person.get(id=code.made_by_id)
    member = await Membership.grant(person, canteen.id, code.role, by=by, now=now)
    if code.role is Role.COORDINATOR and not canteen.human_phone:
        canteen.human_name, canteen.human_phone = name, phone
        await canteen.save(update_fields=["human_name", "human_phone"])
    await AuditEvent.record("member.join", f"membership {member.id}", by=person.id, now=now)
    return member


async def ask(person: Person, canteen_id: int, *, name: str, phone: str, now: datetime) -> Membership:
    """Ask to become a volunteer; asked twice, it is asked once.

    Raises AlreadyMember, and AskedBefore within 30 days of a no.
    """
    member = await Membership.filter(person_id=person.id, canteen_id=canteen_id, role=Role.VOLUNTEER).first()
    if member is not None and member.ended_at is None and member.accepted_at is not None:
        raise AlreadyMember
    if member is not None and member.ended_at is not None and now < member.ended_at + ASK_AGAIN:
        raise AskedBefore
    await person.introduce(name, phone)
    if member is None:
        return await Membership.create(
            person_id=person.id, canteen_id=canteen_id, role=Role.VOLUNTEER, asked_at=now
        )
    if member.ended_at is not None:
        member.asked_at, member.accepted_at, member.ended_at = now, None, None
        await member.save()
    return member


async def accept(member_id: int, by: Person, now: datetime) -> Membership:
    """Say yes to someone who asked. Raises NotAllowed, MemberDecided, Gone."""
    member = await _as_coordinator(member_id, by)
    pending = Membership.filter(id=member.id, accepted_at=None, ended_at=None)
    if not await pending.update(accepted_at=now, accepted_by_id=by.id):
        raise await _decided(member)
    await Account.renew_menus(member.person_id)
    await AuditEvent.record("member.accept", f"membership {member.id}", by=by.id, now=now)
    return member


async def decline(member_id: int, by: Person, now: datetime) -> Membership:
    """Say no to someone who asked. Raises NotAllowed, MemberDecided, Gone."""
    member = await _as_coordinator(member_id, by)
    pending = Membership.filter(id=member.id, accepted_at=None, ended_at=None)
    if not await pending.update(ended_at=now):
        raise await _decided(member)
    await AuditEvent.record("member.decline", f"membership {member.id}", by=by.id, now=now)
    return member


async def end(member_id: int, by: Person, now: datetime) -> Membership:
    """End a role. Raises NotAllowed, Gone (it has ended already), LastCoordinator."""
    member = await _as_coordinator(member_id, by)
    await Canteen.locked(member.canteen_id)
    if member.role is Role.COORDINATOR and await Membership.people(member.canteen_id, Role.COORDINATOR) == [
        member.person
    ]:
        raise LastCoordinator
    held = Membership.filter(id=member.id, accepted_at__not_isnull=True, ended_at=None)
    if not await held.update(ended_at=now):
        raise Gone
    if not await Membership.holds(member.person_id, member.canteen_id, *CARRIERS):
        await give_back_all(member, now)
    if member.role is Role.VOLUNTEER:
        # Somebody who comes back later is chosen anew.
        await Caller.filter(canteen_id=member.canteen_id, person_id=member.person_id, ended_at=None).update(
            ended_at=now
        )
    await PhoneCall.let_go(member.person_id, member.canteen_id, now)
    await Account.renew_menus(member.person_id)
    await AuditEvent.record("member.end", f"membership {member.id}", by=by.id, now=now)
    return member


async def give_back_all(member: Membership, now: datetime) -> list[GivenBack]:
    """Open the places of somebody who may not carry any more; a round under way is walked to its end."""
    return [
        await Claim.give_back(claim.id, member.person, now)
        for claim in await Claim.coming(member.person, now)
        if claim.shift.canteen_id == member.canteen_id and claim.started_at is None
    ]


async def free_place(claim_id: int, by: Person, now: datetime) -> Claim:
    """Open the place of a volunteer who can't be reached. Raises Gone, NotAllowed, ShiftOver."""
    claim = (
        await Claim.filter(id=claim_id).prefetch_related("person", "shift__route", "shift__canteen").first()
    )
    if claim is None:
        raise Gone
    await by.must_be(Role.COORDINATOR, claim.shift.canteen_id)
    if (await Claim.give_back(claim.id, claim.person, now)).news:
        await AuditEvent.record("claim.free", f"claim {claim.id}", by=by.id, now=now)
    return claim


async def waiting(canteen_id: int) -> list[Membership]:
    """List who waits for the coordinator's answer, longest first."""
    asked = Membership.filter(canteen_id=canteen_id, accepted_at=None, ended_at=None)
    return await asked.order_by("asked_at", "id").prefetch_related("person")


async def members(canteen_id: int, *roles: Role) -> list[Membership]:
    """List who has one of these roles now, longest first."""
    held = Membership.filter(
        canteen_id=canteen_id, role__in=list(roles), accepted_at__not_isnull=True, ended_at=None
    )
    return await held.order_by("accepted_at", "id").prefetch_related("person")


async def _as_coordinator(member_id: int, by: Person) -> Membership:
    member = await Membership.filter(id=member_id).prefetch_related("person").first()
    if member is None:
        raise Gone
    if not await Membership.holds(by.id, member.canteen_id, Role.COORDINATOR):
        raise NotAllowed
    return member


async def _decided(member: Membership) -> MemberDecided:
    return MemberDecided(await Membership.holds(member.person_id, member.canteen_id, member.role))
