"""The month in figures: by itself on the first of the next, of any month on demand, and without names."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from handlers.chat import Unclear
from handlers.months import month
from models.calendar import ServiceDay
from models.canteens import Canteen
from models.cases import Case, CaseKind
from models.datedsettings import DatedSetting
from models.hours import HoursEntry, HoursSource
from models.meals import Meal, MealState
from models.routes import Kind, Route
from models.seniors import Mode, Senior
from models.shifts import Claim, Shift
from tests.fixtures_database import ONE_ENGINE
from tests.house import Heard, House, Phone
from tests.models.making import TUESDAY, WEDNESDAY, a_senior
from tests.pdf import fonts, pages
from tests.played import played_once

FIRST = "2026-12-01 09:00"
NAMES = ("Wang Guilan", "Sun Meifang", "Zhao Fu")
OUTCOMES = {
    TUESDAY: (MealState.IN_PERSON, MealState.NEIGHBOUR, MealState.SIGNED_IN),
    WEDNESDAY: (MealState.IN_PERSON, MealState.NO_ANSWER, MealState.EXPECTED),
}


@played_once
async def two_days(house: House, language: str = "en") -> tuple[Canteen, Phone]:
    """Let a canteen have two days of November: two doors and a guest, and one of three places taken."""
    canteen = await house.canteen(language=language)
    seniors = [
        await a_senior(canteen, name=name, mode=Mode.DELIVERY if place < 2 else Mode.DINE_IN)
        for place, name in enumerate(NAMES)
    ]
    chen = await house.coordinator(language=language)
    await ServiceDay.filter(day__gt=WEDNESDAY).delete()
    for day, states in OUTCOMES.items():
        service_day = await ServiceDay.get(canteen_id=canteen.id, day=day)
        for senior, state in zip(seniors, states, strict=True):
            await Meal.create(
                senior_id=senior.id, service_day_id=service_day.id, canteen_id=canteen.id, day=day,
                mode=senior.mode, state=state,
            )  # fmt: skip
    await Meal.filter(day=WEDNESDAY, senior_id=seniors[0].id).update(state=MealState.CANCELLED)
    await volunteers(house, canteen, seniors[1], await house.volunteer(language=language))
    return canteen, chen


async def volunteers(house: House, canteen: Canteen, shut: Senior, lin: Phone) -> None:
    (route,) = await Route.of(canteen.id)
    person = await lin.person()
    for day, taken in ((TUESDAY, 1), (WEDNESDAY, 0)):
        starts = canteen.at(day, "10:00")
        shift = await Shift.create(
            canteen_id=canteen.id, route_id=route.id, day=day, places=1 + (day == WEDNESDAY), taken=taken,
            starts_at=starts, ends_at=starts + timedelta(hours=2), state="finished",
        )  # fmt: skip
        if taken:
            await Claim.create(shift_id=shift.id, person_id=person.id, claimed_at=starts - timedelta(days=3))
            await HoursEntry.create(
                person_id=person.id, canteen_id=canteen.id, shift_id=shift.id, day=day, minutes=90,
                source=HoursSource.ROUND, at=house.now,
            )  # fmt: skip
        else:
            await HoursEntry.create(
                person_id=person.id, canteen_id=canteen.id, shift_id=shift.id, day=day, minutes=120,
                source=HoursSource.PLANNED, at=house.now,
            )  # fmt: skip
    # Places in the kitchen are none on rounds.
    kitchen = await Route.create(
        canteen_id=canteen.id, name="Kitchen", kind=Kind.KITCHEN, closed_at=house.now
    )
    starts = canteen.at(TUESDAY, "08:30")
    await Shift.create(
        canteen_id=canteen.id, route_id=kitchen.id, day=TUESDAY, places=5, taken=4,
        starts_at=starts, ends_at=starts + timedelta(hours=2), state="finished",
    )  # fmt: skip
    await Case.open(CaseKind.NO_ANSWER, shut, WEDNESDAY, None, person, None, house.now)


SAID = """\
Ping'an Lane, November 2026
Lunches planned: 6
Called off after orders had closed: 1
Lunches served: 3
Seen in person: 2
Left with a neighbour or at the door: 1
Fetched by somebody else: 0
Not handed over, or not come: 1
Not known: 1
Served at home: 2
Served at the canteen: 1
Picked up at the canteen: 0
Different people served: 3
Days with lunch: 2 of 22
Volunteers: 1
Time given: 1 h 30 min
Shifts not counted: nobody knows yet when they ended: 1
Places on rounds taken: 1 of 3, 33 %
Shifts promised and not come to: 0
Taken so long before (the median): 3 days
Doors that stayed shut: 1
Something was different: 0
Of these worries still open: 1

