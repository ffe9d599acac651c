"""Seniors: who may do what with them, and what stays on record."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.database import transaction
from models import dayplan, endings, hospital
from models.audit import AuditEvent
from models.calendar import ServiceDay
from models.canteens import Canteen
from models.endings import EndReason
from models.following import follow, invite
from models.invitations import Invitation, Purpose
from models.meals import Meal, MealState
from models.people import Membership, Person, Role
from models.refusals import CodeUnknown, Gone, NotAllowed, NotPending, SeniorKnown
from models.routes import Stop
from models.seniors import Agreed, Consent, Diet, Kinship, Mode, Residence, Senior, Status, _short_id
from tests.fixtures_database import ONE_ENGINE

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # Monday, 09:00 in Shanghai
MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)

pytestmark = pytest.mark.usefixtures("db")


async def person(name: str = "Mei") -> Person:
    return await Person.create(name=name, created_at=NOW)


async def canteen() -> Canteen:
    return await Canteen.open("Ping'an Lane", "Asia/Shanghai", "en", NOW)


async def coordinator(of: Canteen) -> Person:
    chen = await person("Ms Chen")
    await Membership.grant(chen, of.id, Role.COORDINATOR, by=None, now=NOW)
    return chen


async def registered(of: Canteen, by: Person, **other: Any) -> Senior:
    facts: dict[str, Any] = {
        "name": "Wang Guifen", "called": "Grandma Wang", "born": 1941, "phone": "+862155550101",
        "address": "5 Ping'an Lane, 201", "knock": "Ring long", "plan": "Ask Mrs Li", "mode": Mode.DELIVERY,
        "weekdays": 31, "labels": ["low_salt"], "texture": "soft", "allergies": ["peanuts"], "avoids": None,
        "contact": ("Li Ming", "+8613912345678", "son"), "alone": True, "agreed": Agreed.YES,
    }  # fmt: skip
    return await Senior.register(canteen_id=of.id, by=by, now=NOW, **(facts | other))


@ONE_ENGINE
async def test_a_registration_keeps_every_fact_with_its_day_and_who_gave_it() -> None:
    here, mei = await canteen(), await person()
    senior = await Senior.get(id=(await registered(here, mei)).id)
    assert (senior.short_id, senior.status, senior.registered_by_id) == ("A1", Status.ENQUIRY, mei.id)
    home, diet = await senior.residence_on(MONDAY), await senior.diet_on(MONDAY)
    assert home is not None
    assert (home.address, home.knock, home.plan) == (
        "5 Ping'an Lane, 201",
        "Ring long",
        "Ask Mrs Li",
    )
    assert diet is not None
    assert (diet.labels, diet.texture, diet.allergies) == (
        ["low_salt"],
        "soft",
        ["peanuts"],
    )
    assert await Consent.given(senior.id) is Agreed.YES
    follows, contact = await Kinship.of(senior)
    assert (follows.person_id, follows.linked, follows.tell_problems) == (mei.id, True, True)
    assert (contact.person.name, contact.person.phone, contact.relation, contact.linked) == (
        "Li Ming", "+8613912345678", "son", False,
    )  # fmt: skip
    assert Role.FAMILY in await mei.roles()


@ONE_ENGINE
async def test_a_coordinator_who_registers_somebody_does_not_become_family() -> None:
    here = await canteen()
    chen = await coordinator(here)
    senior = await registered(here, chen, contact=None)
    assert await Kinship.of(senior) == []
    assert Role.FAMILY not in await chen.roles()


@ONE_ENGINE
def test_short_ids_run_from_a1_over_a99_and_z99_on() -> None:
    assert [_short_id(n) for n in (0, 98, 99, 26 * 99 - 1, 26 * 99)] == ["A1", "A99", "B1", "Z99", "AA1"]


async def test_a_short_id_that_is_taken_already_is_passed_over() -> None:
    here, mei = await canteen(), await person()
    first = await registered(here, mei)
    await Senior.filter(id=first.id).update(short_id="A2")
    assert (await registered(here, mei, name="Li Ming", phone=None)).short_id == "A3"


async def test_twenty_registrations_at_once_get_twenty_short_ids() -> None:
    here, mei = await canteen(), await person()

    async def one(number: int) -> str:
        async with transaction():
            return (await registered(here, mei, name=f"Senior {number}", phone=None)).short_id

    ids = await asyncio.gather(*(one(number) for number in range(20)))
    assert sorted(ids) == sorted(f"A{number}" for number in range(1, 21))


async def test_the_same_senior_registered_twice_at_once_is_kept_once() -> None:
    here, mei = await canteen(), await person()

    async def one() -> object:
        try:
            async with transaction():
                return await registered(here, mei)
        except SeniorKnown as known:
            return known

    results = await asyncio.gather(*(one() for _ in range(8)))
    assert sum(isinstance(result, Senior) for result in results) == 1
    assert await Senior.all().count() == 1


@pytest.mark.parametrize(
    "again",
    [
        {"phone": None},
        {"name": "WANG  guifen", "phone": None},
        {"name": "Ｗａｎｇ Guifen"},
        {"born": 1942},
    ],
    ids=["another number", "other spaces", "full width", "same number, another year"],
)
async def test_the_same_senior_is_known(again: dict[str, Any]) -> None:
    here, mei = await canteen(), await person()
    first = await registered(here, mei)
    with pytest.raises(SeniorKnown) as known:
        await registered(here, await person("Wu"), **again)
    assert known.value.senior_id == first.id
    assert await Kinship.filter(linked=True).count() == 1


@ONE_ENGINE
@pytest.mark.parametrize(
    "other", [{"name": "Wang Guifang", "phone": None}, {"born": 1942, "phone": "+862155550102"}]
)
async def test_another_senior_is_another(other: dict[str, Any]) -> None:
    here, mei = await canteen(), await person()
    await registered(here, mei)
    assert (await registered(here, mei, **other)).short_id == "A2"


@ONE_ENGINE
async def test_a_couple_shares_a_number_and_the_coordinator_can_see_it() -> None:
    here, mei = await canteen(), await person()
    wife = await registered(here, mei)
    husband = await registered(here, mei, name="Zhao Dagang", born=1939)
    assert await husband.sharing_phone() == [wife]
    assert await (await registered(here, mei, name="Li Hua", phone=None)).sharing_phone() == []


@ONE_ENGINE
async def test_the_same_name_in_another_canteen_is_nobodys_business() -> None:
    here, there, mei = await canteen(), await canteen(), await person()
    await registered(here, mei)
    other = await registered(there, mei)
    assert other.short_id == "A1"
    assert await other.sharing_phone() == []


@ONE_ENGINE
async def test_whoever_was_declined_may_be_registered_again() -> None:
    here, mei = await canteen(), await person()
    first = await registered(here, mei)
    await Senior.decline(first.id, await coordinator(here), NOW)
    assert (await registered(here, mei)).id != first.id


async def test_an_accepted_door_stands_at_the_end_of_the_first_route() -> None:
    here, mei = await canteen(), await person()
    chen = await coordinator(here)
    for name in ("Wang Guifen", "Li Hua"):
        senior = await registered(here, mei, name=name, phone=None)
        assert (await Senior.accept(senior.id, chen, NOW)).status is Status.ACTIVE
        assert (await Stop.get(senior_id=senior.id)).position == (1 if name == "Wang Guifen" else 2)
    guest = await registered(here, mei, name="Zhao Dagang", phone=None, mode=Mode.DINE_IN)
    await Senior.accept(guest.id, chen, NOW)
    assert not await Stop.filter(senior_id=guest.id).exists()


async def test_who_was_not_asked_eats_only_after_the_own_yes() -> None:
    here = await canteen()
    chen = await coordinator(here)
    senior = await registered(here, await person(), agreed=Agreed.NOT_ASKED)
    with pytest.raises(NotPending):
        await Senior.agree(senior.id, chen, NOW)
    assert (await Senior.accept(senior.id, chen, NOW)).status is Status.OWN_YES
    assert (await Senior.agree(senior.id, chen, NOW + timedelta(hours=1))).status is Status.ACTIVE
    last = await Consent.filter(senior_id=senior.id).order_by("-id").first()
    assert last is not None
    assert (last.answer, last.asked_by_id, last.at) == (Agreed.YES, chen.id, NOW + timedelta(hours=1))
    assert await Consent.filter(senior_id=senior.id).count() == 2


@ONE_ENGINE
async def test_a_guardians_yes_is_enough() -> None:
    here = await canteen()
    senior = await registered(here, await person(), agreed=Agreed.GUARDIAN)
    assert (await Senior.accept(senior.id, await coordinator(here), NOW)).status is Status.ACTIVE


@ONE_ENGINE
async def test_only_a_coordinator_of_the_canteen_decides() -> None:
    here, there, mei = await canteen(), await canteen(), await person()
    stranger_to_it = await coordinator(there)
    senior = await registered(here, mei)
    acts = [
        Senior.accept, Senior.agree, Senior.decline,
        lambda id_, by, now: endings.end(id_, EndReason.MOVED, by, now),
        lambda id_, by, now: endings.undo(id_, by, now),
        lambda id_, by, now: hospital.seen(id_, by, now),
        lambda id_, by, now: Senior.complete(id_, visit_on=TUESDAY, by=by, now=now),
        lambda id_, by, now: Senior.change_pattern(id_, mode=Mode.PICK_UP, weekdays=1, by=by, now=now),
        lambda id_, by, now: Residence.move(
            id_, address="x", knock=None, plan=None, since=TUESDAY, by=by, now=now
        ),
        lambda id_, by, now: Diet.change(
            id_, labels=[], texture="regular", allergies=[], avoids=None, since=TUESDAY, by=by, now=now
        ),
    ]  # fmt: skip
    for act in acts:
        for who in (mei, stranger_to_it):
            with pytest.raises(NotAllowed):
                await act(senior.id, who, NOW)
        with pytest.raises(Gone):
            await act(senior.id + 1000, stranger_to_it, NOW)
    assert (await Senior.get(id=senior.id)).status is Status.ENQUIRY


async def test_of_two_coordinators_at_once_one_decides() -> None:
    here = await canteen()
    chen, zhou = await coordinator(here), await coordinator(here)
    senior = await registered(here, await person())

    async def one(by: Person) -> bool:
        try:
            async with transaction():
                await Senior.accept(senior.id, by, NOW)
        except NotPending:
            return False
        return True

    assert sorted(await asyncio.gather(one(chen), one(zhou))) == [False, True]
    with pytest.raises(NotPending):
        await Senior.decline(senior.id, chen, NOW)
    assert await AuditEvent.filter(act="senior.active").count() == 1


@ONE_ENGINE
async def test_declining_lets_nobody_follow_any_more() -> None:
    here, mei = await canteen(), await person()
    senior = await registered(here, mei)
    assert await Senior.followed_by(mei) == [senior]
    assert await Senior.decline(senior.id, await coordinator(here), NOW) == [mei]
    assert await Senior.followed_by(mei) == []
    assert Role.FAMILY not in await mei.roles()


async def made_meal(senior: Senior, here: Canteen, day: date) -> Meal:
    await dayplan.plan(here, day, NOW)
    service_day = await ServiceDay.get(canteen_id=here.id, day=day)
    home, diet = await senior.residence_on(day), await senior.diet_on(day)
    assert home is not None
    assert diet is not None
    return await Meal.create(
        senior_id=senior.id, service_day_id=service_day.id, canteen_id=here.id, day=day,
        mode=senior.mode, residence_id=home.id, diet_id=diet.id,
    )  # fmt: skip


@ONE_ENGINE
async def test_a_new_diet_counts_from_its_day_and_the_old_one_stays_on_record() -> None:
    here = await canteen()
    chen = await coordinator(here)
    senior = await Senior.accept((await registered(here, await person())).id, chen, NOW)
    before, after = await made_meal(senior, here, TUESDAY), await made_meal(senior, here, WEDNESDAY)
    days = await Diet.change(
        senior.id, labels=["halal"], texture="minced", allergies=["fish"], avoids="liver",
        since=WEDNESDAY, by=chen, now=NOW,
    )  # fmt: skip
    assert days == [WEDNESDAY]
    old, new = await senior.diet_on(TUESDAY), await senior.diet_on(WEDNESDAY)
    assert old is not None
    assert old.labels == ["low_salt"]
    assert new is not None
    assert (new.labels, new.texture, new.avoids) == (["halal"], "minced", "liver")
    await before.refresh_from_db()
    await after.refresh_from_db()
    assert (before.diet_id, after.diet_id) == (old.id, new.id)


async def test_moving_house_reaches_the_meals_that_were_made() -> None:
    here = await canteen()
    chen = await coordinator(here)
    senior = await Senior.accept((await registered(here, await person())).id, chen, NOW)
    eaten, tomorrow = await made_meal(senior, here, TUESDAY), await made_meal(senior, here, WEDNESDAY)
    await Meal.filter(id=eaten.id).update(state=MealState.IN_PERSON)
    await Residence.move(
        senior.id, address="9 Bridge Street, 4", knock=None, plan=None, since=MONDAY, by=chen, now=NOW
    )
    assert [row.address for row in await Residence.filter(senior_id=senior.id).order_by("id")] == [
        "5 Ping'an Lane, 201",
        "9 Bridge Street, 4",
    ]
    await eaten.refresh_from_db()
    await tomorrow.refresh_from_db()
    assert tomorrow.residence_id != eaten.residence_id


@ONE_ENGINE
async def test_before_anything_is_known_nothing_is_told() -> None:
    senior = await registered(await canteen(), await person())
    assert await senior.residence_on(date(2026, 11, 22)) is None
    assert await senior.diet_on(date(2026, 11, 22)) is None


@ONE_ENGINE
async def test_the_end_takes_door_and_meals_off_the_lists_and_keeps_what_was() -> None:
    here, mei = await canteen(), await person()
    chen = await coordinator(here)
    senior = await Senior.accept((await registered(here, mei)).id, chen, NOW)
    served, tomorrow = await made_meal(senior, here, TUESDAY), await made_meal(senior, here, WEDNESDAY)
    await Meal.filter(id=served.id).update(state=MealState.IN_PERSON)
    ended = await endings.end(senior.id, EndReason.MOVED, chen, NOW)
    assert (ended.followers, [meal.id for meal in ended.meals]) == ([mei], [tomorrow.id])
    await served.refresh_from_db()
    await tomorrow.refresh_from_db()
    assert (served.state, tomorrow.state) == (MealState.IN_PERSON, MealState.CANCELLED)
    stop = await Stop.get(senior_id=senior.id)
    assert stop.left_at == NOW
    with pytest.raises(NotPending):
        await endings.end(senior.id, EndReason.MOVED, chen, NOW)


@ONE_ENGINE
@pytest.mark.parametrize(
    ("hour", "weekdays", "expected"),
    [
        (9, 31, datetime(2026, 11, 24, 3, 30, tzinfo=UTC)),
        (17, 31, datetime(2026, 11, 25, 3, 30, tzinfo=UTC)),
        (9, 0b10000, datetime(2026, 11, 27, 3, 30, tzinfo=UTC)),
        (9, 0b1000000, None),
    ],
    ids=["before the cut-off", "after the cut-off", "Fridays only", "on a day that is never cooked"],
)
async def test_the_first_lunch_is_the_next_one_whose_orders_are_open(
    hour: int, weekdays: int, expected: datetime | None
) -> None:
    here = await canteen()
    senior = await registered(here, await person(), weekdays=weekdays)
    assert await senior.first_lunch(NOW + timedelta(hours=hour - 9)) == expected


async def invitation(senior: Senior, by: Person) -> Invitation:
    return await Invitation.look(await invite(senior.id, by, NOW), NOW)


async def test_a_relatives_code_works_once() -> None:
    mei, bo = await person(), await person("Bo")
    senior = await registered(await canteen(), mei)
    code = await invitation(senior, mei)
    assert (await follow(code, bo, NOW)).senior == senior
    assert await Senior.followed_by(bo) == [senior]
    with pytest.raises(CodeUnknown):
        await follow(code, await person("Wu"), NOW)


@ONE_ENGINE
async def test_a_relatives_code_is_worth_nothing_after_the_end() -> None:
    here, mei = await canteen(), await person()
    senior = await registered(here, mei)
    code = await invitation(senior, mei)
    await Senior.decline(senior.id, await coordinator(here), NOW)
    with pytest.raises(Gone):
        await follow(code, await person("Bo"), NOW)
    with pytest.raises(NotAllowed):
        await invite(senior.id, mei, NOW)


@ONE_ENGINE
async def test_a_code_to_join_a_canteen_is_no_code_to_follow_a_senior() -> None:
    here = await canteen()
    code = await Invitation.make(Purpose.JOIN, now=NOW, role=Role.VOLUNTEER, canteen_id=here.id)
    with pytest.raises(CodeUnknown):
        await follow(await Invitation.look(code, NOW), await person(), NOW)


@ONE_ENGINE
async def test_only_those_who_follow_invite_and_choose_what_they_are_told() -> None:
    mei, wu = await person(), await person("Wu")
    senior = await registered(await canteen(), mei)
    with pytest.raises(NotAllowed):
        await invite(senior.id, wu, NOW)
    with pytest.raises(NotAllowed):
        await Kinship.tell(senior.id, wu, served=True)
    assert (await Kinship.tell(senior.id, mei, served=True)).tell_served
    assert not (await Kinship.tell(senior.id, mei, served=False)).tell_served
    assert (await Kinship.between(senior.id, mei)).tell_problems


async def test_only_somebody_who_asked_can_be_let_in_or_refused() -> None:
    here, wu = await canteen(), await person("Wu")
    chen = await coordinator(here)
    senior = await registered(here, await person())
    for decide in (Kinship.admit, Kinship.refuse):
        with pytest.raises(Gone):
            await decide(senior.id, wu.id, chen, NOW)
    await Kinship.ask(senior.id, wu, NOW)
    with pytest.raises(NotAllowed):
        await Kinship.admit(senior.id, wu.id, wu, NOW)
    assert await Kinship.refuse(senior.id, wu.id, chen, NOW) == wu
    assert await Senior.followed_by(wu) == []
    assert (await Kinship.admit(senior.id, wu.id, chen, NOW)).person == wu
    assert await Senior.followed_by(wu) == [senior]


@ONE_ENGINE
async def test_who_waits_longest_is_listed_first() -> None:
    here = await canteen()
    chen, mei = await coordinator(here), await person()
    names = ("Wang Guifen", "Li Hua", "Zhao Dagang")
    first, second, third = [await registered(here, mei, name=name, phone=None) for name in names]
    await Senior.accept(second.id, chen, NOW)
    assert await Senior.waiting(here.id) == [first, third]
