"""On which days a canteen cooks: its week, its country's holidays, its own choice, and its number."""

from __future__ import annotations

import asyncio
import calendar
from collections.abc import Mapping
from datetime import date, datetime, timedelta

import pytest

from bot.database import transaction
from models import datedroutes, dayplan, holidays
from models.audit import AuditEvent
from models.calendar import ServiceDay
from models.calendarasks import AskKind, CalendarAsk, reminder
from models.canteens import Canteen
from models.datedforce import apply_due
from models.datedsettings import DatedSetting
from models.daychoices import ChoiceOrigin, DayChoice
from models.holidays import Pack, Special
from models.meals import Meal, Mode
from models.orders import ChangeKind, OrderChange, Origin
from models.people import Person
from models.quota import MonthPlan, served
from models.refusals import DayFixed, Gone, NotAllowed, SettingsOutOfOrder, SettingUnreadable
from models.routes import Route, Stop
from models.schedule import Schedule, Why, wanted
from models.shiftplan import open_ahead
from models.shifts import Shift
from tests.fixtures_database import ONE_ENGINE
from tests.models.making import (
    NOW,
    a_canteen,
    a_coordinator,
    a_person,
    a_senior,
    at,
    eaters,
    plan,
    run_the_day,
    the_day,
)

WEEKDAYS, EVERY_DAY, MON_TO_SAT, MON_WED_FRI = 31, 127, 63, 0b10101
SEPTEMBER = at("2026-09-28 09:00")
MAKEUP = date(2026, 10, 10)  # a Saturday
NATIONAL_DAY = date(2026, 10, 1)

# The notices of the State Council: workdays a month, make-up workdays, days off.
WORKDAYS = {
    2025: [19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23],
    2026: [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23],
}
MAKEUP_DAYS = {
    2025: ["01-26", "02-08", "04-27", "09-28", "10-11"],
    2026: ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
}
OFF = {
    2025: ["01-01/01-01", "01-28/02-04", "04-04/04-06", "05-01/05-05", "05-31/06-02", "10-01/10-08"],
    2026: [
        "01-01/01-03", "02-15/02-23", "04-04/04-06", "05-01/05-05", "06-19/06-21", "09-25/09-27",
        "10-01/10-07",
    ],
}  # fmt: skip


def a_schedule(
    region: str | None = "CN", weekdays: int = WEEKDAYS, choices: Mapping[date, bool] | None = None
) -> Schedule:
    return Schedule(Canteen(id=1, zone="Asia/Shanghai", region=region, weekdays=weekdays), choices or {})


def days_of(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(days=ahead) for ahead in range(365 + calendar.isleap(year))]


def period(year: int, said: str) -> set[date]:
    first, last = (date.fromisoformat(f"{year}-{end}") for end in said.split("/"))
    return {first + timedelta(days=ahead) for ahead in range((last - first).days + 1)}


# ------------------------------------------------------------------------------------------------- holidays


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_workdays_make_up_days_and_days_off_of_mainland_china_are_those_of_the_notice(year: int) -> None:
    schedule = a_schedule()
    cooked = [day for day in days_of(year) if schedule.cooks(day)]
    assert [sum(day.month == month for day in cooked) for month in range(1, 13)] == WORKDAYS[year]
    assert len(cooked) == 248
    makeup = [day for day in cooked if schedule.opening(day).makeup]
    assert [f"{day:%m-%d}" for day in makeup] == MAKEUP_DAYS[year]
    off = {day for day, special in holidays.pack("CN", year).days.items() if not special.workday}
    assert off == set().union(*(period(year, said) for said in OFF[year]))


def test_of_a_year_that_nobody_knows_yet_nothing_is_guessed() -> None:
    schedule = a_schedule()
    assert (schedule.sure(2026), schedule.sure(2027), schedule.sure(1999)) == (True, False, False)
    assert sum(schedule.cooks(day) for day in days_of(2027)) == sum(
        day.weekday() < 5 for day in days_of(2027)
    )
    assert holidays.pack("ES", 2150) == Pack(sure=False)
    # Where feasts follow the moon, the library itself calls some days estimated: those are left out.
    egypt = holidays.pack("EG", 2027)
    assert not egypt.sure
    assert egypt.days[date(2027, 1, 7)].name == "Coptic Christmas Day"
    assert not any("estimated" in special.name for special in egypt.days.values())
    assert a_schedule(None).sure(2027)


