"""Cases on the coordinator's side: taken, called about, handed over, decided, and closed by a person only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from handlers import answers, doorplan, today
from handlers.casecard import DECISIONS, ENDS, tell_coordinators
from handlers.chat import COORDINATOR, Button, Chat, Choice, button, explains, press
from handlers.text import Text, _, lines, verbatim
from models import hospital
from models.canteens import Canteen
from models.cases import GOOD, MISSED, Case, CaseKind, CaseOutcome
from models.kin import Kinship, Scope
from models.people import Person
from models.phonecalls import PhoneCall
from models.refusals import CaseClosed, CaseTaken, Gone
from models.seniors import Senior, Status

OF_A_DOOR: Final = tuple(outcome for outcome in CaseOutcome if outcome is not CaseOutcome.FOLLOWED_UP)
OF_A_CONCERN: Final = (
    CaseOutcome.FOLLOWED_UP,
    CaseOutcome.HELPED,
    CaseOutcome.HOSPITAL,
    CaseOutcome.FALSE_ALARM,
)
OF_THE_UNSEEN: Final = tuple(CaseOutcome)
NOBODY: Final = "nobody"
MYSELF: Final = "-"


@button("take", for_=COORDINATOR)
async def take(chat: Chat, case_id: int) -> None:
    """Look after a case that nobody looks after."""
    await _take(chat, case_id, over=False)


@button("take_over", for_=COORDINATOR)
async def take_over(chat: Chat, case_id: int) -> None:
    """Look after a case in somebody's place."""
    await _take(chat, case_id, over=True)


async def _take(chat: Chat, case_id: int, *, over: bool) -> None:
    await Case.hold_door(case_id)
    case = await Case.coordinated(case_id, chat.person)
    before = await Person.get_or_none(id=case.owner_id)
    news = await case.take(chat.person, chat.now, over=over)
    for mate in await case.beside():
        if mate.owner_id is None or over:
            await mate.take(chat.person, chat.now, over=over)
    await _taken(chat, case, news=news)
    if before is not None and news:
        senior = await Senior.get(id=case.senior_id)
        chat.say(
            _(
                "{who} looks after {name} now, in your place.",
                who=chat.person.name or "–",
                name=senior.display,
            ),
            to=before,
        )


async def _taken(chat: Chat, case: Case, *, news: bool) -> None:
    """Show who looks after a case now; whoever waits at the door may go on."""
    await tell_coordinators(chat, case, fresh=False)
    if news and case.kind is CaseKind.NO_ANSWER and case.rested_at is None:
        for person in await case.tellers():
            if person.id != chat.person.id:
                await doorplan.may_go_on(chat, case, person)
    await today.refresh(chat, case.canteen_id, case.day)


@button("called", for_=COORDINATOR)
async def tick_call(chat: Chat, case_id: int, kin_id: int, reached: int) -> None:
    """Tick one number that was called: somebody answered, or nobody."""
    case = await Case.coordinated(case_id, chat.person)
    kin = None
    if kin_id:
        kin = await Kinship.get_or_none(id=kin_id, senior_id=case.senior_id)
        if kin is None:
            raise Gone
    news = await case.called(kin, reached=bool(reached), by=chat.person, now=chat.now)
    await _taken(chat, case, news=news)


@button("decide", for_=COORDINATOR)
async def decide(chat: Chat, case_id: int, what: str) -> None:
    """Put on record what people decided about the police or the door; the machine calls nobody."""
    if what not in DECISIONS:
        raise Gone
    case = await Case.coordinated(case_id, chat.person)
    await case.decide(what, chat.person, chat.now)
    await tell_coordinators(chat, case, fresh=True)


# ----------------------------------------------------------------------------------------------- handing over


@button("case_give", for_=COORDINATOR)
async def hand_over(chat: Chat, case_id: int) -> None:
    """Ask another coordinator to take a case; whoever has it keeps it until the other one taps."""
    case = await Case.coordinated(case_id, chat.person)
    if case.closed_at is not None:
        raise CaseClosed
    if case.owner_id not in (None, chat.person.id):
        raise CaseTaken(case.owner_id or 0)
    canteen = await Canteen.get(id=case.canteen_id)
    others = {str(one.id): one for one in await canteen.coordinators() if one.id != chat.person.id}
    senior = await Senior.get(id=case.senior_id)
    if not others:
        chat.say(_("There is no other coordinator at {canteen}.", canteen=canteen.name))
        return
    picked = await chat.ask(
        "to",
        _("Who shall look after {name}?", name=senior.display),
        choices=[Choice(value, verbatim(one.name or "–")) for value, one in others.items()],
    )
    words = await chat.ask(
        "words",
        _("What should they know?"),
        answers.long_words,
        choices=[Choice(MYSELF, _("It is all on the card"))],
    )
    other = others[picked]
    await case.take(chat.person, chat.now)
    await case.note("handing over", chat.person, chat.now, None if words == MYSELF else words)
    chat.say(
        _(
            "I have asked {who}. Until they tap “I take it over”, you look after {name}.",
            who=other.name or "–",
            name=senior.display,
        )
    )
    await tell_coordinators(
        chat,
        case,
        fresh=True,
        to=[other],
        first=_("{who} asks you to take this over.", who=chat.person.name or "–")
        if words == MYSELF
        else _("{who} asks you to take this over: “{words}”", who=chat.person.name or "–", words=words),
    )


