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
from models.roster import DietLine, KitchenCount, KitchenPart, Preparation

TOGETHER: Final = 40  # lines: a usual count is one message


def kitchen_pages(count: KitchenCount, day: ServiceDay, version: int | None = None) -> list[Text]:
    """Say what is to be cooked, and for whom the cooks must take care, in messages short enough to send."""
    said = [*_head(count, day, version), *check_lines(count.check), *_care(count)]
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
    ]
    if count.unknown:
        said.append(
            _n(
                "{n} × no diet on record: please ask before cooking ({short_ids})",
                "{n} × no diet on record: please ask before cooking ({short_ids})",
                count.unknown,
                short_ids=listed(count.unknown_ids),
            )
        )
    for part in halal:
        said += _halal(part)
    return said


def _halal(part: KitchenPart) -> list[Text]:
    return [
        NOTHING,
        bold(
            _n(
                "Halal kitchen: {n} lunch, in containers of its own",
                "Halal kitchen: {n} lunches, in containers of their own",
                part.total,
            )
        ),
        modes_line(part),
        *_menu(part.menu),
        *(_diet_line(line) for line in part.diets),
        *_preparations(part),
    ]


def _menu(served: Sequence[Served]) -> list[Text]:
    said = []
    for line, dishes in by_line(served):
        names = listed([one.name for one in dishes])
        said.append(
            _("On the menu: {dishes}", dishes=names)
            if line in (ORDINARY, HALAL)
            else _("On the menu, {line}: {dishes}", line=line_word(line), dishes=names)
        )
    return [*said, NOTHING] if said else []


def _diet_line(line: DietLine) -> Text:
    return _("{count} × {diet}", count=line.count, diet=kind_label(line))


def _preparations(part: KitchenPart) -> list[Text]:
    return [NOTHING, *map(_preparation, part.preparations)] if part.preparations else []


def _preparation(preparation: Preparation) -> Text:
    texture = TEXTURES.get(preparation.texture) or verbatim(preparation.texture)
    if preparation.clashing:
        return _n(
            "To be prepared “{texture}”: {n} lunch, {clashing} of them with something else in it",
            "To be prepared “{texture}”: {n} lunches, {clashing} of them with something else in it",
            preparation.count,
            texture=texture,
            clashing=preparation.clashing,
        )
    return _n(
        "To be prepared “{texture}”: {n} lunch",
        "To be prepared “{texture}”: {n} lunches",
        preparation.count,
        texture=texture,
    )


def _care(count: KitchenCount) -> list[Text]:
    if not count.care:
        return []
    return [
        NOTHING,
        bold(_("Take care:")),
        *(care_line(line) for line in count.care),
    ]


def _ahead(count: KitchenCount) -> list[Text]:
    """Say what goes out with a lunch for a day on which the canteen is closed."""
    return [
        NOTHING,
        bold(
            _n(
                "And to go out with it for {day}: {n} lunch more",
                "And to go out with it for {day}: {n} lunches more",
                count.total,
                day=count.day,
            )
        ),
        *(_diet_line(line) for line in count.diets),
        *(care_line(line) for line in count.care),
    ]