@pytest.mark.parametrize(
    ("zone", "region"),
    [
        ("Asia/Shanghai", "CN"), ("Asia/Urumqi", "CN"), ("Asia/Hong_Kong", "HK"), ("Asia/Taipei", "TW"),
        ("America/Santiago", "CL"), ("America/New_York", "US"), ("Australia/Lord_Howe", "AU"),
        ("Europe/Madrid", "ES"), ("UTC", None), ("Etc/GMT+5", None), ("Asia/Calcutta", None),
    ],
)  # fmt: skip
def test_the_country_is_guessed_from_the_zone(zone: str, region: str | None) -> None:
    assert holidays.region_of(zone) == region


def test_a_country_and_its_parts_have_their_own_holidays() -> None:
    assert holidays.exists("ES-MD")
    assert not any(holidays.exists(code) for code in ("ES-XX", "XX", "es", "", "CN-BJ", "__doc__"))
    madrid = date(2026, 5, 2)
    assert madrid in holidays.pack("ES-MD", 2026).days
    assert madrid not in holidays.pack("ES", 2026).days
    assert holidays.pack("TW", 2014).days[date(2014, 12, 27)] == Special(workday=True, name="")
    assert holidays.names("HK", 2026, "zh_Hant")[date(2026, 2, 17)] == "農曆年初一"
    assert holidays.names("ES", 2026, "es")[date(2026, 1, 6)] == "Epifanía del Señor"
    assert holidays.names("CN", 2026, "en") == {}
    assert holidays.names("ES", 2150, "es") == {}


# --------------------------------------------------------------------------------------------------- layers


@pytest.mark.parametrize(
    ("weekdays", "choices", "day", "cooks", "why", "makeup", "stands_for"),
    [
        (WEEKDAYS, {}, "2026-11-23", True, Why.WEEK, False, None),
        (WEEKDAYS, {}, "2026-11-28", False, Why.WEEK, False, None),
        (WEEKDAYS, {}, "2026-10-01", False, Why.HOLIDAY, False, None),
        (EVERY_DAY, {}, "2026-10-03", False, Why.HOLIDAY, False, None),
        (WEEKDAYS, {"2026-10-01": True}, "2026-10-01", True, Why.CHOICE, False, None),
        (WEEKDAYS, {}, "2026-10-10", True, Why.MAKEUP, True, WEEKDAYS),
        (WEEKDAYS, {"2026-10-10": True}, "2026-10-10", True, Why.MAKEUP, True, WEEKDAYS),
        (WEEKDAYS, {"2026-10-10": False}, "2026-10-10", False, Why.CHOICE, False, None),
        # Who cooks on Saturdays anyway counts on those who carry on Saturdays.
        (MON_TO_SAT, {}, "2026-10-10", True, Why.MAKEUP, False, WEEKDAYS),
        # Who does not cook on all workdays is not opened by a make-up workday, but may choose to.
        (MON_WED_FRI, {}, "2026-10-10", False, Why.WEEK, False, None),
        (MON_WED_FRI, {"2026-10-10": True}, "2026-10-10", True, Why.CHOICE, True, MON_WED_FRI),
        (WEEKDAYS, {"2026-11-28": True}, "2026-11-28", True, Why.CHOICE, True, WEEKDAYS),
        (WEEKDAYS, {"2026-11-27": False}, "2026-11-27", False, Why.CHOICE, False, None),
    ],
)  # fmt: skip
def test_the_week_gives_way_to_the_country_and_the_country_to_the_canteens_choice(
    weekdays: int,
    choices: dict[str, bool],
    day: str,
    cooks: bool,
    why: Why,
    makeup: bool,
    stands_for: int | None,
) -> None:
    chosen = {date.fromisoformat(text): value for text, value in choices.items()}
    opening = a_schedule(weekdays=weekdays, choices=chosen).opening(date.fromisoformat(day))
    assert (opening.cooks, opening.why, opening.makeup, opening.stands_for) == (
        cooks,
        why,
        makeup,
        stands_for,
    )