# -------------------------------------------------------------------------------------------------- closing


@button("nothing", for_=COORDINATOR)
async def it_was_nothing(chat: Chat, case_id: int) -> None:
    """Close a hand that was raised for nothing; it takes more to raise it again."""
    case = await Case.coordinated(case_id, chat.person)
    await case.close(CaseOutcome.FALSE_ALARM, chat.person, chat.now)
    await tell_coordinators(chat, case, fresh=False)
    senior = await Senior.get(id=case.senior_id)
    chat.say(_("Thank you. I will be slower to raise my hand about {name}.", name=senior.display))
    await today.refresh(chat, case.canteen_id, case.day)


@button("settle", for_=COORDINATOR)
async def settle(chat: Chat, case_id: int) -> None:
    """Close a case with what was found out; the volunteer hears that it was followed up."""
    await Case.hold_door(case_id)
    case = await Case.coordinated(case_id, chat.person)
    if case.closed_at is not None:
        raise CaseClosed
    senior = await Senior.get(id=case.senior_id)
    ends = (
        OF_A_DOOR if case.kind in MISSED else OF_THE_UNSEEN if case.kind is CaseKind.UNSEEN else OF_A_CONCERN
    )
    picked = await chat.ask(
        "end",
        _("How is {name}?", name=senior.display),
        choices=[Choice(end.value, ENDS[end]) for end in ends],
    )
    spoken = await _with_whom(chat, case, senior)
    words = await chat.ask(
        "words",
        _("Anything to note for later? Only coordinators see it."),
        answers.long_words,
        choices=[Choice("-", _("No"))],
    )
    outcome = CaseOutcome(picked)
    canteen = await Canteen.get(id=case.canteen_id)
    to_family = await _words_for_family(chat, case, senior)
    mates = await case.beside()
    same = mates if await _is_the_same(chat, mates) else []
    told = False
    for one, who in [(case, senior), *((mate, mate.senior) for mate in same)]:
        await one.close(outcome, chat.person, chat.now, None if words == "-" else words, spoken=spoken)
        await tell_coordinators(chat, one, fresh=False)
        await _tell_volunteers(chat, one, who, outcome)
        if one.kind in MISSED and outcome in GOOD and (spoken is not None or await one.was_spoken_about()):
            told = await _tell_family(chat, one, who) or told
    if mates and not same:
        await tell_coordinators(chat, mates[0], fresh=True)
    if to_family is not None:
        told = await _tell_those_near(chat, case, senior, to_family)
    chat.say(
        lines(
            _("Thank you. That is on record now."),
            _("The family of {name} gets a message from me.", name=senior.display) if told else None,
        ),
        buttons=await _what_follows(senior, outcome, canteen.today(chat.now)),
    )
    await today.refresh(chat, case.canteen_id, case.day)


async def _what_follows(senior: Senior, outcome: CaseOutcome, day: date) -> list[Button]:
    """Offer what usually follows from an end; nothing of it happens without a person's yes."""
    if not await Senior.filter(id=senior.id, status=Status.ACTIVE).exists():
        return []
    if outcome is CaseOutcome.HOSPITAL and await hospital.stay(senior.id, day) is None:
        return [press(_("Stop lunches: in hospital"), "to_hospital", senior.id)]
    if outcome is CaseOutcome.DECEASED:
        return [press(_("Let everything rest"), "farewell", senior.id)]
    return []


async def _is_the_same(chat: Chat, mates: Sequence[Case]) -> bool:
    """Ask whether those who live behind the same door are as well, or as badly off."""
    if not mates:
        return False
    names = tuple(mate.senior.display for mate in mates)
    said = await chat.ask(
        "same",
        _("Is it the same for {names}?", names=names),
        choices=[Choice("yes", _("Yes, for both")), Choice("no", _("No, I close that by itself"))],
    )
    return said == "yes"