No names are in it: you may pass it on."""


def reports(phone: Phone) -> list[Heard]:
    """Read what came, and leave the lists of the days aside."""
    return [message for message in phone.reads() if "Lunches planned" in message.text]


@ONE_ENGINE
async def test_on_the_first_at_nine_each_coordinator_gets_the_month_once(house: House) -> None:
    canteen, chen = await two_days(house)
    wu = await house.coordinator("Mr Wu")
    await house.at("2026-11-30 20:00")
    chen.reads()
    wu.reads()
    await house.at("2026-12-01 08:59")
    assert chen.reads() == []
    for when in (FIRST, "2026-12-01 09:01", "2026-12-02 09:00"):
        await house.at(when)
    for phone in (chen, wu):
        (report,) = reports(phone)
        assert report.text == SAID
        assert report.buttons == ["Print", "… as a table"]
    assert (await Canteen.get(id=canteen.id)).report_at == canteen.at(date(2027, 1, 1), "09:00")


@ONE_ENGINE
async def test_after_down_time_every_month_that_ended_is_told(house: House) -> None:
    _canteen, chen = await two_days(house)
    await house.tick()
    chen.reads()
    await house.at("2027-02-03 10:00")
    # There was no lunch in December and January.
    assert [report.text for report in reports(chen)] == [SAID]


@ONE_ENGINE
async def test_the_paper_has_a_bar_for_each_day_and_the_table_a_row(house: House) -> None:
    _canteen, chen = await two_days(house)
    await house.tick()
    await house.at(FIRST)
    (report,) = reports(chen)
    print_, tabulate = (data for _label, data in report.keys)
    (paper,) = await chen.presses(print_)
    assert paper.file is not None
    assert paper.file.name == "report-2026-11.pdf"
    (page,) = pages(paper.file.content)
    assert "Report for November 2026 Lunches on each day" in page
    # The scale, then each day: how many lunches, and its date.
    assert "0 1 2 3 3 24 2 25 Day of November 2026" in page
    assert "Lunches served 3" in page
    assert all(fonts(paper.file.content).values())
    (table,) = await chen.presses(tabulate)
    assert table.file is not None
    book = load_workbook(io.BytesIO(table.file.content))
    figures: dict[Any, Any] = dict(book["Figures"].iter_rows(min_row=2, values_only=True))
    assert figures["Lunches served"] == 3
    assert figures["Days with lunch"] == 2
    assert figures["Time given"] == 90
    assert [row[1:] for row in book["Days"].iter_rows(min_row=2, values_only=True)] == [
        (2, 1, 0, 0, 0, 0, 2, 1, 0, 0, 0, 0),
        (0, 0, 0, 1, 1, 1, 2, 1, 0, 0, 0, 0),
        (2, 1, 0, 1, 1, 1, 4, 2, 0, 0, 0, 0),
    ]  # fmt: skip
    everything = page + paper.text + table.text + "".join(map(str, figures))
    assert not any(name in everything for name in (*NAMES, "Lin"))


async def test_every_lunch_is_in_one_line_and_nothing_else_is_planned(house: House) -> None:
    canteen = await house.canteen()
    chen, lin = await house.coordinator(), await (await house.volunteer()).person()
    ways = {
        MealState.SIGNED_IN: Mode.DINE_IN,
        MealState.NOT_COME: Mode.DINE_IN,
        MealState.FETCHED: Mode.PICK_UP,
    }
    seniors = {state: await a_senior(canteen, mode=ways.get(state, Mode.DELIVERY)) for state in MealState}
    days = {day.day: day for day in await ServiceDay.filter(canteen_id=canteen.id).order_by("day").limit(3)}
    await ServiceDay.filter(day__gt=max(days)).delete()
    shut, before = sorted(days)[1:]
    for day, all_ in zip(days.values(), (None, MealState.CLOSED, MealState.AHEAD), strict=True):
        await Meal.bulk_create(
            Meal(
                senior_id=senior.id, service_day_id=day.id, canteen_id=canteen.id, day=day.day,
                mode=senior.mode, state=all_ or state, guests=2,
            )
            for state, senior in seniors.items()
        )  # fmt: skip
    # One worry of each kind, and of each at somebody else's: who is not met has one case a day.
    for kind, senior in zip(CaseKind, seniors.values(), strict=False):
        await Case.open(kind, senior, min(days), None, lin, None, house.now)
    route = await Route.get(canteen_id=canteen.id)
    shift = await Shift.create(
        canteen_id=canteen.id, route_id=route.id, day=shut, places=1, taken=0, starts_at=house.now,
        ends_at=house.now + timedelta(hours=2), state="finished",
    )  # fmt: skip
    await Claim.create(
        shift_id=shift.id,
        person_id=lin.id,
        claimed_at=house.now,
        missed_at=house.now,
        given_back_at=house.now,
    )
    # Of November the canteen meant to cook on 18 days: what holds from December on changes nothing of that.
    boss = await chen.person()
    await Canteen.change(canteen.id, quota=18, by=boss, now=house.now)
    await DatedSetting.plan(canteen.id, {"quota": 20}, date(2026, 12, 1), by=boss, now=house.now)
    await house.tick()
    await house.at(FIRST)
    (report,) = reports(chen)
    (table,) = await chen.presses(report.keys[1][1])
    assert table.file is not None
    book = load_workbook(io.BytesIO(table.file.content))
    figures: dict[Any, Any] = dict(book["Figures"].iter_rows(min_row=2, values_only=True))
    planned = len(MealState) - 2
    assert figures["Lunches planned"] == planned == 11
    parts = [
        "Seen in person", "Left with a neighbour or at the door", "Fetched by somebody else",
        "Not handed over, or not come", "Not known", "Called off after orders had closed",
    ]  # fmt: skip
    assert [figures[part] for part in parts] == [2, 2, 1, 4, 1, 1]
    assert sum(figures[part] for part in parts) == planned
    assert figures["Lunches served"] == 5
    had = [figures[way] for way in ("Served at home", "Served at the canteen", "Picked up at the canteen")]
    assert (had, figures["Different people served"]) == ([3, 1, 1], 5)
    assert figures["Lunches for guests, besides"] == 2 * 10
    assert figures["Fell away: the canteen was closed"] == 1 + len(MealState)
    assert figures["Given beforehand, for days when the canteen was closed"] == 1 + len(MealState)
    # A lunch that came beforehand was one; on the day of the typhoon there was none.
    assert "Days with lunch: 2 of 18" in report.text
    assert figures["Shifts promised and not come to"] == 1
    *worries, still_open = list(figures.values())[-1 - len(CaseKind) :]
    assert all(worries)
    assert sum(worries) == still_open
    *rows, together = book["Days"].iter_rows(min_row=2, values_only=True)
    assert [row[1:] for row in rows] == [
        (2, 2, 1, 4, 1, 1, 8, 2, 1, 20, 1, 1),
        (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 13, 0),
        (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 13),
    ]
    assert together[1:7] == tuple(figures[part] for part in parts)
    (paper,) = await chen.presses(report.keys[0][1])
    assert paper.file is not None
    assert "Fetched by somebody else 1" in " ".join(pages(paper.file.content))
    await house.at("2026-12-07 09:00")
    await Canteen.change(canteen.id, quota=None, by=boss, now=house.now)
    await chen.says("/report")
    assert "Days with lunch: 2 of 18" in (await chen.taps("November 2026"))[-1].text
    await Meal.filter(day=before).update(day=date(2026, 12, 1))
    await chen.says("/report")
    assert "\nDays with lunch: 1\n" in (await chen.taps("December 2026"))[-1].text


async def test_any_month_can_be_asked_for_and_a_running_one_is_told_so_far(house: House) -> None:
    _canteen, chen = await two_days(house)
    await house.at("2026-11-24 20:00")
    (asked,) = await chen.says("/report")
    assert asked.text == "Which month? Tap one, or write it, like May 2026."
    assert asked.buttons[:3] == ["November 2026", "October 2026", "September 2026"]
    (report,) = await chen.taps("November 2026")
    assert report.text.splitlines()[:3] == [
        "Ping'an Lane, November 2026", "So far, up to Tue 24 Nov.", "Lunches planned: 3"
    ]  # fmt: skip
    await chen.says("how many lunches this month")
    await chen.walks(
        ("thirteen", "Please write the month like this: October 2026"),
        ("May", "Nobody had lunch in May 2026."),
    )


@ONE_ENGINE
async def test_the_report_of_another_canteen_is_nobodys_business(house: House) -> None:
    canteen, chen = await two_days(house)
    other = await house.coordinator("Ms Sun", canteen=await house.canteen("Elsewhere"))
    for phone in (other, await house.volunteer(), await house.family()):
        news = await phone.presses(f"report:{canteen.id}:2026-11-01:month")
        assert all(message.file is None and "report" not in message.text for message in news)
    assert all(m.file is None for m in await chen.presses(f"report:{canteen.id}:2026-11-01:roster"))


SPOKEN = {
    "en": ("October", "Nobody had lunch in October 2026.", "November 2026", "Lunches served: 3", "Print",
           "Report for November 2026"),
    "zh_Hans": ("十月", "2026年10月没有人吃午饭。", "2026年11月", "已用餐份数：3", "打印",
                "2026年11月月报"),
    "zh_Hant": ("10月", "2026年10月沒有人用午餐。", "2026年11月", "已用餐份數：3", "列印",
                "2026年11月月報"),
    "es": ("el mes pasado", "Nadie comió en octubre de 2026.", "noviembre de 2026", "Comidas servidas: 3",
           "Imprimir", "Informe de noviembre de 2026"),
}  # fmt: skip


@ONE_ENGINE
@pytest.mark.parametrize("language", SPOKEN)
async def test_a_month_is_told_in_each_language(house: House, language: str) -> None:
    other, nobody, this, served, print_, heading = SPOKEN[language]
    _canteen, chen = await two_days(house, language)
    await house.at("2026-11-27 20:00")
    await chen.says("/report")
    assert nobody in (await chen.says(other))[-1].text
    await chen.says("/report")
    assert served in (await chen.taps(this))[-1].text
    (paper,) = await chen.taps(print_)
    assert paper.file is not None
    assert heading.replace(" ", "") in pages(paper.file.content)[0].replace(" ", "")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("2026-10", "2026-10-01"), ("10/2026", "2026-10-01"), ("2026年10月", "2026-10-01"),
        ("10", "2026-10-01"),
        ("October", "2026-10-01"), ("octubre de 2025", "2025-10-01"), ("十月份", "2026-10-01"),
        ("12月", "2025-12-01"), ("dec", "2025-12-01"), ("this month", "2026-11-01"), ("上个月", "2026-10-01"),
        ("上上個月", "2026-09-01"), ("el mes pasado", "2026-10-01"),
    ],
)  # fmt: skip
def test_a_month_is_read_as_people_write_it(text: str, first: str) -> None:
    assert month(TUESDAY)(text) == date.fromisoformat(first)


@pytest.mark.parametrize("text", ["13", "2027-01", "2026-13", "0", "soon", "1812-10", "十五月"])
def test_what_is_no_month_up_to_now_is_asked_again(text: str) -> None:
    with pytest.raises(Unclear):
        month(TUESDAY)(text)
