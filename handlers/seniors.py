"""Register a senior for lunch."""

from __future__ import annotations

from dataclasses import dataclass

from handlers import answers, intake
from handlers.approval import show_to_coordinators
from handlers.chat import ANYONE, Chat, Choice, command, explains
from handlers.diets import ask_diet, diet_lines
from handlers.family import thank
from handlers.places import any_canteen, which_canteen
from handlers.senior_pattern import ask_days
from handlers.seniornames import MODES
from handlers.text import Text, Weekdays, _, bold, lines
from handlers.twice import say_known
from models.canteens import Canteen
from models.people import Membership, Role
from models.refusals import SeniorKnown
from models.seniors import Agreed, Diet, Mode, Senior


@dataclass(frozen=True, slots=True)
class Answers:
    """All that was answered; nothing is written before the last of them."""

    who: intake.Who
    phone: str | None
    mode: Mode
    address: str
    knock: str | None
    plan: str | None
    weekdays: int
    labels: list[str]
    texture: str
    allergies: list[str]
    contact: intake.Contact | None
    alone: bool
    agreed: Agreed


@command(
    "register",
    for_=ANYONE,
    help=_("Register a senior for lunch"),
    phrases=_("register|sign up my mother|sign up my father|lunch for my mother|lunch for my father"),
)
async def register(chat: Chat) -> None:
    """Ask at most twelve questions, then tell the coordinator."""
    canteen = await _canteen(chat)
    given = await _ask(chat, canteen)
    await chat.confirm("sure", _summary(given, canteen), yes=_("Yes, send it"))
    who, contact = given.who, given.contact
    try:
        senior = await Senior.register(
            canteen_id=canteen.id,
            name=who.name,
            called=who.called,
            born=who.born,
            phone=given.phone,
            address=given.address,
            knock=given.knock,
            plan=given.plan,
            mode=given.mode,
            weekdays=given.weekdays,
            labels=given.labels,
            texture=given.texture,
            allergies=given.allergies,
            avoids=None,
            contact=(contact.name, contact.phone, contact.relation) if contact else None,
            alone=given.alone,
            agreed=given.agreed,
            by=chat.person,
            now=chat.now,
        )
    except SeniorKnown as known:
        await say_known(chat, canteen, await Senior.get(id=known.senior_id))
        return
    if await Membership.holds(chat.person.id, canteen.id, Role.COORDINATOR):
        chat.say(_("{name} is on the list as {short_id}.", name=senior.spoken, short_id=senior.short_id))
    else:
        thank(chat)
    await show_to_coordinators(chat, senior)


async def _canteen(chat: Chat) -> Canteen:
    for role in (Role.COORDINATOR, Role.FAMILY):
        if role in chat.roles:
            return await which_canteen(chat, role)
    return await any_canteen(chat)


async def _ask(chat: Chat, canteen: Canteen) -> Answers:
    country = answers.country_code(canteen.zone)
    who = await chat.ask(
        "who",
        _(
            "Whom would you like to register for lunch at {canteen}? Please write the full name, the year"
            " of birth, and how we should say the name, like this: {example}",
            canteen=canteen.name,
            example=intake.who_example(),
        ),
        intake.who(canteen.today(chat.began)),
        label=_("Name and year of birth"),
    )
    called = who.called
    phone = await chat.ask(
        "phone",
        _("On which phone number can we reach {called}?", called=called),
        intake.phone_or_none(country),
        choices=[Choice(intake.NONE, _("No phone"))],
        label=_("Phone"),
    )
    where = await chat.ask(
        "where",
        _(
            "Where would {called} like to have lunch? If we should bring it, please write the address"
            " with building, floor and door.",
            called=called,
        ),
        intake.where,
        choices=[
            Choice(Mode.DINE_IN, _("At the canteen")),
            Choice(Mode.PICK_UP, _("Somebody picks it up")),
        ],
        label=_("Where lunch is had"),
    )
    knock, plan, address = None, None, where.address
    if address is None:
        address = await chat.ask(
            "address",
            _(
                "Where does {called} live? Please write the address with building, floor and door.",
                called=called,
            ),
            intake.address,
            label=_("Address"),
        )
    else:
        door = await chat.ask(
            "door",
            _(
                "How do we best get an answer at the door of {called}, and what shall we do if nobody opens?"
                " Two lines are best: first the knock, then the rest.",
                called=called,
            ),
            answers.long_words,
            label=_("At the door"),
        )
        knock, plan = intake.knock_and_plan(door)
    weekdays = await ask_days(chat, canteen, called)
    labels, texture, allergies = await ask_diet(chat, called)
    contact = await chat.ask(
        "contact",
        _(
            "Whom else may we call if something is wrong? Please write a name and a phone number,"
            " like this: {example}",
            example=intake.contact_example(),
        ),
        intake.contact_or_none(country),
        choices=[Choice(intake.NONE, _("Nobody else"))],
        label=_("Whom else to call"),
    )
    alone = await chat.ask(
        "alone",
        _("Does {called} live alone?", called=called),
        choices=[Choice("yes", _("Yes, alone")), Choice("no", _("No, with somebody"))],
        label=_("Lives alone"),
    )
    agreed = await chat.ask(
        "agreed",
        _(
            "Did {called} personally agree to having lunch with us, and to our keeping what you wrote here?",
            called=called,
        ),
        choices=[
            Choice(Agreed.YES, _("Yes, agreed")),
            Choice(Agreed.NOT_ASKED, _("Not asked yet")),
            Choice(Agreed.GUARDIAN, _("Can't decide any more: I am the guardian")),
        ],
        label=_("Asked in person"),
    )
    return Answers(
        who=who,
        phone=phone,
        mode=where.mode,
        address=address,
        knock=knock,
        plan=plan,
        weekdays=weekdays,
        labels=labels,
        texture=texture,
        allergies=allergies,
        contact=contact,
        alone=alone == "yes",
        agreed=Agreed(agreed),
    )


def _summary(given: Answers, canteen: Canteen) -> Text:
    who = given.who
    diet = Diet(labels=given.labels, texture=given.texture, allergies=given.allergies, avoids=None)
    return lines(
        bold(_("Is everything right?")),
        _("{name}, born {year}. We say: {called}", name=who.name, year=str(who.born), called=who.called),
        _("Phone: {phone}", phone=given.phone) if given.phone else _("No phone"),
        _("Lunch: {how}, {days}", how=MODES[given.mode], days=Weekdays(given.weekdays & canteen.weekdays)),
        _("Address: {address}", address=given.address),
        _("At the door: {knock}", knock=given.knock) if given.knock else None,
        _("If nobody opens: {plan}", plan=given.plan) if given.plan != given.knock and given.plan else None,
        diet_lines(diet),
        _("Someone else to call: {name}, {phone}", name=given.contact.name, phone=given.contact.phone)
        if given.contact
        else _("Someone else to call: nobody"),
        _("Lives alone") if given.alone else _("Lives with somebody"),
        {
            Agreed.YES: _("Has agreed"),
            Agreed.NOT_ASKED: _("Was not asked yet: we will ask before we begin"),
            Agreed.GUARDIAN: _("You are the guardian and agreed"),
        }[given.agreed],
    )


@explains(SeniorKnown)
def senior_known(_refusal: SeniorKnown) -> Text:
    return _("Thank you. The coordinator will look at it today, and you get the answer here.")
