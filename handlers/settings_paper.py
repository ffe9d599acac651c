"""Settings of paper: on which sheets of labels this canteen prints."""

from __future__ import annotations

from typing import Final

from handlers.chat import COORDINATOR, Chat, Choice, button, press
from handlers.text import Text, _, bold, lines
from models.canteens import Canteen
from models.labelsheets import LabelSheet
from models.people import Role

SHEETS: Final[dict[LabelSheet, Text]] = {
    LabelSheet.A4_24: _("A4 with 24 labels, 70 × 37 mm"),
    LabelSheet.LETTER_14: _("Letter with 14 labels, 4 × 1⅓ inches (Avery 5162)"),
}


@button("set_paper", for_=COORDINATOR)
async def paper_settings(chat: Chat, canteen_id: int) -> None:
    """Show what holds of paper."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    canteen = await Canteen.get(id=canteen_id)
    chat.say(
        lines(
            bold(_("Paper of {canteen}", canteen=canteen.name)),
            _("Sheets of labels: {sheet}", sheet=SHEETS[canteen.labels]),
        ),
        buttons=[
            press(_("Other sheets of labels"), "set_labels", canteen_id),
            press(_("Back to the settings"), "settings", canteen_id),
        ],
    )


@button("set_labels", for_=COORDINATOR)
async def choose_labels(chat: Chat, canteen_id: int) -> None:
    """Ask on which sheets labels are printed from now on."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    sheet = await chat.ask(
        "sheet",
        _("Which sheets of labels do you have?"),
        choices=[Choice(sheet.value, label) for sheet, label in SHEETS.items()],
    )
    await Canteen.change(canteen_id, by=chat.person, now=chat.now, label_sheet=LabelSheet(sheet))
    chat.say(
        _("From now on labels are printed for: {sheet}", sheet=SHEETS[LabelSheet(sheet)]),
        buttons=[press(_("Back to the settings"), "settings", canteen_id)],
    )
