"""Settings of the shifts: how many places a week one person may have."""

from __future__ import annotations

from typing import Final

from handlers.chat import COORDINATOR, Chat, Choice, button, press
from handlers.text import Text, _, _n, bold, lines
from models.canteens import Canteen
from models.people import Role

NO_LIMIT: Final = "0"


@button("set_shifts", for_=COORDINATOR)
async def shift_settings(chat: Chat, canteen_id: int) -> None:
    """Show the settings of the shifts."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    canteen = await Canteen.get(id=canteen_id)
    chat.say(
        lines(bold(_("Volunteers at {canteen}", canteen=canteen.name)), _limit(canteen)),
        buttons=[
            press(_("Shifts a week"), "set_week_limit", canteen.id),
            press(_("Back to the settings"), "settings", canteen.id),
        ],
        card=f"settings {canteen.id}",
        fresh=True,
    )


def _limit(canteen: Canteen) -> Text:
    if canteen.week_limit is None:
        return _("A volunteer may take as many shifts a week as they like.")
    return _n(
        "A volunteer may take {n} shift a week; what is still free two days before is open to all.",
        "A volunteer may take {n} shifts a week; what is still free two days before is open to all.",
        canteen.week_limit,
    )


@button("set_week_limit", for_=COORDINATOR)
async def set_week_limit(chat: Chat, canteen_id: int) -> None:
    """Ask how many shifts a week one volunteer may take, so that newcomers get a turn."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    picked = await chat.ask(
        "limit",
        _("How many shifts a week may one volunteer take, so that others get a turn, too?"),
        choices=[
            Choice(NO_LIMIT, _("As many as they like")),
            *(Choice(str(n), _("{n}", n=n)) for n in range(1, 6)),
        ],
    )
    limit = None if picked == NO_LIMIT else int(picked)
    canteen = await Canteen.change(canteen_id, by=chat.person, now=chat.now, week_limit=limit)
    chat.say(_limit(canteen), buttons=[press(_("Back to the settings"), "set_shifts", canteen_id)])
