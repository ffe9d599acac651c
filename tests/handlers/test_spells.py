"""Heat and cold: an extra check of those at risk, each day until all are reached; it ends at its date."""

from __future__ import annotations

import asyncio

from bot.database import transaction
from models.callrounds import CallRound
from models.calls import CallReason
from models.cases import Case, CaseKind
from models.hospital import admit
from models.spells import Spell
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.closures import Town, a_town
from tests.house import House, Phone
from tests.models.making import MONDAY, TUESDAY


async def switches_on(
    phone: Phone, *lists: str, until: str = "Until Tue 24 Nov", kind: str = "/heat"
) -> None:
    await phone.says(kind)
    for one in lists:
        await phone.taps(one)
    for answer in ("Done", until):
        await phone.taps(answer)
    await phone.says("Red warning; the library is cool")
    await phone.taps("Yes, switch it on")


def cards(phone: Phone) -> list[str]:
    return [message.text for message in phone.heard if message.text.startswith("Heat: ")]


async def calls(town: Town, *outcomes: str) -> None:
    await town.wu.says("/calls")
    await town.wu.taps("Call the next")
    for outcome in outcomes:
        await town.wu.taps(outcome)


@ONE_ENGINE
async def test_in_a_heat_wave_those_at_risk_are_called_until_all_are_reached(house: House) -> None:
    town = await a_town(house)
    await admit(town.zhao, await town.chen.person(), house.now)
    await switches_on(town.chen, "Who lives alone", "Without a telephone")
    assert "Each day from 10:00 on 2 seniors are called, until the end of Tue 24 Nov." in "\n".join(
        message.text for message in town.chen.heard
    )
    assert cards(town.wu)[-1].splitlines() == [
        "Heat: extra checks at Ping'an Lane until the end of Tue 24 Nov",
        "Red warning; the library is cool",
        "Called are: Who lives alone and Without a telephone",
        "",
        "The calls begin at 10:00. Who is not reached by 15:00 is looked after at the door.",
    ]
    await town.wu.says("/heat")
    assert await Spell.all().count() == 1
    await house.at("2026-11-23 10:00")
    await house.tick()
    assert "Mon 23 Nov: 0 of 2 reached.\n2 are still to be called." in cards(town.chen)[-1]
    count = len(cards(town.chen))
    await calls(town)
    assert "It is very hot." in town.wu.last.text
    assert "Red warning; the library is cool" in town.wu.last.text
    await town.wu.taps("Reached, all is well")
    await town.wu.taps("No answer, later")
    assert "Mon 23 Nov: 1 of 2 reached.\n1 did not answer so far." in cards(town.chen)[-1]
    assert len(cards(town.chen)) == count, "it is one card, edited in place"
    await house.at("2026-11-23 15:00")
    await house.tick()
    (case,) = await Case.filter(kind=CaseKind.UNREACHED)
    assert (case.senior_id, case.day) == (town.sun.id, MONDAY)
    said = [
        one.text for one in town.chen.heard if one.text.startswith("The calls of Mon 23 Nov: 1 of 2 reached.")
    ]
    assert [one.splitlines()[1] for one in said] == [
        f"Not reached: Sun Meifang ({town.sun.short_id}). Please let somebody look at the door."
    ]
    assert "1 was not reached: see /cases" in cards(town.chen)[-1]
    # The next day all are called anew; the day after it has ended by itself, and says so.
    await house.at("2026-11-24 10:00")
    await calls(town, "Reached, all is well", "Reached, all is well")
    assert "Tue 24 Nov: 2 of 2 reached." in cards(town.wu)[-1]
    await house.at("2026-11-24 19:00")
    await house.tick()
    assert cards(town.wu)[-1].startswith("Heat: the extra checks at Ping'an Lane have ended.")
    await house.at("2026-11-25 10:00")
    assert await CallRound.all().count() == 2
    assert await Case.filter(kind=CaseKind.UNREACHED).count() == 1


@ONE_ENGINE
async def test_it_can_be_ended_early_and_its_hours_follow_the_settings(house: House) -> None:
    town = await a_town(house)
    await town.chen.says("/cold")
    await town.chen.taps("Done")
    assert "Nobody is on those lists just now" in town.chen.last.text
    await switches_on(town.chen, "No relative in the chat", kind="/cold")
    await town.chen.presses(f"set_calls:{town.canteen.id}:check_at")
    await town.chen.says("11:00")
    await town.chen.taps("From now on")
    await house.at("2026-11-23 10:30")
    assert await CallRound.all().count() == 0
    await house.at("2026-11-23 11:00")
    (round_,) = await CallRound.all()
    assert round_.reason is CallReason.COLD
    spell = await Spell.get()
    await town.chen.presses(f"spell_stop:{spell.id}")
    await town.wu.presses(f"spell_stop:{spell.id}")
    assert (await Spell.get()).ended_by_id == (await town.chen.person()).id
    # Who is on today's list is still called, and looked after if not reached; but for who is in hospital.
    await admit(town.li, await town.chen.person(), house.now)
    await house.at("2026-11-23 15:00")
    assert [case.senior_id for case in await Case.filter(kind=CaseKind.UNREACHED)] == [town.sun.id]
    await house.at("2026-11-24 11:00")
    assert await CallRound.filter(day=TUESDAY).count() == 0


async def test_many_processes_begin_and_settle_a_round_once(house: House) -> None:
    town = await a_town(house)
    await switches_on(town.chen, "Who lives alone")
    house.clock.instant = town.canteen.at(MONDAY, "10:00")

    async def steps() -> list[bool]:
        async with transaction():
            return [step.round is not None for step in await Spell.take_due(house.now, 10)]

    got = [began for found in await asyncio.gather(*(steps() for _ in range(4))) for began in found]
    assert got.count(True) == 1
    assert await CallRound.all().count() == 1
    house.clock.instant = town.canteen.at(MONDAY, "15:00")

    async def settles() -> int:
        async with transaction():
            return len(await CallRound.settle_due(house.now, 10))

    assert sum(await asyncio.gather(*(settles() for _ in range(4)))) == 1
    assert await Case.filter(kind=CaseKind.UNREACHED).count() == 2


@ONE_ENGINE
async def test_what_somebody_else_has_switched_on_meanwhile_is_not_begun_twice(house: House) -> None:
    town = await a_town(house)
    await town.chen.says("/heat")
    for answer in ("Who lives alone", "Done", "Until Tue 24 Nov", "Nothing more"):
        await town.chen.taps(answer)
    await switches_on(town.wu, "Who lives alone", until="Until Wed 25 Nov")
    heard = await town.chen.taps("Yes, switch it on")
    assert heard[-1].text.startswith("Heat: extra checks at Ping'an Lane until the end of Wed 25 Nov")
    assert await Spell.all().count() == 1
