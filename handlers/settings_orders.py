"""Settings of orders: until when what may be changed, and when the kitchen's count is final."""

from __future__ import annotations

from datetime import time
from typing import Final

from handlers import answers
from handlers.chat import COORDINATOR, Chat, Choice, button, press
from handlers.setting_dates import ask_since, plan_setting
from handlers.setting_words import orders_close
from handlers.text import Text, _, bold, lines
from models.canteens import Canteen
from models.people import Role

WITH_THE_ROSTER: Final = "roster"


@button("order_settings", for_=COORDINATOR)
async def order_settings(chat: Chat, canteen_id: int) -> None:
    """Show until when what may be changed."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    canteen = await Canteen.get(id=canteen_id)
    chat.say(
        lines(
            bold(_("Orders at {canteen}", canteen=canteen.name)),
            orders_close(canteen),
            _freeze(canteen),
            _("After that only you can change a lunch, and the kitchen hears each difference."),
        ),
        card=f"order settings {canteen_id}",
        fresh=True,
        buttons=[
            press(_("When the count is final"), "freeze", canteen_id),
            press(_("Back to the settings"), "settings", canteen_id),
        ],
    )


def _freeze(canteen: Canteen) -> Text:
    return _(
        "Until {clock} on the day itself families can still call a lunch off."
        " Then the kitchen's count is final.",
        clock=time.fromisoformat(canteen.freezes_at),
    )


@button("freeze", for_=COORDINATOR)
async def change_freeze(chat: Chat, canteen_id: int) -> None:
    """Ask from when on the kitchen's count is final."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    freeze_at = await chat.ask(
        "freeze_at",
        _("At what time is the kitchen's count final?"),
        lambda text: None if text == WITH_THE_ROSTER else answers.clock(text),
        choices=[Choice(WITH_THE_ROSTER, _("When the roster comes"))],
    )
    canteen = await Canteen.get(id=canteen_id)
    since = await ask_since(chat, canteen)
    if since is not None and since > canteen.today(chat.now):
        await plan_setting(chat, canteen, {"freeze_at": freeze_at}, since)
        return
    canteen = await Canteen.change(canteen_id, by=chat.person, now=chat.now, freeze_at=freeze_at)
    chat.say(_freeze(canteen), buttons=[press(_("Back to the settings"), "settings", canteen_id)])
