"""Settings of the menu: its hour in the morning, whether families see it, and the kitchen lines."""

from __future__ import annotations

from typing import Any

from handlers import answers
from handlers.chat import COORDINATOR, Chat, Choice, button, press
from handlers.menuwords import line_word
from handlers.rule_words import menu_words
from handlers.setting_dates import kept_for_later
from handlers.text import _, bold, lines
from models.menumail import MenuSetting
from models.menus import HALAL, LINES
from models.people import Role
from models.refusals import Gone

YES, NO = "yes", "no"


@button("settings_menu", for_=COORDINATOR)
async def show_menu_settings(chat: Chat, canteen_id: int) -> None:
    """Show how the menu is kept, with a button for each setting."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    _show(chat, canteen_id, await MenuSetting.of(canteen_id))


def _show(chat: Chat, canteen_id: int, setting: MenuSetting) -> None:
    chat.say(
        lines(
            bold(_("Menu and kitchen lines")),
            *menu_words(setting).values(),
            None if HALAL in setting.lines else _HALAL_APART,
        ),
        card=f"settings menu {canteen_id}",
        fresh=True,
        buttons=[
            press(_("Hour of the menu"), "set_menu", canteen_id, "menu_at"),
            press(_("Who sees the menu"), "set_menu", canteen_id, "families"),
            press(_("Kitchen lines"), "set_menu", canteen_id, "lines"),
            press(_("Back to the settings"), "settings", canteen_id),
        ],
    )


_HALAL_APART = _("Halal lunches are counted apart all the same: never from the other pots and boxes.")


@button("set_menu", for_=COORDINATOR)
async def change_menu_setting(chat: Chat, canteen_id: int, what: str) -> None:
    """Ask for one setting and change it."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    values: dict[str, Any]
    match what:
        case "menu_at":
            question = _("At what time in the morning shall the menu go out?")
            values = {"menu_at": await chat.ask("menu_at", question, answers.clock)}
        case "families":
            families = await chat.ask(
                "families",
                _("Who may see the menu?"),
                choices=[Choice(YES, _("Families, too")), Choice(NO, _("Only helpers"))],
            )
            values = {"families": families == YES}
        case "lines":
            values = {
                "lines": await chat.choose_many(
                    "lines",
                    _("For whom do you cook apart, with dishes of their own? Tap all that is right."),
                    [Choice(line, line_word(line)) for line in LINES],
                )
            }
        case _:
            raise Gone
    if await kept_for_later(chat, canteen_id, "menu", what, values[what]):
        return
    _show(chat, canteen_id, await MenuSetting.change(canteen_id, by=chat.person, now=chat.now, **values))
