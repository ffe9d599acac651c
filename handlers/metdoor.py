"""Did you meet them? What the card of a round asks of a lunch that is brought back."""

from __future__ import annotations

from handlers.chat import Button, press
from handlers.text import Text, _, bold
from models.doorwords import unsure
from models.meals import MealState
from models.rounds import Round


async def ask(round_: Round) -> tuple[list[Text], list[list[Button]]]:
    """Ask of each lunch on its way back, on every card of the round, until somebody has answered.

    Left without an answer, somebody may lie behind that door.
    """
    back = {door.meal.id: door for door in round_.doors if door.meal.state is MealState.RETURNED}
    open_ = await unsure(back)
    asked = [(back[meal_id].senior.display, word) for meal_id, word in open_.items()]
    return (
        [bold(_("Did you meet {name}?", name=name)) for name, _word in asked],
        [
            [
                press(_("Met {name}", name=name), "met", word.meal_id, word.id),
                press(
                    _("Nobody answered: {name}", name=name), "at_door", word.meal_id,
                    MealState.NO_ANSWER.value,
                ),
            ]
            for name, word in asked
        ],
    )  # fmt: skip
