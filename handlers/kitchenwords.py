"""The kitchen count in words: what each kitchen cooks, what does not go for whom, and the care."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from handlers.daylists import LINES_A_MESSAGE, care_line, guests_line, kind_label, kitchen_state, modes_line
from handlers.diets import TEXTURES
from handlers.menuwords import check_lines, line_word
from handlers.text import NOTHING, Text, _, _n, bold, lines, listed, verbatim
from models.calendar import ServiceDay
from models.clashes import by_line
from models.menus import HALAL, ORDINARY, Served
from models.roster import CareLine, DietLine, KitchenCount, KitchenPart, Preparation

TOGETHER: Final = 40  # lines: a usual count is one message


def kitchen_pages(count: KitchenCount, day: ServiceDay, version: int | None = None) -> list[Text]:
    """Say what is to be cooked, and for whom the cooks must take care, in messages short enough to send."""
    said = [*_head(count, day, version), *check_lines(count.check), *_care(count.care)]
    for ahead in count.ahead:
        said += _ahead(ahead)
    if len(said) <= TOGETHER:
        return [lines(*said)]
    return [lines(*said[at : at + LINES_A_MESSAGE]) for at in range(0, len(said), LINES_A_MESSAGE)]


def _head(count: KitchenCount, day: ServiceDay, version: int | None) -> list[Text]:
    main, *halal = count.kitchens
    said = [
        bold(
            _n("Kitchen for {day}: {n} lunch", "Kitchen for {day}: {n} lunches", count.total, day=count.day)
        ),
        kitchen_state(day, version),
        modes_line(count),
        *([guests] if (guests := guests_line(count.guests)) else []),
        NOTHING,
        *_menu(main.menu),
        *(_diet_line(line) for line in main.diets),
        *_preparations(main),
        *([unknown] if (unknown := unknown_words(count)) else []),
    ]
    for part in halal:
        said += _halal(part)
    return said


def unknown_words(count: KitchenCount) -> Text | None:
    """Say for whom somebody must ask first; None where every diet is known."""
    if not count.unknown:
        return None
    return _n(
        "{n} × no diet on record: please ask before cooking ({short_ids})",
        "{n} × no diet on record: please ask before cooking ({short_ids})",
        count.unknown,
        short_ids=listed(count.unknown_ids),
    )


def halal_heading(part: KitchenPart) -> Text:
    """Say how much the halal kitchen cooks."""
    return _n(
        "Halal kitchen: {n} lunch, in containers of its own",
        "Halal kitchen: {n} lunches, in containers of their own",
        part.total,
    )


def _halal(part: KitchenPart) -> list[Text]:
    return [
        NOTHING,
        bold(halal_heading(part)),
        modes_line(part),
        *_menu(part.menu),
        *(_diet_line(line) for line in part.diets),
        *_preparations(part),
    ]


def _menu(served: Sequence[Served]) -> list[Text]:
    said = menu_of(served)
    return [*said, NOTHING] if said else []


def menu_of(served: Sequence[Served]) -> list[Text]:
    """Say what is on the menu, line by line."""
    said = []
    for line, dishes in by_line(served):
        names = listed([one.name for one in dishes])
        said.append(
            _("On the menu: {dishes}", dishes=names)
            if line in (ORDINARY, HALAL)
            else _("On the menu, {line}: {dishes}", line=line_word(line), dishes=names)
        )
    return said


def _diet_line(line: DietLine) -> Text:
    return _("{count} × {diet}", count=line.count, diet=kind_label(line))


def _preparations(part: KitchenPart) -> list[Text]:
    return [NOTHING, *map(preparation, part.preparations)] if part.preparations else []


def texture_word(texture: str) -> Text:
    """Say a texture."""
    return TEXTURES.get(texture) or verbatim(texture)


def preparation(each: Preparation) -> Text:
    """Say how many lunches are prepared in a texture, and how many of them with something else in it."""
    texture = texture_word(each.texture)
    if each.clashing:
        return _n(
            "To be prepared “{texture}”: {n} lunch, {clashing} of them with something else in it",
            "To be prepared “{texture}”: {n} lunches, {clashing} of them with something else in it",
            each.count,
            texture=texture,
            clashing=each.clashing,
        )
    return _n(
        "To be prepared “{texture}”: {n} lunch",
        "To be prepared “{texture}”: {n} lunches",
        each.count,
        texture=texture,
    )


def _care(care: Sequence[CareLine]) -> list[Text]:
    return [NOTHING, bold(_("Take care:")), *map(care_line, care)] if care else []


def ahead_heading(count: KitchenCount) -> Text:
    """Say how much goes out with a lunch for a day on which the canteen is closed."""
    return _n(
        "And to go out with it for {day}: {n} lunch more",
        "And to go out with it for {day}: {n} lunches more",
        count.total,
        day=count.day,
    )


def _ahead(count: KitchenCount) -> list[Text]:
    said = [NOTHING, bold(ahead_heading(count)), *([guests] if (guests := guests_line(count.guests)) else [])]
    for part in count.kitchens:
        if part.halal:
            said.append(halal_heading(part))
        said += [*menu_of(part.menu), *map(_diet_line, part.diets), *map(preparation, part.preparations)]
    said += [unknown] if (unknown := unknown_words(count)) else []
    return [*said, *check_lines(count.check), *map(care_line, count.care)]
