"""What the family hears of a lunch: on asking, and when they wished to be told."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from handlers.chat import FAMILY, Chat, Mail, Priority, button, command, explains, press
from handlers.closurewords import notice
from handlers.feelings import seemed
from handlers.text import Text, _, lines
from handlers.twoclocks import it_was_there, it_will_be_there, where_you_are
from handlers.whom import is_theirs, which_senior
from models.canteens import Canteen
from models.kin import Scope
from models.lunches import Lunch, Standing
from models.meals import Meal, MealState
from models.messaging import OutboxMessage
from models.people import Membership, Role
from models.refusals import (
    CancelOnly,
    CanteenClosed,
    DaysBackwards,
    KitchenFrozen,
    NobodyFollowed,
    NoLunchThatDay,
    NotAllowed,
    NotPaused,
    OrdersClosed,
)
from models.seniors import Kinship, Mode, Senior
from models.wellbeing import WellBeing

FAMILY_AND_COORDINATOR: Final = FAMILY | {Role.COORDINATOR}

# What a machine may tell: somebody stood before the senior, or before who took the meal. That a door stayed
# shut, or a chair empty, is told by a human who has tried the telephone first.
TOLD_AS_SERVED: Final = frozenset({MealState.IN_PERSON, MealState.SIGNED_IN})
TOLD_TO_ALL: Final = frozenset({MealState.NEIGHBOUR, MealState.AT_DOOR, MealState.REFUSED, MealState.FETCHED})
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
    # To a stranger, a senior whom nobody knows and one whom they do not follow are the same.
    if senior is None or not await is_theirs(chat.person, senior):
        raise NotAllowed
    await _say_status(chat, senior)


async def _say_status(chat: Chat, senior: Senior) -> None:
    lunch = await Lunch.today(senior, chat.now)
    follows = senior in await Senior.followed_by(chat.person)
    coordinates = await Membership.holds(chat.person.id, senior.canteen_id, Role.COORDINATOR)
    if not coordinates and not await Kinship.may_know(senior.id, chat.person, Scope.STATUS):
        name = senior.display
        chat.say(_("How lunch stands with {name} is not told by message. Please call us.", name=name))
        return
    buttons = [press(_("Ask again"), "status", senior.id)] if lunch.still_open else []
    if follows:
        buttons.append(press(_("What I want to be told"), "told", senior.id))
    near = coordinates or await Kinship.may_know(senior.id, chat.person, Scope.HEALTH)
    rating = None if lunch.meal is None or not near else await WellBeing.of_meal(lunch.meal.id)
    noted = lunch.meal.state_at if lunch.meal is not None and lunch.standing is Standing.NOTED else None
    leaves = lunch.out_at if lunch.standing is Standing.EXPECTED and lunch.mode is Mode.DELIVERY else None
    chat.say(
        lines(
            lunch_words(lunch),
            None if noted is None else where_you_are(chat.person, noted, lunch.zone),
            None if leaves is None else it_will_be_there(chat.person.zone, leaves, lunch.zone),
            None if rating is None else seemed(senior.display, rating),
        ),
        zone=lunch.zone,
        buttons=buttons,
    )


def lunch_words(lunch: Lunch) -> Text:
    """Say how a lunch stands. Never a word on health, never that nobody answers."""
    return lines(
        _standing(lunch),
        notice(lunch.closure, lunch.canteen, lunch.news_at) if lunch.closure is not None else None,
        _("The next lunch is on {day}.", day=lunch.next_day)
        if lunch.next_day is not None and not lunch.still_open
        else None,
    )


def _standing(lunch: Lunch) -> Text:
    name, day = lunch.senior.display, lunch.day
    match lunch.standing:
        case Standing.NOT_ACTIVE:
            return _("{name} is registered. Lunch begins when the coordinator has said yes.", name=name)
        case Standing.CLOSED:
            return _("{name} has no lunch today, {day}.", name=name, day=day)
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
        case Standing.NOTED if (
            lunch.meal is not None and (said := outcome(lunch.meal, name, lunch.neighbour)) is not None
        ):
            return said
        case Standing.NOTED if lunch.mode is Mode.DELIVERY:
            return _not_yet(name)
        case _:
            return _(
                "We have no note yet of whether {name} had lunch on {day}. Please ask us by phone.",
                name=name,
                day=day,
            )


def outcome(meal: Meal, name: str, neighbour: str | None = None) -> Text | None:
    """Say what became of a meal, and which neighbour has it; None for what only a human should tell."""
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
        case MealState.FETCHED:
            return _(
                "{name}'s lunch was picked up by somebody else on {when}. We have not seen {name} in person.",
                name=name,
                when=when,
            )
        case MealState.NEIGHBOUR if neighbour:
            return _(
                "{name}'s lunch was left with {neighbour} on {when}. We have not seen {name} in person.",
                name=name,
                neighbour=neighbour,
                when=when,
            )
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
        if not kin.linked or not kin.may(Scope.STATUS):
            continue
        told = await _told(meal, kin.person_id)
        troubled = kin.tell_problems and kin.may(Scope.NOTICES) and meal.state in TOLD_TO_ALL
        wished = kin.tell_served or troubled
        if told[-1:] == [state] or not (told or (wished and news is not None)):
            continue
        text = news or _not_yet(senior.display)
        if told and told[-1] != OPEN:
            text = _("A correction, and we are sorry: {news}", news=text)
        mail.say(
            lines(text, where_you_are(kin.person, meal.state_at, canteen.zone))
            if news is not None and meal.state_at is not None
            else text,
            to=kin.person,
            zone=canteen.zone,
            priority=Priority.REMINDER,
            key=f"meal {meal.id} for {kin.person_id} {len(told) + 1} {state}",
        )


async def tell_neighbour(mail: Mail, meal: Meal, neighbour: str) -> None:
    """Name the neighbour to those who were told that a neighbour has the lunch."""
    senior = await Senior.get(id=meal.senior_id)
    for kin in await Kinship.of(senior):
        told = await _told(meal, kin.person_id) if kin.hears else []
        if told[-1:] == [meal.state.value]:
            mail.say(
                _("{neighbour} has {name}'s lunch.", neighbour=neighbour, name=senior.display),
                to=kin.person,
                priority=Priority.REMINDER,
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
    return lines(
        _(
            "The orders for {day} closed on {closed_on} at {clock}, so I can't change that lunch any more."
            " Please call us: a person may still find a way.",
            day=refusal.day,
            closed_on=closed_at.date(),
            clock=closed_at.time(),
        ),
        it_was_there(refusal.there, refusal.closed_at, refusal.zone),
    )


@explains(CancelOnly)
def cancel_only(refusal: CancelOnly) -> Text:
    """Name what can still be done."""
    until = refusal.closed_at.astimezone(ZoneInfo(refusal.zone))
    return lines(
        _(
            "The orders for {day} are closed. Until {clock} that day you can still call the lunch off with"
            " /skip. For anything else please call us.",
            day=refusal.day,
            clock=until.time(),
        ),
        it_will_be_there(refusal.there, refusal.closed_at, refusal.zone),
    )


@explains(KitchenFrozen)
def kitchen_frozen(refusal: KitchenFrozen) -> Text:
    """Name the hour from which on only a person can help."""
    since = refusal.closed_at.astimezone(ZoneInfo(refusal.zone))
    return lines(
        _(
            "Since {clock} the kitchen cooks for {day}, so I can't change that lunch any more."
            " Please call us: a person may still find a way.",
            day=refusal.day,
            clock=since.time(),
        ),
        it_was_there(refusal.there, refusal.closed_at, refusal.zone),
    )


@explains(NoLunchThatDay)
def no_lunch_that_day(refusal: NoLunchThatDay) -> Text:
    return _("There is no lunch on {day} anyway.", day=refusal.day)


@explains(CanteenClosed)
def canteen_closed(refusal: CanteenClosed) -> Text:
    if refusal.news_at is None:
        return _("The canteen is closed on {day}, so there is no lunch then.", day=refusal.day)
    at = refusal.news_at.astimezone(ZoneInfo(refusal.zone))
    return _(
        "The canteen is closed on {day}, so there is no lunch then. Next news by {on}, {clock}.",
        day=refusal.day,
        on=at.date(),
        clock=at.time(),
    )


@explains(DaysBackwards)
def days_backwards(_refusal: DaysBackwards) -> Text:
    return _(
        "Those days are over already, or the last one comes before the first. Please start again with /pause"
    )


@explains(NotPaused)
def not_paused(_refusal: NotPaused) -> Text:
    return _("Lunches are not paused then: they come as usual.")
