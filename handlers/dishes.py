"""The dishes of a canteen: what is usually in them, and what else is in them today."""

from __future__ import annotations

from datetime import date
from typing import Final

from handlers import dishtext
from handlers.chat import Chat, Choice, Reader, button, press
from handlers.clashes import tell_of_dish, tell_the_kitchen
from handlers.cooks import COOKS
from handlers.diets import ALLERGENS, OTHER
from handlers.menuentry import ask_allergens
from handlers.menuwords import allergen_words, contents_words, line_word
from handlers.text import NOTHING, Text, _, bold, lines, listed, verbatim
from handlers.words import DONE
from models.calendar import ServiceDay
from models.canteens import Canteen
from models.dishes import Contents, Course, Dish, Recipe, must_cook
from models.menuchecks import checks
from models.menumail import MenuSetting
from models.menus import LINES, ORDINARY, Planned, Served, menu

SHOWN: Final = 40
KEEP: Final = "keep"
NOTHING_ELSE: Final = "none"


@button("dishes", for_=COOKS)
async def show_dishes(chat: Chat, canteen_id: int) -> None:
    """List the dishes that were entered last."""
    await must_cook(chat.person, canteen_id)
    found = await Dish.lately(canteen_id, SHOWN)
    chat.say(
        _("Which dish would you like to look at?")
        if found
        else _("No dish has been entered yet. Begin with a menu: /menu"),
        buttons=[press(verbatim(dish.name), "dish", dish.id) for dish in found],
    )


@button("dish", for_=COOKS)
async def show_dish(chat: Chat, dish_id: int) -> None:
    """Show what is usually in a dish."""
    dish = await Dish.cooked_by(dish_id, chat.person)
    _say_dish(chat, dish, (await Recipe.newest([dish.id]))[dish.id])


def _say_dish(chat: Chat, dish: Dish, recipe: Recipe, *news: Text) -> None:
    chat.say(
        lines(
            *news,
            bold(_("{dish}", dish=dish.name)),
            *contents_words(recipe.contents),
            _("For: {lines}", lines=listed([line_word(line) for line in recipe.lines or [ORDINARY]])),
        ),
        buttons=[press(_("Change what is in it"), "dish_set", dish.id)],
        card=f"dish {dish.id}",
        fresh=True,
    )


@button("dish_set", for_=COOKS)
async def change_dish(chat: Chat, dish_id: int) -> None:
    """Ask anew what is usually in a dish; what was served before stays as it was."""
    dish = await Dish.cooked_by(dish_id, chat.person)
    canteen = await Canteen.get(id=dish.canteen_id)
    recipe = (await Recipe.newest([dish.id]))[dish.id]
    usual = recipe.contents
    codes, said = await ask_allergens(
        chat,
        Course(dish.name, usual),
        _("If the allergens stay as they are, just tap “{done}”.", done=DONE),
    )
    ingredients = await chat.ask(
        "ingredients",
        lines(
            _("Which ingredients are usually in {dish}? Please part them with commas.", dish=dish.name),
            _("So far: {what}", what=listed(usual.ingredients)) if usual.ingredients else None,
        ),
        _ingredients_or(KEEP),
        choices=[Choice(KEEP, _("As they are"))],
    )
    lines_ = await chat.choose_many(
        "lines",
        _(
            "For whom is it cooked? If for all who have no kitchen line of their own, just tap “{done}”.",
            done=DONE,
        ),
        [
            Choice(line, line_word(line))
            for line in (ORDINARY, *LINES)
            if line in (ORDINARY, *(await MenuSetting.of(canteen.id)).lines)
        ],
    )
    held = Contents().with_(
        codes if said else usual.allergens,
        usual.ingredients if ingredients is None else ingredients,
        known=said or usual.known,
    )
    dish = await Dish.rewrite(dish_id, held, lines_, chat.person, chat.now)
    _say_dish(chat, dish, (await Recipe.newest([dish.id]))[dish.id], _("From now on it is so:"), NOTHING)
    await tell_of_dish(chat, canteen, dish.name, dish.id)


# ---------------------------------------------------------------------------------------------- today


@button("menu_today", for_=COOKS)
async def todays_dishes(chat: Chat, canteen_id: int) -> None:
    """List the dishes of the next lunch, to say what else is in one of them."""
    await must_cook(chat.person, canteen_id)
    coming = await ServiceDay.coming(canteen_id, chat.now)
    served = await menu(canteen_id, coming[0].day) if coming else []
    if not served:
        chat.say(_("Nothing is on the menu of the next lunch yet."))
        return
    chat.say(
        _("Lunch on {day}: in which dish is something else?", day=coming[0].day),
        buttons=[press(_label(one), "dish_real", one.planned_id) for one in served],
    )


def _label(served: Served) -> Text:
    if served.line == ORDINARY:
        return verbatim(served.name)
    return _("{dish} · {line}", dish=served.name, line=line_word(served.line))


@button("dish_real", for_=COOKS)
async def really_in_it(chat: Chat, planned_id: int) -> None:
    """Ask what else is in a dish on its day, keep it, and tell for whom it does not go."""
    planned = await Planned.held(planned_id, chat.person)
    served = await planned.served()
    codes = await chat.choose_many(
        "codes",
        lines(
            _("What else is in {dish} on {day}? Tap all that is new.", dish=served.name, day=served.day),
            *contents_words(served.contents),
        ),
        [
            Choice(code, words)
            for code, words in ALLERGENS.items()
            if code != OTHER and code not in served.contents.allergens
        ],
        label=_("Allergens"),
    )
    words = await chat.ask(
        "ingredients",
        _("And which ingredients are new in it? Please part them with commas."),
        _ingredients_or(NOTHING_ELSE),
        choices=[Choice(NOTHING_ELSE, _("Nothing else"))],
        label=_("Ingredients"),
    )
    canteen = await Canteen.get(id=planned.canteen_id)
    real = await Planned.cook(planned_id, codes, words or (), chat.person, chat.now)
    head = _changed(real, served.day, codes, words or ())
    found = await checks(canteen, [served.day])
    news = {day: each.of_dishes([real.name]) for day, each in found.items()}
    told = await tell_the_kitchen(chat, canteen, news, head)
    chat.say(
        lines(
            head,
            _("I have told the coordinators and cooks for whom it does not go.")
            if told
            else _("I found nobody on the list for whom that clashes. Please look at it yourself, too."),
        )
    )


def _changed(real: Served, day: date, codes: list[str], words: tuple[str, ...]) -> Text:
    new = [*allergen_words(codes), *map(verbatim, words)]
    if not new:
        return _("{dish} on {day} stays as usual.", dish=real.name, day=day)
    return _("{dish} on {day} also has in it: {what}", dish=real.name, day=day, what=listed(new))


def _ingredients_or(button_: str) -> Reader[tuple[str, ...] | None]:
    """Make a reader for ingredients, or for a button that means none."""
    return lambda text: None if text == button_ else dishtext.ingredients(text)