def test_service_days_are_counted_back_over_holidays_and_make_up_days() -> None:
    schedule = a_schedule()
    # Thursday 8 October is the first workday after the week of National Day.
    assert schedule.before(date(2026, 10, 8), 1) == date(2026, 9, 30)
    assert schedule.before(date(2026, 10, 12), 1) == MAKEUP
    assert schedule.before(date(2026, 10, 12), 3) == date(2026, 10, 8)
    assert schedule.before(MAKEUP, 0) == MAKEUP


@pytest.mark.parametrize(
    ("weekdays", "eats"),
    [(WEEKDAYS, True), (EVERY_DAY, True), (0b0100000, True), (0b0000010, False), (0b0001111, False)],
)
async def test_on_a_make_up_saturday_eats_who_eats_on_every_workday_or_on_saturdays(
    db: str, weekdays: int, eats: bool
) -> None:
    canteen = await a_canteen(region="CN", now=SEPTEMBER)
    senior = await a_senior(canteen, weekdays=weekdays)
    await Stop.create(route_id=(await canteen.routes.all())[0].id, senior_id=senior.id, position=1, since=NOW)
    day = await the_day(canteen, MAKEUP)
    assert (day.makeup, day.stands_for) == (True, WEEKDAYS)
    assert day.wanted_by(weekdays) is wanted(weekdays, MAKEUP, WEEKDAYS) is eats
    assert (await eaters(canteen, MAKEUP) == [senior.id]) is eats
    async with transaction():
        await open_ahead(at("2026-09-30 09:00"), 100)
    assert await Shift.filter(day=MAKEUP).exists() is eats
    assert not await ServiceDay.filter(day__gte=NATIONAL_DAY, day__lte=date(2026, 10, 7)).exists()
    assert day.close_at == at("2026-10-09 16:00")
    await run_the_day(at("2026-10-09 16:00"))
    assert await Meal.filter(senior_id=senior.id, day=MAKEUP).exists() is eats


async def test_who_eats_on_some_days_only_can_be_given_a_make_up_saturday_and_can_leave_it_out(
    db: str,
) -> None:
    canteen = await a_canteen(region="CN", now=SEPTEMBER)
    chen = await a_coordinator(canteen)
    every_day, tuesdays = await a_senior(canteen), await a_senior(canteen, weekdays=0b10)
    await OrderChange.create(
        senior_id=tuesdays.id, day=MAKEUP, kind=ChangeKind.EXTRA, mode=Mode.DINE_IN,
        origin=Origin.COORDINATOR, at=NOW,
    )  # fmt: skip
    assert await eaters(canteen, MAKEUP) == [every_day.id, tuesdays.id]
    await OrderChange.skip(every_day, MAKEUP, chen, SEPTEMBER)
    assert await eaters(canteen, MAKEUP) == [tuesdays.id]
    await OrderChange.undo_skip(every_day, MAKEUP, chen, SEPTEMBER)
    assert await eaters(canteen, MAKEUP) == [every_day.id, tuesdays.id]


# -------------------------------------------------------------------------------------------------- choices


async def decided(canteen: Canteen, by: Person, now: datetime, **days: bool) -> None:
    async with transaction():
        chosen = {
            date.fromisoformat(f"2026-{day[1:].replace('_', '-')}"): cooks for day, cooks in days.items()
        }
        await DayChoice.decide(canteen.id, chosen, origin=ChoiceOrigin.SINGLE, by=by, now=now)


async def test_a_chosen_day_is_planned_or_dropped_and_one_day_orders_survive_it(db: str) -> None:
    canteen = await a_canteen()
    chen, senior = await a_coordinator(canteen), await a_senior(canteen)
    friday, saturday = date(2026, 11, 27), date(2026, 11, 28)
    await OrderChange.skip(senior, friday, chen, NOW)
    await decided(canteen, chen, NOW, d11_27=False, d11_28=True)
    assert await ServiceDay.of(canteen.id, friday) is None
    added = await the_day(canteen, saturday)
    assert (added.makeup, added.stands_for) == (True, WEEKDAYS)
    # The service day before the Saturday is the Thursday now, and the one before the Monday the Saturday.
    assert added.close_at == at("2026-11-26 16:00")
    assert (await the_day(canteen, date(2026, 11, 30))).close_at == at("2026-11-28 16:00")
    assert await eaters(canteen, saturday) == [senior.id]
    await decided(canteen, chen, NOW, d11_27=True)
    assert await eaters(canteen, friday) == []
    await decided(canteen, chen, NOW, d11_27=True)
    assert await DayChoice.filter(day=friday).order_by("id").values_list("cooks", "voided_at") == [
        (False, NOW), (True, None)
    ]  # fmt: skip


