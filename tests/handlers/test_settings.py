"""The coordinator changes the canteen's settings by chat."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from models.audit import AuditEvent
from models.calendar import ServiceDay
from models.canteens import Canteen
from models.messaging import Conversation
from tests.fixtures_database import ONE_ENGINE
from tests.house import House, Phone
from tests.played import played_once

LABELS = {
    "lunch_at": "Lunch",
    "cutoff_at": "Orders close",
    "cutoff_days": "Days before",
    "roster_at": "Roster",
    "finish_at": "End of the day",
    "remind_at": "Reminders",
    "weekdays": "Days",
    "places": "Places",
    "emergency_number": "Emergency",
    "name": "Name",
    "zone": "Time zone",
    "language": "Language",
}
NOW = "From now on"
DATED = {
    "lunch_at", "cutoff_at", "cutoff_days", "roster_at", "finish_at", "remind_at", "weekdays", "places",
}  # fmt: skip


@played_once
async def coordinator(house: House) -> Phone:
    await house.canteen()
    await house.tick()
    return await house.coordinator()


@ONE_ENGINE
async def test_the_card_shows_every_setting(house: House) -> None:
    chen = await coordinator(house)
    text = (await chen.says("/settings"))[-1].text
    for line in (
        "Settings of Ping'an Lane",
        "Open: Mon–Fri, lunch at 11:30",
        "Orders close at 16:00 on the service day before.",
        "Public holidays: China",
        "Lunch days in a month: 22",
        "Roster at 08:00",
        "End of the day at 12:30",
        "Reminders at 18:00",
        "Routes: Route 1",
        "Volunteers on each shift: 1",
        "To call: nobody yet",
        "In an emergency: 120",
        "Time zone: Asia/Shanghai",
        "Language: English",
    ):
        assert line in text.splitlines()


@pytest.mark.parametrize(
    ("what", "answer", "kept", "said"),
    [
        ("lunch_at", "12点", "12:00", "From now on lunch is at 12:00."),
        ("cutoff_at", "15:00", "15:00", "Orders close at 15:00 on the service day before."),
        ("cutoff_days", "Two service days before", 2, "Orders close at 16:00, 2 service days before."),
        ("roster_at", "7:30", "07:30", "From now on you get the day's roster at 07:30."),
        ("finish_at", "1 pm", "13:00", "From now on the day is over at 13:00."),
        ("remind_at", "17.30", "17:30", "From now on I remind volunteers at 17:30."),
        ("weekdays", "Mon–Sat", 63, "From now on you cook on Mon–Sat."),
        ("weekdays", "一三五", 21, "From now on you cook on Mon, Wed and Fri."),
        ("places", "2", 2, "need 2 volunteers now"),
        ("emergency_number", "110", "110", "From now on volunteers are told to call 110."),
        ("name", "<b>{North}</b>", "<b>{North}</b>", "From now on the canteen is called <b>{North}</b>."),
        ("zone", "Madrid", "Europe/Madrid", "Orders close at 16:00"),
        ("language", "繁體中文", "zh_Hant", "this language: 繁體中文"),
    ],
)
async def test_each_setting_is_asked_kept_and_its_consequence_said(
    house: House, what: str, answer: str, kept: object, said: str
) -> None:
    chen = await coordinator(house)
    await chen.says("/settings")
    await chen.taps(LABELS[what])
    await chen.walks(*([(answer, "From when?"), (NOW, said)] if what in DATED else [(answer, said)]))
    canteen = await Canteen.get()
    assert getattr(canteen, what) == kept
    assert await AuditEvent.filter(act=f"canteen.{what}", person_id=(await chen.person()).id).count() == 1
    assert "Settings of" in (await chen.taps("Back to the settings"))[-1].text


@ONE_ENGINE
async def test_an_earlier_cutoff_moves_the_days_that_are_planned(house: House) -> None:
    chen = await coordinator(house)
    await chen.says("/settings")
    await chen.taps("Orders close")
    await chen.says("15:00")
    heard = (await chen.taps(NOW))[-1].text
    assert "Next, the orders for Tue 24 Nov close: Mon 23 Nov, 15:00." in heard
    tuesday = await ServiceDay.get(day="2026-11-24")
    assert tuesday.close_at == datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


async def test_new_weekdays_change_the_plan(house: House) -> None:
    chen = await coordinator(house)
    assert await ServiceDay.filter(day="2026-11-28").count() == 0
    await chen.says("/settings")
    await chen.taps("Days")
    await chen.taps("Mon–Sat")
    await chen.taps(NOW)
    assert await ServiceDay.filter(day="2026-11-28").count() == 1


@ONE_ENGINE
async def test_whom_to_call_is_what_families_read_below_every_message(house: House) -> None:
    chen = await coordinator(house)
    mei = await house.family()
    assert "A person to talk to" not in (await mei.says("/start"))[-1].text
    await chen.says("/settings")
    await chen.taps("Whom to call")
    await chen.walks(
        ("Aunt Wang", "phone number of Aunt Wang"),
        ("none", "phone number"),
        ("021 6123 4567", "From now on families are told to call Aunt Wang, +862161234567."),
    )
    assert (await mei.says("/start"))[-1].text.endswith("A person to talk to: Aunt Wang, +862161234567")
    assert "A person to talk to" not in (await chen.says("/start"))[-1].text
    assert "At Ping'an Lane, Aunt Wang is there for you: +862161234567" in (await mei.says("0"))[-1].text


@pytest.mark.parametrize(
    ("what", "answer", "help_"),
    [
        ("lunch_at", "noonish", "write the time like this"),
        ("weekdays", "sometimes", "write the days of the week"),
        ("weekdays", "🥟", "write the days of the week"),
        ("cutoff_days", "9", "tap one of the buttons"),
        ("places", "0 helpers", "number from 1 to 20"),
        ("emergency_number", "the police", "write just the number"),
        ("name", " ", "could not see any words"),
        ("zone", "Atlantis", "don't know that place"),
        ("human", "x" * 300, "at most 200 characters"),
    ],
)
async def test_an_unreadable_answer_gets_help_and_the_question_again(
    house: House, what: str, answer: str, help_: str
) -> None:
    chen = await coordinator(house)
    await chen.presses(f"set:{(await Canteen.get()).id}:{what}")
    heard = (await chen.says(answer))[-1].text
    assert help_ in heard or "only read words" in heard
    assert await Conversation.all().count() == 1
    assert await AuditEvent.filter(act__startswith="canteen.").count() == 0


@ONE_ENGINE
@pytest.mark.parametrize(
    ("what", "answer"), [("roster_at", "12:00"), ("finish_at", "11:00"), ("lunch_at", "07:00")]
)
async def test_a_day_out_of_order_is_refused(house: House, what: str, answer: str) -> None:
    chen = await coordinator(house)
    await chen.says("/settings")
    await chen.taps(LABELS[what])
    before = getattr(await Canteen.get(), what)
    await chen.says(answer)
    assert "would not run in its order" in (await chen.taps(NOW))[-1].text
    assert getattr(await Canteen.get(), what) == before


@ONE_ENGINE
async def test_orders_of_the_day_itself_must_close_before_its_roster(house: House) -> None:
    chen = await coordinator(house)
    await chen.says("/settings")
    await chen.taps("Days before")
    await chen.taps("On the day itself")
    assert "would not run in its order" in (await chen.taps(NOW))[-1].text
    assert (await Canteen.get()).cutoff_days == 1


@ONE_ENGINE
async def test_cancel_changes_nothing(house: House) -> None:
    chen = await coordinator(house)
    await chen.says("/settings")
    await chen.taps("Lunch")
    assert "nothing was changed" in (await chen.taps("Cancel"))[0].text
    assert (await Canteen.get()).lunch_at == "11:30"


@ONE_ENGINE
async def test_settings_are_for_the_coordinator_of_that_canteen(house: House) -> None:
    first = await house.canteen("North")
    await house.coordinator("Ms Chen", canteen=first)
    await house.canteen("South")
    wu = await house.coordinator("Mr Wu")
    lin, stranger = await house.volunteer(), house.stranger()
    for data in (
        f"set:{first.id}:name",
        f"settings:{first.id}",
        f"routes:{first.id}",
        f"add_route:{first.id}",
    ):
        assert "not open to you" in (await wu.presses(data))[-1].text
        assert "not open to you here" in (await lin.presses(data))[-1].text
        assert "not open to you here" in (await stranger.presses(data))[-1].text
    assert "not open to you here" in (await lin.says("/settings"))[-1].text
    assert await Conversation.all().count() == 0


@ONE_ENGINE
@pytest.mark.parametrize(
    "data", ["set:1:secret_key", "set:x:name", "set:1", "settings:99", "set:1:name:more"]
)
async def test_a_forged_button_changes_nothing(house: House, data: str) -> None:
    chen = await coordinator(house)
    assert (await chen.presses(data))[-1].text
    assert await Conversation.all().count() == 0


@ONE_ENGINE
async def test_a_coordinator_who_is_revoked_meanwhile_changes_nothing(house: House) -> None:
    chen = await coordinator(house)
    await chen.says("/settings")
    await chen.taps("Name")
    person = await chen.person()
    await person.memberships.all().update(ended_at=house.now)
    assert "not open to you" in (await chen.says("Mine"))[-1].text
    assert (await Canteen.get()).name == "Ping'an Lane"
