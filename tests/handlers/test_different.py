"""Something is different at a door: two taps, and the loop closed; and what only a look back shows."""

from __future__ import annotations

from datetime import date, timedelta

from models.boxes import BoxReturn
from models.calendar import DayState, ServiceDay
from models.care import Care
from models.cases import Case, CaseEvent, CaseKind
from models.incidents import Incident
from models.meals import Meal, MealState
from models.phonecalls import Outcome, PhoneCall
from models.routes import Route
from models.seniors import Diet, Mode, Senior
from models.shifts import Shift
from models.watch import Watch
from models.wellbeing import WellBeing
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.test_rounds import Scene, scene
from tests.models.making import MONDAY, TUESDAY

__all__ = ["scene"]


async def test_what_is_urgent_reaches_all_at_once_until_somebody_has_it(scene: Scene) -> None:
    house, lin, chen, wu = scene.house, scene.lin, scene.chen, scene.wu
    await lin.walks(
        ("/round", "Door 1"), ("Something is different", "What is different"), ("Health", "has it now"),
    )  # fmt: skip
    # Two taps are kept, also where the phone goes into the pocket now; the third makes it urgent, once.
    assert "🟠 Something is different at Wang Guilan's" in chen.last.text
    assert not chen.last.urgent
    await house.at("2026-11-24 09:50")
    urgent = dict(lin.last.keys)["It can't wait"]
    for _press in range(2):
        assert "All coordinators hear it now" in (await lin.presses(urgent))[-1].text
    assert "If somebody is in danger, call 120 first." in lin.last.text
    assert "It can't wait" not in lin.last.buttons
    assert await CaseEvent.filter(kind="again").count() == 1
    for coordinator in (chen, wu):
        assert coordinator.last.urgent
        assert "🔴 Something is different at Wang Guilan's" in coordinator.last.text
        assert "Health" in coordinator.last.text
    await house.at("2026-11-24 10:20")
    assert "Nobody looks after this yet" in wu.last.text
    await chen.taps("I look after it")
    await chen.taps("It is settled")
    await chen.walks(("Looked into", "Anything to note"), ("No", "on record"))
    assert any("Wang Guilan was followed up" in message.text for message in lin.heard)
    case = await Case.get()
    assert (case.kind, case.urgent) == (CaseKind.CONCERN, True)
    stranger = await house.volunteer("Gao")
    for phone, data in ((stranger, f"case_words:{case.id}"), (stranger, urgent), (lin, urgent)):
        assert "settled already" in (await phone.presses(data))[-1].text
    assert (await Case.get()).closed_at is not None, "a tap that comes late opens nothing again"


@ONE_ENGINE
async def test_what_is_different_in_the_home_may_be_what_cannot_wait(scene: Scene) -> None:
    lin, chen = scene.lin, scene.chen
    await lin.walks(
        ("/round", "Door 1"), ("Something is different", "What is different"), ("The home", "has it now")
    )
    assert not chen.last.urgent
    await lin.taps("It can't wait")
    assert chen.last.urgent
    assert "🔴 Something is different at Wang Guilan's" in chen.last.text
    assert "The home" in chen.last.text
    # What is told after that of the same door is as urgent.
    await lin.says("/round")
    await lin.walks(("Something is different", "What is different"), ("Mood", "All coordinators hear it now"))
    await lin.presses(f"cant_wait:{(await Case.get()).id}")
    assert await CaseEvent.filter(kind="again").count() == 2


async def test_a_wrong_meal_stops_first_and_freezes_the_facts(scene: Scene) -> None:
    house, lin, chen = scene.house, scene.lin, scene.chen
    zhao = await house.volunteer("Zhao")
    shift = await Shift.get(day=TUESDAY)
    await Shift.filter(id=shift.id).update(places=2)
    await Shift.claim(shift.id, await zhao.person(), house.now)
    await lin.walks(("/round", "Door 1"), ("✓ Handed over", "Door 2"))
    await lin.taps("Something is different")
    await lin.walks(("The wrong meal", "Please stop: nobody shall eat of it now. Has anybody eaten of it?"))
    # All know it from the second tap on, whether the question is answered or not.
    assert "Before door 3" in lin.last.text
    assert "🔴 Sun A-yi" in chen.last.text
    assert "Before door 3" in zhao.last.text
    case = await Case.get()
    for _press in range(2):
        await lin.presses(f"eaten:{case.id}:yes")
    assert await CaseEvent.filter(kind="eaten").count() == 1
    assert "Has anybody eaten" not in lin.last.text
    for data in (f"eaten:{case.id}:perhaps", f"cant_wait:{case.id}"):
        assert "no longer there" in (await lin.presses(data))[-1].text.lower()
    await lin.presses(f"eaten:{case.id}:yes")
    said = lin.last.text
    assert "nobody eats of it" in said
    assert "trouble breathing" in said
    assert "120" in said
    assert "At door 1 the box should have been “low salt”" in said
    assert "Before door 3: on the box must stand “low salt”" in said
    assert "On your route a wrong meal was handed over" in zhao.last.text
    assert "Before door 3" in zhao.last.text
    assert chen.last.urgent
    assert "🔴 Sun A-yi" in chen.last.text
    assert "Some of it was eaten." in chen.last.text
    assert "It should have been: low salt" in chen.last.text
    frozen = (await Incident.get()).facts
    await Diet.filter(senior_id=scene.seniors[1].id).update(labels=["halal"])
    assert (await Incident.get()).facts == frozen
    assert frozen["door"]["labels"] == ["low_salt"]
    assert [door["number"] for door in frozen["beside"]] == [1, 3]
    await house.at("2026-11-24 10:15")
    assert "Nobody looks after this yet" in chen.last.text
    assert "It should have been: low salt" in chen.last.text, "the facts of that time"
    await house.at("2026-11-24 14:05")
    assert not any(
        "Sun" in message.text or "low salt" in message.text for message in [*zhao.heard, *lin.heard]
    )