@ONE_ENGINE
async def test_a_chosen_day_far_ahead_is_planned_by_the_choice_when_its_time_comes(db: str) -> None:
    canteen = await a_canteen()
    chen = await a_coordinator(canteen)
    await decided(canteen, chen, NOW, d12_25=False, d12_26=True)
    await plan(at("2026-12-20 00:00"))
    assert await ServiceDay.of(canteen.id, date(2026, 12, 25)) is None
    assert (await the_day(canteen, date(2026, 12, 26))).makeup


@ONE_ENGINE
@pytest.mark.parametrize(
    ("now", "days"),
    [
        ("23 09:00", {"d11_23": True}),  # too late to order for today
        ("23 16:00", {"d11_24": False}),  # its orders are closed
        ("27 16:00", {"d11_28": True}),  # its orders would have closed
        ("23 09:00", {"d11_22": True}),
        ("23 09:00", {"d11_20": False}),
        ("23 16:00", {"d11_24": False, "d11_28": True}),
    ],
)
async def test_a_day_whose_orders_are_closed_is_fixed_and_nothing_is_changed(
    db: str, now: str, days: dict[str, bool]
) -> None:
    canteen = await a_canteen()
    chen = await a_coordinator(canteen)
    before = await ServiceDay.all().count()
    with pytest.raises(DayFixed):
        await decided(canteen, chen, at(f"2026-11-{now}"), **days)
    assert await DayChoice.all().count() == 0
    assert await ServiceDay.all().count() == before


@ONE_ENGINE
async def test_days_settings_and_months_are_the_coordinators(db: str) -> None:
    canteen = await a_canteen()
    chen, wu = await a_coordinator(canteen), await a_person()
    with pytest.raises(NotAllowed):
        await decided(canteen, wu, NOW, d11_28=True)
    with pytest.raises(NotAllowed):
        await MonthPlan.of(canteen.id, NOW.date(), wu, NOW)
    with pytest.raises(NotAllowed):
        await DatedSetting.plan(canteen.id, {"quota": 20}, date(2026, 12, 1), by=wu, now=NOW)
    await DatedSetting.plan(canteen.id, {"quota": 20}, date(2026, 12, 1), by=chen, now=NOW)
    with pytest.raises(NotAllowed):
        await DatedSetting.take_back((await DatedSetting.get()).id, wu, NOW)
    with pytest.raises(Gone):
        await MonthPlan.of(canteen.id, date(2026, 10, 1), chen, NOW)
    with pytest.raises(Gone):
        await DatedSetting.take_back(99, chen, NOW)


