"""Foods are found by their words, in whatever language, number and script they are written."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.clashes import check
from models.dated import Eats
from models.dishes import Contents
from models.foods import ALLERGENS, allergen, folded, foods_in, speaks_of, wishes
from models.menus import ORDINARY, Served
from models.tastes import tastes_in


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
        ("小龙虾", "crustaceans"),
        ("Vinagre de vino", "sulphites"),
        ("血橙", ""),
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


# For each label: dishes that do not go, dishes at which somebody has to look, and dishes that are fine.
LABELS = {
    "gout": (
        ("Fried liver", "Mussel soup", "Beer-braised duck", "爆炒猪肝", "爆炒豬肝", "肥腸", "花蛤湯",
         "Higado encebollado", "Gambas al ajillo", "Callos a la madrileña"),
        ("Bone broth", "老火湯", "骨头汤", "Caldo de res"),
        ("Steamed egg", "清炒豆苗", "Kidney beans", "Arroz con verduras"),
    ),
    "halal": (
        ("Drunken chicken", "Chicken in wine", "Black pudding", "醉鸡", "醉雞", "料酒烧羊肉", "黃酒燉雞",
         "啤酒鸭", "毛血旺", "鸭血粉丝", "Pollo al jerez", "Morcilla", "Pollo a la cerveza",
         "Carne al vino tinto"),
        (),
        ("Lamb stew", "手抓羊肉", "Wine vinegar salad", "血橙", "Cordero asado"),
    ),
    "low_salt": (
        (),
        ("Pickled cabbage", "Ham and eggs", "咸菜毛豆", "鹹魚", "腊肉炒笋", "臘肉飯", "榨菜肉絲", "泡菜",
         "Bacalao al horno", "Encurtidos", "Aceitunas"),
        ("Chicken salad", "Ensalada de col", "清蒸鲈鱼", "低盐泡菜", "Sopa de verduras"),
    ),
    "low_sugar": (
        (),
        ("Apple cake", "Sweet and sour pork", "糖醋里脊", "蜜汁叉燒", "甜湯", "豆沙包",
         "Arroz con leche", "Flan casero"),
        ("Fish cake", "Coleslaw", "甜椒炒肉", "无糖豆浆", "Gelatina sin azúcar", "Pastel de papa"),
    ),
    "vegetarian": (("鸭血汤", "Blood sausage", "Morcilla", "豬紅湯"), (), ("Tofu", "血糯米")),
}  # fmt: skip


@pytest.mark.parametrize("label", LABELS)
def test_every_label_meets_the_words_of_dishes_in_each_language(label: str) -> None:
    against, look, fine = LABELS[label]
    line = "halal" if label == "halal" else ORDINARY
    eats = Eats((label,), "regular", (), None)
    for dish in (*against, *look, *fine):
        served = Served(1, 1, date(2026, 11, 24), line, dish, Contents(known=True))
        found = check([("A1", eats)], [served], [])
        said = [(one.dish, one.codes) for group in found.groups for one in group.clashes]
        asked = [(one.dish, one.codes) for group in found.looks for one in group.clashes]
        assert said == ([(dish, (label,))] if dish in against else []), dish
        assert asked == ([(dish, (label,))] if dish in look else []), dish


def test_what_is_salty_is_not_what_somebody_means_who_eats_no_ham() -> None:
    assert tastes_in("火腿") == tastes_in("泡菜") == {"salty"}
    assert not speaks_of("火腿", "泡菜")


@given(st.text())
def test_any_words_can_be_looked_through(words: str) -> None:
    assert folded(folded(words)) == folded(words) or folded(words)
    assert foods_in(words) >= foods_in("")
    assert all(part in words for part in wishes(words))
    allergen(words)
