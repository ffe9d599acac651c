"""The menu: everybody sees it, asks for it every morning, and gets it on paper."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from handlers.chat import (
    ANYONE,
    Button,
    Chat,
    Keyboard,
    Mail,
    Priority,
    Sheet,
    button,
    command,
    every,
    explains,
    paper,
    press,
)
from handlers.menuwords import MAY_CHANGE, dish_words, line_word, menu_lines, week_words
from handlers.places import canteen_of_anybody
from handlers.text import NOTHING, Text, _, bold, lines
from models.calendar import ServiceDay
from models.canteens import Canteen
from models.clashes import by_line
from models.dishes import must_cook
from models.menumail import DAILY, WEEKLY, Letter, MenuSetting, MenuWish, may_read
from models.menus import ORDINARY, Served, menus, monday_of
from models.people import Person, Role
from models.refusals import Gone, MenuHidden, NotAllowed

AT_ONCE: Final = 5  # canteens, each with all its readers, in one transaction
NO_MORE: Final = "no"
SUNDAY: Final = timedelta(days=6)


@command(
    "menu",
    for_=ANYONE,
    help=_("What there is for lunch, today and this week"),
    phrases=_("menu|what is for lunch|what's for lunch|what do we eat"),
)
async def menu_of_the_week(chat: Chat) -> None:
    """Show today's menu, and that of the week."""
    canteen = await canteen_of_anybody(chat)
    coming = await ServiceDay.coming(canteen.id, chat.now)
    await _show(chat, canteen, coming[0].day if coming else canteen.today(chat.now))


@button("menu_week", for_=ANYONE)
async def menu_of_another_week(chat: Chat, canteen_id: int, day: date) -> None:
    """Show the menu of the week of a day."""
    await _show(chat, await _canteen(canteen_id), day)


async def _canteen(canteen_id: int) -> Canteen:
    canteen = await Canteen.get_or_none(id=canteen_id)
    if canteen is None:
        raise Gone
    return canteen


async def _show(chat: Chat, canteen: Canteen, day: date) -> None:
    await may_read(chat.person, canteen.id)
    today = canteen.today(chat.now)
    first = max(day, today) if monday_of(day) == monday_of(today) else monday_of(day)
    days = await _days(canteen, first)
    chat.say(
        week_words(_("The menu of {canteen}", canteen=canteen.name), days)
        if days
        else _("No menu has been entered yet for the week of {day}.", day=monday_of(day)),
        buttons=await _keys(chat, canteen, monday_of(day), has=bool(days)),
    )


async def _days(canteen: Canteen, first: date) -> dict[date, list[Served]]:
    """Read the menus from a day to the end of its week."""
    found = await menus([canteen.id], first, monday_of(first) + SUNDAY)
    return {day: served for (_id, day), served in found.items()}


async def _keys(chat: Chat, canteen: Canteen, monday: date, *, has: bool) -> Keyboard:
    keys: list[Button] = []
    if has:
        keys.append(press(_("Print the menu"), "menu_print", canteen.id, monday))
    if monday <= monday_of(canteen.today(chat.now)):
        keys.append(press(_("Next week"), "menu_week", canteen.id, monday + timedelta(days=7)))
    if chat.roles != {Role.STRANGER}:
        keys += _wish_keys(canteen.id, await MenuWish.of(chat.person.id, canteen.id))
    if await cooks_at(chat.person, canteen.id):
        keys += [
            press(_("Enter a week"), "menu_paste", canteen.id),
            press(_("Enter a day"), "menu_enter", canteen.id),
            press(_("Something else is in it today"), "menu_today", canteen.id),
            press(_("The dishes"), "dishes", canteen.id),
        ]
    return keys


async def cooks_at(person: Person, canteen_id: int) -> bool:
    """Tell whether somebody may enter the menu of a canteen."""
    try:
        await must_cook(person, canteen_id)
    except NotAllowed:
        return False
    return True


# ------------------------------------------------------------------------------------------- by itself