async def test_a_newer_program_that_knows_newer_holidays_plans_anew_at_night(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    canteen = await a_canteen(region="CN", now=at("2026-12-28 09:00"))
    await CalendarAsk.filter(kind=AskKind.YEAR_UNKNOWN).update(asked_at=NOW)
    new_year, saturday = date(2027, 1, 1), date(2027, 1, 9)
    assert await ServiceDay.of(canteen.id, new_year) is not None
    known = holidays.pack
    newer = Pack(
        {new_year: Special(workday=False, name="New Year's Day"), saturday: Special(workday=True, name="")}
    )
    monkeypatch.setattr(holidays, "pack", lambda region, year: newer if year == 2027 else known(region, year))
    await plan(at("2026-12-29 00:00"))
    assert await ServiceDay.of(canteen.id, new_year) is None
    assert (await the_day(canteen, saturday)).makeup
    assert await CalendarAsk.filter(kind=AskKind.YEAR_KNOWN, day=date(2027, 1, 1)).count() == 1


# ------------------------------------------------------------------------------------------------- the month


@pytest.mark.parametrize("month", range(1, 13))
@ONE_ENGINE
async def test_the_proposal_meets_twenty_two_days_exactly_in_every_month_of_2026(db: str, month: int) -> None:
    began = at("2025-12-20 09:00")
    canteen = await a_canteen(region="CN", now=began)
    chen = await a_coordinator(canteen)
    found = await MonthPlan.of(canteen.id, date(2026, month, 1), chen, began)
    assert found.planned == WORKDAYS[2026][month - 1]
    days = found.proposal()
    assert len(days) == abs(22 - found.planned)
    async with transaction():
        await DayChoice.decide(canteen.id, days, origin=ChoiceOrigin.PROPOSAL, by=chen, now=began)
    again = await MonthPlan.of(canteen.id, date(2026, month, 1), chen, began)
    assert (again.planned, again.proposal()) == (22, {})


@ONE_ENGINE
async def test_make_up_saturdays_are_proposed_first_and_public_holidays_last(db: str) -> None:
    canteen = await a_canteen(region="CN", now=SEPTEMBER, weekdays=0b0001111, quota=31)
    chen = await a_coordinator(canteen)
    october = await MonthPlan.of(canteen.id, NATIONAL_DAY, chen, SEPTEMBER)
    for quota, added in (
        (october.planned + 1, {MAKEUP}),
        (october.planned + 4, {MAKEUP} | {date(2026, 10, day) for day in (9, 16, 23)}),
        (31, {day.day for day in october.days if not day.cooks}),
    ):
        month = MonthPlan(canteen, NATIONAL_DAY, quota, True, october.days)
        assert set(month.proposal()) == added
        assert all(month.proposal().values())
    every_weekday = await a_canteen(region="CN", now=SEPTEMBER, quota=17)
    chen = await a_coordinator(every_weekday)
    october = await MonthPlan.of(every_weekday.id, NATIONAL_DAY, chen, SEPTEMBER)
    assert october.planned == 18
    assert october.proposal() == {MAKEUP: False}
    sixteen = MonthPlan(every_weekday, NATIONAL_DAY, 16, True, october.days)
    assert sixteen.proposal() == {MAKEUP: False, date(2026, 10, 30): False}
    assert MonthPlan(every_weekday, NATIONAL_DAY, None, True, october.days).proposal() == {}


@ONE_ENGINE
async def test_served_days_are_fixed_and_counted_and_the_rest_is_planned_around_them(db: str) -> None:
    canteen = await a_canteen(now=at("2026-11-01 09:00"))
    chen = await a_coordinator(canteen)
    now = at("2026-11-18 13:00")
    for day in range(1, 19):
        await plan(at(f"2026-11-{day:02} 00:00"))
    await run_the_day(now)
    month = await MonthPlan.of(canteen.id, date(2026, 11, 9), chen, now)
    counted = await served(canteen, date(2026, 11, 18), now)
    assert counted is not None
    assert (month.served, counted.served) == (12, 12)  # 2 November was too late to order for
    assert (month.planned, counted.planned, month.quota) == (20, 20, 22)
    assert list(month.proposal()) == [date(2026, 11, 21), date(2026, 11, 28)]
    await Canteen.change(canteen.id, by=chen, now=now, quota=None)
    assert await served(await Canteen.get(id=canteen.id), date(2026, 11, 18), now) is None


# --------------------------------------------------------------------------------------------- dated settings


async def change_later(
    canteen: Canteen, by: Person, since: date, now: datetime = NOW, **values: str | int | None
) -> DatedSetting:
    async with transaction():
        await DatedSetting.plan(canteen.id, values, since, by=by, now=now)
    (newest,) = await DatedSetting.all().order_by("-id").limit(1)
    return newest


async def apply(now: datetime) -> int:
    times = 0
    while True:
        async with transaction():
            if await apply_due(now) is None:
                return times
        times += 1


async def test_days_from_a_date_on_are_planned_beforehand_with_what_will_hold_then(db: str) -> None:
    canteen = await a_canteen()
    chen = await a_coordinator(canteen)
    monday = date(2026, 12, 7)
    await change_later(canteen, chen, monday, cutoff_at="15:00", weekdays=MON_TO_SAT)
    await change_later(canteen, chen, date(2026, 12, 9), lunch_at="12:00")
    assert (await the_day(canteen, date(2026, 12, 4))).close_at == at("2026-12-03 16:00")
    assert (await the_day(canteen, monday)).close_at == at("2026-12-04 15:00")
    assert await ServiceDay.of(canteen.id, date(2026, 12, 5)) is None
    assert not (await the_day(canteen, date(2026, 12, 12))).makeup
    days = (
        await ServiceDay.filter(day__gte=date(2026, 12, 1))
        .order_by("day")
        .values_list("day", "close_at", "finish_at")
    )
    await run_the_day(at("2026-12-06 23:59"))
    assert await apply(at("2026-12-06 23:59")) == 0
    assert (await Canteen.get(id=canteen.id)).cutoff_at == "16:00"
    assert await apply(at("2026-12-07 00:00")) == 1
    assert await apply(at("2026-12-07 00:00")) == 0
    changed = await Canteen.get(id=canteen.id)
    assert (changed.cutoff_at, changed.weekdays, changed.lunch_at) == ("15:00", MON_TO_SAT, "11:30")
    # What was planned beforehand does not move when its day comes; both rows that are late come in order.
    assert days == await ServiceDay.filter(day__gte=date(2026, 12, 1), day__lte=days[-1][0]).order_by(
        "day"
    ).values_list("day", "close_at", "finish_at")
    assert await apply(at("2026-12-20 00:00")) == 1
    assert (await Canteen.get(id=canteen.id)).lunch_at == "12:00"


async def test_two_processes_put_a_setting_into_force_once(db: str) -> None:
    canteen = await a_canteen()
    chen = await a_coordinator(canteen)
    monday = date(2026, 12, 7)
    await change_later(canteen, chen, monday, **{"cutoff_at": "15:00", "care.red_after": 7})
    east = await Route.add(canteen.id, "East", by=chen, now=NOW)
    (first, _east) = await Route.of(canteen.id)
    await datedroutes.plan_for(first.id, "hours", "09:30 11:00", monday, by=chen, now=NOW)
    await datedroutes.plan_close(east.id, None, monday, by=chen, now=NOW)
    # What closes lets its doors go over with the lists; the rest holds from midnight on.
    for moment in ("2026-12-03 16:00", "2026-12-07 00:00"):
        await run_the_day(at(moment))
        assert sum(await asyncio.gather(*(apply(at(moment)) for _ in range(4)))) == 1
    assert (await Canteen.get(id=canteen.id)).cutoff_at == "15:00"
    assert await Route.of(canteen.id) == [first]
    for act in ("canteen.cutoff_at", "care.red_after", "route.hours", "route.closes"):
        assert await AuditEvent.filter(act=f"{act}_holds").count() == 1


@ONE_ENGINE
async def test_a_newer_value_takes_an_older_ones_place_and_what_is_taken_back_never_holds(db: str) -> None:
    canteen = await a_canteen()
    chen = await a_coordinator(canteen)
    monday = date(2026, 12, 7)
    await change_later(canteen, chen, monday, cutoff_at="15:00")
    row = await change_later(canteen, chen, monday, cutoff_at="14:00")
    assert [each.value for each in await DatedSetting.coming([canteen.id])] == ["14:00"]
    for _again in range(2):
        async with transaction():
            await DatedSetting.take_back(row.id, chen, NOW)
    assert (await the_day(canteen, monday)).close_at == at("2026-12-04 16:00")
    assert await apply(at("2026-12-08 00:00")) == 0
    row = await change_later(canteen, chen, monday, quota=None)
    assert await apply(at("2026-12-08 00:00")) == 1
    assert (await Canteen.get(id=canteen.id)).quota is None
    with pytest.raises(Gone):
        await DatedSetting.take_back(row.id, chen, at("2026-12-08 09:00"))


@ONE_ENGINE
async def test_a_day_must_run_in_its_order_on_every_date(db: str) -> None:
    canteen = await a_canteen()
    chen = await a_coordinator(canteen)
    monday = date(2026, 12, 7)
    with pytest.raises(SettingsOutOfOrder):
        await change_later(canteen, chen, monday, lunch_at="13:00")
    finish = await change_later(canteen, chen, monday, finish_at="14:00")
    await change_later(canteen, chen, monday, lunch_at="13:00")
    with pytest.raises(SettingsOutOfOrder):
        async with transaction():
            await DatedSetting.take_back(finish.id, chen, NOW)
    with pytest.raises(SettingUnreadable):
        await change_later(canteen, chen, monday, weekdays=0)
    with pytest.raises(SettingUnreadable):
        await change_later(canteen, chen, date(2026, 11, 23), quota=20)
    with pytest.raises(SettingUnreadable):
        await Canteen.change(canteen.id, by=chen, now=NOW, region="XX")
    assert [each.name for each in await DatedSetting.coming([canteen.id])] == ["finish_at", "lunch_at"]


@pytest.mark.parametrize(
    ("zone", "day", "starts"),
    [
        # Santiago has no midnight on 6 September 2026; Lord Howe moves by half an hour on 4 October.
        ("America/Santiago", "2026-09-06", "2026-09-06T04:00:00+00:00"),
        ("Australia/Lord_Howe", "2026-10-05", "2026-10-04T13:00:00+00:00"),
        ("Australia/Lord_Howe", "2026-10-04", "2026-10-03T13:30:00+00:00"),
        ("America/New_York", "2026-11-02", "2026-11-02T05:00:00+00:00"),
    ],
)
@ONE_ENGINE
async def test_a_setting_holds_from_the_canteens_own_midnight(
    db: str, zone: str, day: str, starts: str
) -> None:
    now = at(f"{date.fromisoformat(day) - timedelta(days=3)} 09:00", zone)
    canteen = await a_canteen(zone, now, weekdays=EVERY_DAY)
    chen = await a_coordinator(canteen)
    row = await change_later(canteen, chen, date.fromisoformat(day), now, cutoff_at="15:00")
    assert row.starts_at.isoformat() == starts
    assert await apply(row.starts_at - timedelta(seconds=1)) == 0
    assert await apply(row.starts_at) == 1
    changed = await Canteen.get(id=canteen.id)
    assert changed.today(row.starts_at) == date.fromisoformat(day)


@ONE_ENGINE
async def test_a_canteen_that_moves_to_another_zone_takes_its_midnights_along(db: str) -> None:
    canteen = await a_canteen()
    chen = await a_coordinator(canteen)
    row = await change_later(canteen, chen, date(2026, 12, 7), cutoff_at="15:00")
    async with transaction():
        await Canteen.change(canteen.id, by=chen, now=NOW, zone="America/New_York")
    await row.refresh_from_db()
    assert row.starts_at == at("2026-12-07 00:00", "America/New_York")


# ----------------------------------------------------------------------------------------------------- asking


async def test_the_coordinator_is_asked_fourteen_and_three_days_before_and_never_twice(db: str) -> None:
    await a_canteen(region="CN", now=at("2026-09-20 09:00"))
    for day in range(21, 30):
        await plan(at(f"2026-09-{day} 00:00"))
        await plan(at(f"2026-09-{day} 00:01"))
    await CalendarAsk.filter(kind=AskKind.MONTH).delete()
    rows = await CalendarAsk.all().values_list("kind", "day", "step", "next_at")
    assert rows == [(AskKind.MAKEUP, MAKEUP, 14, at("2026-09-26 09:00"))]
    for asked in (1, 0):
        async with transaction():
            taken, asks = await CalendarAsk.take_due(at("2026-09-26 09:00"), 10)
        assert (taken, len(asks)) == (asked, asked)
    await plan(at("2026-10-07 00:00"))
    async with transaction():
        _taken, (ask,) = await CalendarAsk.take_due(at("2026-10-07 09:00"), 10)
    assert (ask.kind, ask.day, ask.cooks) == (AskKind.MAKEUP, MAKEUP, True)


@ONE_ENGINE
async def test_every_make_up_day_is_asked_about_twice_while_its_orders_are_open(db: str) -> None:
    """Sunday 4 January 2026 as well: its orders close on 31 December, before three days off."""
    canteen = await a_canteen(region="CN", now=at("2025-01-02 09:00"))
    schedule = await Schedule.of(canteen, at("2025-01-02 09:00"))
    days = [date.fromisoformat(f"{year}-{day}") for year in MAKEUP_DAYS for day in MAKEUP_DAYS[year]]
    assert len(days) == 11
    for day in days:
        closes = schedule.closes_at(day)
        for step in (14, 3):
            asked_at = min(
                canteen.at(day - timedelta(days=step), "09:00"), canteen.at(canteen.today(closes), "09:00")
            )
            await plan(canteen.at(canteen.today(asked_at), "00:00"))
            for moment, asked in ((asked_at - timedelta(minutes=1), []), (asked_at, [(day, False)])):
                async with transaction():
                    _taken, asks = await CalendarAsk.take_due(moment, 10)
                found = [(ask.day, ask.settled) for ask in asks if ask.kind is AskKind.MAKEUP]
                assert found == asked, (day, step)
            assert asked_at < closes
    early = await CalendarAsk.get(day=date(2026, 1, 4), step=3)
    assert early.asked_at == at("2025-12-31 09:00")


@pytest.mark.parametrize("cutoff_at", ["09:00", "08:00"])
@ONE_ENGINE
async def test_where_orders_close_early_in_the_morning_it_is_asked_the_day_before(
    db: str, cutoff_at: str
) -> None:
    canteen = await a_canteen(region="CN", now=at("2025-12-01 09:00"))
    canteen.cutoff_at = cutoff_at
    asked_at = reminder(await Schedule.of(canteen, at("2025-12-01 09:00")), date(2026, 1, 4), 3)
    assert asked_at == at("2025-12-30 09:00")


@pytest.mark.parametrize(
    ("decides", "hour", "asked"), [(True, "09:00", 0), (False, "08:59", 0), (False, "09:00", 1)]
)
async def test_after_an_outage_one_question_is_asked_unless_the_day_is_decided(
    db: str, decides: bool, hour: str, asked: int
) -> None:
    canteen = await a_canteen(region="CN", now=at("2026-09-20 09:00"))
    chen = await a_coordinator(canteen)
    if decides:
        await decided(canteen, chen, SEPTEMBER, d10_10=False)
    # Away from 20 September to 7 October: both reminders are due at once.
    now = at(f"2026-10-07 {hour}")
    await plan(now)
    assert await CalendarAsk.filter(kind=AskKind.MAKEUP).count() == 2
    async with transaction():
        _taken, asks = await CalendarAsk.take_due(now, 10)
    assert len(asks) == (1 if not decides else asked)


@ONE_ENGINE
async def test_a_make_up_day_whose_orders_are_closed_is_not_asked_about_but_told(db: str) -> None:
    canteen = await a_canteen(region="CN", now=at("2026-09-20 09:00"))
    await plan(at("2026-10-09 16:00"))
    async with transaction():
        taken, (told,) = await CalendarAsk.take_due(at("2026-10-09 16:00"), 10)
    assert (taken, told.day, told.settled, told.cooks) == (2, MAKEUP, True, True)
    assert not await CalendarAsk.holds(told.id, at("2026-10-09 16:00"))
    assert await CalendarAsk.holds_open(told.id, at("2026-10-09 16:00"))
    assert not await CalendarAsk.holds_open(told.id, canteen.at(MAKEUP, "00:00"))


@pytest.mark.parametrize(
    ("today", "year", "when"),
    [("2026-12-01", 2027, "2026-12-01 09:00"), ("2027-02-10", 2027, "2027-02-10 09:00")],
)
@ONE_ENGINE
async def test_a_year_that_nobody_knows_is_asked_about_once(
    db: str, today: str, year: int, when: str
) -> None:
    await a_canteen(region="CN", now=at("2026-11-20 09:00"))
    await plan(at(f"{today} 00:00"))
    await plan(at(f"{date.fromisoformat(today) + timedelta(days=1)} 00:00"))
    row = await CalendarAsk.get()
    assert (row.kind, row.day, row.next_at) == (AskKind.YEAR_UNKNOWN, date(year, 1, 1), at(when))
    assert await CalendarAsk.holds(row.id, NOW)


@ONE_ENGINE
async def test_many_canteens_keep_holidays_with_a_bounded_number_of_statements(db: str) -> None:
    now = at("2026-12-01 09:00")
    await Canteen.bulk_create(
        Canteen(name=f"Canteen {n}", zone="Asia/Shanghai", region="CN", created_at=now) for n in range(60)
    )
    for moment, writes in ((now, 4), (at("2026-12-02 00:00"), 4)):
        async with transaction() as connection:
            assert await dayplan.plan_due(moment) == 60
            assert connection.tally.writes <= writes
