"""The round: one card that walks a volunteer from door to door."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from handlers import doorcard as card
from handlers import doors, files, meals, presence, today
from handlers.chat import (
    VOLUNTEER,
    Button,
    Chat,
    Mail,
    button,
    command,
    every,
    explains,
    press,
    still,
)
from handlers.text import Text, _
from models import doorwords, fileviews, rounds
from models.canteens import Canteen
from models.meals import Meal, MealState
from models.refusals import NotOnRound, TooLateToUndo
from models.rounds import Recorded, Round
from models.shifts import Claim, Shift


@command(
    "round",
    for_=VOLUNTEER,
    help=_("Walk today's round, door by door"),
    phrases=_("my round|start the round|where do I go"),
)
async def show_round(chat: Chat) -> None:
    """Show the first open door of the round."""
    round_ = await Round.of(chat.person, chat.now)
    if round_ is None:
        await _say_when(chat)
        return
    await rounds.must_not_be_alone(chat.person, round_.shift.id)
    await presence.note(chat, round_.claim)
    if round_.claim is not None:
        await rounds.start(round_.claim, chat.now)
    await card.show(chat, round_, round_.next_open(), fresh=True)


@button("door", for_=VOLUNTEER)
async def show_door(chat: Chat, shift_id: int, meal_id: int) -> None:
    """Show one door of the round."""
    round_ = await _my_round(chat, shift_id)
    await card.show(chat, round_, round_.door_of(meal_id) or round_.next_open())


@button("others", for_=VOLUNTEER)
async def show_other_outcomes(chat: Chat, shift_id: int, meal_id: int) -> None:
    """Offer what happens less often at a door; where several live, of each by itself."""
    round_ = await _my_round(chat, shift_id)
    door = round_.door_of(meal_id)
    if door is None:
        await card.show(chat, round_, round_.next_open())
        return
    rare = [state for state in card.OUTCOMES if state not in (MealState.IN_PERSON, MealState.NO_ANSWER)]
    home = round_.behind(door)
    keys: list[Button] = []
    for one in home:
        for state in rare:
            label = card.OUTCOMES[state]
            if len(home) > 1:
                label = _("{name}: {what}", name=one.senior.display, what=label)
            keys.append(press(label, "at_door", one.meal.id, state.value))
    keys.append(press(_("I can see someone down"), "down_at", meal_id))
    if door.residence is not None:
        keys.append(press(_("Note where this door is"), "door_is_here", meal_id))
    if round_.next_open() is not None:
        keys.append(press(_("Hand over what is left"), "hand_over", shift_id))
    keys.append(press(_("Back to the door"), "door", shift_id, meal_id))
    await card.say_door(chat, round_, door, keys)


@button("at_door", for_=VOLUNTEER)
async def record(chat: Chat, meal_id: int, outcome: str) -> None:
    """Write down what happened at a door, and go on to the next one."""
    state = _outcome(outcome)
    recorded = await rounds.record(meal_id, state, chat.person, chat.tapped_at, chat.now)
    await doors.follow(chat, recorded, state)
    await _after(chat, [recorded])


@button("at_home", for_=VOLUNTEER)
async def record_all(chat: Chat, meal_id: int, outcome: str) -> None:
    """Write down one thing of all who live behind a door."""
    state = _outcome(outcome)
    recorded = await rounds.at_home(meal_id, state, chat.person, chat.tapped_at, chat.now)
    for each in recorded:
        await doors.follow(chat, each, state)
    if recorded:
        await _after(chat, recorded)
        return
    round_ = await Round.with_meal(await Meal.get(id=meal_id), chat.person, chat.now)
    if round_ is not None:
        await card.show(chat, round_, round_.next_open())


def _outcome(said: str) -> MealState:
    if said not in {state.value for state in card.OUTCOMES}:
        raise NotOnRound
    return MealState(said)


@button("met", for_=VOLUNTEER)
async def met(chat: Chat, meal_id: int, event_id: int) -> None:
    """Note that somebody was met where the lunch goes back."""
    recorded = await doorwords.say_met(meal_id, event_id, chat.person, chat.now)
    if not recorded.repeated:
        await doors.met(chat, recorded)
        await today.refresh(chat, recorded.meal.canteen_id, recorded.meal.day)
    await _after(chat, [recorded])


@button("undo", for_=VOLUNTEER)
async def undo(chat: Chat, meal_id: int, event_id: int) -> None:
    """Take one word about a door back; tapped twice, it is the same word."""
    recorded = await rounds.undo(meal_id, event_id, chat.person, chat.now)
    if recorded.news:
        await doors.follow(chat, recorded, None)
    await _after(chat, [recorded], stay=True)


async def _after(chat: Chat, recorded: Sequence[Recorded], *, stay: bool = False) -> None:
    meal = recorded[0].meal
    news = [each.meal for each in recorded if each.news]
    for each in news:
        await meals.tell_family(chat, each)
    if news:
        await today.refresh(chat, meal.canteen_id, meal.day)
    round_ = await Round.with_meal(meal, chat.person, chat.now)
    if round_ is None:
        return
    await presence.note(chat, round_.claim)
    said = [door for each in recorded if (door := round_.door_of(each.meal.id)) is not None]
    door = said[0] if stay and said else round_.next_open()
    if door is None and round_.claim is not None and round_.claim.finished_at is None:
        await _finish(chat, round_)
    await card.show(chat, round_, door, after=[] if stay else said)


async def _finish(chat: Chat, round_: Round) -> None:
    assert round_.claim is not None
    await Shift.finish(round_.shift.id, chat.now)
    await today.refresh(chat, round_.shift.canteen_id, round_.shift.day)


async def _my_round(chat: Chat, shift_id: int) -> Round:
    round_ = await Round.of(chat.person, chat.now, shift_id)
    if round_ is None:
        raise NotOnRound
    return round_


async def _say_when(chat: Chat) -> None:
    coming = (
        await Claim.filter(
            person_id=chat.person.id, given_back_at=None, shift__starts_at__gt=chat.now, shift__state="open"
        )
        .order_by("shift__starts_at")
        .prefetch_related("shift")
        .first()
    )
    if coming is None:
        chat.say(
            _("You have no round now. Open places are under /shifts"),
            buttons=[press(_("Open places"), "/shifts")],
        )
        return
    canteen = await Canteen.get(id=coming.shift.canteen_id)
    chat.say(
        _(
            "Your next round starts {when}. One hour before, /round will show you the doors.",
            when=coming.shift.starts_at,
        ),
        zone=canteen.zone,
    )


@still("on_round")
async def may_still_see(claim_id: int, now: datetime) -> bool:
    """Tell whether a volunteer may still see the doors of a round."""
    return await Round.visible(claim_id, now)


@every(seconds=60)
async def hide_past_rounds(mail: Mail) -> None:
    """Take addresses away two hours after a round."""
    for claim in await rounds.to_hide(mail.now):
        await card.hide_round(mail, claim.shift, claim.person)
        for file in await fileviews.of_round(claim, mail.now):
            await files.hide(mail, file, claim.person)


@explains(NotOnRound)
def _not_on_round(_refusal: NotOnRound) -> Text:
    return _("This round is not yours just now, so nothing was changed. Your own rounds are under /my")


@explains(TooLateToUndo)
def _too_late(_refusal: TooLateToUndo) -> Text:
    return _(
        "More than ten minutes have passed. Please tell the coordinator what really happened, or write 0."
    )
