"""Which canteen is meant, for people who have several."""

from __future__ import annotations

from handlers.chat import Chat, Choice
from handlers.text import _, verbatim
from models.canteens import Canteen
from models.people import Role
from models.refusals import NotAllowed


async def which_canteen(chat: Chat, *roles: Role) -> Canteen:
    """Find the canteen where this person has one of these roles; asks when there are several.

    The one that was chosen for good by its [Work for …] button is not asked again. Raises NotAllowed when
    there is none.
    """
    mine = {canteen.id: canteen for role in roles for canteen in await chat.person.canteens(role)}
    return await _one_of(chat, list(mine.values()))


async def any_canteen(chat: Chat) -> Canteen:
    """Find the canteen that a newcomer means: the only one, the one chosen before, or the one they say."""
    return await _one_of(chat, await Canteen.all().order_by("id"))


async def canteen_of_anybody(chat: Chat) -> Canteen:
    """Find the canteen that somebody has to do with, in whatever role; a stranger may say any."""
    mine = {canteen.id: canteen for role in Role for canteen in await chat.person.canteens(role)}
    return await _one_of(chat, list(mine.values()) or await Canteen.all().order_by("id"))


async def _one_of(chat: Chat, canteens: list[Canteen]) -> Canteen:
    if not canteens:
        raise NotAllowed
    by_id = {str(canteen.id): canteen for canteen in canteens}
    if len(by_id) == 1:
        return canteens[0]
    kept = by_id.get(str(chat.person.canteen_id))
    if kept is not None:
        return kept
    choices = [Choice(value, verbatim(canteen.name)) for value, canteen in by_id.items()]
    return by_id[await chat.ask("canteen", _("Which canteen is it about?"), choices=choices)]
