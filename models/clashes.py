"""Clashes: what is on the menu of a day, and does not go with what somebody may or wants to eat.

Found is what was entered, and what names and ingredients speak of. That nothing was found is no promise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from models.dated import Diet, Eats
from models.foods import AGAINST, foods_in, speaks_of, wishes, with_kinds
from models.menus import ORDINARY, Served, line_of, line_place
from models.tastes import UNLIKE, tastes_in


@dataclass(frozen=True, slots=True, order=True)
class Clash:
    """A dish, and what of it does not go: codes of allergens and diets, and somebody's own words."""

    dish: str
    codes: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClashGroup:
    """Those for whom the very same does not go, by short id."""

    line: str
    clashes: tuple[Clash, ...]
    short_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Something to ask or to cook yet, for some: dishes of which nobody has said the allergens.

    dishes: empty where nothing at all is on the menu of their line.
    """

    line: str
    dishes: tuple[str, ...]
    short_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """What came of holding the menu of a day against those who eat: clashes, and what is not known.

    looks: dishes which by their names are likely not to go, with the labels for which; somebody has to look.
    """

    groups: tuple[ClashGroup, ...] = ()
    gaps: tuple[Gap, ...] = ()
    looks: tuple[ClashGroup, ...] = ()

    @property
    def clashing(self) -> frozenset[str]:
        """Tell for whom something does not go."""
        return frozenset(short_id for group in self.groups for short_id in group.short_ids)

    def of_dishes(self, names: Iterable[str]) -> Check:
        """Keep only what concerns some dishes."""
        kept = set(names)
        return Check(
            tuple(group for group in self.groups if any(clash.dish in kept for clash in group.clashes)),
            tuple(gap for gap in self.gaps if kept.intersection(gap.dishes)),
            tuple(look for look in self.looks if any(clash.dish in kept for clash in look.clashes)),
        )


NO_CHECK: Final = Check()


def clash(diet: Diet | Eats, served: Served, foods: frozenset[str]) -> Clash | None:
    """Tell what of a dish (and of the foods in it) does not go with a diet; None if nothing is known."""
    codes = [code for code in diet.allergies if code in foods]
    codes += [label for label in diet.labels if AGAINST.get(label, frozenset()) & foods]
    words = [wish for wish in wishes(diet.avoids or "") if _unwanted(wish, foods, served.said)]
    return Clash(served.name, tuple(sorted(codes)), tuple(words)) if codes or words else None


def look(diet: Diet | Eats, served: Served) -> Clash | None:
    """Tell for which labels somebody has to look at a dish: by its words it is likely not to go."""
    wanted = sorted(label for label in diet.labels if label in UNLIKE)
    if not wanted:
        return None
    tastes = frozenset[str]().union(*map(tastes_in, served.said))
    codes = tuple(label for label in wanted if UNLIKE[label] in tastes)
    return Clash(served.name, codes, ()) if codes else None


def _unwanted(wish: str, foods: frozenset[str], said: Sequence[str]) -> bool:
    return bool(foods_in(wish) & foods) or any(speaks_of(wish, text) for text in said)


def check(
    eaters: Sequence[tuple[str, Diet | Eats | None]], menu: Sequence[Served], lines: Sequence[str]
) -> Check:
    """Hold the menu of a day against everybody who eats: (short id, diet). No menu, no answer."""
    if not menu:
        return NO_CHECK
    dishes: dict[str, list[tuple[Served, frozenset[str]]]] = {}
    for served in menu:
        dishes.setdefault(served.line, []).append((served, with_kinds(served.foods)))
    groups: dict[tuple[str, tuple[Clash, ...]], list[str]] = {}
    gaps: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    looks: dict[tuple[str, tuple[Clash, ...]], list[str]] = {}
    for short_id, diet in sorted(eaters, key=lambda eater: (len(eater[0]), eater[0])):
        if diet is None:
            continue
        line = line_of(diet.labels, lines)
        mine = dishes.get(line, [])
        clashes = {one for served, foods in mine if (one := clash(diet, served, foods)) is not None}
        if clashes:
            groups.setdefault((line, tuple(sorted(clashes))), []).append(short_id)
        sure = {one.dish for one in clashes}
        likely = {one for served, _foods in mine if (one := look(diet, served)) and one.dish not in sure}
        if likely:
            looks.setdefault((line, tuple(sorted(likely))), []).append(short_id)
        unsaid = tuple(served.name for served, _foods in mine if not served.contents.known)
        if not mine or (diet.allergies and unsaid):
            gaps.setdefault((line, unsaid), []).append(short_id)
    return Check(
        _sorted(groups),
        tuple(
            Gap(line, unsaid, tuple(short_ids))
            for (line, unsaid), short_ids in sorted(gaps.items(), key=lambda gap: line_place(gap[0][0]))
        ),
        _sorted(looks),
    )


def _sorted(groups: Mapping[tuple[str, tuple[Clash, ...]], Sequence[str]]) -> tuple[ClashGroup, ...]:
    """Order groups by kitchen line, the greatest first."""
    return tuple(
        ClashGroup(line, found, tuple(short_ids))
        for (line, found), short_ids in sorted(
            groups.items(), key=lambda group: (line_place(group[0][0]), -len(group[1]), group[0][1])
        )
    )


def by_line(menu: Sequence[Served]) -> list[tuple[str, list[Served]]]:
    """Part a day's dishes by kitchen line, the ordinary one first."""
    found: dict[str, list[Served]] = {}
    for served in sorted(menu, key=lambda one: line_place(one.line)):
        found.setdefault(served.line if line_place(served.line) else ORDINARY, []).append(served)
    return list(found.items())
