"""Coming in: with a code, or by offering help."""

from __future__ import annotations

from handlers import answers, unsuited
from handlers.ages import ask_age, tell_coordinators, what_follows
from handlers.chat import Chat, Mail, Unclear, button, explains, press
from handlers.family import of_problems
from handlers.introductions import introduce
from handlers.places import any_canteen
from handlers.relatives import tell_of_follower
from handlers.text import Text, _, lines
from models import joining
from models.canteens import Canteen
from models.following import follow, may_follow
from models.invitations import Invitation, Purpose, link
from models.kin import Scope
from models.people import Membership, Person, Role
from models.refusals import AlreadyMember, AskedBefore, CodeUnknown, OwnCode, TwoPersons
from models.unsuited import give_back_of
from models.youth import AgeClass, AgeNote


async def come_in(chat: Chat, code: str) -> None:
    """Use a one-time code: join a canteen, follow a senior, or bring a second channel."""
    invitation = await Invitation.look(code_in(code), chat.now)
    match invitation.purpose:
        case Purpose.JOIN:
            await _join(chat, invitation)
        case Purpose.KIN:
            await _follow(chat, invitation)
        case Purpose.LINK:
            await link(invitation, chat.person, chat.now)
            chat.say(_("Done. Here and there, you are now the same person for me."))


async def came_by(chat: Chat, code: str) -> bool:
    """Tell whether this person has used that code already: a link is often tapped twice."""
    return await Invitation.was_used_by(chat.person, code_in(code))


def code_in(text: str) -> str:
    """Read a code out of what was pasted. Raises CodeUnknown."""
    try:
        return answers.code(text)
    except Unclear:
        raise CodeUnknown from None


@button("invited")
async def invited(chat: Chat) -> None:
    """Ask for the code, for those who did not come by its link."""
    await come_in(chat, await chat.ask("code", _("Please write the code of your invitation."), answers.code))


async def _join(chat: Chat, invitation: Invitation) -> None:
    canteen = await Canteen.get(id=invitation.canteen_id)
    assert invitation.role is not None
    if await Membership.holds(chat.person.id, canteen.id, invitation.role):
        raise AlreadyMember
    if invitation.made_by_id == chat.person.id:
        chat.say(_("You made this invitation yourself. Please forward it to the person whom it is for."))
        return
    name, phone = await introduce(chat, canteen)
    age = await ask_age(chat) if invitation.role is Role.VOLUNTEER else AgeClass.ADULT
    member = await joining.join(invitation, chat.person, name=name, phone=phone, now=chat.now)
    if invitation.role is Role.VOLUNTEER:
        await AgeNote.note(chat.person, age, chat.person, chat.now)
        await unsuited.tell(chat, await give_back_of(chat.person, chat.now))
    match invitation.role:
        case Role.COORDINATOR:
            chat.say(
                lines(
                    _("Welcome, {name}. You now look after {canteen}.", name=name, canteen=canteen.name),
                    _("It is ready to use: invite volunteers and families, and register the first seniors."),
                    _("Its clock, routes and the phone number that families see are under Settings."),
                ),
                buttons=[
                    press(_("Invite somebody"), "/invite"),
                    press(_("Register a senior"), "/register"),
                    press(_("Settings"), "/settings"),
                    press(_("All that I can do"), "/help"),
                ],
            )
        case Role.FAMILY:
            chat.say(
                _(
                    "Welcome, {name}. Now you can register your family member for lunch at {canteen}.",
                    name=name,
                    canteen=canteen.name,
                ),
                buttons=[press(_("Register a family member"), "/register")],
            )
        case Role.KITCHEN:
            chat.say(
                lines(
                    _(
                        "Welcome, {name}. You are in the kitchen of {canteen} now.",
                        name=name,
                        canteen=canteen.name,
                    ),
                    _(
                        "When orders close I send you what is to be cooked, and once that is final,"
                        " each change as a difference."
                    ),
                ),
                buttons=[
                    press(_("How many lunches today"), "/kitchen"),
                    press(_("What is on the menu"), "/menu"),
                    press(_("Temperature and samples"), "food", canteen.id),
                ],
            )
        case _:
            welcome_volunteer(chat, chat.person, name, canteen)
            if follows := what_follows(age):
                chat.say(follows)
                await tell_coordinators(chat, member, chat.person, canteen)


