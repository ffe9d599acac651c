"""One senior's card for the coordinator, and what can be changed from it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from handlers.chat import COORDINATOR, Button, Chat, Keyboard, button, press
from handlers.diets import diet_lines
from handlers.seniornames import MODES, label
from handlers.setting_dates import said as to_come
from handlers.text import NOTHING, Text, Weekdays, _, _n, bold, lines
from models import hospital
from models.boxes import out_at
from models.canteens import Canteen
from models.datedseniors import coming_for
from models.endings import Ending
from models.households import mates
from models.orders import pauses_of
from models.pauses import HOSPITAL, Homecoming
from models.people import Person
from models.routes import Stop
from models.seniors import Agreed, Consent, Kinship, Mode, Residence, Senior, Status

NOW: Final = "now"
OWN_YES: Final = _("Has said yes in person")


async def card(senior: Senior, now: datetime) -> Text:
    """Say all that the coordinator needs to know of a senior; personal, so say it with `reveals`."""
    canteen = await Canteen.get(id=senior.canteen_id)
    today = canteen.today(now)
    home, diet = await senior.residence_on(today), await senior.diet_on(today)
    return lines(
        bold(
            _(
                "{short_id} · {name}, born {year}",
                short_id=senior.short_id,
                name=senior.name or "",
                year=str(senior.born),
            )
            if senior.born
            else _("{short_id} · {name}", short_id=senior.short_id, name=senior.name or "")
        ),
        _("We say: {called}", called=senior.called) if senior.called else None,
        _("Phone: {phone}", phone=senior.phone) if senior.phone else _("No phone"),
        *[
            _("The same number as {name} ({short_id})", name=other.spoken, short_id=other.short_id)
            for other in await senior.sharing_phone()
        ],
        _("Lunch: {how}, {days}", how=MODES[senior.mode], days=Weekdays(senior.weekdays)),
        *await _namesakes(senior),
        *_home(home),
        *await _same_door(senior),
        diet_lines(diet) if diet else _("No diet on record"),
        _("Lives alone") if senior.alone else _("Lives with somebody"),
        *await _boxes(senior, today),
        *await _kin(senior),
        *await _standing(senior),
        *await _away(senior, today),
        *[await to_come(row) for row in await coming_for(senior.id)],
    )


def _home(home: Residence | None) -> list[Text]:
    if home is None:
        return [_("No address on record")]
    said = [_("Address: {address}", address=home.address)]
    if home.knock:
        said.append(_("At the door: {knock}", knock=home.knock))
    if home.plan and home.plan != home.knock:
        said.append(_("If nobody opens: {plan}", plan=home.plan))
    return said


async def _namesakes(senior: Senior) -> list[Text]:
    others = await senior.namesakes() if senior.namesake else []
    names = tuple(label(one) for one in others)
    return (
        [_("Of the same name: {names}. Papers and lists say the number, too.", names=names)] if others else []
    )


async def _same_door(senior: Senior) -> list[Text]:
    others = await mates(senior)
    names = tuple(_("{name} ({short_id})", name=one.spoken, short_id=one.short_id) for one in others)
    return [_("Behind the same door: {names}", names=names)] if others else []


async def _boxes(senior: Senior, today: date) -> list[Text]:
    out = await out_at(senior, today) if senior.mode is Mode.DELIVERY else 0
    return [_n("{n} box is still there", "{n} boxes are still there", out)] if out else []


async def _kin(senior: Senior) -> list[Text]:
    said: list[Text] = []
    for kin in await Kinship.of(senior):
        name, phone = kin.person.name or _("Somebody"), kin.person.phone
        if kin.linked:
            said.append(
                _("Follows by chat: {name}, {phone}", name=name, phone=phone)
                if phone
                else _("Follows by chat: {name}, no number yet", name=name)
            )
        elif phone and kin.relation:
            said.append(
                _(
                    "Someone else to call: {name} ({relation}), {phone}",
                    name=name,
                    relation=kin.relation,
                    phone=phone,
                )
            )
        elif phone:
            said.append(_("Someone else to call: {name}, {phone}", name=name, phone=phone))
    return said


async def _standing(senior: Senior) -> list[Text]:
    """Say how far a senior's coming is: own yes, the coordinator's answer, route, visit."""
    by = None if senior.decided_by_id is None else await Person.get(id=senior.decided_by_id)
    decider = (by.name if by else None) or _("a coordinator")
    said: list[Text] = [NOTHING]
    match await Consent.given(senior.id):
        case Agreed.NOT_ASKED:
            said.append(_("In person: not asked yet"))
        case Agreed.GUARDIAN:
            said.append(_("In person: the guardian said yes"))
        case _:
            said.append(_("In person: has said yes"))
    match senior.status:
        case Status.ENQUIRY:
            said.append(_("Waits for your answer"))
        case Status.OWN_YES:
            said.append(_("Accepted by {name}; still to be asked in person", name=decider))
        case Status.ACTIVE:
            said.append(_("Accepted by {name}", name=decider))
            said.extend(await _place(senior))
        case Status.DECLINED:
            said.append(_("Declined by {name}", name=decider))
        case Status.ENDED:
            said.append(_("Ended by {name}", name=decider))
    if senior.visit_on:
        said.append(_("Home visit: {day}", day=senior.visit_on))
    return said


async def _away(senior: Senior, today: date) -> list[Text]:
    if senior.status is not Status.ACTIVE:
        return []
    said: list[Text] = []
    for pause in await pauses_of(senior.id, today):
        if pause.reason == HOSPITAL:
            said.append(_("In hospital since {day}: no lunch", day=pause.starts))
        elif pause.ends is None:
            said.append(_("No lunch from {day} on, without an end", day=pause.starts))
        else:
            said.append(_("No lunch from {starts} to {ends}", starts=pause.starts, ends=pause.ends))
    waiting = await Homecoming.waiting(senior.id)
    if waiting is not None:
        said.append(
            _("Comes back on {day}, and eats differently: {food}", day=waiting.day, food=waiting.food)
        )
    return said


async def _place(senior: Senior) -> list[Text]:
    if senior.mode is not Mode.DELIVERY:
        return []
    stop = await Stop.filter(senior_id=senior.id, left_at=None).prefetch_related("route").first()
    if stop is None:
        return [_("On no route yet")]
    return [_("{route}, door {place}", route=stop.route.name, place=stop.position)]


async def card_buttons(senior: Senior, now: datetime) -> Keyboard:
    """Offer what can be done with a senior now."""
    match senior.status:
        case Status.ENQUIRY:
            return [
                [press(_("Accept"), "senior_yes", senior.id), press(_("Ask"), "senior_ask", senior.id)],
                [press(_("Decline"), "senior_no", senior.id)],
            ]
        case Status.OWN_YES:
            return [
                press(OWN_YES, "senior_agreed", senior.id),
                press(_("Said no"), "senior_no", senior.id),
                press(_("Ask the family"), "senior_ask", senior.id),
                press(_("Set the home visit"), "senior_place", senior.id),
            ]
        case Status.ACTIVE:
            return await _changes(senior, now)
        case Status.ENDED:
            ending = await Ending.of(senior.id)
            undone = ending is not None and ending.may_be_undone(now)
            return [press(_("Take this back"), "senior_undo", senior.id)] if undone else []
        case _:
            return []


async def _changes(senior: Senior, now: datetime) -> list[list[Button]]:
    canteen = await Canteen.get(id=senior.canteen_id)
    if await Homecoming.waiting(senior.id) is not None:
        stay = press(_("The food is right: lunch may come"), "food_seen", senior.id)
    elif await hospital.stay(senior.id, canteen.today(now)) is not None:
        stay = press(_("Back from hospital"), "from_hospital", senior.id)
    else:
        stay = press(_("Is in hospital"), "to_hospital", senior.id)
    delivered = senior.mode is Mode.DELIVERY
    place = _("Route, stop and visit") if delivered else _("Set the home visit")
    return [
        [
            press(place, "senior_place", senior.id),
            *([press(_("Same door as …"), "same_door", senior.id)] if delivered else []),
        ],
        [press(_("Change days"), "senior_days", senior.id)],
        [press(_("Change diet"), "senior_diet", senior.id), press(_("Move house"), "senior_move", senior.id)],
        [
            press(_("Ask the family"), "senior_ask", senior.id),
            press(_("Invite a relative"), "kin_invite", senior.id),
        ],
        [
            press(_("Family and friends"), "relatives", senior.id),
            *([press(_("Photos at the door"), "photos", senior.id)] if delivered else []),
        ],
        [stay],
        *(
            [[press(_("Boxes are back or lost"), "boxes_off", senior.id)]]
            if delivered and await out_at(senior, canteen.today(now))
            else []
        ),
        [press(_("End the lunches"), "senior_end", senior.id)],
    ]


async def show(chat: Chat, senior: Senior, *, to: Person | None = None, only_update: bool = False) -> None:
    """Show a senior's card: anew, or edited where it stands."""
    canteen = await Canteen.get(id=senior.canteen_id)
    chat.say(
        await card(senior, chat.now),
        to=to,
        zone=canteen.zone,
        buttons=await card_buttons(senior, chat.now),
        card=f"senior {senior.id}",
        fresh=not only_update,
        only_update=only_update,
        reveals=f"card of senior {senior.id}",
    )


async def refresh(chat: Chat, senior: Senior) -> None:
    """Bring the card up to date wherever a coordinator sees it."""
    canteen = await Canteen.get(id=senior.canteen_id)
    for coordinator in await canteen.coordinators():
        await show(chat, senior, to=coordinator, only_update=True)


@button("senior", for_=COORDINATOR)
async def show_senior(chat: Chat, senior_id: int) -> None:
    """Show a senior's card to a coordinator of the canteen."""
    await show(chat, await Senior.coordinated(senior_id, chat.person))