@ONE_ENGINE
async def test_a_box_for_plain_food_has_no_diet_on_its_label_and_an_unknown_one_is_not_handed_over(
    scene: Scene,
) -> None:
    lin, chen = scene.lin, scene.chen
    await Diet.filter(senior_id=scene.seniors[0].id).update(labels=[])
    await Meal.filter(senior_id=scene.seniors[2].id).update(diet_id=None)
    await lin.walks(("/round", "Door 1"), ("✓ Handed over", "Door 2"))
    await lin.taps("Something is different")
    await lin.taps("The wrong meal")
    await lin.taps("No, nothing")
    assert "At door 1 the box should have had no diet on its label." in lin.last.text
    assert "Before door 3: no diet is on record. Hand nothing over there" in lin.last.text
    assert "ordinary food" not in lin.last.text
    assert f"Beside it, door 3 ({scene.seniors[2].short_id}): no diet on record." in chen.last.text
    assert f"Beside it, door 1 ({scene.seniors[0].short_id}): ordinary food." in chen.last.text


async def test_how_people_are_is_asked_only_where_the_canteen_wants_it(scene: Scene) -> None:
    lin, canteen = scene.lin, scene.canteen
    await lin.walks(("/round", "Door 1"), ("✓ Handed over", "Door 2"))
    assert "😊" not in lin.last.buttons
    await Care.create(canteen_id=canteen.id, wellbeing=True)
    await lin.walks(("✓ Handed over", "Door 3"))
    await lin.taps("🙁")
    assert "😊" not in lin.last.buttons
    assert "What is different with Sun A-yi?" in lin.last.buttons
    meal = await scene.meal(1)
    assert await WellBeing.of_meal(meal.id) == 1
    await lin.presses(f"feels:{meal.id}:1")
    assert await WellBeing.all().count() == 1
    await lin.presses(f"feels:{meal.id}:4")
    assert await WellBeing.of_meal(meal.id) == 4
    assert "no longer there" in (await lin.presses(f"feels:{meal.id}:5"))[-1].text.lower()
    gao = await scene.house.volunteer("Gao")
    assert "not yours just now" in (await gao.presses(f"feels:{meal.id}:3"))[-1].text
    await lin.taps("✗ No answer")
    assert any("That was the last door" in message.text for message in lin.heard)


# ------------------------------------------------------------------------------------------ looking back


async def lived(scene: Scene, day: date, *states: MealState, mode: Mode = Mode.DELIVERY) -> ServiceDay:
    """Write down a day that is over, with what became of each senior's lunch."""
    route = await Route.get(canteen_id=scene.canteen.id)
    at = scene.canteen.at(day, "12:30")
    service_day, _new = await ServiceDay.update_or_create(
        {
            "state": DayState.FINISHED, "close_at": at, "roster_at": at, "out_at": at, "finish_at": at,
            "finished_at": scene.house.now, "next_at": None,
        },
        canteen_id=scene.canteen.id,
        day=day,
    )  # fmt: skip
    for senior, state in zip(scene.seniors, states, strict=True):
        await Meal.update_or_create(
            {
                "service_day_id": service_day.id, "canteen_id": scene.canteen.id, "mode": mode,
                "state": state, "state_at": at, "route_id": route.id,
            },
            senior_id=senior.id,
            day=day,
        )  # fmt: skip
    return service_day


async def cases_of(kind: CaseKind) -> list[str]:
    found = await Case.filter(kind=kind).order_by("id").prefetch_related("senior")
    return [case.senior.display for case in found]


