"""A volunteer takes a shift with one tap, gives it back with one, and sees the list stay true."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.canteens import Canteen
from models.people import Membership, Role
from models.routes import Route
from models.shifts import Claim, Shift, ShiftState
from tests.fixtures_database import ONE_ENGINE
from tests.house import House, Phone
from tests.models.making import MONDAY, THURSDAY, TUESDAY, WEDNESDAY
from tests.shifts.scene import a_canteen_with_shifts, the_shift, walks_to

OPEN_ON_WEDNESDAY = "Wed 25 Nov, 10:00–12:00 · Route 1 · 12 homes · 1 place left"
ON_WEDNESDAY = "Wed 25 Nov, 10:00–12:00 · Route 1"


async def takes(phone: Phone, label: str = ON_WEDNESDAY) -> str:
    """Open the list and take a shift; return what is answered."""
    await phone.says("/shifts")
    await phone.taps(label)
    return phone.last.text


# --------------------------------------------------------------------------------------------- the list


@ONE_ENGINE
async def test_open_shifts_are_listed_in_words_with_one_button_each(house: House) -> None:
    await a_canteen_with_shifts(house)
    lin = await house.volunteer()
    (news,) = await lin.says("/shifts")
    assert OPEN_ON_WEDNESDAY in news.text
    assert ON_WEDNESDAY in news.buttons
    assert news.text.splitlines()[0] == "Open shifts at Ping'an Lane"


@ONE_ENGINE
async def test_a_long_list_is_turned_page_by_page_in_place(house: House) -> None:
    canteen = await a_canteen_with_shifts(house)
    await walks_to(await Route.create(canteen_id=canteen.id, name="Route 2", position=2), 3)
    await house.tick()
    lin = await house.volunteer()
    await lin.says("/shifts")
    first = [label for label in lin.last.buttons if "·" in label]
    assert len(first) == 8
    (page,) = await lin.taps("More")
    assert page.edited
    second = [label for label in page.buttons if "·" in label]
    assert len(second) == 8
    assert not {*first} & {*second}
    await lin.taps("Earlier")
    assert [label for label in lin.last.buttons if "·" in label] == first


@ONE_ENGINE
async def test_a_route_to_nobody_is_not_offered(house: House) -> None:
    canteen = await a_canteen_with_shifts(house)
    await Route.create(canteen_id=canteen.id, name="Route 2", position=2)
    await house.tick()
    lin = await house.volunteer()
    await lin.says("/shifts")
    assert not [label for label in lin.last.buttons if "Route 2" in label]


@ONE_ENGINE
async def test_the_list_says_when_nobody_is_needed(house: House) -> None:
    await house.canteen()
    lin = await house.volunteer()
    assert (await lin.says("/shifts"))[-1].text == (
        "Just now no shift at Ping'an Lane needs anybody. Thank you for asking!"
    )


@ONE_ENGINE
async def test_plain_words_open_the_list(house: House) -> None:
    await a_canteen_with_shifts(house)
    lin = await house.volunteer()
    assert OPEN_ON_WEDNESDAY in (await lin.says("I want to help!"))[-1].text


# ------------------------------------------------------------------------------------------------ taking


@ONE_ENGINE
async def test_one_tap_takes_a_place_and_the_list_is_edited_in_place(house: House) -> None:
    canteen = await a_canteen_with_shifts(house)
    lin = await house.volunteer()
    await lin.says("/shifts")
    listed = lin.last
    news = await lin.taps(ON_WEDNESDAY)
    assert lin.last.text.splitlines() == [
        "Thank you! Wed 25 Nov, 10:00–12:00, Route 1 is yours.",
        "12 people are waiting for this lunch.",
        "I will remind you. If something comes up, just tap below: the sooner, the better.",
    ]
    assert lin.last.buttons == ["I can't come"]
    assert listed in news
    assert ON_WEDNESDAY not in listed.buttons
    assert (await the_shift(canteen, WEDNESDAY)).taken == 1


@ONE_ENGINE
async def test_a_repeated_tap_gets_the_same_answer_and_one_place(house: House) -> None:
    canteen = await a_canteen_with_shifts(house, places=2)
    lin = await house.volunteer()
    first = await takes(lin)
    shift = await the_shift(canteen, WEDNESDAY)
    news = await lin.presses(f"shift_take:{shift.id}:0")
    assert [message.text for message in news] == [first]
    assert await Claim.filter(shift_id=shift.id).count() == 1
    assert (await the_shift(canteen, WEDNESDAY)).taken == 1


@ONE_ENGINE
async def test_a_redelivered_tap_claims_once_and_is_answered_once(house: House) -> None:
    canteen = await a_canteen_with_shifts(house, places=2)
    lin = await house.volunteer()
    shift = await the_shift(canteen, WEDNESDAY)
    await lin.presses(f"shift_take:{shift.id}:0", event="one tap")
    assert await lin.presses(f"shift_take:{shift.id}:0", event="one tap") == []
    assert (await the_shift(canteen, WEDNESDAY)).taken == 1


@ONE_ENGINE
async def test_whoever_is_second_hears_that_it_is_full_and_is_shown_the_others(house: House) -> None:
    await a_canteen_with_shifts(house)
    lin, zhao = await house.volunteer("Lin"), await house.volunteer("Zhao")
    await zhao.says("/shifts")
    listed = zhao.last
    await takes(lin)
    news = await zhao.taps(ON_WEDNESDAY)
    assert "full now" in zhao.last.text
    assert listed in news
    assert ON_WEDNESDAY not in listed.buttons
    assert OPEN_ON_WEDNESDAY not in (await zhao.taps("See the other shifts"))[-1].text


@ONE_ENGINE
async def test_a_second_place_is_offered_as_such(house: House) -> None:
    await a_canteen_with_shifts(house, places=2)
    lin, zhao = await house.volunteer("Lin"), await house.volunteer("Zhao")
    await takes(lin)
    assert OPEN_ON_WEDNESDAY in (await zhao.says("/shifts"))[-1].text


@ONE_ENGINE
async def test_an_overlap_is_refused_with_the_clash_named(house: House) -> None:
    canteen = await a_canteen_with_shifts(house)
    other = await Route.create(
        canteen_id=canteen.id, name="Route 2", position=2, starts_at="11:30", ends_at="13:00"
    )
    await walks_to(other, 1)
    await house.tick()
    lin = await house.volunteer()
    await takes(lin)
    heard = await takes(lin, "Wed 25 Nov, 11:30–13:00 · Route 2")
    assert heard.startswith("You are on Route 1 at that time: Wed 25 Nov, 10:00–12:00.")
    assert await Claim.all().count() == 1


@ONE_ENGINE
async def test_shifts_that_touch_do_not_overlap(house: House) -> None:
    canteen = await a_canteen_with_shifts(house)
    other = await Route.create(
        canteen_id=canteen.id, name="Route 2", position=2, starts_at="12:00", ends_at="13:00"
    )
    await walks_to(other, 1)
    await house.tick()
    lin = await house.volunteer()
    await takes(lin)
    assert "Route 2 is yours" in await takes(lin, "Wed 25 Nov, 12:00–13:00 · Route 2")


@ONE_ENGINE
async def test_a_shift_of_another_canteen_clashes_too(house: House) -> None:
    await a_canteen_with_shifts(house)
    lin = await house.volunteer()
    await takes(lin)
    south = await a_canteen_with_shifts(house)
    await Membership.grant(await lin.person(), south.id, Role.VOLUNTEER, by=None, now=house.now)
    shift = await the_shift(south, WEDNESDAY)
    assert "at that time" in (await lin.presses(f"shift_take:{shift.id}:0"))[-1].text


@ONE_ENGINE
async def test_a_shift_that_has_begun_or_was_called_off_is_not_given(house: House) -> None:
    canteen = await a_canteen_with_shifts(house)
    lin = await house.volunteer()
    first, second = await the_shift(canteen, TUESDAY), await the_shift(canteen, WEDNESDAY)
    await Shift.filter(id=second.id).update(state=ShiftState.CANCELLED)
    assert "does not take place" in (await lin.presses(f"shift_take:{second.id}:0"))[-1].text
    await house.at("2026-11-24 10:00")
    assert "has begun or is over" in (await lin.presses(f"shift_take:{first.id}:0"))[-1].text
    assert "no longer there" in (await lin.presses("shift_take:4711:0"))[-1].text
    assert not await Claim.exists()


@ONE_ENGINE
@pytest.mark.parametrize("role", [Role.FAMILY, Role.KITCHEN, Role.COUNSELLOR])
async def test_only_volunteers_and_coordinators_take_shifts(house: House, role: Role) -> None:
    canteen = await a_canteen_with_shifts(house)
    mei = await house.member("Mei", role)
    shift = await the_shift(canteen, WEDNESDAY)
    for tried in ("/shifts", "/my", "/hours"):
        assert "not open to you" in (await mei.says(tried))[-1].text
    assert "not open to you" in (await mei.presses(f"shift_take:{shift.id}:0"))[-1].text
    assert not await Claim.exists()


async def test_a_volunteer_of_another_canteen_is_refused(house: House) -> None:
    north = await a_canteen_with_shifts(house)
    await house.canteen("South")
    lin = await house.volunteer()
    shift = await the_shift(north, WEDNESDAY)
    assert "not open to you" in (await lin.presses(f"shift_take:{shift.id}:0"))[-1].text
    assert not await Claim.exists()


@ONE_ENGINE
async def test_a_volunteer_of_two_canteens_sees_both(house: House) -> None:
    await a_canteen_with_shifts(house)
    lin = await house.volunteer()
    south = await house.canteen("South")
    await walks_to(await Route.get(canteen_id=south.id), 1)
    await Membership.grant(await lin.person(), south.id, Role.COORDINATOR, by=None, now=house.now)
    await house.tick()
    news = await lin.says("/shifts")
    assert [message.text.splitlines()[0] for message in news] == [
        "Open shifts at Ping'an Lane",
        "Open shifts at South",
    ]


# ------------------------------------------------------------------------------------------- giving back


async def test_one_tap_gives_a_place_back_and_another_takes_it_again(house: House) -> None:
    canteen = await a_canteen_with_shifts(house)
    lin = await house.volunteer()
    await takes(lin)
    (news,) = await lin.taps("I can't come")
    assert news.edited
    assert "is open to others again" in news.text
    assert (await the_shift(canteen, WEDNESDAY)).taken == 0
    await lin.taps("I can come after all")
    assert "Route 1 is yours" in lin.last.text
    assert (await the_shift(canteen, WEDNESDAY)).taken == 1
    assert await Claim.all().count() == 2


@ONE_ENGINE
async def test_giving_back_twice_frees_one_place_and_says_so_again(house: House) -> None:
    canteen = await a_canteen_with_shifts(house, places=2)
    lin, zhao = await house.volunteer("Lin"), await house.volunteer("Zhao")
    await takes(zhao)
    await takes(lin)
    data = lin.last.keys[0][1]
    await lin.presses(data)
    assert "is open to others again" in (await lin.presses(data))[-1].text
    assert (await the_shift(canteen, WEDNESDAY)).taken == 1


@ONE_ENGINE
async def test_my_shifts_are_listed_and_each_can_be_given_back(house: House) -> None:
    await a_canteen_with_shifts(house)
    lin = await house.volunteer()
    assert (await lin.says("/my"))[-1].buttons == ["See open shifts", "Every week, or away"]
    await takes(lin)
    await takes(lin, "Thu 26 Nov, 10:00–12:00 · Route 1")
    (mine,) = await lin.says("/my")
    assert mine.text.splitlines() == [
        "Your shifts at Ping'an Lane",
        "Wed 25 Nov, 10:00–12:00 · Route 1 · 12 homes",
        "Thu 26 Nov, 10:00–12:00 · Route 1 · 12 homes",
    ]
    await lin.taps("I can't come: Thu 26 Nov, 10:00")
    assert mine.buttons[:2] == ["I can't come: Wed 25 Nov, 10:00", "Somebody else instead"]


@ONE_ENGINE
async def test_a_place_of_somebody_else_cannot_be_given_back_or_confirmed(house: House) -> None:
    canteen = await a_canteen_with_shifts(house)
    lin, zhao = await house.volunteer("Lin"), await house.volunteer("Zhao")
    await takes(lin)
    claim = await Claim.get()
    for name in ("shift_back", "shift_yes"):
        assert "not yours" in (await zhao.presses(f"{name}:{claim.id}"))[-1].text
    assert (await the_shift(canteen, WEDNESDAY)).taken == 1


@ONE_ENGINE
async def test_the_coordinator_is_told_of_a_place_given_back_at_short_notice(house: House) -> None:
    await a_canteen_with_shifts(house)
    chen, lin = await house.coordinator(), await house.volunteer()
    person = await lin.person()
    person.set_phone("+8613912345678")
    await person.save()
    await takes(lin, "Tue 24 Nov, 10:00–12:00 · Route 1")
    await house.at("2026-11-23 12:00")
    chen.reads()
    await lin.taps("I can't come")
    (alert,) = chen.reads()
    assert alert.text.splitlines() == [
        "Lin can't come: Tue 24 Nov, 10:00–12:00, Route 1.",
        "That is 22 h before the start.",
        "12 people are waiting for this lunch.",
        "Nobody is left to carry this route.",
        "You can reach Lin at +8613912345678.",
    ]
    assert lin.last.text.splitlines()[1] == (
        "It is 22 h before the start: the coordinator knows it, and I ask around."
    )
    assert not alert.urgent
    assert "Route 1 is yours" in (await chen.taps("I will go myself"))[-1].text


@ONE_ENGINE
async def test_on_the_same_day_that_is_urgent_and_names_who_is_left(house: House) -> None:
    await a_canteen_with_shifts(house, places=2)
    chen, lin, zhao = await house.coordinator(), await house.volunteer(), await house.volunteer("Zhao")
    await takes(lin, "Tue 24 Nov, 10:00–12:00 · Route 1")
    await takes(zhao, "Tue 24 Nov, 10:00–12:00 · Route 1")
    await house.at("2026-11-24 07:30")
    chen.reads()
    claim = await Claim.get(person_id=(await lin.person()).id)
    await lin.presses(f"shift_back:{claim.id}")
    (alert,) = chen.reads()
    assert alert.urgent
    assert "Still there: Zhao." in alert.text


@ONE_ENGINE
async def test_in_good_time_the_coordinator_is_left_in_peace(house: House) -> None:
    await a_canteen_with_shifts(house)
    chen, lin = await house.coordinator(), await house.volunteer()
    await takes(lin)
    chen.reads()
    await lin.taps("I can't come")
    assert chen.reads() == []


@ONE_ENGINE
async def test_a_round_under_way_is_not_given_back(house: House) -> None:
    await a_canteen_with_shifts(house)
    lin = await house.volunteer()
    await takes(lin)
    claim = await Claim.get()
    await house.at("2026-11-25 10:05")
    await Claim.filter(id=claim.id).update(started_at=house.now)
    assert "has begun" in (await lin.presses(f"shift_back:{claim.id}"))[-1].text


# ------------------------------------------------------------------------------------- opening and dropping


async def test_shifts_open_a_fortnight_ahead_and_a_first_stop_opens_them(house: House) -> None:
    canteen = await house.canteen()
    await house.tick()
    assert not await Shift.exists()
    await walks_to(await Route.get(canteen_id=canteen.id), 1)
    await house.tick()
    days = await Shift.all().order_by("day").values_list("day", flat=True)
    fortnight = [MONDAY + timedelta(days=ahead) for ahead in range(1, 14)]
    assert days == [day for day in fortnight if day.weekday() < 5]
    await house.tick()
    assert await Shift.all().count() == len(days)
    await house.at("2026-11-24 10:00")
    last = await Shift.all().order_by("-day").first()
    assert last is not None
    assert last.day == date(2026, 12, 8)


@ONE_ENGINE
async def test_hours_of_a_route_move_only_shifts_that_nobody_took(house: House) -> None:
    canteen = await a_canteen_with_shifts(house)
    chen, lin = await house.coordinator(), await house.volunteer()
    await takes(lin)
    route = await Route.get(canteen_id=canteen.id)
    await Route.change(
        route.id, by=await chen.person(), now=house.now, starts_at="10:30", ends_at="12:30", places=3
    )
    taken, free = await the_shift(canteen, WEDNESDAY), await the_shift(canteen, THURSDAY)
    assert canteen.at(WEDNESDAY, "10:00") == taken.starts_at
    assert canteen.at(THURSDAY, "10:30") == free.starts_at
    assert (taken.places, free.places) == (3, 3)
    await Route.change(route.id, by=await chen.person(), now=house.now, places=1)
    assert (await the_shift(canteen, WEDNESDAY)).places == 1


async def test_a_day_that_goes_takes_its_shift_along_and_tells_its_volunteer(house: House) -> None:
    canteen = await a_canteen_with_shifts(house)
    chen, lin = await house.coordinator(), await house.volunteer()
    await takes(lin)
    lin.reads()
    by = await chen.person()
    await Canteen.change(canteen.id, by=by, now=house.now, weekdays=0b11011)
    await house.tick()
    assert lin.last.text.startswith(
        "The plan of Ping'an Lane has changed: nobody is needed on Wed 25 Nov, 10:00–12:00, Route 1."
    )
    shift = await the_shift(canteen, WEDNESDAY)
    assert (shift.state, shift.taken) == (ShiftState.DROPPED, 0)
    assert "does not take place" in (await lin.presses(f"shift_take:{shift.id}:0"))[-1].text
    await Canteen.change(canteen.id, by=by, now=house.now, weekdays=0b11111)
    await house.tick()
    assert "Route 1 is yours" in await takes(lin)


@ONE_ENGINE
@pytest.mark.parametrize(
    ("language", "open_line", "waiting"),
    [
        ("zh-CN", "11月25日周三 10:00–12:00 · Route 1 · 12户 · 还差1人", "有12位老人在等这顿午饭。"),
        ("zh-TW", "11月25日 週三 10:00–12:00 · Route 1 · 12戶 · 還差1人", "有12位長輩在等這頓午餐。"),
        ("es", "mié 25 nov, 10:00–12:00 · Route 1 · 12 casas · queda 1 plaza", "12 personas esperan"),
    ],
)
async def test_a_shift_is_offered_and_taken_in_the_volunteers_language(
    house: House, language: str, open_line: str, waiting: str
) -> None:
    canteen = await a_canteen_with_shifts(house)
    lin = await house.volunteer(language=language)
    assert open_line in (await lin.says("/shifts"))[-1].text
    shift = await the_shift(canteen, WEDNESDAY)
    assert waiting in (await lin.presses(f"shift_take:{shift.id}:0"))[-1].text
