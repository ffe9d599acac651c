"""A menu is read as people write it, and whatever could not be read is handed back."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.i18n import LANGUAGES, render
from handlers import answers, menuentry
from handlers.chat import Unclear
from handlers.dishtext import ingredients
from handlers.menutext import Draft, dishes, week
from handlers.text import Text
from models.dishes import Course

MONDAY = date(2026, 11, 23)
TUESDAY, WEDNESDAY, FRIDAY = date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 27)

Shown = tuple[str, str, bool, str]  # name, allergens, whether they were said, kitchen lines


def shown(course: Course) -> Shown:
    held = course.contents
    return (course.name, " ".join(held.allergens), held.known, " ".join(course.lines))


def read(text: str, today: date = MONDAY) -> dict[date, list[Shown]]:
    return {day: [shown(one) for one in menu] for day, menu in week(today)(text).on(MONDAY).items()}


def names(text: str, today: date = MONDAY) -> dict[date, list[str]]:
    return {day: [name for name, *_rest in menu] for day, menu in read(text, today).items()}


PORK = [("braised pork", "gluten soy", True, ""), ("rice", "", False, ""), ("greens", "", False, "")]


@pytest.mark.parametrize(
    "line",
    [
        "Mon: braised pork (soy, gluten); rice; greens",
        "MONDAY – braised pork (gluten / soy), rice, greens",
        "* Monday 23 Nov: braised pork (contains soy and gluten), rice + greens",
        "23/11: braised pork [soy][wheat]; rice; greens.",
        "2026-11-23 braised pork（1、6）、rice、greens",
        "today: braised pork (allergens: soy, gluten) · rice · greens",
        "Mon\nbraised pork (soy, gluten)\n\n- rice\n2) greens",
    ],
)
def test_a_day_is_read_in_many_ways_of_writing(line: str) -> None:
    assert read(line) == {MONDAY: PORK}


@pytest.mark.parametrize(
    ("line", "day", "menu"),
    [
        ("周二: 红烧鱼(鱼、大豆), 米饭", TUESDAY,
         [("红烧鱼", "fish soy", True, ""), ("米饭", "", False, "")]),
        ("星期二 红烧鱼（鱼）；米饭（无）", TUESDAY, [("红烧鱼", "fish", True, ""), ("米饭", "", True, "")]),
        ("週二：紅燒魚（魚、麩質）。", TUESDAY, [("紅燒魚", "gluten fish", True, "")]),
        ("11月24日（周二）炒蛋", TUESDAY, [("炒蛋", "", False, "")]),
        ("二：炒蛋", TUESDAY, [("炒蛋", "", False, "")]),
        ("Martes: lentejas (apio, sulfitos); pan", TUESDAY,
         [("lentejas", "celery sulphites", True, ""), ("pan", "", False, "")]),
        ("Miércoles 25 de noviembre: tortilla (huevos y leche)", WEDNESDAY,
         [("tortilla", "eggs milk", True, "")]),
        ("mar tortilla (huevos)", TUESDAY, [("tortilla", "eggs", True, "")]),
        ("Tue: soup; vegetarian: tofu (soy); rice; halal: beef", TUESDAY,
         [("soup", "", False, ""), ("tofu", "soy", True, "vegetarian"), ("rice", "", False, "vegetarian"),
          ("beef", "", False, "halal")]),
        ("周二：素食：豆腐（大豆）；清真：牛肉（清真）", TUESDAY,
         [("豆腐", "soy", True, "vegetarian"), ("牛肉", "", False, "halal halal")]),
        ("Tue: beef stew (halal, celery)", TUESDAY, [("beef stew", "celery", True, "halal")]),
        ("Tue: stew (pork, soy sauce, carrots)", TUESDAY, [("stew", "gluten soy", False, "")]),
    ],
)  # fmt: skip
def test_a_day_is_read_in_every_language(line: str, day: date, menu: list[Shown]) -> None:
    assert read(line) == {day: menu}


def test_ingredients_stay_in_their_words_and_bring_their_allergens() -> None:
    ((course,),) = [row.courses for row in week(MONDAY)("Tue: stew (pork, soy sauce)").rows]
    assert course.contents.ingredients == ("pork", "soy sauce")
    assert ingredients("lard, soy sauce、花生油") == ("lard", "soy sauce", "花生油")


def test_lines_without_a_day_belong_to_the_day_above() -> None:
    text = "Monday\nsoup\nVegetarian: tofu\n\nWed & Fri: fish\nrice"
    assert names(text) == {MONDAY: ["soup", "tofu"], WEDNESDAY: ["fish", "rice"], FRIDAY: ["fish", "rice"]}
    assert read(text)[MONDAY][1] == ("tofu", "", False, "vegetarian")


def test_a_rule_for_all_days_holds_for_each() -> None:
    assert list(names("Mon–Fri: rice")) == [date(2026, 11, day) for day in range(23, 28)]


def test_a_date_that_is_over_is_read_all_the_same() -> None:
    assert names("20/11: soup\n24/11: rice") == {date(2026, 11, 20): ["soup"], TUESDAY: ["rice"]}


@pytest.mark.parametrize(
    "line", ["12 dumplings", "Sun-dried tomatoes, rice", "三文鱼", "3 rice", "may: soup"]
)
def test_what_is_no_day_is_a_dish(line: str) -> None:
    assert line.split(",")[0] in names(f"Tue: soup\n{line}")[TUESDAY]


def unread(text: str) -> list[tuple[str, str]]:
    return [(one.line, one.why.message) for one in week(MONDAY)(text).unread]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Wed: pork (soy", "A bracket is missing"),
        ("Wed: pork soy)", "A bracket is missing"),
        ("Wed: pork ((soy))", "A bracket is missing"),
        ("周三 休息", "That is no dish"),
        ("Wed: closed", "That is no dish"),
        ("3/4: soup", "Do you mean"),
        ("Wed: ;", "There is no dish"),
        ("Wed: 🍲", "That is not the name"),
        (f"Wed: {'x' * 81}", "That is not the name of a dish"),
        (f"Wed: soup ({'x' * 81})", "at most"),
        ("Wed: (soy)", "That is not the name"),
        (f"Wed: {'a,' * 25}", "more than"),
    ],
)
def test_a_line_that_is_unclear_is_handed_back_with_the_reason(line: str, why: str) -> None:
    ((said, reason),) = unread(f"Tue: rice\n{line}")
    assert said == line
    assert why in reason


def test_below_a_day_that_is_unclear_nothing_is_put_on_the_day_before() -> None:
    assert [line for line, _why in unread("Tue: rice\n3/4: soup\nbread")] == ["3/4: soup", "bread"]
    assert unread("This week:\nTue: rice")[0][0] == "This week:"


@pytest.mark.parametrize("text", ["", "hello", "Mon", "Mon:\nTue:", "Mon: (", "x" * 2001])
def test_where_nothing_can_be_read_it_says_what_would_help(text: str) -> None:
    with pytest.raises(Unclear):
        week(MONDAY)(text)


def test_the_dishes_of_one_day_need_no_day() -> None:
    draft = dishes(TUESDAY)("soup (celery)\nMonday bread")
    assert [one.name for one in draft.on(TUESDAY)[TUESDAY]] == ["soup", "Monday bread"]
    with pytest.raises(Unclear):
        ingredients("…")
    with pytest.raises(Unclear):
        ingredients("x" * 81)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_of_each_language_is_read_as_it_is_meant(language: str) -> None:
    def said(text: Text) -> str:
        return render(text, language=language, zone="Asia/Shanghai", links=lambda code: []).text

    found = read("\n".join(said(line) for line in menuentry.EXAMPLE))
    meant = [
        [("gluten soy", True, ""), ("", False, ""), ("", False, ""), ("soy", True, "vegetarian"),
         ("", False, "vegetarian")],
        [("fish soy", True, ""), ("gluten", True, ""), ("", False, "")],
    ]  # fmt: skip
    assert [[course[1:] for course in menu] for menu in found.values()] == meant
    assert list(found) == [MONDAY, TUESDAY]
    one = dishes(MONDAY)(said(menuentry.DISHES)).on(MONDAY)[MONDAY]
    assert [shown(course)[1:] for course in one] == meant[0]


# --------------------------------------------------------------------------------------- whatever is written

DAYS = "Mon 周二 星期三 martes 23/11 3/4 2026-11-25 today today: 下周一 mar sun 12 三"
SIGNS = ": ： ; ， 、 ( ) （ ） [ ] / - – • 1. 2) ½ ٣ 🍲"
DISHES = "soy 鱼 none 无 rice 红烧肉 halal 素食: vegetarian: closed 休息 pork"
OTHERS = ["next Friday", "every day", "\n", "\n\n", "\t", "\u200b"]
WORDS = st.sampled_from([*DAYS.split(), *SIGNS.split(), *DISHES.split(), *OTHERS])
TEXTS = st.one_of(st.text(), st.lists(WORDS, max_size=40).map(" ".join), st.lists(WORDS).map("".join))


def accounted(draft: Draft) -> list[int]:
    return [
        *(row.number for row in draft.rows),
        *draft.headings,
        *(one.number for one in draft.unread),
    ]


@pytest.mark.fuzz
@given(TEXTS)
@example("Mon: soup\n\n\u200b\nTue")
@example("Mon: soup\n" + "- 1. " * 390)
def test_whatever_is_pasted_no_line_is_lost_and_nothing_but_unclear_is_raised(text: str) -> None:
    lines = answers.visible_lines(text)
    try:
        draft = week(WEDNESDAY)(text)
    except Unclear:
        return
    assert sorted(accounted(draft)) == [number for number, line in enumerate(lines) if line]
    assert all(lines[one.number] == one.line for one in draft.unread)
    assert all(course.name for row in draft.rows for course in row.courses)
    found = draft.on(MONDAY)
    assert all(
        course in found[day]
        for row in draft.rows
        for day in found
        if day == row.day
        for course in row.courses
    )


def letters(text: str) -> str:
    return "".join(char for char in text if char.isalpha())


@pytest.mark.fuzz
@given(TEXTS)
def test_of_a_line_without_brackets_every_letter_is_in_a_dish(text: str) -> None:
    try:
        draft = dishes(TUESDAY)(text)
    except Unclear:
        return
    lines = answers.visible_lines(text)
    for row in draft.rows:
        if not set(lines[row.number]) & set("()（）[]［］【】:："):
            assert letters("".join(one.name for one in row.courses)) == letters(lines[row.number])
