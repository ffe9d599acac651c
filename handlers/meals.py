"""What the family hears of a lunch: on asking, and when they wished to be told."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from handlers.chat import FAMILY, Chat, Mail, Priority, button, command, explains, press
from handlers.text import Text, _, lines
from handlers.whom import is_theirs, which_senior
from models.canteens import Canteen
from models.lunches import Lunch, Standing
from models.meals import Meal, MealState
from models.messaging import OutboxMessage
from models.people import Role
from models.refusals import (
    DaysBackwards,
    Gone,
    NobodyFollowed,
    NoLunchThatDay,
    NotAllowed,
    NotPaused,
    OrdersClosed,
)
from models.seniors import Kinship, Mode, Senior

FAMILY_AND_COORDINATOR: Final = FAMILY | {Role.COORDINATOR}

# What a machine may tell: somebody stood before the senior, or before who took the meal. That a door stayed
# shut, or a chair empty, is told by a human who has tried the telephone first.
TOLD_AS_SERVED: Final = frozenset({MealState.IN_PERSON, MealState.SIGNED_IN})
TOLD_TO_ALL: Final = frozenset({MealState.NEIGHBOUR, MealState.AT_DOOR, MealState.REFUSED})
OPEN: Final = "open"


@command(
    "status",
    for_=FAMILY_AND_COORDINATOR,
    help=_("See how today's lunch is going"),
    phrases=_(
        "did…eat|has…eaten|have…eaten|did…have lunch|has…had lunch|did…get lunch|has lunch arrived"
        "|did lunch arrive|where is lunch|how is lunch|how is mum|how is dad|how is my mother"
        "|how is my father|lunch status"
    ),
)
async def status(chat: Chat) -> None:
    """Say of every senior whom the person follows how it stands; a coordinator may ask for anyone."""
    followed = await Senior.followed_by(chat.person)
    if Role.COORDINATOR in chat.roles and (chat.args or not followed):
        whose = _("Whose lunch? Please write the name, or the number, such as A17.")
        followed = [await which_senior(chat, whose)]
    if not followed:
        chat.say(
            _("You do not follow anybody's lunch yet."),
            buttons=[press(_("Register a senior"), "/register")],
        )
    for senior in followed:
        await _say_status(chat, senior)


@button("status", for_=FAMILY_AND_COORDINATOR)
async def status_of(chat: Chat, senior_id: int) -> None:
    """Say how it stands now."""
    senior = await Senior.get_or_none(id=senior_id)
    if senior is None:
        raise Gone
    if not await is_theirs(chat.person, senior):
        raise NotAllowed
    await _say_status(chat, senior)


async def _say_status(chat: Chat, senior: Senior) -> None:
    lunch = await Lunch.today(senior, chat.now)
    buttons = [press(_("Ask again"), "status", senior.id)] if lunch.still_open else []
    if senior in await Senior.followed_by(chat.person):
        buttons.append(press(_("What I want to be told"), "told", senior.id))
    chat.say(lunch_words(lunch), zone=lunch.zone, buttons=buttons)


def lunch_words(lunch: Lunch) -> Text:
    """Say how a lunch stands. Never a word on health, never that nobody answers."""
    return lines(
        _standing(lunch),
        _("The next lunch is on {day}.", day=lunch.next_day)
        if lunch.next_day is not None and not lunch.still_open
        else None,
    )


def _standing(lunch: Lunch) -> Text:
    name, day = lunch.senior.display, lunch.day
    match lunch.standing:
        case Standing.NOT_ACTIVE:
            return _("{name} is registered. Lunch begins when the coordinator has said yes.", name=name)
        case Standing.NO_SERVICE:
            return _("The canteen does not cook today, {day}.", day=day)
        case Standing.NOT_ORDERED:
            return _("{name} has no lunch with us today, {day}.", name=name, day=day)
        case Standing.PAUSED if lunch.pause is not None and lunch.pause.ends is not None:
            return _(
                "{name} has no lunch today: lunches are paused until the end of {day}.",
                name=name,
                day=lunch.pause.ends,
            )
        case Standing.PAUSED:
            return _("{name} has no lunch today: lunches are paused until you write /resume.", name=name)
        case Standing.SKIPPED:
            return _("{name} has no lunch today: it was called off for {day}.", name=name, day=day)
        case Standing.ON_ITS_WAY if lunch.mode is Mode.DELIVERY:
            return _("{name}'s lunch is on its way. It has not been handed over yet.", name=name)
        case Standing.EXPECTED if lunch.mode is Mode.DELIVERY and lunch.out_at is not None:
            return _(
                "{name} is on today's list. The lunches leave the canteen on {when}.",
                name=name,
                when=lunch.out_at,
            )
        case Standing.EXPECTED | Standing.ON_ITS_WAY:
            return _("{name} is on today's list. Nothing has been noted yet.", name=name)
        case Standing.NOTED if lunch.meal is not None and (said := outcome(lunch.meal, name)) is not None:
            return said
        case Standing.NOTED if lunch.mode is Mode.DELIVERY:
            return _not_yet(name)
        case _:
            return _(
                "We have no note yet of whether {name} had lunch on {day}. Please ask us by phone.",
                name=name,
                day=day,
            )


def outcome(meal: Meal, name: str) -> Text | None:
    """Say what became of a meal; None for what only a human should tell."""
    # What was typed in from paper has a day and no hour.
    when = meal.state_at or meal.day
    match meal.state:
        case MealState.IN_PERSON if meal.mode is Mode.PICK_UP:
            return _("{name}'s lunch was picked up on {when}.", name=name, when=when)
        case MealState.IN_PERSON:
            return _("{name}'s lunch was handed over in person on {when}.", name=name, when=when)
        case MealState.SIGNED_IN if meal.mode is Mode.PICK_UP:
            return _("{name}'s lunch was picked up on {when}.", name=name, when=when)
        case MealState.SIGNED_IN:
            return _("{name} came to the canteen for lunch on {when}.", name=name, when=when)
        case MealState.NEIGHBOUR:
            return _(
                "{name}'s lunch was left with a neighbour on {when}. We have not seen {name} in person.",
                name=name,
                when=when,
            )
        case MealState.AT_DOOR:
            return _(
                "{name}'s lunch was left at the door on {when}. We have not seen {name} in person.",
                name=name,
                when=when,
            )
        case MealState.REFUSED:
            return _("{name} did not want the lunch that was brought on {when}.", name=name, when=when)
        case _:
            return None


def _not_yet(name: str) -> Text:
    return _("{name}'s lunch has not been handed over yet.", name=name)


async def tell_family(mail: Mail, meal: Meal) -> None:
    """Tell those who wished it what became of a meal, once; what is no longer true is corrected."""
    senior = await Senior.get(id=meal.senior_id)
    canteen = await Canteen.get(id=meal.canteen_id)
    news = outcome(meal, senior.display) if meal.state in TOLD_AS_SERVED | TOLD_TO_ALL else None
    state = OPEN if news is None else meal.state.value
    for kin in await Kinship.of(senior):
        if not kin.linked:
            continue
        told = await _told(meal, kin.person_id)
        wished = kin.tell_served or (kin.tell_problems and meal.state in TOLD_TO_ALL)
        if told[-1:] == [state] or not (told or (wished and news is not None)):
            continue
        text = news or _not_yet(senior.display)
        if told and told[-1] != OPEN:
            text = _("A correction, and we are sorry: {news}", news=text)
        mail.say(
            text,
            to=kin.person,
            zone=canteen.zone,
            priority=Priority.REMINDER,
            key=f"meal {meal.id} for {kin.person_id} {len(told) + 1} {state}",
        )


async def _told(meal: Meal, person_id: int) -> list[str]:
    """List what a person was told of a meal, in order; the keys of the messages remember it."""
    said = OutboxMessage.filter(person_id=person_id, key__startswith=f"meal {meal.id} for {person_id} ")
    keys = [str(row[0]) for row in await said.order_by("id").values_list("key")]
    return [key.rpartition(" ")[2] for key in keys]


@explains(NobodyFollowed)
def nobody_followed(_refusal: NobodyFollowed) -> Text:
    return _(
        "Nobody whom you follow has lunch with us yet."
        " As soon as the coordinator has said yes, this will work."
    )


@explains(OrdersClosed)
def orders_closed(refusal: OrdersClosed) -> Text:
    """Name the hour; the human's phone number stands below every message to a family."""
    closed_at = refusal.closed_at.astimezone(ZoneInfo(refusal.zone))
    return _(
        "The orders for {day} closed on {closed_on} at {clock}, so I can't change that lunch any more."
        " Please call us: a person may still find a way.",
        day=refusal.day,
        closed_on=closed_at.date(),
        clock=closed_at.time(),
    )


@explains(NoLunchThatDay)
def no_lunch_that_day(refusal: NoLunchThatDay) -> Text:
    return _("There is no lunch on {day} anyway.", day=refusal.day)


@explains(DaysBackwards)
def days_backwards(_refusal: DaysBackwards) -> Text:
    return _(
        "Those days are over already, or the last one comes before the first. Please start again with /pause"
    )


@explains(NotPaused)
def not_paused(_refusal: NotPaused) -> Text:
    return _("Lunches are not paused then: they come as usual.")
