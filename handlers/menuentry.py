"""Entering the menu: a week pasted in, or one day; what was understood is shown before anything is kept."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from handlers import answers, menutext
from handlers.chat import Chat, Choice, button, explains, press
from handlers.clashes import tell_the_kitchen
from handlers.cooks import COOKS
from handlers.diets import ALLERGENS, OTHER
from handlers.menuwords import dish_words, line_word
from handlers.text import NOTHING, Text, _, _n, bold, lines, listed
from handlers.words import DONE
from models.calendar import ServiceDay
from models.canteens import Canteen
from models.dishes import Course, Dish, must_cook
from models.foods import folded
from models.menuchecks import checks
from models.menumail import MenuSetting
from models.menus import ORDINARY, WEEK, enter, line_place, menus, monday_of
from models.refusals import MenuOver

EXAMPLE: Final = (
    _("Mon: braised pork (soy, gluten); rice; greens; vegetarian: tofu (soy); rice"),
    _("Tue: fish in sauce (fish, soy); noodles (gluten); cabbage"),
)
DISHES: Final = _("braised pork (soy, gluten); rice; greens; vegetarian: tofu (soy); rice")
NOW, LATER, NONE = "now", "later", "none"
MANY: Final = 2  # new dishes: from more than these on, the allergens may be told later
WEEKS: Final = {"this": 0, "next": 1}

Days = Mapping[date, Sequence[Course]]


@button("menu_paste", for_=COOKS)
async def paste_a_week(chat: Chat, canteen_id: int) -> None:
    """Ask for a whole week in one message."""
    await must_cook(chat.person, canteen_id)
    canteen = await Canteen.get(id=canteen_id)
    today = canteen.today(chat.began)
    draft = await chat.ask(
        "text",
        lines(
            _("Please send the menu in one message, a line for each day. Allergens stand in brackets:"),
            NOTHING,
            *EXAMPLE,
        ),
        menutext.week(today),
        label=_("The menu"),
    )
    monday = monday_of(today)
    if draft.weekdays:
        monday += WEEK * await _which_week(chat, draft.weekdays, today)
    days = draft.on(monday)
    over = [day for day in days if day < today]
    await _keep(chat, canteen, {day: days[day] for day in days if day >= today}, draft.unread, over)


async def _which_week(chat: Chat, weekdays: int, today: date) -> int:
    """Ask which week is meant, unless nothing of this one is left."""
    if not weekdays >> today.weekday():
        return 1
    monday = monday_of(today)
    which = await chat.ask(
        "week",
        _("Which week is it for?"),
        choices=[
            Choice("this", _("This week, from {day}", day=_first(weekdays, monday, today))),
            Choice("next", _("Next week, from {day}", day=_first(weekdays, monday + WEEK, today))),
        ],
        label=_("The week"),
    )
    return WEEKS[which]


def _first(weekdays: int, monday: date, today: date) -> date:
    """Find the first of some weekdays in a week, from today on."""
    days = (monday + timedelta(days=at) for at in range(7) if weekdays >> at & 1)
    return next(day for day in days if day >= today)


@button("menu_enter", for_=COOKS)
async def enter_a_day(chat: Chat, canteen_id: int) -> None:
    """Ask for the dishes of one day."""
    await must_cook(chat.person, canteen_id)
    canteen = await Canteen.get(id=canteen_id)
    today = canteen.today(chat.began)
    coming = await ServiceDay.coming(canteen_id, chat.began, 6)
    day = await chat.ask(
        "day",
        _("For which day?"),
        answers.day(today),
        choices=[Choice(row.day.isoformat(), _("{day}", day=row.day)) for row in coming],
        label=_("The day"),
    )
    draft = await chat.ask(
        "text",
        lines(
            _("What is for lunch on {day}? Allergens stand in brackets, like this:", day=day),
            NOTHING,
            DISHES,
        ),
        menutext.dishes(day),
        label=_("The menu"),
    )
    await _keep(chat, canteen, draft.on(day), draft.unread, [])


# --------------------------------------------------------------------------------------------- asking


async def _keep(
    chat: Chat,
    canteen: Canteen,
    days: Days,
    unread: Sequence[menutext.Unread],
    over: Sequence[date],
) -> None:
    """Ask for what is not known of new dishes, show it all, and keep it."""
    days = await _with_allergens(chat, canteen, days)
    if not days:
        raise MenuOver(max(over))
    standing = await menus([canteen.id], min(days), max(days))
    await chat.confirm(
        "save",
        lines(
            *_preview(days, [day for (_id, day) in standing if day in days]),
            *_left_out(unread, over),
            NOTHING,
            _("Shall I keep it so?"),
        ),
        yes=_("Yes, keep it"),
    )
    await enter(canteen.id, days, chat.person, chat.now)
    for day in days:
        await MenuSetting.wake(canteen, day, chat.now)
    told = await tell_the_kitchen(chat, canteen, await checks(canteen, list(days)))
    chat.say(
        lines(
            _n("The menu of {n} day is kept.", "The menus of {n} days are kept.", len(days)),
            _(
                "I have told the coordinators and cooks what does not go for everybody,"
                " or is still to be asked."
            )
            if told
            else _("I found nothing that clashes with what was entered. Please look at it yourself, too."),
        ),
        buttons=[press(_("See the menu"), "menu_week", canteen.id, min(days))],
    )


async def _with_allergens(chat: Chat, canteen: Canteen, days: Days) -> Days:
    """Add what is known of each dish, and ask what is in those that nobody has described yet."""
    courses = [course for menu in days.values() for course in menu]
    known = await Dish.known(canteen.id, [course.name for course in courses])
    dishes: dict[str, Course] = {}
    for course in courses:
        key = folded(course.name)
        usual = known[key][1].contents if key in known else course.contents
        one = dishes.get(key, replace(course, contents=usual))
        said = course.contents
        dishes[key] = replace(
            one, contents=one.contents.with_(said.allergens, said.ingredients, known=said.known)
        )
    new = [course for course in dishes.values() if not course.contents.known]
    if len(new) > MANY:
        when = await chat.ask(
            "when",
            _n(
                "Of {n} dish I do not know the allergens yet: {dishes}. Would you like to tell them now?",
                "Of {n} dishes I do not know the allergens yet: {dishes}. Would you like to tell them now?",
                len(new),
                dishes=listed([course.name for course in new]),
            ),
            choices=[
                Choice(NOW, _("Now, one dish after the other")),
                Choice(LATER, _("Later: they are shown as not entered")),
            ],
        )
        new = new if when == NOW else []
    for course in new:
        codes, said_all = await ask_allergens(chat, course)
        dishes[folded(course.name)] = replace(
            course, contents=course.contents.with_(codes, (), known=said_all)
        )
    return {
        day: [
            replace(
                course,
                contents=dishes[key].contents,
                lines=course.lines or (tuple(known[key][1].lines) if key in known else ()),
            )
            for course in menu
            for key in [folded(course.name)]
        ]
        for day, menu in days.items()
    }


async def ask_allergens(chat: Chat, course: Course, hint: Text | None = None) -> tuple[list[str], bool]:
    """Ask for the allergens in a dish; tell also whether anything was said. Nothing ticked is not "none".

    hint: what it means to tick nothing; without, that they are not known yet.
    """
    # Named by the dish and not by its place: a corrected text may have others.
    codes = await chat.choose_many(
        f"a{zlib.crc32(folded(course.name).encode()):x}",
        lines(
            _("What is in {dish}? Tap all that is in it.", dish=course.name),
            hint or _("If you do not know yet, just tap “{done}”: it is shown as not entered.", done=DONE),
            _("Known so far: {dish}", dish=dish_words(course.name, course.contents))
            if course.contents.allergens
            else None,
        ),
        [
            *(Choice(code, words) for code, words in ALLERGENS.items() if code != OTHER),
            Choice(NONE, _("None of these")),
        ],
        label=_("{dish}", dish=course.name),
    )
    return [code for code in codes if code != NONE], bool(codes)


# -------------------------------------------------------------------------------------------- showing


def _preview(days: Days, replaced: Sequence[date]) -> list[Text]:
    said = [bold(_("I have understood:"))]
    for day, menu in days.items():
        said += [
            NOTHING,
            bold(_("{day} (in place of what stood there)", day=day))
            if day in replaced
            else bold(_("{day}", day=day)),
        ]
        parts: dict[str, list[Course]] = {}
        for course in menu:
            for line in course.lines or (ORDINARY,):
                parts.setdefault(line, []).append(course)
        for line in sorted(parts, key=line_place):
            if line != ORDINARY:
                said.append(_("{line}:", line=line_word(line)))
            said += [dish_words(course.name, course.contents) for course in parts[line]]
    return said


def _left_out(unread: Sequence[menutext.Unread], over: Sequence[date]) -> list[Text]:
    said: list[Text] = []
    if over:
        said += [NOTHING, _("Left out, because it is over: {days}", days=listed(over))]
    if unread:
        said += [NOTHING, bold(_("These lines I could not read, and they are not kept:"))]
    for one in unread:
        said.append(_("“{line}” – {why}", line=one.line, why=one.why))
    return said


@explains(MenuOver)
def menu_over(refusal: MenuOver) -> Text:
    return _("Lunch on {day} is over, so its menu stays as it was.", day=refusal.day)
