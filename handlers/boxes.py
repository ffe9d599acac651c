"""Boxes that come back: noted at the door, counted, and written off by the coordinator."""

from __future__ import annotations

from handlers import doorcard, today
from handlers.chat import COORDINATOR, VOLUNTEER, Chat, button, explains
from handlers.senior_card import refresh
from handlers.text import Text, _, _n
from models.boxes import BoxReturn
from models.meals import Meal
from models.refusals import NoBoxes
from models.rounds import Round
from models.seniors import Senior


@button("box_back", for_=VOLUNTEER)
async def note(chat: Chat, meal_id: int, count: int) -> None:
    """Note how many boxes came back at a door; the card stays where it is."""
    await _note(chat, meal_id, count, full=False)


@button("box_full", for_=VOLUNTEER)
async def note_full(chat: Chat, meal_id: int) -> None:
    """Note that a box came back as full as it went: a week of such signs raises a hand."""
    await _note(chat, meal_id, 1, full=True)


async def _note(chat: Chat, meal_id: int, count: int, *, full: bool) -> None:
    await BoxReturn.note(meal_id, count, chat.person, chat.now, full=full)
    meal = await Meal.get(id=meal_id)
    await today.refresh(chat, meal.canteen_id, meal.day)
    round_ = await Round.with_meal(meal, chat.person, chat.now)
    if round_ is None:
        return
    door = round_.door_of(meal_id)
    await doorcard.show(chat, round_, door if door is not None and door.open else round_.next_open())


@button("boxes_off", for_=COORDINATOR)
async def write_off(chat: Chat, senior_id: int) -> None:
    """Count the boxes of a door as back, or as lost."""
    senior = await Senior.coordinated(senior_id, chat.person)
    count = await BoxReturn.write_off(senior, chat.person, chat.now)
    chat.say(
        _n("Done. {n} box of {name} is not counted any more.",
           "Done. {n} boxes of {name} are not counted any more.", count, name=senior.display)
    )  # fmt: skip
    await refresh(chat, senior)


@explains(NoBoxes)
def no_boxes(_refusal: NoBoxes) -> Text:
    return _("The boxes of this canteen are not counted. The coordinator can change that under /settings")
