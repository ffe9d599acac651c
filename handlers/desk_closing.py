"""After lunch: whose chair stayed empty, told once to the coordinators, with the numbers to ask."""

from __future__ import annotations

from datetime import date
from typing import Final

from handlers import deskcard, today
from handlers.chat import COORDINATOR, Chat, Mail, Priority, button, every, press
from handlers.text import NOTHING, Text, _, _n, bold, lines
from models.canteens import Canteen
from models.desk import Desk, Guest
from models.deskclosing import Closing, close, close_by_hand, uses_a_desk
from models.noon import Noon
from models.seniors import Kinship, Mode

AT_ONCE: Final = 25  # canteens; their names are opened in one transaction


@every(seconds=60)
async def plan_noons(mail: Mail) -> bool:
    """Note when the desks of the coming lunches close."""
    return await Noon.plan_due(mail.now) > 0


@every(seconds=30)
async def close_desks(mail: Mail) -> bool:
    """Close the desks whose hour has come, each once."""
    due = await Noon.desks_due(mail.now, AT_ONCE)
    for noon in due:
        closing = await close(noon.service_day_id, None, mail.now)
        if closing.used:
            await _tell(mail, closing)
        elif closing.missing and await uses_a_desk(closing.service_day.canteen_id, closing.service_day.day):
            await _ask(mail, closing)
    return bool(due)


@button("desk_empty", for_=COORDINATOR)
async def nobody_came(chat: Chat, canteen_id: int, day: date) -> None:
    """Take it that the desk was open, and that those who were not signed in did not come."""
    closing = await close_by_hand(canteen_id, day, chat.person, chat.now)
    if closing.missing:
        await _tell(chat, closing)
    else:
        chat.say(_("Nobody is missing at the desk any more."))


async def _tell(mail: Mail, closing: Closing) -> None:
    day = closing.service_day
    canteen = await Canteen.get(id=day.canteen_id)
    if not closing.missing:
        return
    n = len(closing.missing)
    text = lines(
        bold(
            _n(
                "The desk has closed. {n} guest did not come on {day}:",
                "The desk has closed. {n} guests did not come on {day}:",
                n,
                day=day.day,
            )
        ),
        *[part for guest in closing.missing for part in await _whom_to_ask(guest)],
        NOTHING,
        _("A chair left empty is a door that stays shut: please call, and say what you found under /cases"),
    )
    for coordinator in await canteen.coordinators():
        mail.say(
            text,
            to=coordinator,
            buttons=[press(_("Open cases"), "/cases"), press(_("The desk"), "/signin")],
            zone=canteen.zone,
            priority=Priority.URGENT,
            key=f"desk {day.id} for {coordinator.id}",
            reveals=f"phones of those missing at the desk of canteen {canteen.id} on {day.day}",
        )
    await today.refresh(mail, canteen.id, day.day)
    if day.day == canteen.today(mail.now):
        await deskcard.refresh(mail, await Desk.of(canteen.id, mail.now))


async def _whom_to_ask(guest: Guest) -> list[Text]:
    senior = guest.senior
    who = _("{name} ({short_id})", name=senior.name or senior.display, short_id=senior.short_id)
    what = (
        _("{who}: lunch was not picked up", who=who)
        if guest.meal.mode is Mode.PICK_UP
        else _("{who}", who=who)
    )
    numbers = [] if senior.phone is None else [_("own phone: {phone}", phone=senior.phone)]
    numbers += [
        _("{relative}: {phone}", relative=kin.person.name or "–", phone=kin.person.phone)
        for kin in await Kinship.of(senior)
        if kin.person.phone
    ]
    return [what, *(numbers or [_("no phone number on record")])]


async def _ask(mail: Mail, closing: Closing) -> None:
    day = closing.service_day
    canteen = await Canteen.get(id=day.canteen_id)
    for coordinator in await canteen.coordinators():
        mail.say(
            _n(
                "Nobody was signed in on {day}, so I do not know whether the {n} expected guest came.",
                "Nobody was signed in on {day}, so I do not know which of the {n} expected guests came.",
                len(closing.missing),
                day=day.day,
            ),
            to=coordinator,
            buttons=[
                press(_("Sign them in now"), "/signin"),
                press(_("The desk was open: nobody came"), "desk_empty", canteen.id, day.day),
            ],
            zone=canteen.zone,
            priority=Priority.REMINDER,
            key=f"desk unused {day.id} for {coordinator.id}",
        )
