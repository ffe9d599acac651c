"""Links that bring people in: to a canteen, or to their own second channel."""

from __future__ import annotations

from typing import Final

from handlers.chat import ANYONE, COORDINATOR, Chat, button, command, press
from handlers.places import which_canteen
from handlers.text import Link, Text, _, lines
from models import joining
from models.canteens import Canteen
from models.invitations import INVITATION_LIFE, LINK_LIFE, Invitation, Purpose
from models.people import Role
from models.refusals import Gone

WHOM: Final[dict[Role, Text]] = {
    Role.VOLUNTEER: _("A volunteer"),
    Role.FAMILY: _("A family"),
    Role.KITCHEN: _("A cook"),
    Role.COORDINATOR: _("Another coordinator"),
}


@command(
    "invite",
    for_=COORDINATOR,
    help=_("Invite a volunteer, a family, a cook or another coordinator"),
    phrases=_("invite|invitation"),
)
async def invite(chat: Chat) -> None:
    """Ask whom; each answer gives one link."""
    canteen = await which_canteen(chat, Role.COORDINATOR)
    chat.say(
        _("Whom would you like to invite to {canteen}?", canteen=canteen.name),
        buttons=[press(label, "invite", canteen.id, role.value) for role, label in WHOM.items()],
    )


@button("invite", for_=COORDINATOR)
async def make_invitation(chat: Chat, canteen_id: int, role: str) -> None:
    """Make one link, in a message that can be forwarded as it is."""
    if role not in WHOM:
        raise Gone
    canteen = await Canteen.filter(id=canteen_id).first()
    if canteen is None:
        raise Gone
    code = await joining.invite(canteen.id, Role(role), by=chat.person, now=chat.now)
    chat.say(
        _("Please forward the next message. It is for one person; for the next one, tap again."),
        buttons=[press(_("One more link"), "invite", canteen.id, role)],
    )
    chat.say(
        lines(
            _invited(Role(role), canteen),
            _("{link}", link=Link(code)),
            _("Or write me: /start {code}", code=code),
            _("It works once, until {until}.", until=chat.now + INVITATION_LIFE),
        ),
        zone=canteen.zone,
        expires=chat.now + INVITATION_LIFE,
    )


def _invited(role: Role, canteen: Canteen) -> Text:
    match role:
        case Role.VOLUNTEER:
            return _(
                "Would you like to bring lunch to older people with {canteen}? Come in here:",
                canteen=canteen.name,
            )
        case Role.FAMILY:
            return _("Here you register your family member for lunch with {canteen}:", canteen=canteen.name)
        case Role.KITCHEN:
            return _(
                "Please cook for older people with {canteen}: I tell you how many eat, and what they must not"
                " get. Come in here:",
                canteen=canteen.name,
            )
        case _:
            return _("Please help to look after {canteen}. Come in here:", canteen=canteen.name)


@command("link", for_=ANYONE, help=_("Reach me from a second phone or app, too"))
async def link(chat: Chat) -> None:
    """Give a code that joins this person's next account."""
    code = await Invitation.make(Purpose.LINK, by=chat.person, now=chat.now)
    chat.say(
        lines(
            _("Open this on your other phone or in your other app within ten minutes:"),
            _("{link}", link=Link(code)),
            _("Or write me there: /start {code}", code=code),
            _("Please keep it to yourself: I take whoever uses it for you."),
        ),
        expires=chat.now + LINK_LIFE,
    )
