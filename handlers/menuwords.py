"""The sentences of menus: dishes, what is in them, and what does not go for whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from handlers.diets import ALLERGENS, LABELS
from handlers.text import NOTHING, Text, _, bold, lines, listed, verbatim
from models.clashes import Check, Clash, by_line
from models.dishes import Contents
from models.menus import ORDINARY, Served

LINES: Final[Mapping[str, Text]] = {
    ORDINARY: _("ordinary"),
    "halal": LABELS["halal"],
    "vegetarian": LABELS["vegetarian"],
    "gout": LABELS["gout"],
    "low_sugar": LABELS["low_sugar"],
    "low_salt": LABELS["low_salt"],
}
# Short, as it stands on a menu; the long words are for asking.
FOODS: Final[Mapping[str, Text]] = {**ALLERGENS, "gluten": _("cereals with gluten")}
AGAINST: Final[Mapping[str, Text]] = {
    "vegetarian": _("not vegetarian"),
    "halal": _("not halal"),
    "gout": _("not for gout"),
}
UNLIKE: Final[Mapping[str, Text]] = {
    "low_salt": _("perhaps too salty"),
    "low_sugar": _("perhaps too sweet"),
    "gout": _("perhaps too strong a broth"),
}
MAY_CHANGE: Final = _("As the kitchen has entered it; it may change. Who has an allergy, please always ask.")


def line_word(line: str) -> Text:
    """Say a kitchen line."""
    return LINES.get(line) or verbatim(line)


def allergen_words(codes: Sequence[str]) -> tuple[Text, ...]:
    """Say allergens, each by itself."""
    return tuple(FOODS.get(code) or verbatim(code) for code in codes)


def dish_words(name: str, contents: Contents) -> Text:
    """Say a dish with its allergens as entered. It never says that there is none in it."""
    if contents.allergens:
        what = listed(allergen_words(contents.allergens))
        if contents.known:
            return _("{dish} (with {allergens})", dish=name, allergens=what)
        return _("{dish} (with {allergens}; not yet complete)", dish=name, allergens=what)
    if contents.known:
        return _("{dish} (none of the fourteen allergens entered)", dish=name)
    return _("{dish} (allergens not entered yet)", dish=name)


def contents_words(contents: Contents) -> list[Text]:
    """Say what is in a dish on its card: allergens and ingredients."""
    if contents.allergens:
        said = _("Allergens: {allergens}", allergens=listed(allergen_words(contents.allergens)))
    elif contents.known:
        said = _("Allergens: none of the fourteen was entered")
    else:
        said = _("Allergens: nobody has entered them yet")
    found = [said]
    if contents.allergens and not contents.known:
        found.append(_("There may be others: nobody has gone through the whole list yet."))
    if contents.ingredients:
        found.append(_("Ingredients: {what}", what=listed(contents.ingredients)))
    return found


def menu_lines(served: Sequence[Served]) -> list[Text]:
    """Say the dishes of a day, one a line, the lines of the kitchen below headings of their own."""
    said: list[Text] = []
    for line, dishes in by_line(served):
        if line != ORDINARY:
            said.append(_("{line}:", line=line_word(line)))
        said += [dish_words(one.name, one.contents) for one in dishes]
    return said


def week_words(heading: Text, days: Mapping[date, Sequence[Served]]) -> Text:
    """Say the menus of several days."""
    said: list[Text] = [bold(heading)]
    for day, served in days.items():
        said += [NOTHING, bold(_("{day}", day=day)), *menu_lines(served)]
    return lines(*said, NOTHING, MAY_CHANGE)


# ------------------------------------------------------------------------------------------------- clashes


def clash_words(clash: Clash) -> Text:
    """Say a dish and what of it does not go."""
    what: list[Text] = [AGAINST.get(code) or FOODS.get(code) or verbatim(code) for code in clash.codes]
    what += [verbatim(word) for word in clash.words]
    return _("{dish} ({what})", dish=clash.dish, what=listed(what))


def _look_words(clash: Clash) -> Text:
    return _("{dish} ({what})", dish=clash.dish, what=listed([UNLIKE[code] for code in clash.codes]))


def check_lines(check: Check) -> list[Text]:
    """Say for whom something else is to be cooked, the sum above each group, and what must be asked."""
    said: list[Text] = []
    if check.groups:
        said += [NOTHING, bold(_("Please cook something else, it does not go for everybody:"))]
    for group in check.groups:
        said.append(
            _(
                "{count} × instead of {dishes}",
                count=len(group.short_ids),
                dishes=listed([clash_words(clash) for clash in group.clashes]),
            )
        )
        said.append(_("{short_ids}", short_ids=listed(group.short_ids)))
    if check.looks:
        said += [NOTHING, bold(_("Please look at it, by its name it may not go:"))]
    for group in check.looks:
        said.append(
            _(
                "{dishes}: {short_ids}",
                dishes=listed([_look_words(clash) for clash in group.clashes]),
                short_ids=listed(group.short_ids),
            )
        )
    if check.gaps:
        said += [NOTHING, bold(_("Still to be answered:"))]
    for gap in check.gaps:
        if gap.dishes:
            said.append(
                _(
                    "Which allergens are in {dishes}? Please ask before it is served to {short_ids}.",
                    dishes=listed(gap.dishes),
                    short_ids=listed(gap.short_ids),
                )
            )
        else:
            said.append(
                _(
                    "Nothing is on the menu yet for this kitchen line: {line}. It is for {short_ids}.",
                    line=line_word(gap.line),
                    short_ids=listed(gap.short_ids),
                )
            )
    return said
