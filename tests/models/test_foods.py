"""Foods are found by their words, in whatever language, number and script they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.foods import ALLERGENS, allergen, folded, foods_in, speaks_of, wishes


@pytest.mark.parametrize(
    ("words", "foods"),
    [
        ("红烧鱼", "fish"),
        ("紅燒魚", "fish"),
        ("鱿鱼圈", "molluscs"),
        ("鱼香茄子", ""),
        ("麻婆豆腐", "soy"),
        ("番茄炒雞蛋", "eggs"),
        ("牛肉麵", "beef gluten"),
        ("肉夹馍", "meat pork"),
        ("Tomatoes with eggs", "eggs"),
        ("Aubergine and eggplant", ""),
        ("Peanut butter", "peanuts"),
        ("coconut milk", ""),
        ("Sopa de fideos", "gluten"),
        ("Camarones con ajo", "crustaceans garlic"),
        ("Arroz con leche", "milk"),
        ("soy sauce", "gluten soy"),
        ("酱油", "gluten soy"),
    ],
)
def test_what_words_speak_of_is_found(words: str, foods: str) -> None:
    assert foods_in(words) == set(foods.split())


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Soy", "soy"), ("大豆", "soy"), ("soja", "soy"), ("麩質", "gluten"), ("trigo", "gluten"),
        ("huevos", "eggs"),
        ("shrimps", "crustaceans"), ("frutos secos", "nuts"), ("lácteos", "milk"), ("芹菜", "celery"),
        ("1", "gluten"), ("14", "molluscs"), ("15", None), ("0", None), ("pork", None), ("soy sauce", None),
        ("", None), ("面粉", None),
    ],
)  # fmt: skip
def test_an_allergen_is_read_by_its_name_or_its_number(words: str, code: str | None) -> None:
    assert allergen(words) == code


def test_every_allergen_has_a_name_in_each_language() -> None:
    named = ["gluten", "虾", "egg", "pescado", "花生", "soja", "leche", "nuts", "apio", "芥末", "sésamo",
             "sulfitos", "altramuces", "moluscos"]  # fmt: skip
    assert [allergen(name) for name in named] == list(ALLERGENS)


@pytest.mark.parametrize(
    ("avoids", "parts"),
    [
        ("lamb, coriander and pork liver", ("lamb", "coriander", "pork liver")),
        ("She does not eat fish", ("fish",)),
        ("不吃羊肉、香菜和猪肝", ("羊肉", "香菜", "猪肝")),
        ("不吃羊肉、香菜與豬肝", ("羊肉", "香菜", "豬肝")),
        ("No come cordero ni cilantro", ("cordero", "cilantro")),
        ("no spicy food", ("spicy food",)),
        ("noodles; sinapis", ("noodles", "sinapis")),
        ("…", ()),
    ],
)
def test_what_somebody_does_not_eat_is_parted_in_their_own_words(avoids: str, parts: tuple[str, ...]) -> None:
    assert wishes(avoids) == parts


@pytest.mark.parametrize(
    ("wish", "dish", "clashes"),
    [
        ("lamb", "羊肉汤", True),
        ("不吃肉", "回锅肉", True),
        ("meat", "beef stew", True),
        ("pork", "beef stew", False),
        ("pork liver", "braised pork", False),
        ("mushrooms", "mushroom soup", True),
        ("Koriander", "Koriandersuppe", False),
        ("茼蒿", "清炒茼蒿", True),
        ("cebolla", "Tortilla con cebollas", True),
    ],
)
def test_a_wish_meets_a_dish_across_languages(wish: str, dish: str, clashes: bool) -> None:
    assert speaks_of(wish, dish) is clashes


@given(st.text())
def test_any_words_can_be_looked_through(words: str) -> None:
    assert folded(folded(words)) == folded(words) or folded(words)
    assert foods_in(words) >= foods_in("")
    assert all(part in words for part in wishes(words))
    allergen(words)