async def _with_whom(chat: Chat, case: Case, senior: Senior) -> str | None:
    """Ask with whom they have spoken, unless a tick says it: before that the family hears nothing from us."""
    if case.kind not in MISSED or await case.was_spoken_about():
        return None
    said = await chat.ask(
        "spoken",
        _("With whom have you spoken? The family hears of it from me only after somebody has spoken."),
        choices=[
            Choice("senior", _("With {name}", name=senior.display)),
            Choice("family", _("With the family")),
            Choice("other", _("With a neighbour or somebody else")),
            Choice(NOBODY, _("With nobody yet")),
        ],
    )
    return None if said == NOBODY else said


async def _words_for_family(chat: Chat, case: Case, senior: Senior) -> str | None:
    """Ask what the relatives may hear who may know of the health; only where there are any."""
    if case.kind in MISSED or not await _near(senior):
        return None
    said = await chat.ask(
        "family",
        _(
            "Shall those of the family hear of it who may know of {name}'s health?"
            " Please write it as they shall read it.",
            name=senior.display,
        ),
        answers.long_words,
        choices=[Choice("-", _("No, I speak with them myself"))],
    )
    return None if said == "-" else said


async def _near(senior: Senior) -> list[Kinship]:
    return [kin for kin in await Kinship.of(senior) if kin.linked and kin.may(Scope.HEALTH)]


async def _tell_volunteers(chat: Chat, case: Case, senior: Senior, outcome: CaseOutcome) -> None:
    """Tell everyone who told us: no diagnosis travels, and after the round no name either."""
    good = outcome in GOOD and case.kind in MISSED
    callers = {person.id: person for person in await PhoneCall.in_vain(case.id)}
    told = {person.id: person for person in await case.tellers()}
    for person in (told | callers).values():
        if person.id == chat.person.id:
            continue
        news = (
            _("{name} is safe. Thank you for telling us.", name=senior.display)
            if good
            else _("What you told us about {name} is being looked after. Thank you.", name=senior.display)
            if outcome not in GOOD
            else _("What you told us about {name} was followed up. Thank you.", name=senior.display)
        )
        if await doorplan.say(chat, case, person, news, keys=[]):
            continue
        chat.say(
            _(
                "You called {short_id} on {day} in vain: all is well. Thank you.",
                short_id=senior.short_id,
                day=case.day,
            )
            if good and (case.kind is CaseKind.UNREACHED or person.id in callers)
            else _(
                "Of the door that stayed shut on {day}: all is well. Thank you for telling us.", day=case.day
            )
            if good
            else _("What you told us on {day} was followed up. Thank you.", day=case.day),
            to=person,
        )


async def _tell_family(chat: Chat, case: Case, senior: Senior) -> bool:
    """Tell the family once that all is well; who told it has spoken to somebody."""
    canteen = await Canteen.get(id=case.canteen_id)
    told = False
    for kin in await Kinship.of(senior):
        if kin.linked and kin.tell_problems and kin.may(Scope.NOTICES):
            told = True
            chat.say(
                _(
                    "{name} was not at lunch at first. {who} has looked into it: {name} is safe.",
                    name=senior.display,
                    who=chat.person.name or "–",
                )
                if case.kind is CaseKind.EMPTY_PLACE
                else _(
                    "{name} did not answer our calls at first. {who} has looked into it: {name} is safe.",
                    name=senior.display,
                    who=chat.person.name or "–",
                )
                if case.kind is CaseKind.UNREACHED
                else _(
                    "When lunch came, {name} did not open at first."
                    " {who} has looked into it: {name} is safe.",
                    name=senior.display,
                    who=chat.person.name or "–",
                ),
                to=kin.person,
                zone=canteen.zone,
                key=f"family:{case.id}:{kin.id}",
            )
    return told


async def _tell_those_near(chat: Chat, case: Case, senior: Senior, words: str) -> bool:
    canteen = await Canteen.get(id=case.canteen_id)
    near = await _near(senior)
    for kin in near:
        chat.say(
            lines(
                _("{who} of {canteen} writes about {name}:", who=chat.person.name or _("The coordinator"),
                  canteen=canteen.name, name=senior.display),
                verbatim(words),
            ),
            to=kin.person,
            zone=canteen.zone,
            key=f"near:{case.id}:{kin.id}:{chat.now:%H%M%S}",
        )  # fmt: skip
    return bool(near)


@explains(CaseClosed)
def _closed(_refusal: CaseClosed) -> Text:
    return _("This is settled already. Thank you.")


@explains(CaseTaken)
def _is_taken(_refusal: CaseTaken) -> Text:
    return _("Somebody else looks after this already. To take it over, tap “I take it over” on the card.")
