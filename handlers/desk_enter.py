"""One senior at the desk: signed in, or what has to be asked first; the same in the chat and on the page."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from handlers import casecard, deskcard, meals, today
from handlers.chat import Board, Button, Chat, press
from handlers.seniornames import label
from handlers.text import Text, _
from models import desk as rules
from models.desk import CAME, Desk, Signed
from models.meals import Meal, MealState
from models.people import Membership, Role
from models.seniors import Mode, Senior

STAFF: Final = frozenset({Role.KITCHEN, Role.COORDINATOR})
AT_THE_DESK: Final = STAFF | {Role.VOLUNTEER}  # volunteers while they have a shift there
PAGE: Final = "desk"


class Kind(Enum):
    """What came of a name at the desk."""

    DONE = "done"
    ALREADY = "already"
    WHO = "who"
    NO_ORDER = "no order"


@dataclass(frozen=True, slots=True)
class Entered:
    """What came of one senior: who, how, and in words."""

    kind: Kind
    senior: Senior
    meal: Meal | None
    said: Text


async def enter(at: Chat | Board, desk: Desk, senior: Senior, *, extra: bool) -> Entered:
    """Sign one senior in, if nothing has to be asked first."""
    meal, zone = await Meal.of(senior.id, desk.day), desk.canteen.zone
    if meal is not None and meal.state in CAME:
        said = _("{done} (noted before)", done=deskcard.signed(meal, senior, zone))
        return Entered(Kind.ALREADY, senior, meal, said)
    ordered = meal is not None and meal.state is not MealState.CANCELLED and meal.mode is not Mode.DELIVERY
    if not ordered and not extra:
        who = await _named(senior, at)
        said = (
            _("The lunch of {who} is brought home today.", who=who)
            if meal is not None and meal.mode is Mode.DELIVERY and meal.state is not MealState.CANCELLED
            else _("{who} has no lunch ordered for today.", who=who)
        )
        return Entered(Kind.NO_ORDER, senior, meal, said)
    if ordered and meal is not None and meal.mode is Mode.PICK_UP:
        return Entered(Kind.WHO, senior, meal, _("Who picks up the lunch of {who}?", who=label(senior)))
    if ordered and meal is not None:
        done = await rules.sign_in(meal.id, at.person, at.tapped_at, at.now)
    else:
        done = await rules.walk_in(senior.id, at.person, at.tapped_at, at.now)
    await follow_up(at, done)
    return Entered(Kind.DONE, senior, done.meal, deskcard.signed(done.meal, senior, zone))


async def _named(senior: Senior, at: Chat | Board) -> Text | str:
    """Name somebody who is not expected at the table: to the kitchen by number only (GDPR Art. 5)."""
    coordinates = await Membership.holds(at.person.id, senior.canteen_id, Role.COORDINATOR)
    return label(senior) if coordinates else senior.short_id


async def follow_up(at: Chat | Board, done: Signed) -> None:
    """Tell whoever must know that somebody came, or did not after all."""
    if done.news:
        await meals.tell_family(at, done.meal)
        await today.refresh(at, done.meal.canteen_id, done.meal.day)
    if done.case is not None:
        await casecard.tell_coordinators(at, done.case, fresh=done.case.closed_at is None)


def who_keys(meal: Meal) -> list[Button]:
    """Make the buttons for who picks a lunch up."""
    return [
        press(_("She or he came in person"), "desk_in", meal.id),
        press(_("Somebody else picks it up"), "desk_fetched", meal.id),
    ]
