"""What each role can read at each hour, in every message that was ever shown, also the edited ones."""

from __future__ import annotations

from models.care import Care
from models.cases import Case
from models.meals import MealEvent
from models.people import Role
from models.shifts import Claim, Shift
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.test_rounds import NAMES, TUESDAY, Scene, scene
from tests.house import Phone

__all__ = ["scene"]

ADDRESS = "Ping'an Lane 12"
KNOCK = "Knock loudly"
PLAN = "the niece has a key"
PHONE = "+862155551234"
SECRETS = (ADDRESS, KNOCK, PLAN, PHONE)
NOTES = (*SECRETS, *NAMES)


def reads(phone: Phone, what: tuple[str, ...]) -> set[str]:
    """Find what a person can read now, wherever they scroll."""
    return {secret for secret in what for message in phone.heard if secret in message.text}


@ONE_ENGINE
async def test_addresses_and_notes_are_read_only_inside_the_window(scene: Scene) -> None:
    """Lin carries, Zhao once did, Gao never; whatever happens at the doors, the hour decides."""
    house, lin, chen, mei = scene.house, scene.lin, scene.chen, scene.mei
    await Care.create(canteen_id=scene.canteen.id, wellbeing=True)
    gao, zhao = await house.volunteer("Gao"), await house.volunteer("Zhao")
    cook = await house.member("Cook", Role.KITCHEN)
    stranger = house.stranger("Nobody")
    outside = (gao, zhao, cook, stranger)
    shift = await Shift.get(day=TUESDAY)
    await Shift.filter(id=shift.id).update(places=2)
    given = await Shift.claim(shift.id, await zhao.person(), house.now)
    await zhao.says("/round")
    assert reads(zhao, (ADDRESS,))
    await given.filter(id=given.id).update(given_back_at=house.now)
    await house.tick()

    async def everybody_asks() -> None:
        for phone in (lin, *outside, mei):
            for words in ("/start", "/round", "/my", "/shifts", "/status", "/today", "/cases", "/kitchen"):
                await phone.says(words)

    def nobody_else_reads() -> None:
        for phone in outside:
            assert reads(phone, NOTES) == set(), phone.name
        assert reads(mei, (ADDRESS, KNOCK, PLAN)) == set()
        assert reads(mei, NAMES) <= {"Sun A-yi"}

    # Within: a delivered door, a shut one with all its steps, a concern, and a wrong meal.
    await everybody_asks()
    nobody_else_reads()
    await lin.says("/round")
    assert reads(lin, (ADDRESS, KNOCK)) == {ADDRESS, KNOCK}
    assert reads(lin, (PLAN, PHONE)) == set(), "the plan is for a door that stays shut"
    first, second, third = [await scene.meal(number) for number in range(3)]
    await lin.presses(f"at_door:{first.id}:handed_over")
    await lin.presses(f"at_door:{second.id}:no_answer")
    assert reads(lin, (PLAN, PHONE)) == {PLAN, PHONE}
    for when in ("09:50", "09:55", "10:00", "10:15"):
        await house.at(f"2026-11-24 {when}")
    await lin.presses(f"different:{third.id}")
    await lin.walks(("Health", "has it now"), ("It can't wait", "hear it now"))
    await lin.presses(f"different:{third.id}")
    await lin.taps("The wrong meal")
    await lin.taps("Yes, some")
    await chen.presses(f"called:{(await Case.get(meal_id=second.id)).id}:0:1")
    await everybody_asks()
    nobody_else_reads()
    assert reads(chen, (PLAN, PHONE)) == {PLAN, PHONE}

    # To the last minute, and not a minute longer.
    await house.at("2026-11-24 13:59")
    assert reads(lin, SECRETS) == set(SECRETS)
    await house.at("2026-11-24 14:00")
    assert reads(lin, NOTES) == set(), [message.text for message in lin.heard]
    await everybody_asks()
    assert reads(lin, NOTES) == set()
    nobody_else_reads()

    # What comes later, or is pressed on an old card, shows nothing again.
    word = await MealEvent.get(meal_id=first.id)
    for data in (
        f"door:{shift.id}:{first.id}", f"others:{shift.id}:{first.id}", f"undo:{first.id}:{word.id}",
        f"at_door:{first.id}:no_answer", f"different:{first.id}", f"feels:{first.id}:3", "down:1",
        "still_none:1", "case_words:1", f"down_at:{first.id}",
    ):  # fmt: skip
        await lin.presses(data)
        await lin.says("/cancel")
    for case in await Case.all():
        await chen.presses(f"settle:{case.id}")
        for _question in range(4):
            if chen.last.buttons and chen.last.buttons[0] in ("Safe, was out", "Looked into", "No"):
                await chen.taps(chen.last.buttons[0])
    assert await Case.filter(closed_at=None).count() == 0
    await house.at("2026-11-24 14:30")
    assert reads(lin, NOTES) == set(), [message.text for message in lin.heard]
    await house.at("2026-11-25 09:30")
    assert reads(lin, NOTES) == set()
    nobody_else_reads()


@ONE_ENGINE
async def test_addresses_that_were_taken_away_and_shown_again_are_taken_away_again(scene: Scene) -> None:
    """Lin gives the place back and takes it again: the same message shows the door once more."""
    house, lin = scene.house, scene.lin
    shift = await Shift.get(day=TUESDAY)
    await lin.says("/round")
    for _time in range(2):
        assert reads(lin, (ADDRESS,))
        claim = await Claim.get(given_back_at=None)
        await Claim.filter(id=claim.id).update(given_back_at=house.now)
        await house.tick()
        assert not reads(lin, SECRETS)
        await Claim.filter(id=claim.id).update(given_back_at=None)
        meal = await scene.meal(0)
        await lin.presses(f"door:{shift.id}:{meal.id}")
    assert reads(lin, (ADDRESS,))
    await house.at("2026-11-24 14:00")
    assert not reads(lin, SECRETS)
