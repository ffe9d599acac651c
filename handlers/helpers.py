"""What a helper can do, what they know already, how old they are: noted by the coordinator."""

from __future__ import annotations

from handlers import answers, unsuited
from handlers.ages import AGES
from handlers.chat import COORDINATOR, Button, Chat, Choice, button, press
from handlers.places import which_canteen
from handlers.shiftwords import KINDS, SKILLS
from handlers.text import Text, _, bold, lines, verbatim
from models import joining
from models.canteens import Canteen
from models.introductions import Introduction, experienced
from models.people import Membership, Person, Role
from models.refusals import Gone
from models.routes import Kind
from models.skills import Ability, Skill
from models.unsuited import give_back_of
from models.youth import AgeClass, AgeNote, GuardianYes


@button("helpers", for_=COORDINATOR)
async def pick(chat: Chat) -> None:
    """Ask about whom it is, and show what is known of them."""
    canteen = await which_canteen(chat, Role.COORDINATOR)
    members = {str(each.id): each for each in await joining.members(canteen.id, Role.VOLUNTEER)}
    if not members:
        chat.say(_("There is no volunteer yet."), buttons=[press(_("Invite somebody"), "/invite")])
        return
    who = await chat.ask(
        "who",
        _("Whose skills and age would you like to see?"),
        choices=[Choice(value, verbatim(each.person.name or "?")) for value, each in members.items()],
    )
    await _show(chat, members[who])


@button("helper", for_=COORDINATOR)
async def show(chat: Chat, member_id: int) -> None:
    """Show what is known of one helper."""
    await _show(chat, await _mine(chat, member_id))


async def _mine(chat: Chat, member_id: int) -> Membership:
    member = await Membership.filter(id=member_id, role=Role.VOLUNTEER, ended_at=None).first()
    if member is None:
        raise Gone
    await chat.person.must_be(Role.COORDINATOR, member.canteen_id)
    member.person = await Person.get(id=member.person_id)
    return member


async def _show(chat: Chat, member: Membership) -> None:
    person, canteen_id = member.person, member.canteen_id
    canteen = await Canteen.get(id=canteen_id)
    age = await AgeNote.of(person)
    guardian = await GuardianYes.of(person, canteen_id) if age.minor else None
    skills = {each.skill: each for each in await Ability.of(person, canteen_id)}
    knows = [kind for kind in Kind if await experienced([person.id], canteen_id, kind)]
    chat.say(
        lines(
            bold(verbatim(person.name or "?")),
            _("Age: {age}", age=AGES[age.age])
            if await AgeNote.filter(person_id=person.id).exists()
            else _("Age: nobody has asked"),
            _guardian(guardian) if age.minor else None,
            *(
                _("Has: {skill}", skill=SKILLS[each.skill])
                if each.confirmed_at
                else _("Says: {skill} – please look at it", skill=SKILLS[each.skill])
                for each in skills.values()
            ),
            *(_("Knows: {kind}", kind=KINDS[kind]) for kind in knows),
        ),
        buttons=[
            *(_skill_key(member, skill, skills.get(skill)) for skill in Skill),
            [press(words, "age_set", member.id, each.value) for each, words in AGES.items()],
            *([press(_("A guardian has said yes"), "guardian_yes", member.id)] if age.minor else []),
            *([press(_("The guardian says no now"), "guardian_no", member.id)] if guardian else []),
            *(
                press(_("Knows it: {kind}", kind=KINDS[kind]), "shown", member.id, kind.value)
                for kind in Kind
                if kind not in knows
            ),
        ],
        zone=canteen.zone,
        card=f"helper {member.id}",
        fresh=True,
        reveals=f"age and guardian of person {person.id}" if age.minor else None,
    )


def _guardian(yes: GuardianYes | None) -> Text:
    if yes is None:
        return _("No guardian has said yes so far: no shift before that.")
    return _("{name}, {phone}, said yes on {when}.", name=yes.name, phone=yes.phone, when=yes.at)


def _skill_key(member: Membership, skill: Skill, known: Ability | None) -> Button:
    if known is not None and known.confirmed_at is not None:
        return press(_("No longer: {skill}", skill=SKILLS[skill]), "skill_no", member.id, skill.value)
    return press(
        _("Has it: {skill}", skill=SKILLS[skill]),
        "skill_yes",
        member.canteen_id,
        member.person_id,
        skill.value,
    )


