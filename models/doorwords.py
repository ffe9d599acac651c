"""What was said about a door besides the outcome: whether somebody was met, and which neighbour has it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from models.meals import EventOrigin, Meal, MealEvent, MealState
from models.people import Person
from models.refusals import Gone
from models.rounds import Recorded, last_word, senior_at

# Said before a lunch went back, these tell by themselves whether somebody was met.
TELLING: Final = frozenset({MealState.NO_ANSWER, MealState.REFUSED})


async def unsure(meal_ids: Collection[int]) -> dict[int, MealEvent]:
    """Find the lunches brought back of which nobody has said whether somebody was met, each with that word.

    A sheet on paper was walked without us: whoever types it in has spoken with those who carried it.
    """
    if not meal_ids:
        return {}
    words: dict[int, list[MealEvent]] = {}
    for word in await MealEvent.filter(meal_id__in=meal_ids, voided_at=None).order_by("at", "id"):
        words.setdefault(word.meal_id, []).append(word)
    return {meal_id: said[-1] for meal_id, said in words.items() if _leaves_open(said)}


def _leaves_open(said: list[MealEvent]) -> bool:
    last = said[-1]
    if last.state is not MealState.RETURNED or last.met or last.origin is EventOrigin.PAPER:
        return False
    return len(said) == 1 or said[-2].state not in TELLING


async def say_met(meal_id: int, event_id: int, by: Person, now: datetime) -> Recorded:
    """Note that somebody was met where a lunch goes back; it is none the more seen as served.

    repeated: that was known, or another word counts by now. Raises Gone, NotOnRound.
    """
    senior = await senior_at(meal_id, by, now)
    meal = await Meal.get(id=meal_id)
    word = await MealEvent.get_or_none(id=event_id, meal_id=meal_id, state=MealState.RETURNED)
    if word is None:
        raise Gone
    last = await last_word(meal_id)
    known = bool(word.met) or last is None or last.id != word.id
    if not known:
        await MealEvent.filter(id=word.id).update(met=True)
    return Recorded(meal, senior, meal.state, news=False, repeated=known)


async def left_with(meal_ids: Collection[int]) -> dict[int, MealEvent]:
    """Find for lunches that are with a neighbour the word that says so; who it is may stand on it."""
    said = MealEvent.filter(meal_id__in=meal_ids, state=MealState.NEIGHBOUR, voided_at=None)
    return {word.meal_id: word for word in await said.order_by("at", "id")} if meal_ids else {}


async def named_before(word: MealEvent) -> str | None:
    """Tell whom somebody named the last time a lunch of the same senior was left with a neighbour."""
    meal = await Meal.get(id=word.meal_id)
    before = MealEvent.filter(
        meal__senior_id=meal.senior_id, state=MealState.NEIGHBOUR, voided_at=None, id__lt=word.id
    )
    named = await before.filter(neighbour__not_isnull=True).order_by("-id").first()
    return None if named is None else named.neighbour


async def neighbours_word(meal_id: int, event_id: int, by: Person, now: datetime) -> MealEvent:
    """Hold the word that left a lunch with a neighbour, for somebody who carries there now.

    Raises Gone, NotOnRound.
    """
    await senior_at(meal_id, by, now)
    word = await MealEvent.get_or_none(
        id=event_id, meal_id=meal_id, state=MealState.NEIGHBOUR, voided_at=None
    )
    if word is None:
        raise Gone
    return word


async def name_neighbour(word: MealEvent, name: str) -> bool:
    """Write down who has a lunch; the last name said is right. Tell whether it is news."""
    news = bool(word.neighbour != name)
    if news:
        word.neighbour = name
        await word.save(update_fields=["neighbour"])
    return news
