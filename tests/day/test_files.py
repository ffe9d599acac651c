"""A photo from Telegram is seen on the web chat, and a voice note from the web chat is heard on Telegram."""

from __future__ import annotations

import asyncio
import uuid
from typing import Final

import pytest

from models.canteens import Canteen
from models.cases import Case
from models.files import File
from models.people import Account, Membership, Person, Role
from models.routes import Route, Stop
from models.shifts import Shift
from tests.day.phones import TelegramPhone, WebPhone
from tests.day.test_trouble import joined, opened
from tests.day.town import Town, town
from tests.handlers.test_files import PHOTO, PICTURE, VOICE
from tests.models.making import TUESDAY, a_senior

KEPT: Final = (
    "Thank you. It is kept sealed for {n} day, and then deleted."
    " | Thank you. It is kept sealed for {n} days, and then deleted."
)


async def on_the_web(there: Town, name: str, person: Person | None = None) -> WebPhone:
    """Give somebody a browser; a new coordinator, or a second phone of somebody."""
    phone = await there.browser(name, "en")
    if person is None:
        person = await Person.create(name=name, language="en", created_at=there.app.clock.now())
        canteen = await Canteen.get()
        await Membership.grant(person, canteen.id, Role.COORDINATOR, by=None, now=there.app.clock.now())
    await Account.create(
        person_id=person.id,
        channel="webchat",
        address=phone.page.session,
        heard_at=there.app.clock.now(),
    )
    return phone


async def is_here(number: int) -> None:
    """Wait until what was sent was fetched."""
    for _time in range(200):
        if (await File.get(id=number)).here:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("it was never fetched")


async def opens(phone: WebPhone, number: int) -> tuple[int, bytes]:
    async with phone.page._http.get(f"{phone.page.base}kept/{number}") as answer:
        return answer.status, await answer.read()


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
async def test_files_travel_between_telegram_and_the_web_chat(db_url: str) -> None:
    async with town("polling", db_url, "2026-11-23 09:00", "Ping'an Lane") as (there, code):
        chen = await opened(there, code)
        lin = await joined(there, chen, "Lin")
        assert isinstance(chen, TelegramPhone)
        canteen, route = await Canteen.get(), await Route.get()
        senior = await a_senior(canteen, name="王桂兰")
        await Stop.create(route_id=route.id, senior_id=senior.id, position=1, since=there.app.clock.now())
        await there.goes_on()
        volunteer = await Person.get(accounts__address=str(lin.user.id))
        shift = await Shift.get(day=TUESDAY)
        await Shift.claim(shift.id, volunteer, there.app.clock.now())
        wu = await on_the_web(there, "Wu")
        await there.at("2026-11-23 16:01")
        await there.at("2026-11-24 09:45")
        await lin.does(
            ("/round", "Door {number} of {all}"),
            (">Something is different", "What is different today?"),
            (">The home", "Thank you for looking. The coordinator has it now"),
            (">Add a photo or a voice note", "Please send a photo or a voice note now."),
        )
        await lin.user.sends_photo(PHOTO)
        await lin.hears(KEPT, 30)
        (call,) = await there.server.called("getFile")
        assert call["code"] == 200
        await wu.hears("{when}: {who} sent a photo.")
        photo = await File.get()
        await is_here(photo.id)
        await wu.presses("Photo {n}")
        await wu.hears("Photo about {name}, sent by {who} on {when}")
        (shown,) = [each["kept"] for each in wu.page.shown.values() if "kept" in each]
        assert (shown["id"], shown["mime"]) == (photo.id, "image/jpeg")
        assert await opens(wu, photo.id) == (200, PICTURE)
        # On Telegram as a photo; and back: Lin's browser sends a voice note.
        await chen.presses("Photo {n}")
        await chen.hears("Photo about {name}, sent by {who} on {when}")
        assert chen.user.messages[-1].content() == PICTURE
        web = await on_the_web(there, "Lin", volunteer)
        case = await Case.get()
        await web.page.press(1, f"case_file:{case.id}")
        await web.hears("Please send a photo or a voice note now.")
        name = str(uuid.uuid4())
        async with web.page._http.post(
            f"{web.page.base}upload/{name}", data=VOICE, headers={"Origin": web.page.origin}
        ) as answer:
            assert answer.status == 204
        await web.page.send(say={"id": name, "kind": "voice"})
        await web.hears(KEPT, 90)
        await chen.presses("Voice note {n}")
        await chen.hears("Voice note about {name}, sent by {who} on {when}")
        assert "voice" in chen.user.messages[-1].raw
        assert chen.user.messages[-1].content() == VOICE
        # The author sees it, a stranger does not, and who is no coordinator any more sees nothing.
        voice = await File.get(kind="voice")
        assert (await opens(web, voice.id))[0] == 200
        stranger = await there.browser("Gao", "en")
        assert (await opens(stranger, voice.id))[0] == 404
        account = await Account.get(address=wu.page.session)
        await Membership.filter(person_id=account.person_id).update(ended_at=there.app.clock.now())
        assert (await opens(wu, photo.id))[0] == 404
        assert await File.all().count() == 2
