"""The ladder at a door that stays shut: each step at its minute, once, and never a word too much."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

from bot.database import transaction
from bot.scheduler import Scheduler
from bot.speech import Mailbag, Post
from handlers.casecard import tell_coordinators
from handlers.demo import REHEARSAL, coming
from models.care import Care
from models.cases import Case, CaseEvent, CaseKind, CaseOutcome
from models.kin import Kinship
from models.meals import Meal, MealState
from models.messaging import OutboxMessage, Task
from models.pauses import Pause
from models.people import Person
from models.seniors import Senior, Status
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.test_rounds import Scene, scene
from tests.models.making import TUESDAY, a_senior

__all__ = ["scene"]


async def shut(scene: Scene) -> Case:
    """Let nobody answer at the second door, where Sun A-yi lives, at 09:45."""
    lin = scene.lin
    await lin.walks(("/round", "Door 1"), ("✓ Handed over", "Door 2"), ("✗ No answer", "Nobody answers"))
    everybody(scene)
    return await Case.get(kind=CaseKind.NO_ANSWER)


def everybody(scene: Scene) -> dict[str, list[str]]:
    """Read what each phone newly got."""
    phones = {"chen": scene.chen, "wu": scene.wu, "lin": scene.lin, "mei": scene.mei}
    return {name: [message.text for message in phone.reads()] for name, phone in phones.items()}


async def steps() -> list[str]:
    events = await CaseEvent.filter(kind__contains=":").order_by("id")
    return [event.kind for event in events]


@ONE_ENGINE
async def test_every_step_comes_at_its_minute_and_says_what_is_to_be_done(scene: Scene) -> None:
    house = scene.house
    await shut(scene)
    await house.at("2026-11-24 09:49")
    assert not any(everybody(scene).values())

    await house.at("2026-11-24 09:50")
    said = everybody(scene)
    assert "🔴" in said["chen"][0]
    assert said["wu"] == said["chen"]
    assert scene.chen.last.urgent
    assert "Look through the window if you can." in said["lin"][0]
    assert "Do not force the door, and do not leave the meal." in said["lin"][0]
    assert (await Case.get()).red_at == house.now

    await house.at("2026-11-24 09:55")
    said = everybody(scene)
    assert "Please phone now" in said["chen"][0]
    assert "1. Sun A-yi: +862155551234" in said["chen"][0]
    assert said["lin"] == []

    await house.at("2026-11-24 10:00")
    said = everybody(scene)
    assert "You may go on with your round" in said["lin"][0]
    assert "take the meal along" in said["lin"][0]
    assert (said["chen"], said["wu"]) == ([], [])

    await house.at("2026-11-24 10:15")
    said = everybody(scene)
    assert "Nobody looks after this yet" in said["chen"][0]
    assert "Nobody looks after this yet" in said["wu"][0]

    await house.at("2026-11-24 10:45")
    assert "Nobody looks after this yet" in everybody(scene)["wu"][0]

    await house.at("2026-11-24 11:15")
    everybody(scene)
    await house.at("2026-11-24 11:45")
    said = everybody(scene)
    assert any("Shall the police be called, or the door be opened?" in text for text in said["wu"])
    assert said["mei"] == [], "no machine tells the family"
    assert (await Case.get()).closed_at is None, "no machine closes a case"
    assert await steps() == [
        "step:red", "step:call", "step:go_on", "step:again", "step:again", "step:again", "step:second",
    ]  # fmt: skip


async def test_whoever_has_it_and_has_called_is_not_alerted_again(scene: Scene) -> None:
    house, chen, wu = scene.house, scene.chen, scene.wu
    case = await shut(scene)
    niece = await Kinship.note(
        case.senior_id, "Niece Liu", "+8613900000077", "niece", language="en", now=house.now
    )
    await chen.taps("I look after it")
    assert any("You may go on with your round" in message.text for message in scene.lin.heard)
    await house.at("2026-11-24 09:55")
    assert "Please phone now" in chen.last.text
    assert "2. Niece Liu: +8613900000077" in chen.last.text
    assert "Please phone now" not in wu.last.text
    await house.at("2026-11-24 10:15")
    assert "Ms Chen has it, but no call is noted yet" in wu.last.text
    await house.at("2026-11-24 10:16")
    await chen.taps("✗ Sun A-yi no answer")
    await chen.presses(f"called:{case.id}:0:0")
    assert await CaseEvent.filter(kind="called").count() == 1, "tapped twice, it is ticked once"
    assert "+862155551234 – no answer Tue 24 Nov, 10:16" in chen.last.text
    everybody(scene)
    await house.at("2026-11-24 10:46")
    assert not any(everybody(scene).values())
    assert (await steps())[-1] == "spared:again"
    await chen.taps("✓ Niece Liu reached")
    assert "+8613900000077 – reached Tue 24 Nov, 10:46" in wu.last.text
    assert (await CaseEvent.filter(kind="called").order_by("-id").first() or CaseEvent()).kin_id == niece.id
    other = await Kinship.note(scene.seniors[0].id, "X", "+8613900000078", None, language="en", now=house.now)
    assert "no longer there" in (await chen.presses(f"called:{case.id}:{other.id}:1"))[-1].text.lower()


@ONE_ENGINE
async def test_who_calls_first_looks_after_it(scene: Scene) -> None:
    await shut(scene)
    await scene.wu.taps("✗ Sun A-yi no answer")
    assert "Mr Wu looks after it" in scene.chen.last.text
    assert "You may go on with your round" in scene.lin.last.text


@ONE_ENGINE
async def test_after_an_outage_the_right_step_is_done_and_not_all_of_them(scene: Scene) -> None:
    house = scene.house
    await shut(scene)
    await house.at("2026-11-24 10:16")
    said = everybody(scene)
    assert len(said["chen"]) == len(said["wu"]) == len(said["lin"]) == 1
    assert "Nobody looks after this yet" in said["chen"][0]
    assert "🔴" in said["chen"][0]
    assert "You may go on with your round" in said["lin"][0]
    assert await steps() == ["passed:red", "passed:call", "passed:go_on", "step:again"]
    await house.tick()
    assert not any(everybody(scene).values())


async def test_after_a_shorter_outage_the_volunteer_still_hears_what_to_do(scene: Scene) -> None:
    await shut(scene)
    await scene.house.at("2026-11-24 09:56")
    said = everybody(scene)
    assert "Please phone now" in said["chen"][0]
    assert "Do not force the door" in said["lin"][0]
    assert await steps() == ["passed:red", "step:call"]


async def test_several_processes_take_each_step_once(scene: Scene) -> None:
    house = scene.house
    case = await shut(scene)
    for minute in (5, 10, 15, 30, 60, 90, 120):
        house.clock.instant = case.minute(minute)
        await asyncio.gather(*(Scheduler(house.clock).catch_up() for _process in range(4)))
    await house.deliver()
    assert await steps() == [
        "step:red", "step:call", "step:go_on", "step:again", "step:again", "step:again", "step:second",
    ]  # fmt: skip
    asked = OutboxMessage.filter(key__startswith="second:")
    assert await asked.count() == 2


async def test_a_second_try_of_the_volunteer_turns_it_red_at_once(scene: Scene) -> None:
    house, lin = scene.house, scene.lin
    await shut(scene)
    await house.at("2026-11-24 09:48")
    await lin.taps("Still no answer")
    assert "🔴" in scene.wu.last.text
    assert "Lin tried once more, and still nobody answers" in scene.wu.last.text
    assert "Still no answer" not in lin.last.buttons
    everybody(scene)
    await lin.presses(f"still_none:{(await Case.get()).id}")
    await house.at("2026-11-24 09:51")
    said = everybody(scene)
    assert (said["chen"], said["wu"]) == ([], []), "red is said once"
    await house.at("2026-11-24 09:55")
    assert "Please phone now" in everybody(scene)["chen"][0]
    assert "settled already" in (await (await house.volunteer("Gao")).presses("still_none:1"))[-1].text


@ONE_ENGINE
async def test_a_mistake_at_the_door_is_corrected_there_and_back(scene: Scene) -> None:
    house, lin, chen = scene.house, scene.lin, scene.chen
    case = await shut(scene)
    meal = await Meal.get(id=case.meal_id)
    await house.at("2026-11-24 09:47")
    await lin.taps("The door opened: handed over")
    assert await scene.state(1) is MealState.IN_PERSON
    assert "says that Sun A-yi was met after all" in chen.last.text
    assert (await Case.get()).closed_at is None, "a coordinator closes it"
    everybody(scene)
    await house.at("2026-11-24 10:20")
    assert not any(everybody(scene).values()), "the ladder rests"
    await lin.presses(f"at_door:{meal.id}:no_answer")
    assert "Nobody answers at Sun A-yi's" in everybody(scene)["wu"][0]
    await house.at("2026-11-24 10:25")
    assert "Still nobody at Sun A-yi's" in everybody(scene)["lin"][0]
    await lin.presses(f"at_door:{meal.id}:left_at_door")
    everybody(scene)
    await house.at("2026-11-24 10:30")
    assert "Please phone now" in everybody(scene)["chen"][0], "left at the door is never seen"
    assert await Case.all().count() == 1


@ONE_ENGINE
async def test_a_tap_of_an_offline_phone_keeps_its_minute(scene: Scene) -> None:
    house, lin = scene.house, scene.lin
    await lin.says("/round")
    meal, tapped = await scene.meal(1), house.now
    await house.at("2026-11-24 09:58")
    await lin.presses(f"at_door:{meal.id}:no_answer", at=tapped)
    case = await Case.get()
    assert case.began_at == tapped
    everybody(scene)
    await house.tick()
    assert "Please phone now" in everybody(scene)["chen"][0]
    await lin.presses(f"at_door:{meal.id}:handed_over", at=tapped - timedelta(minutes=1))
    assert await scene.state(1) is MealState.NO_ANSWER
    assert everybody(scene)["chen"] == [], "an older word changes nothing"


@ONE_ENGINE
async def test_someone_down_may_be_told_before_anything_else(scene: Scene) -> None:
    lin = scene.lin
    await lin.walks(("/round", "Door 1"))
    await lin.taps("Something else happened")
    news = await lin.taps("I can see someone down")
    assert news[-1].text.startswith("Call 120 now.")
    for coordinator in (scene.chen, scene.wu):
        assert any("sees someone lying behind Wang Guilan's door" in m.text for m in coordinator.heard)
        assert coordinator.last.urgent
    case = await Case.get()
    assert case.red_at is not None
    await scene.chen.presses(f"settle:{case.id}")
    await scene.chen.walks(
        ("False alarm", "With whom"), ("With nobody yet", "Anything to note"), ("No", "on record")
    )
    await scene.house.at("2026-11-24 09:47")
    await lin.presses(f"down:{case.id}")
    assert (await Case.get()).closed_at is None, "seen again, it is open again"
    assert sum("sees someone lying" in message.text for message in scene.wu.heard) == 2


@ONE_ENGINE
async def test_the_second_coordinator_decides_with_the_first(scene: Scene) -> None:
    house, chen, wu = scene.house, scene.chen, scene.wu
    await shut(scene)
    await chen.taps("I look after it")
    await house.at("2026-11-24 11:45")
    assert not any("Shall the police" in message.text for message in chen.heard)
    question = wu.last
    assert "Ms Chen looks after it. Please speak with each other." in question.text
    assert question.urgent
    await wu.taps("The door will be opened")
    assert "Mr Wu: The door will be opened" in chen.last.text
    case = await Case.get()
    assert "no longer there" in (await wu.presses(f"decide:{case.id}:fly"))[-1].text.lower()
    everybody(scene)
    await house.at("2026-11-24 12:20")
    assert not any("alerted" in text for text in everybody(scene)["chen"])


@ONE_ENGINE
async def test_the_family_hears_once_and_only_after_somebody_has_spoken(scene: Scene) -> None:
    chen, lin, mei = scene.chen, scene.lin, scene.mei
    case = await shut(scene)
    await chen.walks(
        ("It is settled", "How is Sun A-yi?"), ("False alarm", "With whom have you spoken?"),
        ("With nobody yet", "Anything to note"), ("No", "on record"),
    )  # fmt: skip
    assert everybody(scene)["mei"] == []
    meal = await Meal.get(id=case.meal_id)
    for _time in range(2):
        await lin.presses(f"at_door:{meal.id}:handed_over")
        await lin.presses(f"at_door:{meal.id}:no_answer")
        mei.reads()
        await chen.taps("✓ Sun A-yi reached")
        await chen.walks(
            ("It is settled", "How is Sun A-yi?"), ("Safe, was out", "Anything to note"), ("No", "on record")
        )
    assert sum("Ms Chen has looked into it" in message.text for message in mei.heard) == 1


@ONE_ENGINE
async def test_a_case_is_handed_over_when_the_other_one_taps(scene: Scene) -> None:
    chen, wu = scene.chen, scene.wu
    case = await shut(scene)
    await chen.taps("I look after it")
    assert "Somebody else looks after this" in (await wu.presses(f"case_give:{case.id}"))[-1].text
    await chen.walks(
        ("Hand it over", "Who shall look after Sun A-yi?"), ("Mr Wu", "What should they know?"),
        ("The niece calls back", "you look after Sun A-yi"),
    )  # fmt: skip
    assert "asks you to take this over: “The niece calls back”" in wu.last.text
    assert (await Case.get()).owner_id == (await chen.person()).id
    await wu.taps("I take it over")
    assert (await Case.get()).owner_id == (await wu.person()).id
    assert "Mr Wu looks after Sun A-yi now, in your place" in chen.last.text
    assert len([m for m in scene.lin.heard if "Mr Wu looks after" in m.text]) == 1


@ONE_ENGINE
async def test_the_board_shows_red_before_amber_the_longest_first_and_two_months(scene: Scene) -> None:
    house, chen, lin = scene.house, scene.chen, scene.lin
    wang, sun, zhao = scene.seniors
    for kind, senior, day, end in (
        (CaseKind.EMPTY_PLACE, wang, date(2026, 10, 30), CaseOutcome.SAFE_OUT),
        (CaseKind.WRONG_MEAL, zhao, date(2026, 10, 30), CaseOutcome.HOSPITAL),
        (CaseKind.UNSEEN, zhao, TUESDAY - timedelta(days=4), None),
    ):
        at = scene.canteen.at(day, "12:00")
        case = await Case.open(kind, senior, day, None, None, None, at)
        if end is not None:
            await case.close(end, await chen.person(), at + timedelta(minutes=30))
    await lin.walks(
        ("/round", "Door 1"), ("Something is different", "What is different"), ("The home", "has it now")
    )
    await shut(scene)
    # What was told of Wang Guilan before, at half past eight, began anew at 09:45.
    await Case.filter(kind=CaseKind.CONCERN).update(opened_at=scene.canteen.at(TUESDAY, "08:30"))
    await Case.open(CaseKind.CONCERN, sun, TUESDAY, None, None, None, scene.canteen.at(TUESDAY, "09:00"))
    await house.at("2026-11-24 10:20")
    board, nobody = (await chen.says("/cases"))[-1], "nobody looks after it yet."
    four_days = "for 4 days, since Fri 20 Nov"
    assert board.text.split("\n") == [
        "Open at Ping'an Lane",
        f"🔴 Nobody answers at Sun A-yi's ({sun.short_id}), for 35 min, since 09:45: {nobody}",
        f"🟠 Nobody has seen Old Mr Zhao ({zhao.short_id}) for some days, {four_days}: {nobody}",
        f"🟠 Something is different at Sun A-yi's ({sun.short_id}), for 1 h 20 min, since 09:00: {nobody}",
        f"🟠 Something is different at Wang Guilan's ({wang.short_id}), for 35 min, since 09:45: {nobody}",
        "",
        "November 2026: 4 worries",
        "What it was – Doors that stayed shut: 1, Not seen for days: 1 and Something was different: 2",
        "How it ended – Still open: 4",
        "",
        "October 2026: 2 worries",
        "What it was – Places that stayed empty: 1 and Wrong meals: 1",
        "How it ended – Safe, was out: 1 and In hospital: 1",
        "Usually we knew after 30 min how they were.",
    ]
    for language, age, days in (
        ("zh_Hans", "已有35分钟，从09:45起：还没有人跟进。", "已有4天"),
        ("zh_Hant", "已有35分鐘，從09:45起：還沒有人跟進。", "已有4天"),
        ("es", "desde hace 35 min (09:45): nadie se ocupa todavía.", "desde hace 4 días"),
        ("en", "for 35 min, since 09:45", "for 4 days"),
    ):
        await Person.all().update(language=language)
        board = (await chen.says("/cases"))[-1]
        assert age in board.text
        assert days in board.text
    await chen.taps("Show Sun A-yi")
    assert "Nobody looks after it yet" in chen.last.text
    # On the first of a month there is the month before.
    await house.at("2026-12-01 08:00")
    board = (await chen.says("/cases"))[-1]
    assert "November 2026: 4 worries" in board.text
    assert "October" not in board.text


@ONE_ENGINE
async def test_every_open_case_has_its_button_on_some_page_of_the_board(scene: Scene) -> None:
    house, chen = scene.house, scene.chen
    seniors = [*scene.seniors, *[await a_senior(scene.canteen, name=f"Senior {n}") for n in range(20)]]
    for place, senior in enumerate(seniors):
        began = house.now - timedelta(hours=25) + timedelta(minutes=place)
        await Case.open(CaseKind.CONCERN, senior, TUESDAY, None, None, None, began, about="home")
    buttons, news = [], await chen.says("/cases")
    for page in (1, 2):
        assert f"Page {page} of 2" in news[-1].text
        assert ("Page 1" in news[-1].text) == ("November 2026" in news[-1].text)
        buttons += [label for label in news[-1].buttons if label.startswith("Show ")]
        news = await chen.taps("More") if page < 2 else news
    assert "since yesterday, 09:" in news[-1].text
    assert buttons == [f"Show {senior.display}" for senior in seniors]
    await chen.taps("Earlier")
    assert "Page 1 of 2" in chen.last.text
    assert "not open to you" in (await scene.lin.presses(f"cases_page:{scene.canteen.id}:1"))[-1].text


@ONE_ENGINE
async def test_what_is_still_open_is_brought_up_in_the_morning(scene: Scene) -> None:
    house, chen = scene.house, scene.chen
    await scene.lin.walks(
        ("/round", "Door 1"), ("Something is different", "What is different"), ("The home", "has it now")
    )
    everybody(scene)
    await house.at("2026-11-25 08:59")
    everybody(scene)
    await house.at("2026-11-25 09:00")
    await house.at("2026-11-25 09:01")
    said = everybody(scene)
    assert [sum("This is still open" in text for text in said[name]) for name in ("chen", "wu")] == [1, 1]
    await chen.taps("I look after it")
    everybody(scene)
    for day, times in ((26, 0), (27, 0), (28, 1)):
        await house.at(f"2026-11-{day} 09:00")
        said = everybody(scene)
        assert sum("This is still open" in text for text in said["chen"]) == times, "whoever has it gets time"
        assert not any("This is still open" in text for text in said["wu"])


async def test_an_empty_place_at_the_table_climbs_the_same_ladder(scene: Scene) -> None:
    house = scene.house
    meal = await scene.meal(0)
    await Meal.filter(id=meal.id).update(mode="dine_in", state="not_come")
    wu, senior = await scene.wu.person(), await Senior.get(id=meal.senior_id)
    for _time in range(2):
        async with transaction():
            mail = Mailbag(house.now)
            case = await Case.open(CaseKind.EMPTY_PLACE, senior, meal.day, meal, wu, None, mail.now)
            await tell_coordinators(mail, case, fresh=True)
            await Post(mail.now).write(mail.said)
        await house.deliver()
    assert [case.kind for case in await Case.all()] == [CaseKind.EMPTY_PLACE]
    assert "has not come to lunch" in scene.chen.last.text
    everybody(scene)
    await house.at("2026-11-24 09:50")
    said = everybody(scene)
    assert "🔴" in said["chen"][0]
    assert said["lin"] == []
    await house.at("2026-11-24 10:15")
    everybody(scene)
    await scene.wu.presses(f"desk_in:{meal.id}")
    await house.at("2026-11-24 12:20")
    assert not any("has not come" in text for text in everybody(scene)["chen"])
    assert (await Case.get()).outcome is CaseOutcome.FALSE_ALARM, "who signs somebody in ends the worry"


async def test_the_minutes_are_the_canteens_own(scene: Scene) -> None:
    house, chen = scene.house, scene.chen
    await chen.says("/settings")
    await chen.taps("When nobody opens")
    assert "After 5 minutes: red, all are alerted." in chen.last.text
    await chen.walks(("Red", "After how many minutes"), ("12", "From when?"))
    await chen.walks(("From now on", "would not come one after the other"))
    await chen.taps("When nobody opens")
    await chen.walks(
        ("Red", "After how many minutes"), ("3", "From when?"), ("From now on", "After 3 minutes: red")
    )
    await chen.walks(
        ("Days not met", "After how many service days"),
        ("3", "From when?"),
        ("From now on", "on 3 service days"),
    )
    await chen.walks(
        ("How people are", "five faces"), ("Yes", "From when?"), ("From now on", "are asked at the door")
    )
    assert (await Care.get()).minutes == [3, 10, 15, 30, 120]
    await shut(scene)
    await Care.all().update(red_after=4)
    await house.at("2026-11-24 09:48")
    assert "🔴" in chen.last.text, "a ladder under way keeps its minutes"
    assert "not open to you" in (await scene.lin.presses(f"settings_door:{scene.canteen.id}"))[-1].text
    for data in (f"set_door:{scene.canteen.id}:roof",):
        assert "no longer there" in (await chen.presses(data))[-1].text.lower()


@ONE_ENGINE
async def test_a_rehearsal_can_jump_from_step_to_step(scene: Scene) -> None:
    house = scene.house
    await Task.create(
        name=REHEARSAL, about=scene.canteen.id, total=0, created_at=house.now - timedelta(days=1)
    )
    case = await shut(scene)
    moments = {moment.at: moment.label.message for moment in await coming(house.now)}
    assert moments[case.minute(5)] == "the next step at a shut door"
    await scene.lin.taps("The door opened: handed over")
    assert case.minute(5) not in {moment.at for moment in await coming(house.now)}


@ONE_ENGINE
async def test_who_lost_the_round_hears_no_name(scene: Scene) -> None:
    house, chen, lin = scene.house, scene.chen, scene.lin
    await shut(scene)
    await house.at("2026-11-24 14:05")
    lin.reads()
    await chen.taps("✓ Sun A-yi reached")
    await chen.taps("It is settled")
    await chen.walks(("Safe, was out", "Anything"), ("No", "on record"))
    (said,) = lin.reads()
    assert "all is well" in said.text
    assert "Sun" not in said.text


@ONE_ENGINE
async def test_an_end_leads_to_what_follows_from_it_and_does_nothing_by_itself(
    scene: Scene,
) -> None:
    lin, chen, sun = scene.lin, scene.chen, scene.seniors[1]
    await lin.walks(("/round", "Door 1"), ("✗ No answer", "Nobody answers"))
    await chen.taps("It is settled")
    await chen.taps("In hospital")
    await chen.taps("With the family")
    await chen.taps("No")
    wang = scene.seniors[0]
    assert await Pause.all().count() == 0
    await chen.taps("Stop lunches: in hospital")
    assert "From today on no lunch comes for Wang Guilan" in chen.last.text
    await chen.taps("Yes, that is right")
    assert (await Pause.get()).senior_id == wang.id
    # Of somebody who is in hospital already nothing more is offered.
    case = await Case.get()
    await Case.open(case.kind, wang, case.day, None, await lin.person(), None, scene.house.now)
    await chen.presses(f"settle:{case.id}")
    for answer in ("In hospital", "With the family", "No"):
        await chen.taps(answer)
    assert chen.last.buttons == []
    await lin.walks(("/round", "Door 2"), ("✗ No answer", "Nobody answers"))
    await chen.presses(f"settle:{(await Case.get(senior_id=sun.id)).id}")
    for answer in ("Has passed away", "With the family", "No"):
        await chen.taps(answer)
    assert (await Senior.get(id=sun.id)).status is Status.ACTIVE
    await chen.taps("Let everything rest")
    assert "We are sorry. Sun A-yi was one of us." in chen.last.text
    await chen.taps("Yes, let everything rest")
    assert (await Senior.get(id=sun.id)).status is Status.ENDED
