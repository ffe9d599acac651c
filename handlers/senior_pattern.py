"""How and on which weekdays a senior has lunch."""

from __future__ import annotations

from handlers.chat import COORDINATOR, Chat, Choice, button, press
from handlers.senior_card import refresh
from handlers.seniornames import MODES
from handlers.setting_dates import ask_since, plan_for_senior
from handlers.text import Weekdays, _
from handlers.words import DONE
from models.canteens import Canteen
from models.datedseniors import PATTERN, pattern_value
from models.seniors import Mode, Senior


async def ask_days(chat: Chat, canteen: Canteen, called: str) -> int:
    """Ask for weekdays; none ticked means every day that the canteen cooks."""
    days = await chat.choose_many(
        "days",
        _(
            "On which days should {called} have lunch?"
            " For every day that we cook ({days}), just tap “{done}”.",
            called=called,
            done=DONE,
            days=Weekdays(canteen.weekdays),
        ),
        [
            Choice(str(day), _("{weekdays}", weekdays=Weekdays(1 << day)))
            for day in range(7)
            if canteen.weekdays >> day & 1
        ],
        label=_("Days"),
    )
    return sum(1 << int(day) for day in days) or canteen.weekdays


@button("senior_days", for_=COORDINATOR)
async def change_pattern(chat: Chat, senior_id: int) -> None:
    """Ask anew how and when lunch is had; meals that were made stay as they are."""
    senior = await Senior.coordinated(senior_id, chat.person)
    canteen = await Canteen.get(id=senior.canteen_id)
    home = await senior.residence_on(canteen.today(chat.began))
    mode = await chat.ask(
        "mode",
        _("How does {called} have lunch from now on?", called=senior.display),
        choices=[Choice(mode, label) for mode, label in MODES.items()],
    )
    weekdays = await ask_days(chat, canteen, senior.display)
    since = await ask_since(chat, canteen)
    if since is not None and since > canteen.today(chat.now):
        pattern = {PATTERN: pattern_value(Mode(mode), weekdays)}
        await plan_for_senior(chat, canteen, senior, pattern, since)
        return
    senior = await Senior.change_pattern(
        senior_id, mode=Mode(mode), weekdays=weekdays, by=chat.person, now=chat.now
    )
    unknown_door = senior.mode is Mode.DELIVERY and (home is None or not home.knock)
    chat.say(
        _(
            "{name} has lunch from now on: {how}, {days}",
            name=senior.display,
            how=MODES[senior.mode],
            days=Weekdays(weekdays),
        ),
        buttons=[press(_("Say how to knock"), "senior_move", senior_id)] if unknown_door else [],
    )
    await refresh(chat, senior)