async def test_two_days_unseen_turn_amber_by_themselves_and_once(scene: Scene) -> None:
    house, chen, lin = scene.house, scene.chen, scene.lin
    await lived(scene, MONDAY, MealState.AT_DOOR, MealState.NEIGHBOUR, MealState.EXPECTED)
    await house.tick()
    assert await cases_of(CaseKind.UNSEEN) == []
    await lin.walks(("/round", "Door 1"), ("✓ Handed over", "Door 2"))
    await lin.taps("Something else happened")
    await lin.taps("Left at the door")
    chen.reads()
    await house.at("2026-11-24 12:31")
    assert await cases_of(CaseKind.UNSEEN) == ["Sun A-yi", "Old Mr Zhao"]
    said = [message.text for message in chen.reads() if "Looking back on Tue 24 Nov" in message.text]
    assert len(said) == 1
    assert "🟠 Nobody has seen Sun A-yi" in said[0]
    assert "Wang Guilan" not in said[0]
    await house.at("2026-11-24 12:40")
    assert await Watch.all().count() == 2
    assert await Case.filter(kind=CaseKind.UNSEEN).count() == 2
    board = (await chen.says("/cases"))[-1].text
    assert "🟠 Nobody has seen Sun A-yi" in board
    await chen.taps("Show Sun A-yi")
    assert "Lunch was due on the last 2 days" in chen.last.text
    await chen.taps("✓ Sun A-yi reached")
    await chen.taps("It is settled")
    await chen.walks(("Safe, was out", "Anything"), ("No", "on record"))
    await house.at("2026-11-25 12:31")
    (said,) = [message.text for message in chen.reads() if "Still open from the days before" in message.text]
    assert "🟠 Nobody has seen Old Mr Zhao" in said
    assert "Sun A-yi" not in said


async def test_what_is_known_counts_as_seen(scene: Scene) -> None:
    """A lunch called off, a door that a person has looked into, and a case under way are reasons."""
    house, chen = scene.house, scene.chen
    wang, sun, zhao = scene.seniors
    await lived(scene, MONDAY, MealState.CANCELLED, MealState.NO_ANSWER, MealState.NO_ANSWER)
    await Case.open(CaseKind.NO_ANSWER, zhao, MONDAY, None, None, None, house.now - timedelta(days=1))
    found = await Case.open(CaseKind.NO_ANSWER, sun, MONDAY, None, None, None, house.now - timedelta(days=1))
    await chen.presses(f"settle:{found.id}")
    await chen.walks(("Safe, was out", "With whom"), ("With the family", "Anything"), ("No", "on record"))
    await lived(scene, TUESDAY, *[MealState.EXPECTED] * 3)
    await house.tick()
    assert await cases_of(CaseKind.UNSEEN) == []
    wednesday = TUESDAY + timedelta(days=1)
    await house.at("2026-11-25 12:20")
    await lived(scene, wednesday, *[MealState.AT_DOOR] * 3)
    await house.tick()
    assert await cases_of(CaseKind.UNSEEN) == ["Wang Guilan"]
    assert wang.display == "Wang Guilan"


@ONE_ENGINE
async def test_whoever_was_spoken_with_by_telephone_is_known_to_be_well(scene: Scene) -> None:
    """Wang spoke with Lin today, Sun did so yesterday, and of Zhao the call was taken back."""
    house, lin = scene.house, await scene.lin.person()
    for days, senior in zip((0, 1, 0), scene.seniors, strict=True):
        at = house.now - timedelta(days=days)
        await PhoneCall.create(
            canteen_id=scene.canteen.id, senior_id=senior.id, person_id=lin.id, taken_at=at, until_at=at,
            ended_at=at, outcome=Outcome.REACHED,
        )  # fmt: skip
    await PhoneCall.filter(senior_id=scene.seniors[2].id).update(undone_at=house.now)
    await lived(scene, MONDAY, *[MealState.AT_DOOR] * 3)
    await lived(scene, TUESDAY, *[MealState.AT_DOOR] * 3)
    await house.tick()
    assert await cases_of(CaseKind.UNSEEN) == ["Old Mr Zhao"]
    await house.at(f"{TUESDAY + timedelta(days=1)} 12:20")
    await lived(scene, TUESDAY + timedelta(days=1), *[MealState.NEIGHBOUR] * 3)
    await house.tick()
    assert await cases_of(CaseKind.UNSEEN) == ["Old Mr Zhao", "Sun A-yi"], "one day after the call is not two"


