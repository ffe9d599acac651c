"""Signing in at the desk, in the chat: by a tap, by number, by name or by the code of a card."""

from __future__ import annotations

from datetime import date

from handlers import deskcard
from handlers.chat import (
    Button,
    Chat,
    Choice,
    Unclear,
    button,
    command,
    explains,
    overhears,
    press,
)
from handlers.desk_enter import AT_THE_DESK, PAGE, STAFF, Entered, Kind, enter, follow_up, who_keys
from handlers.desk_find import Asked, Several, find, read
from handlers.places import which_canteen
from handlers.seniornames import label
from handlers.text import PageLink, Text, _, _n, lines
from models import desk as rules
from models.boards import BoardKey
from models.canteens import Canteen
from models.cards import shown_to
from models.desk import Desk, Signed
from models.meals import Meal
from models.people import Role
from models.refusals import CardUnknown, DeskShut, Gone, NoSpareLunch
from models.routes import Kind as Work
from models.seniors import Senior
from models.serving import LINGER, is_staff, must_serve, shift_now


@command(
    "signin",
    for_=STAFF,
    help=_("Sign in who comes to lunch"),
    phrases=_("sign in|who has come|who came to lunch|desk"),
)
async def signin(chat: Chat) -> None:
    """Show the card of today's desk; numbers or a name after the command are signed in at once."""
    canteen = await which_canteen(chat, Role.KITCHEN, Role.COORDINATOR)
    if chat.args:
        await _typed(chat, canteen.id, chat.args)
        return
    deskcard.show(chat, await Desk.of(canteen.id, chat.now), fresh=True)


@button("desk_open", for_=AT_THE_DESK)
async def open_desk(chat: Chat, canteen_id: int) -> None:
    """Show the card of today's desk to who has come to help there."""
    await must_serve(chat.person, canteen_id, chat.now)
    deskcard.show(chat, await Desk.of(canteen_id, chat.now), fresh=True)


@button("desk", for_=AT_THE_DESK)
async def show_desk(chat: Chat, canteen_id: int, day: date, page: int) -> None:
    """Show the card where it stands, with some of the names."""
    await must_serve(chat.person, canteen_id, chat.now)
    desk = await Desk.of(canteen_id, chat.now)
    if desk.day != day:
        raise DeskShut(day)
    deskcard.show(chat, desk, page=page)


@button("desk_in", for_=AT_THE_DESK)
async def came(chat: Chat, meal_id: int) -> None:
    """Sign a guest in who stands here."""
    await _say_done(chat, await rules.sign_in(meal_id, chat.person, chat.tapped_at, chat.now))


@button("desk_who", for_=AT_THE_DESK)
async def who_fetches(chat: Chat, meal_id: int) -> None:
    """Ask who picks a lunch up: only who comes in person was seen."""
    meal = await Meal.get_or_none(id=meal_id)
    if meal is None:
        raise Gone
    await must_serve(chat.person, meal.canteen_id, chat.now)
    senior = await Senior.get(id=meal.senior_id)
    chat.say(
        _("Who picks up the lunch of {who}?", who=label(senior)),
        buttons=[*who_keys(meal), press(_("Back to the desk"), "desk", meal.canteen_id, meal.day, 0)],
        card=deskcard.card_of(meal.canteen_id, meal.day),
        reveals=f"name of senior {senior.id}",
    )


@button("desk_fetched", for_=AT_THE_DESK)
async def fetched(chat: Chat, meal_id: int) -> None:
    """Write down that somebody else fetched a lunch: its senior was not seen."""
    await _say_done(chat, await rules.sign_in(meal_id, chat.person, chat.tapped_at, chat.now, other=True))


@button("desk_extra", for_=AT_THE_DESK)
async def without_order(chat: Chat, senior_id: int) -> None:
    """Let a senior eat who has no lunch ordered today."""
    await _say_done(chat, await rules.walk_in(senior_id, chat.person, chat.tapped_at, chat.now))


@button("desk_undo", for_=AT_THE_DESK)
async def undo(chat: Chat, meal_id: int) -> None:
    """Take a sign-in back."""
    await _say_done(chat, await rules.undo(meal_id, chat.person, chat.now), undoable=False)


@button("desk_guests", for_=AT_THE_DESK)
async def count_guests(chat: Chat, canteen_id: int, day: date, count: int) -> None:
    """Set how many ate without a name."""
    await rules.set_guests(canteen_id, day, count, chat.person, chat.now)
    desk = await Desk.of(canteen_id, chat.now)
    deskcard.show(chat, desk)
    await deskcard.refresh(chat, desk, but=chat.person)


