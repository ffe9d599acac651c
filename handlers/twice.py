"""A senior who is registered a second time: who may know it, and whether the two belong together."""

from __future__ import annotations

from handlers.chat import COORDINATOR, Chat, button, press
from handlers.family import of_problems, thank, told_buttons
from handlers.relatives import may_know
from handlers.text import NOTHING, _, bold, lines
from models.canteens import Canteen
from models.kin import Scope
from models.people import Membership, Role
from models.seniors import Kinship, Senior


async def say_known(chat: Chat, canteen: Canteen, senior: Senior) -> None:
    """Tell those who may know it; anyone else hears what everyone hears, and the coordinator decides."""
    if await Membership.holds(chat.person.id, canteen.id, Role.COORDINATOR):
        chat.say(
            _(
                "{name} is on the list already, as {short_id}. I have added nothing.",
                name=senior.spoken,
                short_id=senior.short_id,
            ),
            buttons=[press(_("Show the card"), "senior", senior.id)],
        )
        return
    if senior in await Senior.followed_by(chat.person):
        chat.say(
            _("{name} is registered already, so I have added nothing.", name=senior.display),
            buttons=[press(_("How is lunch today?"), "/status")],
        )
        return
    await Kinship.ask(senior.id, chat.person, chat.now)
    thank(chat)
    for coordinator in await canteen.coordinators():
        chat.say(
            lines(
                bold(_("Registered twice")),
                _(
                    "{who} would like to register {name}, who is on the list already as {short_id}.",
                    who=chat.person.name or _("Somebody"),
                    name=senior.spoken,
                    short_id=senior.short_id,
                ),
                _("Phone: {phone}", phone=chat.person.phone) if chat.person.phone else None,
                NOTHING,
                _("Do the two belong together?"),
            ),
            to=coordinator,
            zone=canteen.zone,
            buttons=[
                press(_("Yes, let them follow"), "kin_yes", senior.id, chat.person.id),
                press(_("No, they don't"), "kin_no", senior.id, chat.person.id),
                press(_("Show the card"), "senior", senior.id),
            ],
            card=f"kin {senior.id} {chat.person.id}",
            reveals=f"phone of person {chat.person.id}",
        )


@button("kin_yes", for_=COORDINATOR)
async def admit(chat: Chat, senior_id: int, person_id: int) -> None:
    """Let somebody who registered a known senior follow them."""
    kin = await Kinship.admit(senior_id, person_id, chat.person, chat.now)
    person = kin.person
    senior = await Senior.get(id=senior_id)
    canteen = await Canteen.get(id=senior.canteen_id)
    chat.say(
        lines(
            _("{who} can follow {name} now.", who=person.name or _("Somebody"), name=senior.display),
            may_know(kin),
        ),
        buttons=[press(_("May know something else"), "kin_scope", kin.id)],
        card=f"kin {senior_id} {person_id}",
    )
    if not kin.may(Scope.STATUS):
        chat.say(of_problems(senior, kin) or NOTHING, to=person, zone=canteen.zone)
        return
    chat.say(
        _(
            "{name} is with {canteen} already, and you can ask me about lunch at any time."
            " What would you like me to tell you?",
            name=senior.display,
            canteen=canteen.name,
        ),
        to=person,
        zone=canteen.zone,
        buttons=told_buttons(senior),
    )


@button("kin_no", for_=COORDINATOR)
async def refuse(chat: Chat, senior_id: int, person_id: int) -> None:
    """Tell somebody who may not follow a senior to call, without a word about who is on the list."""
    person = await Kinship.refuse(senior_id, person_id, chat.person, chat.now)
    senior = await Senior.get(id=senior_id)
    canteen = await Canteen.get(id=senior.canteen_id)
    human, phone = canteen.human
    chat.say(
        _(
            "{who} is asked to call, and hears nothing about {name}.",
            who=person.name or _("Somebody"),
            name=senior.display,
        ),
        card=f"kin {senior_id} {person_id}",
    )
    chat.say(
        _(
            "About your registration at {canteen} we would like to talk with you."
            " Please call {human}: {phone}",
            canteen=canteen.name,
            human=human,
            phone=phone,
        ),
        to=person,
        zone=canteen.zone,
    )
