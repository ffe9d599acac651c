"""How is she today? Five faces at the door, for canteens that want them."""

from __future__ import annotations

from handlers import doorcard
from handlers.chat import VOLUNTEER, Chat, button, press
from handlers.text import Text, _
from models.meals import Meal
from models.refusals import NotOnRound
from models.rounds import Round
from models.wellbeing import LOW, WellBeing


@button("feels", for_=VOLUNTEER)
async def note(chat: Chat, meal_id: int, rating: int) -> None:
    """Note how somebody seemed; where that was poorly, offer to tell what is different."""
    senior = await WellBeing.note(meal_id, rating, chat.person, chat.tapped_at, chat.now)
    round_ = await Round.with_meal(await Meal.get(id=meal_id), chat.person, chat.now)
    if round_ is None or round_.claim is None:
        raise NotOnRound
    more = [press(_("What is different with {name}?", name=senior.display), "different", meal_id)]
    door = round_.door_of(meal_id)
    home = [] if door is None else round_.behind(door)
    await doorcard.show(
        chat,
        round_,
        round_.next_open(),
        after=home if len(home) > 1 else (),
        also=more if rating <= LOW else (),
    )


def seemed(name: str, rating: int) -> Text:
    """Say how somebody seemed, from 0 (very poor) to 4 (very well)."""
    match rating:
        case 0:
            return _("At the door {name} seemed very unwell.", name=name)
        case 1:
            return _("At the door {name} seemed unwell.", name=name)
        case 2:
            return _("At the door {name} seemed neither well nor unwell.", name=name)
        case 3:
            return _("At the door {name} seemed well.", name=name)
        case _:
            return _("At the door {name} seemed very well.", name=name)
