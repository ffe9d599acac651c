"""Who helps at a canteen: those who ask, those who may, and those whose time is over."""

from __future__ import annotations

from typing import Final

from handlers import callcard
from handlers.chat import COORDINATOR, Chat, Choice, button, command, explains, press
from handlers.joining import show_request, welcome_volunteer
from handlers.places import which_canteen
from handlers.text import NOTHING, Text, _, _n, bold, lines
from models import joining
from models.canteens import Canteen
from models.people import Membership, Role
from models.phonecalls import PhoneCall
from models.refusals import LastCoordinator, MemberDecided

PAGE: Final = 40
HELPERS: Final = (Role.COORDINATOR, Role.KITCHEN, Role.COUNSELLOR, Role.VOLUNTEER)


@command(
    "people",
    for_=COORDINATOR,
    help=_("Who helps here, and who would like to"),
    phrases=_("volunteers|who helps|people"),
)
async def people(chat: Chat) -> None:
    """List who helps, and show each open request with its two answers."""
    canteen = await which_canteen(chat, Role.COORDINATOR)
    found = await joining.members(canteen.id, *HELPERS)
    for page in range(0, len(found), PAGE):
        chat.say(
            lines(
                bold(_("People of {canteen}", canteen=canteen.name)),
                *(_described(member) for member in found[page : page + PAGE]),
            ),
            reveals=f"phones of the helpers of canteen {canteen.id}",
        )
    waiting = await joining.waiting(canteen.id)
    for member in waiting:
        who = member.person
        show_request(chat, member, canteen, who.name or "?", who.phone or "?", to=chat.person)
    chat.say(
        _n(
            "{n} person waits for your answer, just above.",
            "{n} people wait for your answer, just above.",
            len(waiting),
        )
        if waiting
        else _("Nobody waits for your answer."),
        buttons=[
            press(_("Invite somebody"), "/invite"),
            press(_("Skills and age of a volunteer"), "helpers"),
            press(_("End somebody's role"), "/revoke"),
        ],
    )


def _described(member: Membership) -> Text:
    name = member.person.name or "?"
    phone = member.person.phone or _("no number yet")
    match member.role:
        case Role.COORDINATOR:
            return _("Coordinator: {name}, {phone}", name=name, phone=phone)
        case Role.KITCHEN:
            return _("Kitchen: {name}, {phone}", name=name, phone=phone)
        case Role.COUNSELLOR:
            return _("Counsellor: {name}, {phone}", name=name, phone=phone)
        case _:
            return _("Volunteer: {name}, {phone}", name=name, phone=phone)


@button("member_yes", for_=COORDINATOR)
async def accept(chat: Chat, member_id: int) -> None:
    """Say yes to somebody who would like to help."""
    member = await joining.accept(member_id, by=chat.person, now=chat.now)
    canteen = await Canteen.get(id=member.canteen_id)
    name = member.person.name or "?"
    await _settle(
        chat,
        member,
        _("{name} is a volunteer now. {coordinator} said yes.", name=name, coordinator=_me(chat)),
    )
    welcome_volunteer(chat, member.person, name, canteen)


@button("member_no", for_=COORDINATOR)
async def decline(chat: Chat, member_id: int) -> None:
    """Say no to somebody who would like to help."""
    member = await joining.decline(member_id, by=chat.person, now=chat.now)
    canteen = await Canteen.get(id=member.canteen_id)
    await _settle(
        chat,
        member,
        _(
            "{coordinator} has declined the offer of {name}.",
            name=member.person.name or "?",
            coordinator=_me(chat),
        ),
    )
    chat.say(
        _(
            "Thank you for offering your help to {canteen}. Just now there is no free place."
            " To talk about it, write 0 and call the number.",
            canteen=canteen.name,
        ),
        to=member.person,
        zone=canteen.zone,
    )


async def _settle(chat: Chat, member: Membership, outcome: Text) -> None:
    """Show the outcome on the card of everybody who was asked."""
    chat.say(outcome, card=f"member {member.id}")
    for coordinator in await Membership.people(member.canteen_id, Role.COORDINATOR):
        if coordinator.id != chat.person.id:
            chat.say(outcome, to=coordinator, card=f"member {member.id}", only_update=True)


def _me(chat: Chat) -> str:
    return chat.person.name or "?"


@command("revoke", for_=COORDINATOR, help=_("End somebody's role here"))
async def revoke(chat: Chat) -> None:
    """Ask whose role ends, make sure, and end it."""
    canteen = await which_canteen(chat, Role.COORDINATOR)
    found = {str(member.id): member for member in await joining.members(canteen.id, *HELPERS)}
    who = await chat.ask(
        "who",
        _("Whose role at {canteen} shall end?", canteen=canteen.name),
        choices=[Choice(value, _described(member)) for value, member in found.items()],
        label=_("The person"),
    )
    member = found[who]
    name = member.person.name or "?"
    await chat.confirm(
        "sure",
        lines(
            _described(member),
            NOTHING,
            _("From then on {name} sees nothing of {canteen} any more.", name=name, canteen=canteen.name),
            _("Shifts that they have taken are open again. The hours that they gave are kept."),
        ),
        yes=_("Yes, end it"),
    )
    in_hand = await PhoneCall.in_hand(member.person_id)
    await joining.end(member.id, by=chat.person, now=chat.now)
    if in_hand is not None and await PhoneCall.in_hand(member.person_id) is None:
        await callcard.hide(chat, in_hand)
    chat.say(_("Done. {name} has been told.", name=name))
    if member.person.phone and member.person.phone == canteen.human_phone:
        chat.say(
            _("Families still see the number of {name} as the one to call. Please change it.", name=name),
            buttons=[press(_("Change the number"), "set", canteen.id, "human")],
        )
    chat.say(
        _(
            "Your role at {canteen} has ended. Thank you for all that you gave."
            " If you have a question, write 0 and call the number.",
            canteen=canteen.name,
        ),
        to=member.person,
        zone=canteen.zone,
    )


@explains(MemberDecided)
def member_decided(refusal: MemberDecided) -> Text:
    return _("That is settled already: yes.") if refusal.accepted else _("That is settled already: no.")


@explains(LastCoordinator)
def last_coordinator(_refusal: LastCoordinator) -> Text:
    return _("You are the only coordinator. Please invite another one first: /invite")
