"""Rules of the doors, the calls, the desk and the menu, from a day to come."""

from __future__ import annotations

from datetime import date

import pytest

from bot.database import transaction
from models import datedrules
from models.audit import AuditEvent
from models.callrounds import CallRound
from models.callrules import CallRules
from models.canteens import Canteen
from models.care import Care
from models.datedsettings import DatedSetting
from models.deskrules import DeskRules
from models.menumail import MenuSetting
from models.noon import Noon
from models.refusals import CallHoursOutOfOrder, SettingUnreadable, StepsOutOfOrder
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.intake import gives
from tests.handlers.test_routes import with_homes
from tests.house import House, Phone
from tests.models.making import FRIDAY, THURSDAY

DECEMBER = date(2026, 12, 1)
FROM_DECEMBER = "From Tue 1 Dec on"
RULES = (
    ("set_door", "red_after", "8", "After 8 minutes: red, all are alerted."),
    ("set_door", "unseen_days", "3", "Not met in person on 3 service days: please look in on them."),
    ("set_door", "wellbeing", "Yes", "Volunteers are asked at the door how people are."),
    ("set_round", "photo_days", "10", "Photos are kept for 10 days."),
    ("set_calls", "opens_at", "8:00", "Volunteers call between 08:00 and 19:00."),
    ("set_calls", "daily_at", "9:30", "The calls of every day begin at 09:30."),
    ("set_calls", "daily_for", ["old", "ill"], "They are for: "),
    ("set_calls", "tries", "2", "After 2 calls without an answer a case is opened."),
    ("desk_rule", "closes_at", "13:15", "The desk closes at 13:15; who has not come then is asked after."),
    ("desk_rule", "hot_at_least", "65", "Hot dishes: at least 65 °C"),
    ("set_menu", "menu_at", "9:15", "The menu goes out at 09:15, to those who want it."),
    ("set_menu", "families", "Only helpers", "Only helpers see the menu."),
    ("set_menu", "lines", ["low_salt"], "Kitchen lines: ordinary and low salt"),
)


async def plans(chen: Phone, canteen: Canteen, button: str, rule: str, answer: object) -> str:
    await chen.presses(f"{button}:{canteen.id}:{rule}")
    if isinstance(answer, list):
        await gives(chen, answer)
    else:
        await chen.walks((str(answer), "From when?"))
    return (await chen.taps(FROM_DECEMBER))[-1].text


async def test_each_rule_holds_from_its_day_and_all_are_told_in_one_message(house: House) -> None:
    chen, _route = await with_homes(house, "Wang")
    canteen = await Canteen.get()
    for button, rule, answer, said in RULES:
        text = await plans(chen, canteen, button, rule, answer)
        assert f"From Tue 1 Dec: {said}" in text
        assert "Until then everything stays as it is." in text
    care, desk = await Care.of(canteen.id), await DeskRules.of(canteen.id)
    assert (care.red_after, desk.hot_at_least) == (5, 60)
    text = (await chen.says("/settings"))[-1].text
    assert all(f"From Tue 1 Dec: {said}" in text for *_rule, said in RULES)
    # Taken back once, said twice; then the newer takes the older one's place.
    row = await DatedSetting.get(name="care.red_after")
    for _again in range(2):
        await chen.presses(f"setting_stays:{row.id}")
        assert "will not happen:\nFrom Tue 1 Dec: After 8 minutes: red" in chen.last.text
    await plans(chen, canteen, "set_door", "red_after", "7")
    await plans(chen, canteen, "set_door", "red_after", "9")
    assert len(await DatedSetting.filter(voided_at=None, name="care.red_after")) == 1
    await house.at("2026-11-30 23:59")
    assert (await Care.of(canteen.id)).red_after == 5
    chen.reads()
    await house.at("2026-12-01 00:00")
    await house.at("2026-12-01 00:01")
    care, calls = await Care.of(canteen.id), await CallRules.of(canteen.id)
    desk, menu = await DeskRules.of(canteen.id), await MenuSetting.of(canteen.id)
    assert (care.red_after, care.unseen_days, care.wellbeing, care.photo_days) == (9, 3, True, 10)
    assert (calls.opens_at, calls.daily_at, calls.daily_for, calls.tries) == (
        "08:00", "09:30", ["old", "ill"], 2,
    )  # fmt: skip
    assert calls.next_at == canteen.at(DECEMBER, "09:30")
    assert (desk.closes_at, desk.hot_at_least) == ("13:15", 65)
    assert (menu.menu_at, menu.families, menu.lines) == ("09:15", False, ["low_salt"])
    about = f"canteen {canteen.id}: 60 → 65"
    assert await AuditEvent.filter(act="desk.hot_at_least_holds", about=about).count() == 1
    await house.at("2026-12-01 08:30")
    (told,) = [one.text for one in chen.reads() if "As you planned" in one.text]
    assert told.startswith("As you planned, this holds at Ping'an Lane now:")
    assert "From Tue 1 Dec: After 9 minutes: red, all are alerted." in told
    assert len(told.splitlines()) == len(RULES) + 1