def _wish_keys(canteen_id: int, wish: str | None) -> list[Button]:
    keys = {
        DAILY: press(_("Send it to me every morning"), "menu_wish", canteen_id, DAILY),
        WEEKLY: press(_("Send it to me once a week"), "menu_wish", canteen_id, WEEKLY),
        NO_MORE: press(_("Do not send it any more"), "menu_wish", canteen_id, NO_MORE),
    }
    return [key for kind, key in keys.items() if kind != (wish or NO_MORE)]


@button("menu_wish", for_=ANYONE)
async def wish(chat: Chat, canteen_id: int, kind: str) -> None:
    """Send somebody the menu from now on, or no more."""
    if kind not in (DAILY, WEEKLY, NO_MORE):
        raise Gone
    await MenuWish.set(chat.person, canteen_id, None if kind == NO_MORE else kind, chat.now)
    setting = await MenuSetting.of(canteen_id)
    chat.say(
        {
            DAILY: _(
                "I will send you the menu at {clock} on every day with lunch, once it is entered.",
                clock=setting.clock,
            ),
            WEEKLY: _(
                "I will send you the menu at {clock} on the first day with lunch of each week.",
                clock=setting.clock,
            ),
            NO_MORE: _("I will not send you the menu any more. With /menu you can always see it."),
        }[kind],
        buttons=_wish_keys(canteen_id, None if kind == NO_MORE else kind),
        card=f"menu wish {canteen_id}",
        fresh=True,
    )


@every(seconds=30)
async def send_the_menu(mail: Mail) -> bool:
    """Send the menu where its hour has come, to those who want it; when lunch is over it is of no use."""
    letters = await MenuSetting.due(mail.now, AT_ONCE)
    for letter in letters:
        words = _words(letter)
        for person in letter.people:
            mail.say(
                words,
                to=person,
                buttons=[press(_("Do not send it any more"), "menu_wish", letter.canteen.id, NO_MORE)],
                zone=letter.canteen.zone,
                priority=Priority.NOTICE,
                expires=letter.until,
                key=f"{letter.key} for {person.id}",
            )
    return bool(letters)


def _words(letter: Letter) -> Text:
    if letter.kind == WEEKLY:
        days: dict[date, list[Served]] = {}
        for served in letter.served:
            days.setdefault(served.day, []).append(served)
        return week_words(_("The menu of {canteen}", canteen=letter.canteen.name), days)
    return lines(
        bold(_("Lunch at {canteen} on {day}", canteen=letter.canteen.name, day=letter.day)),
        *menu_lines(letter.served),
        NOTHING,
        MAY_CHANGE,
    )


# --------------------------------------------------------------------------------------------- on paper


@button("menu_print", for_=ANYONE)
async def print_the_menu(chat: Chat, canteen_id: int, day: date) -> None:
    """Bring the menu of a week as a paper to hang up."""
    canteen = await _canteen(canteen_id)
    await may_read(chat.person, canteen_id)
    monday = monday_of(day)
    if not await menus([canteen_id], monday, monday + SUNDAY):
        chat.say(_("No menu has been entered yet for the week of {day}.", day=monday))
        return
    chat.say(
        _("The menu of the week of {day}, ready to print and hang up.", day=monday),
        zone=canteen.zone,
        paper=("menu", canteen_id, monday),
    )


@paper("menu")
async def menu_paper(canteen_id: int, day: date) -> Sheet:
    """Show the menu of a whole week."""
    canteen = await Canteen.get(id=canteen_id)
    return Sheet(
        title=_("{canteen} · menu of the week of {day}", canteen=canteen.name, day=day),
        template="menu",
        file=f"menu-{day}",
        zone=canteen.zone,
        data={
            "days": [
                {
                    "day": _("{day}", day=on),
                    "lines": [
                        {
                            "line": "" if line == ORDINARY else _("{line}:", line=line_word(line)),
                            "dishes": [dish_words(one.name, one.contents) for one in dishes],
                        }
                        for line, dishes in by_line(served)
                    ],
                }
                for on, served in (await _days(canteen, monday_of(day))).items()
            ],
            "closing": MAY_CHANGE,
        },
    )


@explains(MenuHidden)
def menu_hidden(_refusal: MenuHidden) -> Text:
    return _("The menu hangs in the canteen; it is not shown here. Please write 0 to reach a person.")
