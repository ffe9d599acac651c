"""The settings of the calendar: whose public holidays are kept, how many lunch days a month has."""

from __future__ import annotations

from typing import Any, Final

from handlers import answers
from handlers.chat import COORDINATOR, Chat, Choice, Unclear, button, press
from handlers.setting_words import aim, public_holidays
from handlers.text import Country, Weekdays, _, bold, lines
from models import holidays
from models.canteens import QUOTA, Canteen
from models.months import month_of
from models.people import Role

NONE: Final = "none"


@button("calendar", for_=COORDINATOR)
async def show_calendar(chat: Chat, canteen_id: int) -> None:
    """Show what the calendar goes by."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    canteen = await Canteen.get(id=canteen_id)
    this_month = month_of(canteen.today(chat.now))
    next_month = month_of(this_month, 1)
    chat.say(
        lines(
            bold(_("Calendar of {canteen}", canteen=canteen.name)),
            _("Your week: {weekdays}", weekdays=Weekdays(canteen.weekdays)),
            public_holidays(canteen),
            aim(canteen),
            _("What you choose for a single day always wins."),
        ),
        card=f"calendar {canteen.id}",
        fresh=True,
        buttons=[
            [
                press(_("This month"), "month", canteen.id, this_month),
                press(_("Next month"), "month", canteen.id, next_month),
            ],
            [
                press(_("Public holidays"), "set", canteen.id, "region"),
                press(_("Lunch days in a month"), "set", canteen.id, "quota"),
            ],
            press(_("Back to the settings"), "settings", canteen.id),
        ],
    )


async def ask_region(chat: Chat, canteen: Canteen) -> dict[str, Any]:
    """Ask whose public holidays a canteen keeps."""
    known = dict.fromkeys(code for code in (canteen.region, holidays.region_of(canteen.zone)) if code)
    return {
        "region": await chat.ask(
            "region",
            _(
                "Whose public holidays do you keep? Tap one, or write the two letters of the country, like"
                " {example}, or {part} for a part of it.",
                example="ES",
                part="ES-MD",
            ),
            region,
            choices=[
                *(Choice(code, _("{country}", country=Country(code))) for code in known),
                Choice(NONE, _("None: we cook by our week all year")),
            ],
        )
    }


def region(text: str) -> str | None:
    """Read the code of a country, or of a part of it, whose holidays are known."""
    said = answers.plain(text)
    if said == NONE:
        return None
    code = said.upper().replace(" ", "-")
    if not holidays.exists(code):
        raise Unclear(_("I don't know its holidays. Please write two letters, like {example}.", example="ES"))
    return code


async def ask_quota(chat: Chat, _canteen: Canteen) -> dict[str, Any]:
    """Ask on how many days of a month a canteen means to cook."""
    return {
        "quota": await chat.ask(
            "quota",
            _("On how many days of a month shall lunch be cooked? Please write a number, like {n}.", n=QUOTA),
            quota,
            choices=[Choice(NONE, _("Don't count them"))],
        )
    }


def quota(text: str) -> int | None:
    """Read a number of days in a month, or none."""
    return None if answers.plain(text) == NONE else answers.number(1, 31)(text)
