"""A volunteer's shifts in the calendar of their phone: what it is given, read by another's parser."""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event, EventStatus

from bot.i18n import LANGUAGES
from bot.web.feeds import Feeds
from models.audit import AuditEvent
from models.canteens import Canteen
from models.feeds import CalendarFeed, FeedEntry
from models.people import Membership
from models.routes import Route
from models.seniors import Senior
from models.shifts import Claim, Shift, ShiftState
from tests.desk.serving import HeldClock
from tests.fixtures_database import ONE_ENGINE
from tests.house import House, Phone
from tests.models.making import THURSDAY, WEDNESDAY
from tests.shifts.scene import a_canteen_with_shifts, the_shift


@dataclass
class Reader:
    """A calendar app that subscribes to an address."""

    session: aiohttp.ClientSession
    house: House

    async def get(self, address: str, **headers: str) -> tuple[aiohttp.ClientResponse, bytes]:
        async with self.session.get(address, headers=headers) as answer:
            return answer, await answer.read()

    async def events(self, address: str) -> dict[str, Event]:
        """Read a calendar with the foreign parser; give its events by title."""
        answer, body = await self.get(address)
        assert answer.status == 200
        _is_well_formed(body)
        read = IcsCalendarStream.calendar_from_ics(body.decode())
        return {event.summary or "": event for event in read.events}


@pytest.fixture
async def reader(house: House) -> AsyncIterator[Reader]:
    listening = socket.create_server(("127.0.0.1", 0))
    house.channels.base_url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    site = web.Application()
    site.add_routes(Feeds(HeldClock(house.clock)).routes())
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.SockSite(runner, listening).start()
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(runner.cleanup)
        yield Reader(await stack.enter_async_context(aiohttp.ClientSession()), house)


def _is_well_formed(body: bytes) -> None:
    """Check what RFC 5545 asks of the bytes, and a lenient parser does not."""
    assert body.endswith(b"END:VCALENDAR\r\n")
    lines = body.split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    for line in lines:
        line.decode()  # no character is torn by a fold


def _address(phone: Phone) -> str:
    found = re.search(r"http://\S+/feed/shifts/\S+\.ics", phone.last.text)
    assert found, phone.last.text
    return found[0]


async def _takes(phone: Phone, shift: Shift) -> None:
    await phone.presses(f"shift_take:{shift.id}:0")


async def test_a_shift_stays_one_event_through_all_its_changes(house: House, reader: Reader) -> None:
    canteen = await a_canteen_with_shifts(house, places=2)
    chen, lin, zhao = await house.coordinator(), await house.volunteer(), await house.volunteer("Zhao")
    wednesday, thursday = await the_shift(canteen, WEDNESDAY), await the_shift(canteen, THURSDAY)
    await _takes(lin, wednesday)
    await _takes(zhao, thursday)
    await lin.says("/calendar")
    address = _address(lin)
    (told,) = (await reader.events(address)).values()
    assert told.summary == "Shift at Ping'an Lane: Route 1"
    assert (told.start, told.end) == (wednesday.starts_at, wednesday.ends_at)
    assert (told.sequence, told.status, told.location) == (0, EventStatus.CONFIRMED, "Ping'an Lane")

    # A place taken and given back before the calendar looked again was never there.
    await _takes(lin, thursday)
    await lin.presses(
        f"shift_back:{(await Claim.get(shift_id=thursday.id, person_id=(await lin.person()).id)).id}"
    )
    assert len(await reader.events(address)) == 1

    # Later in the day: the same event, its next version.
    house.clock.instant += timedelta(hours=1)
    await Shift.filter(id=wednesday.id).update(
        starts_at=wednesday.starts_at + timedelta(hours=1), ends_at=wednesday.ends_at + timedelta(hours=1)
    )
    (moved,) = (await reader.events(address)).values()
    assert (moved.uid, moved.sequence) == (told.uid, 1)
    assert moved.start == wednesday.starts_at + timedelta(hours=1)
    assert moved.dtstamp == house.now
    (again,) = (await reader.events(address)).values()
    assert again == moved

    # Another name of the route; called off; and after all.
    route = await Route.get(canteen_id=canteen.id)
    await Route.change(route.id, by=await chen.person(), now=house.now, name="北线; 一, \\ 二" + "长" * 30)
    for state, status, sequence in (
        (ShiftState.OPEN, EventStatus.CONFIRMED, 2),
        (ShiftState.CANCELLED, EventStatus.CANCELLED, 3),
        (ShiftState.OPEN, EventStatus.CONFIRMED, 4),
    ):
        await Shift.filter(id=wednesday.id).update(state=state)
        (now,) = (await reader.events(address)).values()
        assert (now.uid, now.sequence, now.status) == (told.uid, sequence, status)
        assert now.summary == "Shift at Ping'an Lane: 北线; 一, \\ 二" + "长" * 30

    # Given back it stays as cancelled; taken once more it is another event.
    claim = await Claim.get(shift_id=wednesday.id)
    await lin.presses(f"shift_back:{claim.id}")
    (gone,) = (await reader.events(address)).values()
    assert (gone.uid, gone.sequence, gone.status) == (told.uid, 5, EventStatus.CANCELLED)
    await _takes(lin, wednesday)
    _answer, body = await reader.get(address)
    both = IcsCalendarStream.calendar_from_ics(body.decode()).events
    assert [(one.sequence, one.status) for one in both] == [
        (5, EventStatus.CANCELLED), (0, EventStatus.CONFIRMED),
    ]  # fmt: skip
    assert len({one.uid for one in both}) == 2

    # A month later nothing of it is left.
    await house.at("2026-12-27 09:00")
    assert await reader.events(address) == {}