def welcome_volunteer(mail: Mail, person: Person, name: str, canteen: Canteen) -> None:
    """Greet a new volunteer and show the way to the shifts."""
    mail.say(
        _(
            "Welcome, {name}. You are a volunteer at {canteen} now. Take a shift whenever it suits you.",
            name=name,
            canteen=canteen.name,
        ),
        to=person,
        zone=canteen.zone,
        buttons=[press(_("Open shifts"), "/shifts")],
    )


async def _follow(chat: Chat, invitation: Invitation) -> None:
    senior, _most = await may_follow(invitation, chat.person)
    canteen = await Canteen.get(id=senior.canteen_id)
    name, phone = await introduce(chat, canteen)
    followed = await follow(invitation, chat.person, chat.now)
    await chat.person.introduce(name, phone)
    if followed.new:
        await tell_of_follower(chat, canteen, followed)
    if not followed.kin.may(Scope.STATUS):
        chat.say(lines(_("Welcome, {name}.", name=name), of_problems(senior, followed.kin)))
        return
    chat.say(
        _(
            "Welcome, {name}. From now on you can ask me about {senior} at any time.",
            name=name,
            senior=senior.display,
        ),
        buttons=[
            press(_("How is lunch today?"), "/status"),
            press(_("What I want to be told"), "told", senior.id),
        ],
    )


@button("offer")
async def offer_help(chat: Chat) -> None:
    """Let a stranger offer help; the coordinator decides."""
    canteen = await any_canteen(chat)
    if await Membership.holds(chat.person.id, canteen.id, Role.VOLUNTEER):
        raise AlreadyMember
    name, phone = await introduce(chat, canteen)
    age = await ask_age(chat)
    await chat.confirm(
        "sure",
        lines(
            _("May I tell the coordinator of {canteen} that you would like to help?", canteen=canteen.name),
            _("They will see your name and your number: {name}, {phone}", name=name, phone=phone),
        ),
        yes=_("Yes, please tell them"),
    )
    member = await joining.ask(chat.person, canteen.id, name=name, phone=phone, now=chat.now)
    await AgeNote.note(chat.person, age, chat.person, chat.now)
    await unsuited.tell(chat, await give_back_of(chat.person, chat.now))
    chat.say(
        lines(
            _("Thank you, {name}. You will hear from me as soon as the coordinator has answered.", name=name),
            what_follows(age),
        )
    )
    if what_follows(age):
        await tell_coordinators(chat, member, chat.person, canteen)
    for coordinator in await canteen.coordinators():
        show_request(chat, member, canteen, name, phone, to=coordinator)


def show_request(
    mail: Mail, member: Membership, canteen: Canteen, name: str, phone: str, *, to: Person
) -> None:
    """Show a coordinator who would like to help, with the two answers."""
    mail.say(
        lines(
            _("{name} would like to help as a volunteer at {canteen}.", name=name, canteen=canteen.name),
            _("Phone: {phone}", phone=phone),
            _("Asked on {when}", when=member.asked_at),
        ),
        to=to,
        zone=canteen.zone,
        buttons=[[press(_("Accept"), "member_yes", member.id), press(_("Decline"), "member_no", member.id)]],
        card=f"member {member.id}",
        fresh=True,
        reveals=f"phone of person {member.person_id}",
    )


@explains(CodeUnknown)
def code_unknown(_refusal: CodeUnknown) -> Text:
    return _(
        "This code does not work any more: each one is good once, and for some days. Please ask for another."
    )


@explains(OwnCode)
def own_code(_refusal: OwnCode) -> Text:
    return _("You made this invitation yourself. Please forward it to the person whom it is for.")


@explains(TwoPersons)
def two_persons(_refusal: TwoPersons) -> Text:
    return _(
        "You are known here already, with things of your own, so I can't simply join the two."
        " Please call the coordinator: write 0 and I tell you the number."
    )


@explains(AlreadyMember)
def already_member(_refusal: AlreadyMember) -> Text:
    return _("You are with us already. What you can do is listed under /help")


@explains(AskedBefore)
def asked_before(_refusal: AskedBefore) -> Text:
    return _(
        "You asked not long ago, and there was no place for another helper then."
        " To talk about it, write 0 and call the number."
    )
