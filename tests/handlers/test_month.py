"""The coordinator's calendar: a month on a card, days opened and closed, and questions that come in time."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from models.audit import AuditEvent
from models.calendar import ServiceDay
from models.canteens import Canteen
from models.datedsettings import DatedSetting
from models.daychoices import ChoiceOrigin, DayChoice
from models.orders import OrderChange
from models.routes import Route, Stop
from models.seniors import Senior
from models.shifts import Claim, Shift, ShiftState
from tests.fixtures_database import ONE_ENGINE
from tests.house import House, Phone
from tests.models.making import a_senior
from tests.played import played_once

SEPTEMBER = datetime(2026, 9, 25, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai


@played_once
async def chen_in_october(house: House, zone: str = "Asia/Shanghai", **more: str) -> Phone:
    """Open a canteen at the end of September, before the week of National Day."""
    house.clock.instant = SEPTEMBER
    await house.canteen(zone=zone)
    chen = await house.coordinator(**more)
    await house.tick()
    return chen


async def a_carried_senior() -> Senior:
    canteen, route = await Canteen.get(), await Route.get()
    senior = await a_senior(canteen)
    await Stop.create(route_id=route.id, senior_id=senior.id, position=1, since=SEPTEMBER)
    return senior


@ONE_ENGINE
async def test_the_month_shows_what_is_different_and_why_and_meets_its_number_with_one_tap(
    house: House,
) -> None:
    chen = await chen_in_october(house)
    await chen.says("/settings")
    card = (await chen.taps("Calendar"))[-1].text
    assert "Your week: Mon–Fri\nPublic holidays: China\nLunch days in a month: 22" in card
    october = (await chen.taps("Next month"))[-1].text
    assert "October 2026, Ping'an Lane" in october
    assert "0 of 22 lunch days served\n18 are planned in all: 4 are missing." in october
    assert "Open on: 8, 9, 10, 12, 13" in october
    assert "Thu 1 Oct to Wed 7 Oct: closed, National Day" in october
    assert "Sat 10 Oct: open, make-up workday" in october
    assert "I propose to cook also on Sat 17 Oct, Sat 24 Oct, Sat 31 Oct and Sun 11 Oct." not in october
    assert "I propose to cook also on Sun 11 Oct, Sat 17 Oct, Sat 24 Oct and Sat 31 Oct." in october
    offer = next(data for label, data in chen.last.keys if label == "Yes, do it so")
    taken = (await chen.presses(offer))[-1].text
    assert "22 are planned in all: just right." in taken
    assert "Sat 17 Oct: open, by your choice" in taken
    assert "I propose" not in taken
    assert await DayChoice.filter(origin=ChoiceOrigin.PROPOSAL, voided_at=None).count() == 4
    # Said twice, it is done once.
    await chen.presses(offer)
    assert await DayChoice.all().count() == 4
    assert "Month before" not in (await chen.says("/today"))[-1].buttons
    assert "September 2026" in (await chen.taps("Calendar"))[-1].text


async def test_single_days_are_opened_and_closed_and_shifts_and_volunteers_follow(house: House) -> None:
    chen = await chen_in_october(house)
    senior = await a_carried_senior()
    lin = await house.volunteer()
    await house.at("2026-09-28 09:00")
    friday, saturday = date(2026, 10, 9), date(2026, 10, 10)
    claim = await Shift.claim((await Shift.get(day=friday)).id, await lin.person(), house.now)
    await OrderChange.skip(senior, friday, await chen.person(), house.now)
    canteen = await Canteen.get()
    week = (await chen.presses(f"month_week:{canteen.id}:2026-10-01:2026-10-05"))[-1].text
    assert "Mon 5 Oct: closed, National Day\n" in week
    assert "Thu 8 Oct: open\n" in week
    asked = (await chen.taps("Close Fri 9 Oct"))[-1].text
    assert "On Fri 9 Oct 0 lunches fall away." in asked
    assert "1 volunteer has a place on it." in asked
    said = (await chen.taps("Yes, do it and tell them"))[-1].text
    assert "Closed on Fri 9 Oct." in said
    assert "Fri 9 Oct: closed, by your choice" in said
    lin.reads()
    await house.tick()
    (told,) = lin.reads()
    assert "Your shift is called off: Fri 9 Oct" in told.text
    assert (await Shift.get(day=friday)).state is ShiftState.DROPPED
    assert (await Claim.get(id=claim.id)).given_back_at == house.now
    await chen.walks(("Open Sun 11 Oct", "On Sun 11 Oct 1 lunch is added."))
    said = (await chen.taps("Yes, do it and tell them"))[-1].text
    assert "Open on Sun 11 Oct.\nSo far 1 person has lunch then." in said
    assert "Mon 12 Oct" not in said
    await chen.taps("Open Fri 9 Oct")
    await house.tick()
    assert (await Shift.get(day=friday)).state is ShiftState.OPEN
    assert (await Shift.get(day=saturday)).taken == 0
    assert await OrderChange.filter(senior_id=senior.id, day=friday, voided_at=None).count() == 1
    # What was shown before its orders closed, and is tapped after.
    stale = f"month_day:{canteen.id}:2026-10-09:0"
    await house.at("2026-10-08 16:00")
    assert "It is too late for Fri 9 Oct" in (await chen.presses(stale))[-1].text
    assert await ServiceDay.of(canteen.id, friday) is not None
    await house.at("2026-10-09 13:00")
    week = (await chen.presses(f"month_week:{canteen.id}:2026-10-01:2026-10-05"))[-1]
    assert "Fri 9 Oct: lunch was served" in week.text
    assert "2 of 22 lunch days served" in week.text
    assert "Close Fri 9 Oct" not in week.buttons


async def test_ten_days_before_a_month_it_is_proposed_once_how_it_comes_to_its_number(house: House) -> None:
    house.clock.instant = datetime(2026, 9, 18, 1, 0, tzinfo=UTC)
    canteen = await house.canteen()
    chen, wu = await house.coordinator(), await house.coordinator("Mr Wu")
    for hour, asked in (("20 09:00", 0), ("21 08:59", 0), ("21 09:00", 1), ("22 09:00", 0)):
        await house.at(f"2026-09-{hour}")
        for phone in (chen, wu):
            assert len([m for m in phone.reads() if "October 2026" in m.text]) == asked, hour
    assert chen.last.text == (
        "October 2026 does not have its 22 lunch days yet.\n18 are planned in all: 4 are missing.\n\n"
        "I propose to cook also on Sun 11 Oct, Sat 17 Oct, Sat 24 Oct and Sat 31 Oct."
    )
    assert chen.last.buttons == ["Yes, do it so", "Look at the month"]
    assert "22 are planned in all: just right." in (await chen.taps("Yes, do it so"))[-1].text
    assert await DayChoice.filter(origin=ChoiceOrigin.PROPOSAL, voided_at=None).count() == 4
    # The other's tap is the same word; a month that is exact is not asked about, nor one that nobody counts.
    await wu.taps("Yes, do it so")
    assert await DayChoice.all().count() == 4
    await Canteen.change(canteen.id, by=await chen.person(), now=house.now, quota=21)
    await house.at("2026-10-22 09:00")
    await Canteen.change(canteen.id, by=await chen.person(), now=house.now, quota=None)
    await house.at("2026-11-21 09:00")
    for phone in (chen, wu):
        assert not any("I propose" in message.text for message in phone.reads())
    await Canteen.change(canteen.id, by=await chen.person(), now=house.now, quota=22)
    await house.at("2026-11-22 09:00")
    assert "December 2026 has more than its 22 lunch days." in chen.last.text
    assert "I propose not to cook on Thu 31 Dec." in chen.last.text


async def test_a_make_up_workday_is_asked_about_fourteen_and_three_days_before_once(house: House) -> None:
    chen = await chen_in_october(house)
    wu = await house.coordinator("Mr Wu")
    lin = await house.volunteer()
    for phone in (chen, wu):
        phone.reads()
    for hour, asked in (("26 08:59", 0), ("26 09:00", 1), ("26 18:00", 0), ("30 09:00", 0)):
        await house.at(f"2026-09-{hour}")
        for phone in (chen, wu):
            assert len([m for m in phone.reads() if "make-up workday" in m.text]) == asked
    await house.at("2026-10-07 09:00")
    assert "Sat 10 Oct is a make-up workday. Open?" in chen.last.text
    assert "whoever eats on every workday has lunch then" in chen.last.text
    assert chen.last.buttons == ["Yes, open", "No, closed"]
    said = (await chen.says("2"))[-1].text
    assert said.startswith("Closed on Sat 10 Oct.")
    canteen = await Canteen.get()
    assert await ServiceDay.of(canteen.id, date(2026, 10, 10)) is None
    assert (await DayChoice.get()).origin is ChoiceOrigin.ANSWER
    # The other coordinator is right as well, and later.
    assert "Open on Sat 10 Oct.\nSo far 0 people have lunch then." in (await wu.taps("Yes, open"))[-1].text
    assert await ServiceDay.of(canteen.id, date(2026, 10, 10)) is not None
    assert not any("make-up" in message.text for message in lin.heard)


async def test_a_day_decided_before_is_not_asked_about_and_of_missed_questions_one_comes(
    house: House,
) -> None:
    chen = await chen_in_october(house)
    canteen = await Canteen.get()
    await a_carried_senior()
    await chen.presses(f"month_day:{canteen.id}:2026-10-10:1")
    await house.at("2026-09-30 09:00")
    await house.at("2026-10-07 09:00")
    assert not any("Open?" in message.text for message in chen.heard)
    (told,) = (message.text for message in chen.heard if "and it is open" in message.text)
    assert "Sat 10 Oct is a make-up workday, and it is open.\nSo far 1 person has lunch then.\n" in told
    assert "1 place of its shifts is still open: who comes every week is not signed up for this day." in told
    await house.at("2026-10-09 09:00")
    assert sum("and it is open" in message.text for message in chen.heard) == 1
    house.clock.instant = datetime(2026, 10, 7, 1, 0, tzinfo=UTC)
    await house.canteen("North")
    wu = await house.coordinator("Mr Wu")
    await house.tick()
    await house.tick()
    assert len([message for message in wu.heard if "Sat 10 Oct is a make-up workday" in message.text]) == 1


@ONE_ENGINE
async def test_a_year_that_nobody_knows_is_told_in_december_and_planned_by_the_week(house: House) -> None:
    await house.canteen()
    chen = await house.coordinator()
    await house.at("2026-12-01 09:00")
    assert "I don't know yet all public holidays of 2027 in China." in chen.last.text
    assert "I plan by your week: Mon–Fri" in chen.last.text
    january = (await chen.taps("Look at the month"))[-1].text
    assert "January 2027" in january
    assert "I don't know yet all public holidays of 2027 in China." in january
    assert "21 are planned in all: 1 is missing." in january
    for day in ("2026-12-02 09:00", "2026-12-11 09:00", "2027-01-04 09:00"):
        await house.at(day)
    assert len([m for m in chen.heard if m.text.startswith("I don't know yet")]) == 1


@ONE_ENGINE
async def test_whose_holidays_are_kept_and_how_many_days_a_month_can_be_changed(house: House) -> None:
    chen = await chen_in_october(house, zone="Europe/Madrid")
    canteen = await Canteen.get()
    assert canteen.region == "ES"
    assert await ServiceDay.of(canteen.id, date(2026, 10, 12)) is None
    await chen.presses(f"calendar:{canteen.id}")
    await chen.taps("Public holidays")
    await chen.walks(("Atlantis", "I don't know its holidays"), ("es-md", "Public holidays: Spain (MD)"))
    await chen.presses(f"set:{canteen.id}:region")
    await chen.walks(("None: we cook by our week all year", "Public holidays change nothing"))
    assert await ServiceDay.of(canteen.id, date(2026, 10, 12)) is not None
    await chen.presses(f"set:{canteen.id}:region")
    await chen.walks(("Spain", "Public holidays: Spain"))
    assert await ServiceDay.of(canteen.id, date(2026, 10, 12)) is None
    await chen.presses(f"set:{canteen.id}:quota")
    await chen.walks(
        ("32", "from 1 to 31"), ("20", "From when?"), ("From now on", "Lunch days in a month: 20")
    )
    october = (await chen.presses(f"month:{canteen.id}:2026-10-01"))[-1].text
    assert "Mon 12 Oct: closed, National Day" in october
    assert "21 are planned in all: 1 too many." in october
    assert "I propose not to cook on Fri 30 Oct." in october
    await chen.presses(f"set:{canteen.id}:quota")
    await chen.walks(
        ("Don't count them", "From when?"),
        ("From Thu 1 Oct on", "From Thu 1 Oct: lunch days are not counted"),
    )
    october = (await chen.presses(f"month:{canteen.id}:2026-10-01"))[-1].text
    assert "21 lunch days in this month" in october
    assert "of 20 lunch days served" in (await chen.says("/today"))[-1].text
    await house.at("2026-10-01 00:00", "Europe/Madrid")
    assert "lunch days served" not in (await chen.says("/today"))[-1].text


@ONE_ENGINE
async def test_a_month_that_cannot_come_to_its_number_is_told_as_near_as_it_gets(house: House) -> None:
    chen = await chen_in_october(house)
    canteen = await Canteen.get()
    await Canteen.change(canteen.id, by=await chen.person(), now=house.now, quota=1)
    # It began on the 25th, a holiday; of the days left, the 28th was too late to order for.
    september = (await chen.presses(f"month:{canteen.id}:2026-09-01"))[-1].text
    assert "2 are planned in all: 1 too many." in september
    assert "I propose not to cook on Wed 30 Sept." in september
    await Canteen.change(canteen.id, by=await chen.person(), now=house.now, quota=31)
    # The house was away meanwhile: the 19th and the 20th were planned by nobody.
    await house.at("2026-10-20 09:00")
    october = (await chen.presses(f"month:{canteen.id}:2026-10-01"))[-1].text
    assert "I propose to cook also on Sat 24 Oct, Sun 25 Oct and Sat 31 Oct." in october
    assert "Then it is 19 days; more can't be done." in october


async def test_a_setting_from_a_date_is_shown_taken_back_or_put_into_force_at_midnight(house: House) -> None:
    await house.canteen()
    chen = await house.coordinator()
    await house.tick()
    await chen.says("/settings")
    await chen.taps("Orders close")
    question = (await chen.says("15:00"))[-1]
    assert question.buttons[:3] == ["From now on", "From Mon 30 Nov on", "From Tue 1 Dec on"]
    assert "has already passed" in (await chen.says("1 November 2026"))[-1].text
    said = (await chen.says("7 Dec"))[-1].text
    assert said.startswith("From Mon 7 Dec: orders close at 15:00\nUntil then everything stays as it is.")
    canteen = await Canteen.get()
    assert canteen.cutoff_at == "16:00"
    assert (await ServiceDay.get(day="2026-12-07")).close_at == datetime(2026, 12, 4, 7, tzinfo=UTC)
    card = (await chen.says("/settings"))[-1].text
    assert "Orders close at 16:00 on the service day before." in card
    assert "From Mon 7 Dec: orders close at 15:00" in card
    assert (
        "this will not happen"
        in (await chen.taps("Take back: From Mon 7 Dec: orders close at 15:00"))[-1].text
    )
    assert (await ServiceDay.get(day="2026-12-07")).close_at == datetime(2026, 12, 4, 8, tzinfo=UTC)
    for answer, since, said in (
        ("Lunch", "From Mon 30 Nov on", "From Mon 30 Nov: lunch at 12:00"),
        ("Roster", "30 Nov", "From Mon 30 Nov: roster at 12:00"),
        ("Reminders", "From Mon 30 Nov on", "From Mon 30 Nov: reminders at 12:00"),
        ("End of the day", "today", "From now on the day is over at 12:00."),
        ("End of the day", "From Mon 30 Nov on", "From Mon 30 Nov: end of the day at 12:00"),
    ):
        await chen.says("/settings")
        await chen.taps(answer)
        await chen.says("12:00")
        heard = (await (chen.taps if " on" in since else chen.says)(since))[-1].text
        if answer == "End of the day":
            assert "would not run in its order" in heard
        else:
            assert said in heard
    chen.reads()
    await house.at("2026-11-29 23:59")
    assert (await Canteen.get()).lunch_at == "11:30"
    await house.at("2026-11-30 00:00")
    await house.at("2026-11-30 08:30")
    assert (await Canteen.get()).lunch_at == "12:00"
    told = [m.text for m in chen.reads() if "this holds at Ping'an Lane now" in m.text]
    assert len(told) == 1
    assert "From Mon 30 Nov: lunch at 12:00\nFrom Mon 30 Nov: roster at 12:00" in told[0]


@ONE_ENGINE
async def test_the_final_count_and_the_places_of_shifts_change_from_a_date(house: House) -> None:
    canteen = await house.canteen()
    chen = await house.coordinator()
    await a_carried_senior()
    await house.tick()
    monday, friday = date(2026, 11, 30), date(2026, 11, 27)
    for button, answer, said in (
        ("freeze", "9:00", "From Mon 30 Nov: the kitchen's count is final at 09:00"),
        ("set:places", "3", "From Mon 30 Nov: 3 volunteers on each shift"),
    ):
        name, *what = button.split(":")
        await chen.presses(":".join([name, str(canteen.id), *what]))
        await chen.says(answer)
        assert said in (await chen.taps("From Mon 30 Nov on"))[-1].text
    assert (await Canteen.get()).places == 1
    assert [(await Shift.get(day=day)).places for day in (friday, monday)] == [1, 3]
    freezes = [(await ServiceDay.get(day=day)).freezes for day in (friday, monday)]
    assert freezes == [canteen.at(friday, "08:00"), canteen.at(monday, "09:00")]
    # Days that are planned only later have the new number, too.
    await house.at("2026-11-29 12:00")
    assert (await Shift.filter(day__gte=monday).order_by("-day").first()).places == 3
    await house.at("2026-11-30 00:00")
    changed = await Canteen.get()
    assert (changed.places, changed.freeze_at) == (3, "09:00")
    about = f"canteen {canteen.id}: 1 → 3"
    assert await AuditEvent.filter(act="canteen.places_holds", about=about).count() == 1
    await house.at("2026-11-30 00:01")
    assert await AuditEvent.filter(act="canteen.places_holds").count() == 1
    await chen.presses(f"freeze:{canteen.id}")
    await chen.taps("When the roster comes")
    said = (await chen.taps("From Mon 7 Dec on"))[-1].text
    assert "From Mon 7 Dec: the kitchen's count is final when the roster comes" in said
    await house.at("2026-12-07 00:00")
    assert (await Canteen.get()).freeze_at is None


@ONE_ENGINE
async def test_weekdays_and_days_before_from_a_date_are_said_as_rules(house: House) -> None:
    await house.canteen()
    chen = await house.coordinator()
    for answer, value, said in (
        ("Days", "Mon–Sat", "From Tue 1 Dec: open Mon–Sat"),
        ("Days before", "Two service days before", "From Tue 1 Dec: orders close 2 service days before"),
        (
            "Days before",
            "On the service day before",
            "From Tue 1 Dec: orders close on the service day before",
        ),
    ):
        await chen.says("/settings")
        await chen.taps(answer)
        await chen.taps(value)
        assert said in (await chen.taps("From Tue 1 Dec on"))[-1].text
    assert [row.value for row in await DatedSetting.filter(voided_at=None)] == ["63", "1"]


SCENES = {
    "en-GB": ("Open?", "Yes, open", "Open on Sat 10 Oct.", "National Day", "just right"),
    "zh-CN": ("调休上班。开餐吗？", "要，开餐", "10月10日周六开餐。", "国庆节", "正好"),
    "zh-TW": ("是補班日。供餐嗎？", "要，供餐", "10月10日 週六供餐。", "國慶節", "剛好"),
    "es-MX": ("¿Se abre?", "Sí, se abre", "se abre.", "Fiesta Nacional", "justo lo que hace falta"),
}  # fmt: skip


@pytest.mark.parametrize("tag", SCENES)
@ONE_ENGINE
async def test_a_make_up_day_is_answered_and_the_month_filled_in_four_languages(
    house: House, tag: str
) -> None:
    question, yes, opened, holiday, right = SCENES[tag]
    chen = await chen_in_october(house, language=tag)
    await house.at("2026-09-26 09:00")
    assert question in chen.last.text
    assert opened in (await chen.taps(yes))[-1].text
    canteen = await Canteen.get()
    assert holiday in (await chen.presses(f"month:{canteen.id}:2026-10-01"))[-1].text
    offer = next(data for _label, data in chen.last.keys if data.startswith("month_take"))
    assert right in (await chen.presses(offer))[-1].text