@ONE_ENGINE
async def test_a_closed_day_is_no_lunch_at_which_anybody_was_not_seen(scene: Scene) -> None:
    """Wang's canteen did not cook, Sun's lunch went out the day before; Zhao's door was left twice around."""
    house = scene.house
    closed, ahead = MealState.CLOSED, MealState.AHEAD
    days = [TUESDAY + timedelta(days=number) for number in range(4)]
    await lived(scene, MONDAY, MealState.IN_PERSON, MealState.AT_DOOR, MealState.AT_DOOR)
    for day in days[:2]:
        await house.at(f"{day} 12:20")
        await lived(scene, day, closed, ahead, closed)
        await house.tick()
        assert await cases_of(CaseKind.UNSEEN) == [], "two closed days, and one door before them"
    await house.at(f"{days[2]} 12:20")
    await lived(scene, days[2], MealState.AT_DOOR, MealState.IN_PERSON, MealState.AT_DOOR)
    await house.tick()
    assert await cases_of(CaseKind.UNSEEN) == ["Old Mr Zhao"], "both lunches that were brought stayed outside"
    await house.at(f"{days[3]} 12:20")
    await lived(scene, days[3], ahead, ahead, ahead)
    await house.tick()
    assert await cases_of(CaseKind.UNSEEN) == ["Old Mr Zhao"]


@ONE_ENGINE
async def test_at_the_table_people_count_only_where_somebody_signs_them_in(scene: Scene) -> None:
    for day in (MONDAY, TUESDAY):
        await lived(scene, day, *[MealState.EXPECTED] * 3, mode=Mode.DINE_IN)
    await scene.house.tick()
    assert await cases_of(CaseKind.UNSEEN) == []
    await Watch.all().delete()
    for day in (MONDAY, TUESDAY):
        await lived(
            scene, day, MealState.SIGNED_IN, MealState.NOT_COME, MealState.EXPECTED, mode=Mode.DINE_IN
        )
    await scene.house.tick()
    assert await cases_of(CaseKind.UNSEEN) == ["Sun A-yi", "Old Mr Zhao"]


async def test_a_week_of_small_signs_raises_a_hand_once_and_later_when_it_was_nothing(scene: Scene) -> None:
    house, chen = scene.house, scene.chen
    friday = MONDAY - timedelta(days=3)
    fine = [MealState.IN_PERSON] * 2
    await lived(scene, friday, MealState.REFUSED, *fine)
    await lived(scene, MONDAY, MealState.IN_PERSON, *fine)
    await WellBeing.create(
        senior_id=scene.seniors[0].id,
        meal_id=(await Meal.get(senior_id=scene.seniors[0].id, day=MONDAY)).id,
        rating=0,
        at=house.now - timedelta(days=1),
    )
    await house.tick()
    assert await cases_of(CaseKind.TREND) == []
    await lived(scene, TUESDAY, MealState.NEIGHBOUR, *fine)
    await house.tick()
    assert await cases_of(CaseKind.TREND) == [], "a neighbour who takes it in says nothing of eating"
    # The box of the day before came back on Tuesday as full as it went.
    await Watch.filter(service_day__day=TUESDAY).delete()
    await BoxReturn.create(
        senior_id=scene.seniors[0].id, meal_id=(await scene.meal(0)).id, count=1, full=True, day=TUESDAY,
        at=house.now,
    )  # fmt: skip
    await house.tick()
    assert await cases_of(CaseKind.TREND) == ["Wang Guilan"]
    assert "🟠 Wang Guilan" in chen.last.text
    await chen.says("/cases")
    await chen.taps("Show Wang Guilan")
    assert "1 lunch was not wanted." in chen.last.text
    assert "1 box came back still full." in chen.last.text
    assert "1 time the volunteer found that things went poorly." in chen.last.text
    await chen.taps("It was nothing")
    assert "slower to raise my hand about Wang Guilan" in chen.last.text
    for ahead in range(1, 15):
        day = TUESDAY + timedelta(days=ahead)
        if day.weekday() < 5:
            await house.at(f"{day} 12:20")
            first = MealState.REFUSED if 8 <= ahead <= 10 else MealState.IN_PERSON
            await lived(scene, day, first, *fine)
            await house.tick()
            hands = 1
            assert len(await cases_of(CaseKind.TREND)) == hands, f"three are not enough any more: {day}"
    await lived(scene, date(2026, 12, 7), MealState.REFUSED, *fine)
    await Watch.filter(service_day__day=date(2026, 12, 7)).delete()
    await house.tick()
    assert len(await cases_of(CaseKind.TREND)) == 2


@ONE_ENGINE
async def test_a_senior_who_left_us_is_not_looked_for(scene: Scene) -> None:
    await Senior.filter(id=scene.seniors[1].id).update(status="ended")
    for day in (MONDAY, TUESDAY):
        await lived(scene, day, MealState.IN_PERSON, MealState.AT_DOOR, MealState.IN_PERSON)
    await scene.house.tick()
    assert await cases_of(CaseKind.UNSEEN) == []