async def test_days_to_come_are_planned_with_the_rules_of_their_day(house: House) -> None:
    chen, _route = await with_homes(house, "Wang")
    canteen = await Canteen.get()
    by = await chen.person()
    values = {"desk.closes_at": "13:15", "menu.lines": []}
    await DatedSetting.plan(canteen.id, values, FRIDAY, by=by, now=house.now)
    lines = await datedrules.kitchen_lines([canteen.id])
    assert list(lines(canteen.id, THURSDAY)) == ["halal", "vegetarian"]
    assert list(lines(canteen.id, FRIDAY)) == []
    await house.at("2026-11-26 16:01")
    desks = {noon.service_day.day: noon.desk_at for noon in await Noon.all().prefetch_related("service_day")}
    assert desks[FRIDAY] == canteen.at(FRIDAY, "13:15")
    # Noons that are made are moved by what is planned, and back by what is taken back.
    row = await DatedSetting.get(name="desk.closes_at")
    await DatedSetting.take_back(row.id, by, house.now)
    assert (await Noon.get(service_day__day=FRIDAY)).desk_at == canteen.at(FRIDAY, "12:45")


@ONE_ENGINE
async def test_rules_must_fit_together_on_every_date(house: House) -> None:
    chen, _route = await with_homes(house)
    canteen, by = await Canteen.get(), await chen.person()

    async def plan(since: date, **values: object) -> DatedSetting:
        named = {name.replace("__", "."): value for name, value in values.items()}
        async with transaction():
            await DatedSetting.plan(canteen.id, named, since, by=by, now=house.now)
        row = await DatedSetting.all().order_by("-id").first()
        assert row is not None
        return row

    later = date(2026, 12, 8)
    with pytest.raises(StepsOutOfOrder):
        await plan(DECEMBER, care__red_after=12)
    row = await plan(DECEMBER, care__call_after=13)
    await plan(later, care__red_after=12)
    with pytest.raises(StepsOutOfOrder):
        async with transaction():
            await DatedSetting.take_back(row.id, by, house.now)
    # What is changed at once must fit what is to come, too.
    with pytest.raises(StepsOutOfOrder):
        async with transaction():
            await Care.change(canteen.id, by=by, now=house.now, go_on_after=11)
    with pytest.raises(CallHoursOutOfOrder):
        await plan(DECEMBER, calls__shuts_at="14:00")
    with pytest.raises(SettingUnreadable):
        await plan(DECEMBER, desk__closes_at="11:00")
    with pytest.raises(SettingUnreadable):
        await plan(DECEMBER, desk__spare=100)
    assert [row.name for row in await DatedSetting.coming([canteen.id])] == [
        "care.call_after", "care.red_after",
    ]  # fmt: skip
    await chen.presses(f"set_door:{canteen.id}:second_after")
    await chen.walks(("20", "From when?"), (FROM_DECEMBER, "would not come one after the other"))


@ONE_ENGINE
@pytest.mark.parametrize("late", ["2026-12-01 00:00", "2026-12-01 10:00"])
async def test_the_calls_of_the_day_begin_also_where_the_night_was_missed(house: House, late: str) -> None:
    chen, _route = await with_homes(house, "Wang")
    canteen, by = await Canteen.get(), await chen.person()
    values = {"calls.daily_at": "09:30", "calls.daily_for": ["all"]}
    await DatedSetting.plan(canteen.id, values, DECEMBER, by=by, now=house.now)
    await house.at("2026-11-30 23:00")
    await house.at(late)
    await house.at("2026-12-01 10:01")
    (round_,) = await CallRound.all()
    assert round_.day == DECEMBER
    # A day on which some other setting comes late takes no calls away either.
    await DatedSetting.plan(canteen.id, {"quota": 20}, date(2026, 12, 2), by=by, now=house.now)
    await house.at("2026-12-01 23:00")
    await house.at("2026-12-02 10:00")
    assert await CallRound.filter(day=date(2026, 12, 2)).count() == 1


SCENES = {
    "zh-CN": ("12月1日周二起：8分钟后：变红，通知所有人。", "12月1日周二起：Route 1的时间是09:30–11:00"),
    "zh-TW": ("12月1日 週二起：", "12月1日 週二起：Route 1的時間是09:30–11:00"),
    "es-MX": ("Desde el mar 1 dic: ", "Desde el mar 1 dic: Route 1, de 09:30 a 11:00"),
}


@ONE_ENGINE
@pytest.mark.parametrize("tag", SCENES)
async def test_what_is_to_come_is_said_in_four_languages(house: House, tag: str) -> None:
    red, hours = SCENES[tag]
    _chen, route = await with_homes(house, "Wang")
    wu = await house.coordinator("Mr Wu", language=tag)
    for press, answers in (
        (f"set_door:{route.canteen_id}:red_after", ("8",)),
        (f"set_route:{route.id}:hours", ("09:30", "11:00")),
    ):
        await wu.presses(press)
        for answer in (*answers, ">2026-12-01"):
            await gives(wu, answer)
    text = (await wu.says("/settings"))[-1].text
    assert red in text
    assert hours in text
