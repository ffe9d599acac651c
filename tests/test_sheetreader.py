"""What coordinators type from a ticked sheet is understood in four languages, and never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.chat import Unclear
from handlers.sheetreader import Reading, sheet
from models.meals import MealState

DOORS = range(1, 15)
NAMES = {
    MealState.IN_PERSON: "handed",
    MealState.NO_ANSWER: "none",
    MealState.NEIGHBOUR: "neighbour",
    MealState.AT_DOOR: "door",
    MealState.REFUSED: "refused",
    MealState.RETURNED: "returned",
}


def read(text: str) -> Reading:
    return sheet(DOORS)(text)


def said(text: str) -> dict[str, set[int]]:
    """Give which doors a text speaks of, by outcome; doors that are to be asked about are "open"."""
    reading = read(text)
    found: dict[str, set[int]] = {}
    for number, state in reading.outcomes.items():
        found.setdefault(NAMES[state], set()).add(number)
    for name, doors in (("open", reading.open), ("unknown", reading.unknown)):
        if doors:
            found[name] = set(doors)
    return found


ALL_BUT_7 = set(DOORS) - {7}


@pytest.mark.parametrize(
    "text",
    [
        "1-14 delivered, 7 none",
        "1–14 delivered. 7: no answer",
        "7 none, 1-14 delivered",
        "1 to 14 handed over but 7 nobody",
        "all delivered but 7 no answer",
        "all but 7 delivered, 7 none",
        "all but 7 none",
        "7 not home, the rest ok",
        "no answer: 7; rest delivered",
        "1-14 ✓\n7 no answer 11:12",
        "1-14送到了,7没人应",
        "1－14送到了，７没人应",
        "一到十四送到了，七没人应",
        "1号到14号都送到了，7号没人",
        "除了7没人应，都送到了",
        "7没人应，其他都送到了",
        "全部送到，除了7没人应",
        "送到了：1-14；没人应：7",
        "1-14送達了，7無人應門",
        "1到14面交，7冇人應",
        "其餘送到，7不在家",
        "1-14 entregadas, 7 no abren",
        "de la 1 a la 14 entregadas, la 7 no contestan",
        "todas entregadas menos la 7, que no abren",
        "la 7 nadie, las demás entregadas",
        "Entregadas: 1 a 14. No abrió: 7",
    ],
)
def test_all_handed_over_and_one_door_that_stayed_shut(text: str) -> None:
    assert said(text) == {"handed": ALL_BUT_7, "none": {7}}


@pytest.mark.parametrize(
    "text",
    [
        "all but 7",
        "delivered all but 7",
        "everything except 7",
        "1-14 delivered, 7 left",
        "1-14 delivered, not 7",
        "1-14 ok, 7 was not delivered",
        "1-14 ok, 7 wasn't delivered",
        "1-14 ok, 7?",
        "7 hospital, the others delivered",
        "7 not home left with neighbour, rest delivered",
        "7 none, 7 refused, rest delivered",
        "全部送到,除了7",
        "除了7都送到了",
        "7以外都送到了",
        "7没送到，其余送到了",
        "7還沒送到，其餘送到了",
        "7留下了，其他送到",
        "todas menos la 7",
        "1-14 entregadas, 7 no entregada",
        "la 7 dejada, las demás entregadas",
        "la 7 no la entregué, el resto entregado en mano",
    ],
)
def test_what_is_not_said_of_a_door_is_asked(text: str) -> None:
    assert said(text) == {"handed": ALL_BUT_7, "open": {7}}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3 left with the neighbour, 4 at the door, 5 refused, 6 brought back",
         {"neighbour": {3}, "door": {4}, "refused": {5}, "returned": {6}}),
        ("3邻居代收，4放门口了，5不要，6带回来了",
         {"neighbour": {3}, "door": {4}, "refused": {5}, "returned": {6}}),
        ("3鄰居代收、4放門口、5拒收、6帶回",
         {"neighbour": {3}, "door": {4}, "refused": {5}, "returned": {6}}),
        ("la 3 con el vecino, la 4 en la puerta, la 5 no la quiso, la 6 devuelta",
         {"neighbour": {3}, "door": {4}, "refused": {5}, "returned": {6}}),
        ("1, 2 and 5 delivered; 9-10 unknown", {"handed": {1, 2, 5}, "unknown": {9, 10}}),
        ("1-3", {"open": {1, 2, 3}}),
        ("all", {"handed": set(DOORS)}),
        ("no answer: 7, the rest", {"none": {7}}),
        ("没人应：7，其他", {"none": {7}}),
        ("nobody opened at 7 and 9", {"none": {7, 9}}),
        ("no answer all", {"none": set(DOORS)}),
        ("delivered 1-6, 7 none", {"handed": {1, 2, 3, 4, 5, 6}, "none": {7}}),
        ("delivered 1, 2, 5; no answer 7", {"handed": {1, 2, 5}, "none": {7}}),
        ("2-1 ok, box back 1-2", {"handed": {1, 2}}),
    ],
)  # fmt: skip
def test_every_outcome_has_its_words(text: str, found: dict[str, set[int]]) -> None:
    assert said(text) == found


def test_what_was_not_understood_and_what_is_not_there_is_told() -> None:
    reading = read("20 delivered, 1-40 ok, 14 a dog bit me")
    assert reading.strange == (20,)
    assert reading.unread == ("dog bit me",)
    assert reading.open == {14}
    assert reading.outcomes.keys() == set(DOORS) - {14}


@pytest.mark.parametrize("text", ["hello", "", "delivered", "13912345678", "20 none", "?", "没人应"])
def test_without_a_door_it_says_how_to_write_it(text: str) -> None:
    with pytest.raises(Unclear):
        read(text)


@given(
    st.text(
        alphabet="1234567890-–,;.。，、 \n到至allbutnoexceptdelivered送到了没人应除其他menos?✓", max_size=60
    )
)
def test_whatever_is_typed_no_door_is_in_two_places_or_invented(text: str) -> None:
    try:
        reading = read(text)
    except Unclear:
        return
    places = [*reading.outcomes, *reading.open, *reading.unknown]
    assert len(places) == len(set(places))
    assert set(places) <= set(DOORS)
