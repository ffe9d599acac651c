"""With whom is the lunch? What the card of a round asks where one was left with a neighbour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from handlers.answers import plain
from handlers.chat import Button, press
from handlers.text import Text, _
from models.doorwords import left_with, named_before
from models.kin import Kinship
from models.meals import MealState
from models.rounds import Door
from models.seniors import Senior

# What a family writes of somebody to call, in all our languages: "Ms Li, next door", "对门邻居".
NEXT_DOOR: Final = (
    "neighbour", "neighbor", "next door", "across the hall", "邻居", "隔壁", "对门", "街坊", "鄰居", "對門",
    "vecin", "de al lado",
)  # fmt: skip
OFFERED: Final = 3


async def known_neighbours(senior: Senior) -> list[Kinship]:
    """List who is on a senior's card as a neighbour, with their persons."""
    return [
        kin
        for kin in await Kinship.of(senior)
        if kin.person.name and any(word in plain(kin.relation or "") for word in NEXT_DOOR)
    ][:OFFERED]


async def names(after: Sequence[Door]) -> dict[int, str]:
    """Tell with whom lunches were left, by their meals, where somebody has named them."""
    words = await left_with(_with_a_neighbour(after))
    return {meal_id: word.neighbour for meal_id, word in words.items() if word.neighbour}


async def ask(after: Sequence[Door]) -> tuple[list[Text], list[Button]]:
    """Ask who has a lunch that was just left; the outcome is kept, and nobody has to answer."""
    texts: list[Text] = []
    buttons: list[Button] = []
    words = await left_with(_with_a_neighbour(after))
    for door in after:
        word = words.get(door.meal.id)
        if word is None or word.neighbour:
            continue
        texts.append(_("Who has {name}'s lunch now?", name=door.senior.display))
        known = await known_neighbours(door.senior)
        before = await named_before(word)
        if before is not None and before not in [kin.person.name for kin in known]:
            buttons.append(
                press(_("It is with {neighbour}", neighbour=before), "with_before", *_key(door, word.id))
            )
        buttons += [
            press(
                _("It is with {neighbour}", neighbour=kin.person.name or ""),
                "with_kin",
                *_key(door, word.id),
                kin.id,
            )
            for kin in known
        ]
        buttons.append(press(_("Somebody else: write the name"), "with_other", *_key(door, word.id)))
    return texts, buttons


def _key(door: Door, event_id: int) -> tuple[int, int]:
    return door.meal.id, event_id


def _with_a_neighbour(after: Sequence[Door]) -> list[int]:
    return [door.meal.id for door in after if door.meal.state is MealState.NEIGHBOUR]
