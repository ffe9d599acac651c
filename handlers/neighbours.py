"""Who has the lunch: the neighbour's name, in one tap where it is known. The outcome stands without it."""

from __future__ import annotations

from handlers import answers, doorcard, leftwith, meals, today
from handlers.casecard import tell_coordinators
from handlers.chat import VOLUNTEER, Chat, button
from handlers.text import _
from models import doorwords
from models.cases import Case, CaseKind
from models.meals import Meal, MealEvent, MealState
from models.refusals import Gone
from models.rounds import Round
from models.seniors import Senior


@button("with_kin", for_=VOLUNTEER)
async def with_known(chat: Chat, meal_id: int, event_id: int, kin_id: int) -> None:
    """Name a neighbour who is on the senior's card."""
    word = await doorwords.neighbours_word(meal_id, event_id, chat.person, chat.now)
    meal = await Meal.get(id=meal_id)
    known = await leftwith.known_neighbours(await Senior.get(id=meal.senior_id))
    kin = next((one for one in known if one.id == kin_id), None)
    if kin is None:
        raise Gone
    await _name(chat, meal, word, kin.person.name or "")


@button("with_before", for_=VOLUNTEER)
async def with_the_same(chat: Chat, meal_id: int, event_id: int) -> None:
    """Name whoever had a lunch of this senior the last time."""
    word = await doorwords.neighbours_word(meal_id, event_id, chat.person, chat.now)
    name = await doorwords.named_before(word)
    if name is None:
        raise Gone
    await _name(chat, await Meal.get(id=meal_id), word, name)


@button("with_other", for_=VOLUNTEER)
async def with_another(chat: Chat, meal_id: int, event_id: int) -> None:
    """Take down the name of another neighbour."""
    word = await doorwords.neighbours_word(meal_id, event_id, chat.person, chat.now)
    name = await chat.ask("name", _("Who has the lunch? Please write the name."), answers.words)
    await _name(chat, await Meal.get(id=meal_id), word, name, fresh=True)


async def _name(chat: Chat, meal: Meal, word: MealEvent, name: str, *, fresh: bool = False) -> None:
    if await doorwords.name_neighbour(word, name) and meal.state is MealState.NEIGHBOUR:
        await meals.tell_neighbour(chat, meal, name)
        open_ = Case.filter(senior_id=meal.senior_id, day=meal.day, kind=CaseKind.NO_ANSWER, closed_at=None)
        case = await open_.first()
        if case is not None:
            await case.note("left with", chat.person, chat.now, name)
            await tell_coordinators(chat, case, fresh=False)
        await today.refresh(chat, meal.canteen_id, meal.day)
    round_ = await Round.with_meal(meal, chat.person, chat.now)
    if round_ is not None:
        door = round_.door_of(meal.id)
        after = () if door is None else (door,)
        await doorcard.show(chat, round_, round_.next_open(), after=after, fresh=fresh)
