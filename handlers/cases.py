"""Cases: what nobody answered or what is different, on the coordinator's side. Closed by a person only."""

from __future__ import annotations

from typing import Final

from handlers import answers, today
from handlers.chat import (
    COORDINATOR,
    Chat,
    Choice,
    Keyboard,
    Mail,
    Priority,
    button,
    command,
    explains,
    press,
)
from handlers.text import NOTHING, Text, _, bold, lines, verbatim
from models.canteens import Canteen, Route
from models.cases import GOOD, Case, CaseKind, CaseOutcome
from models.meals import Meal
from models.people import Person, Role
from models.refusals import CaseClosed, CaseTaken
from models.seniors import Kinship, Senior

ENDS: Final[dict[CaseOutcome, Text]] = {
    CaseOutcome.SAFE_OUT: _("Safe, was out"),
    CaseOutcome.SAFE_HOME: _("Safe, asleep or did not hear"),
    CaseOutcome.HELPED: _("Fell, and was helped"),
    CaseOutcome.HOSPITAL: _("In hospital"),
    CaseOutcome.DECEASED: _("Has passed away"),
    CaseOutcome.FALSE_ALARM: _("False alarm"),
    CaseOutcome.FOLLOWED_UP: _("Looked into"),
}
OF_A_DOOR: Final = tuple(outcome for outcome in CaseOutcome if outcome is not CaseOutcome.FOLLOWED_UP)
OF_A_CONCERN: Final = (
    CaseOutcome.FOLLOWED_UP,
    CaseOutcome.HELPED,
    CaseOutcome.HOSPITAL,
    CaseOutcome.FALSE_ALARM,
)


async def tell_coordinators(
    mail: Mail, case: Case, *, fresh: bool, said: Text | None = None, words: str | None = None
) -> None:
    """Show the case's card to every coordinator of the canteen."""
    canteen = await Canteen.get(id=case.canteen_id)
    text = await describe(case, said, words)
    for person in await canteen.coordinators():
        mail.say(
            text,
            to=person,
            buttons=_keys(case, person),
            zone=canteen.zone,
            priority=Priority.URGENT,
            card=f"case:{case.id}",
            fresh=fresh,
            reveals=f"phones of senior {case.senior_id}",
        )


async def describe(case: Case, said: Text | None = None, words: str | None = None) -> Text:
    """Say a case: who, where, since when, whom to phone, and who looks after it."""
    senior = await Senior.get(id=case.senior_id)
    meal = await Meal.get_or_none(id=case.meal_id)
    route = await Route.get_or_none(id=meal.route_id) if meal and meal.route_id else None
    opener = await Person.get_or_none(id=case.opened_by_id)
    kin = [member.person for member in await Kinship.of(senior)]
    return lines(
        bold(_head(case, senior)),
        said,
        verbatim(words) if words else None,
        _(
            "{when}, told by {who} ({phone})",
            when=case.opened_at,
            who=(opener and opener.name) or "–",
            phone=(opener and opener.phone) or "–",
        )
        if opener is not None
        else _("{when}, when the desk closed", when=case.opened_at),
        _("Route: {route}", route=route.name) if route else None,
        _("{name}'s phone: {phone}", name=senior.display, phone=senior.phone)
        if senior.phone
        else _("{name} has no phone.", name=senior.display),
        *(
            _("To call: {name}, {phone}", name=person.name or "–", phone=person.phone)
            for person in kin
            if person.phone
        ),
        NOTHING,
        await _standing(case),
    )


def _head(case: Case, senior: Senior) -> Text:
    match case.kind:
        case CaseKind.NO_ANSWER:
            return _("Nobody answers at {name}'s ({short})", name=senior.display, short=senior.short_id)
        case CaseKind.NOT_COME:
            return _("{name} ({short}) did not come to lunch", name=senior.display, short=senior.short_id)
        case _:
            return _(
                "Something is different at {name}'s ({short})", name=senior.display, short=senior.short_id
            )


async def _standing(case: Case) -> Text:
    closer = await Person.get_or_none(id=case.closed_by_id)
    owner = await Person.get_or_none(id=case.owner_id)
    if case.closed_at is not None and case.outcome is not None:
        return _(
            "Closed {when} by {who}: {end}",
            when=case.closed_at,
            who=(closer and closer.name) or "–",
            end=ENDS[CaseOutcome(case.outcome)],
        )
    if owner is not None:
        return _(
            "{who} looks after it since {when}.", who=owner.name or "–", when=case.owned_at or case.opened_at
        )
    return bold(_("Nobody looks after it yet."))


def _keys(case: Case, person: Person) -> Keyboard:
    if case.closed_at is not None:
        return []
    if case.owner_id is None:
        return [press(_("I look after it"), "take", case.id), press(_("It is settled"), "settle", case.id)]
    keys = [press(_("It is settled"), "settle", case.id)]
    if case.owner_id != person.id:
        keys.append(press(_("I take it over"), "take_over", case.id))
    return keys