@button("skill_yes", for_=COORDINATOR)
async def confirm_skill(chat: Chat, canteen_id: int, person_id: int, skill: str) -> None:
    """Note that somebody can do something, and tell them."""
    person = await Person.get_or_none(id=person_id)
    if person is None or skill not in set(Skill):
        raise Gone
    _ability, news = await Ability.confirm(person, canteen_id, Skill(skill), chat.person, chat.now)
    name = person.name or "?"
    chat.say(_("Noted: {name} has this: {skill}", name=name, skill=SKILLS[Skill(skill)]))
    if news and person.id != chat.person.id:
        chat.say(
            _(
                "{coordinator} has noted that you have this: {skill}. More shifts are open to you: /shifts",
                coordinator=chat.person.name or "?",
                skill=SKILLS[Skill(skill)],
            ),
            to=person,
            zone=(await Canteen.get(id=canteen_id)).zone,
        )


@button("skill_no", for_=COORDINATOR)
async def end_skill(chat: Chat, member_id: int, skill: str) -> None:
    """Note that somebody can't do something any more; the places that they have stay theirs."""
    member = await _mine(chat, member_id)
    if skill not in set(Skill):
        raise Gone
    await Ability.end(member.person, member.canteen_id, Skill(skill), chat.person, chat.now)
    await _show(chat, member)


@button("age_set", for_=COORDINATOR)
async def set_age(chat: Chat, member_id: int, age: str) -> None:
    """Note how old somebody is; places that do not suit their age are open to others."""
    member = await _mine(chat, member_id)
    if age not in set(AgeClass):
        raise Gone
    await AgeNote.note_by_coordinator(member.person, member.canteen_id, AgeClass(age), chat.person, chat.now)
    await unsuited.tell(chat, await give_back_of(member.person, chat.now))
    await _show(chat, member)


@button("guardian_yes", for_=COORDINATOR)
async def hear_guardian(chat: Chat, member_id: int) -> None:
    """Ask who said yes and how to reach them, and write the consent down."""
    member = await _mine(chat, member_id)
    canteen = await Canteen.get(id=member.canteen_id)
    helper = member.person.name or "?"
    name = await chat.ask(
        "guardian",
        _("Who said yes for {name}: which parent or guardian? Please write the name.", name=helper),
        answers.words,
    )
    phone = await chat.ask(
        "phone",
        _("What is the phone number of {name}?", name=name),
        answers.phone(answers.country_code(canteen.zone)),
    )
    await chat.confirm(
        "sure",
        lines(
            _("{guardian}, {phone}, agrees that {name} helps at {canteen}.", guardian=name, phone=phone,
              name=helper, canteen=canteen.name),
            _(
                "Nobody under 18 goes to a door alone, helps in the evening or drives. A guardian can say no"
                " again at any time."
            ),
            _("You have spoken to them yourself."),
        ),
        yes=_("Yes, write it down"),
    )  # fmt: skip
    await GuardianYes.hear(member.person, canteen.id, name, phone, chat.person, chat.now)
    chat.say(_("Written down, with your name and the time. {name} can take shifts now.", name=helper))
    chat.say(
        _("{guardian} has said yes: you can take shifts now. They are under /shifts", guardian=name),
        to=member.person,
        zone=canteen.zone,
    )


@button("guardian_no", for_=COORDINATOR)
async def end_guardian(chat: Chat, member_id: int) -> None:
    """Note that a guardian has taken the yes back; the helper's places are open to others."""
    member = await _mine(chat, member_id)
    await GuardianYes.withdraw(member.person, member.canteen_id, chat.person, chat.now)
    given = await joining.give_back_all(member, chat.now)
    canteen = await Canteen.get(id=member.canteen_id)
    chat.say(
        _(
            "Your guardian would rather not have you help just now, so your shifts at {canteen} are open to"
            " others. Thank you for all that you did!",
            canteen=canteen.name,
        ),
        to=member.person,
        zone=canteen.zone,
    )
    chat.say(_("Noted. Shifts that are open to others again: {n}", n=len(given)))
    await _show(chat, member)


@button("shown", for_=COORDINATOR)
async def say_shown(chat: Chat, member_id: int, kind: str) -> None:
    """Note that somebody knows a kind of shift."""
    member = await _mine(chat, member_id)
    if kind not in set(Kind):
        raise Gone
    await Introduction.say(member.person, member.canteen_id, Kind(kind), chat.person, chat.now)
    await _show(chat, member)
