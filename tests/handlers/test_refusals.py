"""Refusals that no other scene comes upon, heard in the four languages, one after another."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from bot.i18n import LANGUAGES
from models.care import Care
from models.meals import MealEvent
from models.people import Membership, Role
from models.refusals import AskedBefore, DaysBackwards, FormOpen, Refusal, StepsOutOfOrder, TooLateToUndo
from models.shiftrefusals import NoLine, SwapOver
from models.shifts import Shift
from tests.facts import apologies, changed, facts
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.intake import gives, picks
from tests.house import House, Phone
from tests.neighbours import TODAY, two_canteens
from tests.plugins import refusals

PAUSED: Final = "2026-11-26"

Act = Callable[[], Awaitable[object]]


async def refused(phone: Phone, kind: type[Refusal], *acts: Act) -> None:
    """Do it in each language: it is refused with this, in words of that language, and nothing is changed."""
    heard = []
    for language in LANGUAGES:
        await phone.presses(f"speak:{language}")
        before = await facts()
        for act in acts:
            refusals.heard.clear()
            await act()
        assert [(one.kind, one.language) for one in refusals.heard] == [(kind, language)]
        heard.append(refusals.heard[-1].words)
        assert changed(before, await facts()) == []
    assert len(set(heard)) == len(LANGUAGES), heard


@ONE_ENGINE
async def test_what_is_refused_is_refused_in_four_languages(house: House) -> None:
    ours, _theirs = await two_canteens(house)
    chen, lin = ours.phones[Role.COORDINATOR], ours.phones[Role.VOLUNTEER]
    gao = await house.volunteer("Gao", canteen=ours.canteen)
    here = ours.canteen.id

    await refused(chen, SwapOver, lambda: chen.presses(f"swap_yes:{ours.swap.id}"))
    free = await Shift.filter(canteen_id=here, day__gt=TODAY, taken=0).order_by("day").first()
    assert free is not None
    await refused(gao, NoLine, lambda: gao.presses(f"line_join:{free.id}"))
    assert (await Care.of(here)).second_after < 200
    await refused(
        chen,
        StepsOutOfOrder,
        lambda: chen.presses(f"set_door:{here}:red_after"),
        lambda: chen.says("200"),
        lambda: chen.taps(chen.last.buttons[0]),
    )
    await chen.presses(f"set_door:{here}:red_after")
    await refused(chen, FormOpen, lambda: chen.presses(f"canteen:{here}"))
    await chen.says("/cancel")

    await lin.presses(f"at_door:{ours.meal.id}:handed_over")
    said = await MealEvent.filter(meal_id=ours.meal.id).order_by("-id").first()
    assert said is not None
    await house.at(f"{TODAY} 10:41")
    await refused(lin, TooLateToUndo, lambda: lin.presses(f"undo:{ours.meal.id}:{said.id}"))

    asker = house.stranger("Hu")
    await asker.presses("offer")
    for given in (f">{here}", "Hu", "139 1234 5678", ">adult", ">yes"):
        await gives(asker, given)
    asked = await Membership.get(person_id=(await asker.person()).id)
    await chen.presses(f"member_no:{asked.id}")
    again = [lambda: asker.presses("offer"), lambda: picks(asker, str(here)), lambda: picks(asker, "yes")]
    await refused(asker, AskedBefore, *again)
    assert await apologies() == []


@ONE_ENGINE
async def test_a_pause_that_was_begun_before_its_first_day_went_by_is_refused(house: House) -> None:
    ours, _theirs = await two_canteens(house)
    mei = ours.phones[Role.FAMILY]
    await mei.says("/pause")
    for given in (f">{ours.senior.id}", f">{PAUSED}", ">open"):
        await gives(mei, given)
    await house.at("2026-11-27 09:00")
    refusals.heard.clear()
    await picks(mei, "yes")
    assert [one.kind for one in refusals.heard] == [DaysBackwards]