@button("desk_page", for_=AT_THE_DESK)
async def open_page(chat: Chat, canteen_id: int) -> None:
    """Give a personal link to the page of the desk."""
    await must_serve(chat.person, canteen_id, chat.now)
    desk = await Desk.of(canteen_id, chat.now)
    until = max(desk.closes_at, desk.service_day.finish_at)
    shift = await shift_now(chat.person.id, Work.DESK, chat.now, canteen_id)
    if shift is not None and not await is_staff(chat.person.id, canteen_id):
        until = shift.ends_at + LINGER
    secret = await BoardKey.make(chat.person, canteen_id, PAGE, until, chat.now)
    chat.say(
        lines(
            _("The desk page, for a tablet or a phone at the door:"),
            _("{link}", link=PageLink(PAGE, secret)),
            _("The link is for you alone and works once. The page closes after lunch."),
        ),
        buttons=[press(_("Close the page everywhere"), "desk_shut")],
        zone=desk.canteen.zone,
        expires=until,
    )


@button("desk_shut", for_=AT_THE_DESK)
async def shut_page(chat: Chat) -> None:
    """Close the page on every device where this person has it open."""
    n = await BoardKey.revoke_all(chat.person, PAGE, chat.now)
    chat.say(_n("{n} page is closed now.", "{n} pages are closed now.", n))


# --------------------------------------------------------------------------------------------- what is typed


async def _say_done(chat: Chat, done: Signed, *, undoable: bool = True) -> None:
    await follow_up(chat, done)
    desk = await Desk.of(done.meal.canteen_id, chat.now)
    said = deskcard.signed(done.meal, done.senior, desk.canteen.zone)
    deskcard.show(chat, desk, done=said, last=done.meal if undoable else None)
    await deskcard.refresh(chat, desk, but=chat.person)


async def _typed(chat: Chat, canteen_id: int, text: str) -> None:
    await must_serve(chat.person, canteen_id, chat.now)
    desk = await Desk.of(canteen_id, chat.now)
    asked = read(text)
    try:
        seniors = await find(chat, canteen_id, asked)
    except Several as several:
        # Asked before anything is written: two people of one name are never taken for each other.
        by_id = {str(senior.id): senior for senior in several.seniors}
        choices = [Choice(value, label(senior)) for value, senior in by_id.items()]
        seniors = [by_id[await chat.ask("who", _("Which one is it?"), choices=choices)]]
    except Unclear as unclear:
        chat.say(unclear.text)
        return
    entered = [await enter(chat, desk, senior, extra=asked.extra) for senior in seniors]
    await _say_entered(chat, canteen_id, entered)


async def _say_entered(chat: Chat, canteen_id: int, entered: list[Entered]) -> None:
    desk = await Desk.of(canteen_id, chat.now)
    open_ = [one for one in entered if one.kind in (Kind.WHO, Kind.NO_ORDER)]
    for one in open_:
        chat.say(
            one.said,
            buttons=_ways_on(one),
            zone=desk.canteen.zone,
            # Alone it takes the card's place, and gives it back when it is answered.
            card=deskcard.card_of(canteen_id, desk.day) if len(entered) == 1 else None,
            fresh=True,
            reveals=f"name of senior {one.senior.id}",
        )
    if open_ and len(entered) == 1:
        return
    done = [one for one in entered if one not in open_]
    said = lines(*(one.said for one in done)) if done else None
    deskcard.show(chat, desk, done=said, last=done[0].meal if len(done) == 1 else None, fresh=True)
    if any(one.kind is Kind.DONE for one in done):
        await deskcard.refresh(chat, desk, but=chat.person)


def _ways_on(one: Entered) -> list[Button]:
    if one.kind is Kind.WHO and one.meal is not None:
        return who_keys(one.meal)
    return [press(_("Sign in without an order"), "desk_extra", one.senior.id)]


@overhears
async def typed_at_the_desk(chat: Chat, text: str) -> bool:
    """Sign in whom somebody names who has today's desk before them."""
    if not chat.roles & AT_THE_DESK:
        return False
    desks = [one for role in (Role.COORDINATOR, Role.KITCHEN) for one in await chat.person.canteens(role)]
    shift = await shift_now(chat.person.id, Work.DESK, chat.now)
    if shift is not None:
        desks.append(await Canteen.get(id=shift.canteen_id))
    for canteen in desks:
        card = deskcard.card_of(canteen.id, canteen.today(chat.now))
        if await shown_to(chat.person, card) and await _means_somebody(chat, canteen.id, text):
            await _typed(chat, canteen.id, text)
            return True
    return False


async def _means_somebody(chat: Chat, canteen_id: int, text: str) -> bool:
    try:
        asked: Asked = read(text)
        if len(asked.name) == 1:
            return False
        if asked.name:
            await find(chat, canteen_id, asked)
    except Several:
        return True
    except Unclear:
        return False
    return True


@explains(DeskShut)
def desk_shut(refusal: DeskShut) -> Text:
    return _(
        "Nobody can be signed in for {day}: the desk opens when that day's orders are closed,"
        " and is open on that day only.",
        day=refusal.day,
    )


@explains(NoSpareLunch)
def no_spare_lunch(refusal: NoSpareLunch) -> Text:
    return _(
        "I am sorry, the kitchen has no lunch left for guests without an order: it keeps {n} a day."
        " Please ask the kitchen; the number is under /settings",
        n=refusal.spare,
    )


@explains(CardUnknown)
def card_unknown(_refusal: CardUnknown) -> Text:
    return _("This card is not one of ours, or a newer one has taken its place. Please write the name.")
