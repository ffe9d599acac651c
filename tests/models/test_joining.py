"""Who comes in, who decides, and who may leave."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.database import transaction
from models import joining
from models.audit import AuditEvent
from models.canteens import Canteen
from models.invitations import Invitation, Purpose, link
from models.people import Account, Membership, Person, Role
from models.refusals import (
    AlreadyMember,
    AskedBefore,
    CodeUnknown,
    Gone,
    LastCoordinator,
    MemberDecided,
    NotAllowed,
    Refusal,
    TwoPersons,
)
from models.seniors import Kinship
from tests.fixtures_database import ONE_ENGINE
from tests.models.making import NOW, a_canteen, a_coordinator, a_person, a_relative, a_senior

pytestmark = pytest.mark.usefixtures("db")


async def invitation(canteen: Canteen, role: Role = Role.VOLUNTEER) -> Invitation:
    code = await Invitation.make(Purpose.JOIN, role=role, canteen_id=canteen.id, now=NOW)
    return await Invitation.look(code, NOW)


async def asked(canteen: Canteen, name: str = "Lin") -> Membership:
    return await joining.ask(await a_person(name), canteen.id, name=name, phone="+8613912345678", now=NOW)


async def all_at_once(*deeds: object) -> list[object]:
    """Do things in parallel, each in a transaction of its own; return what each gave or was refused with."""

    async def one(deed: object) -> object:
        try:
            async with transaction():
                return await deed  # type: ignore[misc]  # any coroutine will do
        except Refusal as refusal:
            return refusal

    return list(await asyncio.gather(*(one(deed) for deed in deeds)))


async def test_of_twenty_who_use_one_code_at_once_one_comes_in() -> None:
    canteen = await a_canteen()
    code = await invitation(canteen)
    people = [await a_person(f"P{n}") for n in range(20)]
    done = await all_at_once(
        *(joining.join(code, person, name="Lin", phone="+8613912345678", now=NOW) for person in people)
    )
    assert sum(isinstance(one, Membership) for one in done) == 1
    assert sum(isinstance(one, CodeUnknown) for one in done) == 19
    assert await Membership.filter(role=Role.VOLUNTEER).count() == 1


async def test_the_first_coordinator_is_the_human_even_when_two_come_at_once() -> None:
    canteen = await a_canteen()
    codes = [await invitation(canteen, Role.COORDINATOR) for _ in range(2)]
    people = [await a_person(name) for name in ("Ms Chen", "Mr Wu")]
    await all_at_once(
        *(
            joining.join(code, person, name=person.name or "", phone=f"+861391234567{n}", now=NOW)
            for n, (code, person) in enumerate(zip(codes, people, strict=True))
        )
    )
    fresh = await Canteen.get(id=canteen.id)
    assert fresh.human in {("Ms Chen", "+8613912345670"), ("Mr Wu", "+8613912345671")}
    assert len(await canteen.coordinators()) == 2


async def test_joining_keeps_name_phone_and_a_new_menu() -> None:
    canteen = await a_canteen()
    person = await a_person("nickname")
    account = await Account.create(person=person, channel="test", address="1", menu="old", heard_at=NOW)
    await joining.join(await invitation(canteen), person, name="Lin", phone="+8613912345678", now=NOW)
    fresh = await Person.get(id=person.id)
    assert (fresh.name, fresh.phone) == ("Lin", "+8613912345678")
    assert await Person.filter(phone_index=fresh.phone_index).count() == 1
    assert (await Account.get(id=account.id)).menu == ""
    assert await AuditEvent.filter(act="member.join", person_id=person.id).count() == 1


async def test_a_member_does_not_use_up_a_code() -> None:
    canteen = await a_canteen()
    code = await invitation(canteen, Role.COORDINATOR)
    with pytest.raises(AlreadyMember):
        await joining.join(code, await a_coordinator(canteen), name="x", phone="+8613912345678", now=NOW)
    assert (await Invitation.get(id=code.id)).used_at is None


@ONE_ENGINE
async def test_only_a_coordinator_of_that_canteen_invites_accepts_declines_and_ends() -> None:
    north, south = await a_canteen(), await a_canteen()
    chen, wu, lin = await a_coordinator(north), await a_coordinator(south), await a_person()
    pending = await asked(north)
    for by in (wu, lin, await Person.get(id=pending.person_id)):
        for deed in (joining.accept, joining.decline, joining.end):
            with pytest.raises(NotAllowed):
                await deed(pending.id, by, NOW)
        with pytest.raises(NotAllowed):
            await joining.invite(north.id, Role.VOLUNTEER, by, NOW)
    with pytest.raises(Gone):
        await joining.accept(999, chen, NOW)
    assert [member.id for member in await joining.waiting(north.id)] == [pending.id]
    assert await joining.waiting(south.id) == []


async def test_of_a_yes_and_a_no_at_once_one_counts() -> None:
    canteen = await a_canteen()
    chen, wu = await a_coordinator(canteen), await a_coordinator(canteen)
    member = await asked(canteen)
    done = await all_at_once(joining.accept(member.id, chen, NOW), joining.decline(member.id, wu, NOW))
    refused = [one for one in done if isinstance(one, MemberDecided)]
    assert len(refused) == 1
    assert refused[0].accepted == await Membership.holds(member.person_id, canteen.id, Role.VOLUNTEER)


async def test_a_no_rests_for_thirty_days() -> None:
    canteen = await a_canteen()
    chen = await a_coordinator(canteen)
    member = await asked(canteen)
    await joining.decline(member.id, chen, NOW)
    lin = await Person.get(id=member.person_id)
    soon, later = NOW + timedelta(days=29), NOW + timedelta(days=30)
    with pytest.raises(AskedBefore):
        await joining.ask(lin, canteen.id, name="Lin", phone="+8613912345678", now=soon)
    again = await joining.ask(lin, canteen.id, name="Lin", phone="+8613912345678", now=later)
    assert (again.id, again.asked_at, again.ended_at) == (member.id, later, None)
    await joining.accept(again.id, chen, later)
    with pytest.raises(AlreadyMember):
        await joining.ask(lin, canteen.id, name="Lin", phone="+8613912345678", now=later)


async def test_of_two_coordinators_who_end_each_other_one_stays() -> None:
    canteen = await a_canteen()
    chen, wu = await a_coordinator(canteen), await a_coordinator(canteen)
    member = {member.person_id: member.id for member in await joining.members(canteen.id, Role.COORDINATOR)}
    done = await all_at_once(joining.end(member[wu.id], chen, NOW), joining.end(member[chen.id], wu, NOW))
    assert sum(isinstance(one, LastCoordinator | NotAllowed) for one in done) == 1
    assert len(await canteen.coordinators()) == 1


@ONE_ENGINE
async def test_a_role_ends_once() -> None:
    canteen = await a_canteen()
    chen = await a_coordinator(canteen)
    member = await Membership.grant(await a_person(), canteen.id, Role.VOLUNTEER, by=chen, now=NOW)
    await joining.end(member.id, chen, NOW)
    with pytest.raises(Gone):
        await joining.end(member.id, chen, NOW)
    assert await joining.members(canteen.id, Role.VOLUNTEER) == []


# ------------------------------------------------------------------------------------------ two accounts


async def with_account(person: Person, address: str) -> Account:
    return await Account.create(person=person, channel="test", address=address, menu="old", heard_at=NOW)


async def link_code(person: Person) -> Invitation:
    return await Invitation.look(await Invitation.make(Purpose.LINK, by=person, now=NOW), NOW)


async def test_a_link_moves_the_account_and_renews_both_menus() -> None:
    mei, tablet = await a_person("Mei"), await a_person("Tablet")
    await with_account(mei, "phone")
    await with_account(tablet, "tablet")
    await link(await link_code(mei), tablet, NOW)
    assert await Account.filter(person_id=mei.id, menu="").count() == 2
    assert await Account.filter(person_id=tablet.id).count() == 0


async def test_a_link_used_by_its_maker_changes_nothing() -> None:
    mei = await a_person("Mei")
    await with_account(mei, "phone")
    assert (await link(await link_code(mei), mei, NOW)).id == mei.id
    assert (await Account.get()).menu == "old"


@ONE_ENGINE
async def test_who_holds_facts_is_not_swallowed_by_a_link() -> None:
    canteen = await a_canteen()
    mei = await a_person("Mei")
    member, kin = await a_coordinator(canteen), await a_relative(await a_senior(canteen))
    for somebody, other in ((member, kin), (kin, member)):
        with pytest.raises(TwoPersons):
            await link(await link_code(somebody), other, NOW)
    for somebody in (member, kin):
        assert (await link(await link_code(mei), somebody, NOW)).id == somebody.id


@ONE_ENGINE
async def test_it_does_not_matter_on_which_phone_the_link_is_made() -> None:
    mei, tablet = await a_relative(await a_senior(await a_canteen())), await a_person("Tablet")
    await with_account(mei, "phone")
    await with_account(tablet, "tablet")
    await link(await link_code(tablet), mei, NOW)
    assert await Account.filter(person_id=mei.id, menu="").count() == 2
    assert await tablet.roles() == {Role.STRANGER}


@ONE_ENGINE
async def test_a_join_code_links_nobody() -> None:
    canteen = await a_canteen()
    with pytest.raises(CodeUnknown):
        await link(await invitation(canteen), await a_person(), NOW)


# -------------------------------------------------------------------------------------------- who is who


async def test_family_is_who_follows_a_senior() -> None:
    canteen = await a_canteen()
    mei = await a_relative(await a_senior(canteen))
    assert await mei.roles() == {Role.FAMILY}
    assert await mei.canteens(Role.FAMILY) == [canteen]
    assert await Canteen.caring_for([mei.id]) == {mei.id: [canteen]}
    await Kinship.filter(person_id=mei.id).update(ended_at=NOW)
    assert await mei.roles() == {Role.STRANGER}
    assert await mei.canteens(Role.FAMILY) == []
    assert await Canteen.caring_for([mei.id]) == {}


@ONE_ENGINE
async def test_a_coordinator_who_is_also_family_needs_no_number_of_their_own() -> None:
    north, south = await a_canteen(), await a_canteen()
    chen = await a_coordinator(north)
    for canteen in (north, south):
        await Membership.grant(chen, canteen.id, Role.FAMILY, by=None, now=NOW)
    assert await Canteen.caring_for([chen.id]) == {chen.id: [south]}
