"""The desk as a page, for a tablet at the door: tiles to tap, a box for numbers, names and cards."""

from __future__ import annotations

from datetime import date

from handlers import deskcard
from handlers.chat import Board, Unclear, View, act, page
from handlers.desk_enter import AT_THE_DESK, PAGE, Entered, Kind, enter, follow_up
from handlers.desk_find import find, read
from handlers.diets import diet_label
from handlers.text import Text, _, lines, listed
from models import desk as rules
from models.desk import Desk, Guest, Signed
from models.meals import Meal, MealState
from models.refusals import Gone
from models.seniors import Mode
from models.serving import is_staff, must_serve


@page(PAGE, for_=AT_THE_DESK)
async def desk_page(board: Board) -> View:
    """Show who is still to come and who has come."""
    await must_serve(board.person, board.canteen_id, board.now)
    desk = await Desk.of(board.canteen_id, board.now)
    # Who helps for a shift needs names and numbers; what somebody eats is the kitchen's to know.
    diets = await is_staff(board.person.id, board.canteen_id)
    return View(
        template="desk",
        live="desk_list",
        zone=desk.canteen.zone,
        reveals=deskcard.reveals(desk),
        data={
            "heading": deskcard.heading(desk),
            "count": deskcard.count(desk),
            "note": deskcard.note(desk) or "",
            "waiting": [_tile(guest, diets=diets) for guest in desk.waiting],
            "came": [_line(guest, desk) for guest in desk.guests if not guest.waiting],
            "guests": deskcard.others(desk),
            "others": desk.others,
            "day": desk.day.isoformat(),
        },
    )


def _tile(guest: Guest, *, diets: bool = False) -> dict[str, object]:
    senior = guest.senior
    diet = _("no diet on record") if guest.diet is None else diet_label(guest.diet)
    return {
        "meal": guest.meal.id,
        "short_id": senior.short_id,
        "name": senior.display,
        "ahead": _("Also the box for {days}", days=listed(guest.ahead)) if guest.ahead else "",
        "full": senior.name or "" if senior.called else "",
        "find": f"{senior.short_id} {senior.name or ''} {senior.called or ''}",
        "diet": diet if diets else "",
        "pick_up": guest.meal.mode is Mode.PICK_UP,
    }


def _line(guest: Guest, desk: Desk) -> dict[str, object]:
    at = deskcard.clock(guest.meal, desk.canteen.zone)
    return {
        **_tile(guest),
        "how": _("picked up by somebody else, {when}", when=at)
        if guest.meal.state is MealState.FETCHED
        else _("came, {when}", when=at),
    }


@act(PAGE, "sign_in")
async def sign_in(board: Board, meal_id: int, other: int) -> Text:
    """Sign a guest in; other: 1 when somebody else fetched the lunch."""
    if other not in (0, 1):
        raise Gone
    await _mine(board, meal_id)
    return await _done(
        board, await rules.sign_in(meal_id, board.person, board.tapped_at, board.now, other=other == 1)
    )


@act(PAGE, "undo")
async def undo(board: Board, meal_id: int) -> Text:
    """Take a sign-in back."""
    await _mine(board, meal_id)
    return await _done(board, await rules.undo(meal_id, board.person, board.now))


@act(PAGE, "guests")
async def guests(board: Board, day: date, count: int) -> Text:
    """Set how many ate without a name."""
    await rules.set_guests(board.canteen_id, day, count, board.person, board.now)
    desk = await Desk.of(board.canteen_id, board.now)
    await deskcard.refresh(board, desk)
    return deskcard.others(desk)


@act(PAGE, "typed")
async def typed(board: Board, text: str) -> Text:
    """Sign in whom somebody names, or whose card was read."""
    await must_serve(board.person, board.canteen_id, board.now)
    desk = await Desk.of(board.canteen_id, board.now)
    asked = read(text)
    seniors = await find(board, board.canteen_id, asked)
    entered = [await enter(board, desk, senior, extra=asked.extra) for senior in seniors]
    if any(one.kind is Kind.DONE for one in entered):
        await deskcard.refresh(board, await Desk.of(board.canteen_id, board.now))
    elif entered[0].kind is not Kind.ALREADY:
        raise Unclear(lines(*(_with_help(one) for one in entered)))
    return lines(*(_with_help(one) for one in entered))


def _with_help(one: Entered) -> Text:
    match one.kind:
        case Kind.WHO:
            return lines(one.said, _("Please tap it in the list."))
        case Kind.NO_ORDER:
            return _(
                "{why} To sign in all the same, write {how}", why=one.said, how=f"{one.senior.short_id}+"
            )
        case _:
            return one.said


async def _done(board: Board, done: Signed) -> Text:
    await follow_up(board, done)
    desk = await Desk.of(board.canteen_id, board.now)
    await deskcard.refresh(board, desk)
    return lines(deskcard.signed(done.meal, done.senior, desk.canteen.zone), deskcard.also(desk, done.meal))


async def _mine(board: Board, meal_id: int) -> None:
    """A page acts in its own canteen only, whatever else the person may do elsewhere. Raises Gone."""
    if not await Meal.filter(id=meal_id, canteen_id=board.canteen_id).exists():
        raise Gone