@button("take", for_=COORDINATOR)
async def take(chat: Chat, case_id: int) -> None:
    """Look after a case that nobody looks after."""
    await _take(chat, case_id, over=False)


@button("take_over", for_=COORDINATOR)
async def take_over(chat: Chat, case_id: int) -> None:
    """Look after a case in somebody's place."""
    await _take(chat, case_id, over=True)


async def _take(chat: Chat, case_id: int, *, over: bool) -> None:
    case = await Case.coordinated(case_id, chat.person)
    await case.take(chat.person, chat.now, over=over)
    await tell_coordinators(chat, case, fresh=False)
    opener = await Person.get_or_none(id=case.opened_by_id)
    senior = await Senior.get(id=case.senior_id)
    if opener is not None and opener.id != chat.person.id and case.kind is CaseKind.NO_ANSWER:
        chat.say(
            _(
                "{who} looks after {name} now. You may go on with your round. Thank you.",
                who=chat.person.name or "–",
                name=senior.display,
            ),
            to=opener,
            priority=Priority.URGENT,
            key=f"taken:{case.id}:{chat.person.id}:{case.owned_at:%H%M%S}",
        )
    await today.refresh(chat, case.canteen_id, case.day)


@button("settle", for_=COORDINATOR)
async def settle(chat: Chat, case_id: int) -> None:
    """Close a case with what was found out; the volunteer hears that it was followed up."""
    case = await Case.coordinated(case_id, chat.person)
    if case.closed_at is not None:
        raise CaseClosed
    senior = await Senior.get(id=case.senior_id)
    ends = OF_A_CONCERN if case.kind is CaseKind.CONCERN else OF_A_DOOR
    picked = await chat.ask(
        "end",
        _("How is {name}? You have spoken with somebody, I trust.", name=senior.display),
        choices=[Choice(end.value, ENDS[end]) for end in ends],
    )
    words = await chat.ask(
        "words",
        _("Anything to note for later? Only coordinators see it."),
        answers.long_words,
        choices=[Choice("-", _("No"))],
    )
    outcome = CaseOutcome(picked)
    await case.close(outcome, chat.person, chat.now, None if words == "-" else words)
    await tell_coordinators(chat, case, fresh=False)
    await _tell_volunteer(chat, case, senior, outcome)
    if case.kind is CaseKind.NO_ANSWER and outcome in GOOD:
        await _tell_family(chat, case, senior)
    chat.say(_("Thank you. That is on record now."))
    await today.refresh(chat, case.canteen_id, case.day)


async def _tell_volunteer(chat: Chat, case: Case, senior: Senior, outcome: CaseOutcome) -> None:
    opener = await Person.get_or_none(id=case.opened_by_id)
    if opener is None or opener.id == chat.person.id:
        return
    # No diagnosis travels: of a hospital or worse, a volunteer hears only that it is looked after.
    news = (
        _("{name} is safe. Thank you for telling us.", name=senior.display)
        if outcome in GOOD and case.kind is CaseKind.NO_ANSWER
        else _("What you told us about {name} is being looked after. Thank you.", name=senior.display)
    )
    chat.say(news, to=opener, key=f"settled:{case.id}:{case.closed_at:%H%M%S}")


async def _tell_family(chat: Chat, case: Case, senior: Senior) -> None:
    canteen = await Canteen.get(id=case.canteen_id)
    for kin in await Kinship.of(senior):
        if kin.linked and kin.tell_problems:
            chat.say(
                _(
                    "When lunch came, {name} did not open at first."
                    " {who} has looked into it: {name} is safe.",
                    name=senior.display,
                    who=chat.person.name or "–",
                ),
                to=kin.person,
                zone=canteen.zone,
                key=f"family:{case.id}:{kin.id}:{case.closed_at:%H%M%S}",
            )


@command(
    "cases",
    for_=COORDINATOR,
    help=_("Doors that stay shut, and other worries"),
    phrases=_("open cases|who did not answer"),
)
async def show_cases(chat: Chat) -> None:
    """Show every open case as its own card."""
    canteens = await chat.person.canteens(Role.COORDINATOR)
    found = await Case.open_of([canteen.id for canteen in canteens])
    if not found:
        chat.say(_("No worry is open. We know of everybody who did not answer how they are."))
    zones = {canteen.id: canteen.zone for canteen in canteens}
    for case in found:
        chat.say(
            await describe(case),
            buttons=_keys(case, chat.person),
            zone=zones[case.canteen_id],
            card=f"case:{case.id}",
            fresh=True,
            reveals=f"phones of senior {case.senior_id}",
        )


@explains(CaseClosed)
def _closed(_refusal: CaseClosed) -> Text:
    return _("This is settled already. Thank you.")


@explains(CaseTaken)
def _taken(_refusal: CaseTaken) -> Text:
    return _("Somebody else looks after this already. To take it over, tap “I take it over” on the card.")
