"""A group of volunteers: bound with a code, one card of open places, a tap that concerns one person alone."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

from bot.channels import Kind, Update
from bot.groups import NOTE_LENGTH
from bot.i18n import LANGUAGES
from models.canteens import Canteen
from models.groups import Group
from models.messaging import InboxUpdate, OutboxMessage
from models.people import Account, Membership, Person, Role
from models.routes import Route
from models.seniors import Residence, Senior
from models.shifts import Claim
from tests.fixtures_database import ONE_ENGINE
from tests.house import EVENTS, Heard, House, Phone
from tests.models.making import THURSDAY, WEDNESDAY
from tests.plugins import refusals
from tests.shifts.scene import a_canteen_with_shifts, the_shift, walks_to

ROUND = "-500"
ON_WEDNESDAY = "Wed 25 Nov, 10:00–12:00 · Route 1"


async def _does(house: House, kind: Kind, by: Phone | None = None, place: str = ROUND, **what: str) -> str:
    """Let something happen in a group; return what only the one who tapped sees."""
    sender = {"sender": by.address, "language": by.language} if by else {}
    what.setdefault("event", str(next(EVENTS)))
    with refusals.listening() as raised:
        note = await house.inbox.hear(
            Update("test", kind=kind, place=place, title="Round 2", **sender, **what)
        )
    await house.deliver()
    refusals.noted(raised, note)
    if by is not None:
        await refusals.told(raised, by.address)
    return note


async def _taps(house: House, phone: Phone, button: str, place: str = ROUND, **more: str) -> str:
    data = next(
        (data for said in _shown(house, place) for label, data in said.keys if label == button), button
    )
    return await _does(house, Kind.PRESS, phone, place, data=data, **more)


def _shown(house: House, place: str = ROUND) -> list[Heard]:
    return house.wire.shown.get(place, [])


async def _code(chen: Phone) -> str:
    await chen.says("/group")
    found = re.search(r"/bind (\S+)", chen.last.text)
    assert found, chen.last.text
    assert f"test://group?start={found[1]}" in chen.last.text
    return found[1]


async def _bound(house: House, chen: Phone, place: str = ROUND) -> Heard:
    await _does(house, Kind.TEXT, chen, place, text=f"/bind {await _code(chen)}")
    return _shown(house, place)[-1]


async def _later(house: House, seconds: int = 10) -> None:
    house.clock.instant += timedelta(seconds=seconds)
    await house.tick()


async def test_one_card_stays_true_and_a_tap_takes_a_place(house: House) -> None:
    canteen = await a_canteen_with_shifts(house)
    second = await Route.create(canteen_id=canteen.id, name="Route 2", position=2)
    await walks_to(second, 3)
    await house.tick()
    chen, lin, zhao = await house.coordinator(), await house.volunteer(), await house.volunteer("Zhao")
    card = await _bound(house, chen)
    assert "The group Round 2 shows the open places of Ping'an Lane now." in chen.last.text
    lines = card.text.splitlines()
    assert lines[0] == "Open shifts at Ping'an Lane"
    assert "Wed 25 Nov, 10:00–12:00 · Route 1 · 12 homes · 1 place left" in lines
    assert "And 10 more: /shifts in our own chat." in lines
    assert len(card.buttons) == 8

    # A tap: told to Lin alone, confirmed in Lin's own chat, and true on the card.
    note = await _taps(house, lin, ON_WEDNESDAY, event="one tap")
    assert note == "Thank you! Wed 25 Nov, 10:00–12:00, Route 1 is yours."
    assert "12 people are waiting for this lunch." in lin.last.text
    assert lin.last.buttons == ["I can't come"]
    assert ON_WEDNESDAY not in card.buttons
    assert card.edited
    assert await _taps(house, lin, ON_WEDNESDAY, event="one tap") == ""
    taken = await the_shift(canteen, WEDNESDAY)
    assert await _taps(house, lin, f"group_take:{taken.id}") == note
    assert "full now" in await _taps(house, zhao, f"group_take:{taken.id}")

    # A second place at that time: refused to Lin's eyes only, and of Lin nothing stands in the group.
    other = await the_shift(canteen, WEDNESDAY, "Route 2")
    heard = len(lin.heard)
    assert (await _taps(house, lin, f"group_take:{other.id}")).startswith("You are on Route 1 at that time")
    assert len(lin.heard) == heard
    assert len(_shown(house)) == 1
    assert "Lin" not in card.text

    # The last place at the same second.
    both = await asyncio.gather(*(_taps(house, one, f"group_take:{other.id}") for one in (zhao, chen)))
    assert sorted("is yours" in note for note in both) == [False, True]
    assert sorted("full now" in note for note in both) == [False, True]

    # What changes elsewhere is on the cards of both groups seconds later; nothing changed, nothing said.
    second_card = await _bound(house, chen, "-501")
    assert ON_WEDNESDAY not in second_card.buttons
    await lin.presses(f"shift_back:{(await Claim.get(shift_id=taken.id)).id}")
    await _later(house)
    assert ON_WEDNESDAY in card.buttons
    assert ON_WEDNESDAY in second_card.buttons
    said = await OutboxMessage.all().count()
    await _later(house)
    assert await OutboxMessage.all().count() == said

    # Somebody took the message away: the card comes anew with the next change.
    house.wire.shown[ROUND].clear()
    await lin.presses(f"shift_take:{taken.id}:0")
    await _later(house)
    (anew,) = _shown(house)
    assert ON_WEDNESDAY not in anew.buttons
    for senior in await Senior.all():
        home = await Residence.get(senior_id=senior.id)
        assert not {senior.name, home.address} & set(anew.text.splitlines())
        assert senior.name not in anew.text
        assert home.address not in anew.text


@ONE_ENGINE
async def test_only_who_helps_the_canteen_takes_its_places_and_the_rest_is_not_heard(house: House) -> None:
    canteen = await a_canteen_with_shifts(house)
    chen = await house.coordinator()
    mei, cook = await house.family(), await house.member("Mr Wu", Role.KITCHEN)
    card = await _bound(house, chen)
    south = await a_canteen_with_shifts(house)
    gao = await house.volunteer("Gao")
    shift, theirs = await the_shift(canteen, THURSDAY), await the_shift(south, THURSDAY)
    unknown = house.stranger("Wu", language="es")
    people, rows = await Person.all().count(), await OutboxMessage.all().count()
    for phone in (mei, cook, gao):
        note = await _taps(house, phone, f"group_take:{shift.id}")
        assert note.startswith("Only volunteers of Ping'an Lane can take a shift here.")
    assert (await _taps(house, unknown, f"group_take:{shift.id}")).startswith("Aquí solo se apunta")
    # Of another canteen, of none, no number, a button that is not for groups, one that is for no other place.
    for data in (
        f"group_take:{theirs.id}",
        "group_take:4711",
        "group_take:x",
        f"shift_take:{shift.id}:0",
        "no",
    ):
        assert await _taps(house, chen, data) in (
            "That is no longer there, so nothing was changed.", "Please write to me in a private chat.",
        )  # fmt: skip
    assert "belongs to an earlier" in (await chen.presses(f"group_take:{shift.id}"))[-1].text
    assert await OutboxMessage.filter(id__gt=rows).exclude(person_id=(await chen.person()).id).count() == 0

    # Chatter, other bots' commands, pictures and joins are nobody's business.
    before = len(_shown(house))
    for kind, text in (
        (Kind.TEXT, "I have seen Grandma Wang"), (Kind.TEXT, "/weather"), (Kind.TEXT, "/today"),
        (Kind.TEXT, "/start"), (Kind.TEXT, "/bind"), (Kind.TEXT, "0"), (Kind.PHOTO, "her door"),
        (Kind.EDITED, "/bind x"), (Kind.JOINED, ""),
    ):  # fmt: skip
        assert await _does(house, kind, unknown, text=text) == ""
        assert await _does(house, kind, mei, text=text) == ""
    assert len(_shown(house)) == before
    assert await Person.all().count() == people
    assert not await Claim.exists()
    assert (await InboxUpdate.all().order_by("-id").first()) is not None
    assert card.text.startswith("Open shifts")


async def test_a_code_binds_one_group_once(house: House) -> None:
    canteen = await a_canteen_with_shifts(house)
    chen, wu = await house.coordinator(), house.stranger()
    code = await _code(chen)
    assert code not in str(await Group.all().values())
    # Whoever writes the code, also an administrator in the group's own name: the code counts.
    await _does(house, Kind.TEXT, None, text=f"/start {code}")
    first = _shown(house)[-1]
    people = await Person.all().count()

    # Used, wrong or too old: the one who wrote it hears so alone, a stranger nothing at all.
    late = await _code(chen)
    for by in (chen, wu, None):
        for tried in (code, "nonsense", "x" * 300):
            await _does(house, Kind.TEXT, by, "-600", text=f"/bind {tried}")
    assert "code" in chen.last.text
    assert _shown(house, "-600") == []
    assert wu.heard == []
    assert await Person.all().count() == people
    house.clock.instant += timedelta(days=1, seconds=1)
    await _does(house, Kind.TEXT, chen, "-600", text=f"/bind {late}")
    assert _shown(house, "-600") == []

    # The same group with a new code: one card, further down.
    second = await _bound(house, chen)
    assert first.text == "The open places stand further down now."
    assert first.buttons == []
    assert second.text.startswith("Open shifts")
    assert len(await Group.bound(canteen.id)) == 1

    # Another canteen's code does not take the group over.
    await house.canteen("South")
    li = await house.coordinator("Mr Li")
    await _does(house, Kind.TEXT, li, text=f"/bind {await _code(li)}")
    assert "shows the places of Ping'an Lane" in li.last.text
    group = (await Group.bound())[0]
    assert "not open to you" in (await li.presses(f"group_end:{group.id}"))[-1].text

    # Let go: the card says so and has no buttons, an old button does nothing, and the next may come.
    await chen.says("/group")
    await chen.taps("Let go: Round 2")
    assert "does not show the places of Ping'an Lane any more" in chen.last.text
    assert second.text == "The open places of Ping'an Lane are not shown here any more."
    assert second.buttons == []
    shift = await the_shift(canteen, THURSDAY)
    assert "not show open places any more" in await _taps(house, chen, f"group_take:{shift.id}")
    assert "does not show" in (await chen.presses(f"group_end:{group.id}"))[-1].text
    await _does(house, Kind.TEXT, li, text=f"/bind {await _code(li)}")
    assert "South" in _shown(house)[-1].text


@ONE_ENGINE
async def test_a_group_that_moves_goes_on_and_one_that_throws_us_out_is_told_of(house: House) -> None:
    canteen = await a_canteen_with_shifts(house)
    chen, lin = await house.coordinator(), await house.volunteer()
    await _bound(house, chen)
    menus = set(house.wire.menus)
    for _twice in range(2):
        await _does(house, Kind.MIGRATED, lin, text="-1001")
    await _later(house)
    (card,) = _shown(house, "-1001")
    await _taps(house, lin, ON_WEDNESDAY, "-1001")
    assert ON_WEDNESDAY not in card.buttons
    assert len(_shown(house)) == 1

    # Thrown out, heard of twice; and a group where we may not write any more, found out by writing.
    await _does(house, Kind.LEFT, lin, "-9999")
    for _twice in range(2):
        await _does(house, Kind.LEFT, lin, "-1001")
    lost = [said for said in chen.heard if "I can't write in the group Round 2 any more" in said.text]
    assert len(lost) == 1
    assert await Group.bound(canteen.id) == []
    await _bound(house, chen, "-700")
    house.wire.blocked.add("-700")
    await lin.presses(f"shift_take:{(await the_shift(canteen, THURSDAY)).id}:0")
    await _later(house)
    assert "I can't write in the group Round 2 any more" in chen.last.text
    assert await Group.bound(canteen.id) == []
    assert not await Account.filter(address="-700", reachable=True).exists()
    assert set(house.wire.menus) == menus, "a group has no menu"


WORDS = {
    "en": ("Open shifts at", "Tap the one that suits you.", "Only volunteers of", "is yours."),
    "zh_Hans": ("缺人的班", "哪个班合适，点一下就行。", "的志愿者才能在这里报名", "您送Route 1"),
    "zh_Hant": ("缺人的班", "哪個班合適，點一下就行。", "的志工才能在這裡報名", "您送Route 1"),
    "es": (
        "Turnos libres en",
        "Toque el que le venga bien.",
        "Aquí solo se apunta el voluntariado de",
        "el turno es suyo",
    ),
}


@ONE_ENGINE
async def test_a_group_reads_its_canteens_language_and_each_tapper_their_own(house: House) -> None:
    assert WORDS.keys() == LANGUAGES.keys()
    for number, (language, (head, hint, _refused, _yours)) in enumerate(WORDS.items()):
        place = f"-{number + 1}"
        canteen = await a_canteen_with_shifts(house, language=language, places=4, week_limit=1)
        chen = await house.coordinator(language=language.replace("_", "-"))
        await chen.says("/group")
        code = re.search(r"/bind (\S+)", chen.last.text)
        assert code
        await _does(house, Kind.TEXT, chen, place, text=f"/bind {code[1]}")
        card = _shown(house, place)[-1]
        assert head in card.text
        assert hint in card.text
        wednesday, thursday = [await the_shift(canteen, day) for day in (WEDNESDAY, THURSDAY)]
        for reader, (_head, _hint, refused, yours) in WORDS.items():
            phone = await house.volunteer(f"Lin {reader}", language=reader.replace("_", "-"))
            assert yours in await _taps(house, phone, f"group_take:{wednesday.id}", place)
            full = await _taps(house, phone, f"group_take:{thursday.id}", place)
            assert full
            assert not full.endswith("…"), "a refusal is a whole sentence, also where there is little room"
            await Membership.all().filter(person_id=(await phone.person()).id).update(ended_at=house.now)
            note = await _taps(house, phone, f"group_take:{thursday.id}", place)
            assert refused in note
            assert max(len(full), len(note)) <= NOTE_LENGTH
    assert await Canteen.all().count() == 4