@ONE_ENGINE
async def test_a_calendar_asks_often_and_is_sent_only_what_is_new(house: House, reader: Reader) -> None:
    canteen = await a_canteen_with_shifts(house)
    lin = await house.volunteer()
    await lin.says("/calendar")
    address = _address(lin)
    empty, body = await reader.get(address)
    assert empty.content_type == "text/calendar"
    assert b"BEGIN:VEVENT" not in body
    tag, since = empty.headers["ETag"], empty.headers["Last-Modified"]
    for known in ({"If-None-Match": tag}, {"If-Modified-Since": since}):
        answer, body = await reader.get(address, **known)
        assert (answer.status, body) == (304, b"")
        assert answer.headers["ETag"] == tag
    house.clock.instant += timedelta(minutes=5)
    await _takes(lin, await the_shift(canteen, WEDNESDAY))
    for known in ({"If-None-Match": tag}, {"If-Modified-Since": since}):
        answer, body = await reader.get(address, **known)
        assert (answer.status, body.count(b"BEGIN:VEVENT")) == (200, 1)
    assert answer.headers["ETag"] != tag
    assert answer.headers["Last-Modified"] != since


async def test_a_wrong_address_says_nothing_and_an_old_one_is_a_wrong_one(
    house: House, reader: Reader
) -> None:
    canteen = await a_canteen_with_shifts(house)
    lin, mei = await house.volunteer(), await house.family()
    assert "not open to you" in (await mei.says("/calendar"))[-1].text
    await _takes(lin, await the_shift(canteen, WEDNESDAY))
    await lin.says("/calendar")
    first = _address(lin)
    assert first.rsplit("/", 1)[1].removesuffix(".ics") not in str(await CalendarFeed.all().values())
    good = lin.last

    # Asked again it is not shown again; a new one takes its place, and a second tap makes no third.
    assert "I can't show it again" in (await lin.says("/calendar"))[-1].text
    anew = dict(lin.last.keys)["Give me a new address"]
    await lin.taps("Give me a new address")
    second = _address(lin)
    assert "does not work any more" in lin.last.text
    await lin.presses(anew)
    assert (await reader.get(second))[0].status == 200
    assert good.text.startswith("Your shifts in your phone's calendar")

    async def answers(*addresses: str) -> set[tuple[int, bytes, str]]:
        found = [await reader.get(one) for one in addresses]
        return {(answer.status, body, str(sorted(answer.headers.keys()))) for answer, body in found}

    base = house.channels.base_url
    wrong = [
        first, second[:-5] + ".ics", f"{base}/feed/shifts/{'a' * 43}.ics", f"{base}/feed/menu/{'a' * 43}.ics",
        f"{base}/feed/shifts/", f"{base}/feed/", f"{base}/feed/shifts/%00.ics",
    ]  # fmt: skip
    (said,) = await answers(*wrong)
    assert said[0] == 404

    # Stopped, with nobody left to help, or begun anew: each time the same answer for what is not good.
    await lin.taps("Stop the calendar")
    assert "gets nothing from me any more" in lin.last.text
    assert await answers(second) == {said}
    await lin.taps("Give me a new address")
    third = _address(lin)
    assert (await reader.get(third))[0].status == 200
    await Membership.all().update(ended_at=house.now)
    assert await answers(third) == {said}
    acts = await AuditEvent.filter(act__startswith="calendar").order_by("id").values_list("act", flat=True)
    assert acts == ["calendar.link", "calendar.link", "calendar.stop", "calendar.link"]


TOLD = {
    "en": ("I can't show it again", "Stop the calendar", "Shift at Ping'an Lane: Route 1"),
    "zh_Hans": ("没法再给您看一遍", "停掉日历", "Ping'an Lane的班：Route 1"),
    "zh_Hant": ("沒辦法再給您看一次", "停用行事曆", "Ping'an Lane的班：Route 1"),
    "es": ("no puedo mostrarla otra vez", "Parar el calendario", "Turno en Ping'an Lane: Route 1"),
}


@ONE_ENGINE
async def test_a_calendar_is_in_its_owners_language_and_names_no_senior(house: House, reader: Reader) -> None:
    assert TOLD.keys() == LANGUAGES.keys()
    canteen = await a_canteen_with_shifts(house, places=4)
    await Canteen.filter(id=canteen.id).update(human_phone=None)
    for language, (known, stop, title) in TOLD.items():
        lin = await house.volunteer(f"Lin {language}", language=language.replace("_", "-"))
        await _takes(lin, await the_shift(canteen, WEDNESDAY))
        await lin.says("/calendar")
        address = _address(lin)
        assert list(await reader.events(address)) == [title]
        _answer, body = await reader.get(address)
        for senior in await Senior.all():
            assert (senior.name or "").encode() not in body.replace(b"\r\n ", b"")
        await lin.says("/calendar")
        assert known in lin.last.text
        assert stop in lin.last.buttons
    assert await FeedEntry.all().count() == 4
