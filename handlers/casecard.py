"""The card of a case, as coordinators see it: what was seen, whom to call in which order, what was tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from handlers.chat import Button, Keyboard, Mail, Priority, press
from handlers.diets import REGULAR, diet_label
from handlers.seniornames import on_record
from handlers.text import NOTHING, Text, _, _n, bold, lines, verbatim
from models.canteens import Canteen, Route
from models.care import Care
from models.caselog import ALSO, BECAME, CALLED, DECIDED, CaseEvent
from models.cases import MISSED, Case, CaseKind, CaseOutcome
from models.dated import Diet, Residence
from models.files import File, FileKind
from models.incidents import Incident
from models.kin import Kinship
from models.meals import Meal
from models.people import Person
from models.seniors import Senior
from models.watch import Signs

ENDS: Final[dict[CaseOutcome, Text]] = {
    CaseOutcome.SAFE_OUT: _("Safe, was out"),
    CaseOutcome.SAFE_HOME: _("Safe, asleep or did not hear"),
    CaseOutcome.HELPED: _("Fell, and was helped"),
    CaseOutcome.HOSPITAL: _("In hospital"),
    CaseOutcome.DECEASED: _("Has passed away"),
    CaseOutcome.FALSE_ALARM: _("False alarm"),
    CaseOutcome.FOLLOWED_UP: _("Looked into"),
}
DIFFERENT: Final[dict[str, Text]] = {
    "health": _("Health"),
    "care": _("Looking after oneself"),
    "walking": _("Walking"),
    "home": _("The home"),
    "mood": _("Mood"),
    "meal": _("The wrong meal"),
}
DECISIONS: Final[dict[str, Text]] = {
    "police": _("We call the police"),
    "door": _("The door will be opened"),
    "wait": _("Neither for now"),
}
EATEN: Final[dict[str, Text]] = {
    "no": _("Nothing of it was eaten."),
    "yes": _("Some of it was eaten."),
    "unknown": _("Nobody knows whether any of it was eaten."),
}
# Somebody may have to stand before the door; those who were missed elsewhere nobody has looked for there yet.
AT_A_DOOR: Final = frozenset({*MISSED, CaseKind.UNSEEN})
CALL_FIRST: Final = frozenset({CaseKind.EMPTY_PLACE, CaseKind.UNSEEN})
NUMBERS: Final = 5
Number: TypeAlias = tuple[int | None, str, str]  # the kinship (none: the senior's own), a name, a phone


def card_of(case: Case) -> str:
    """Name the card of a case."""
    return f"case:{case.id}"


async def tell_coordinators(
    mail: Mail,
    case: Case,
    *,
    fresh: bool,
    to: Sequence[Person] | None = None,
    first: Text | None = None,
    priority: Priority = Priority.URGENT,
) -> None:
    """Show the case's card to every coordinator of the canteen, or to some; `first`: what is new, on top.

    Of several at one door that stays shut the first case speaks for all: the alarm is one.
    """
    lead = await case.lead()
    if lead.id != case.id:
        case, fresh = lead, fresh and to is not None
    mates = await case.beside() if lead.closed_at is None and lead.rested_at is None else []
    canteen = await Canteen.get(id=case.canteen_id)
    senior = await Senior.get(id=case.senior_id)
    numbers = await numbers_of(senior)
    text = await describe(case, senior, numbers, mates)
    files = await File.of_case(case.id)
    theirs = [(mate, await numbers_of(mate.senior)) for mate in mates]
    for person in await canteen.coordinators() if to is None else to:
        mail.say(
            text if first is None else lines(bold(first), NOTHING, text),
            to=person,
            buttons=[*keys(case, person, numbers, theirs), *map(_look_at, enumerate(files, 1))],
            zone=canteen.zone,
            priority=priority,
            card=card_of(case),
            fresh=fresh,
            reveals=f"phones of {on_record([case.senior_id, *(mate.senior_id for mate in mates)])}",
        )


async def describe(case: Case, senior: Senior, numbers: Sequence[Number], mates: Sequence[Case] = ()) -> Text:
    """Say a case: who, where, since when, whom to phone, what was tried, and who looks after it.

    mates: the cases of those who live behind the same shut door.
    """
    meal = await Meal.get_or_none(id=case.meal_id)
    route = await Route.get_or_none(id=meal.route_id) if meal and meal.route_id else None
    residence = await _home_of(case, senior, meal)
    events = await CaseEvent.filter(case_id=case.id).order_by("id").prefetch_related("by")
    return lines(
        _("🔴 {what}", what=bold(headline(case, senior)))
        if case.red
        else _("🟠 {what}", what=bold(headline(case, senior))),
        *(
            bold(
                _(
                    "Nor does {name} ({short}), who lives there, too.",
                    name=mate.senior.spoken,
                    short=mate.senior.short_id,
                )
            )
            for mate in mates
        ),
        *await _told(case),
        _("Route: {route}", route=route.name) if route else None,
        *(said for event in events if (said := _step(event, senior)) is not None),
        *await _of_a_week(case),
        *await _in_the_box(case),
        _("What was agreed: {plan}", plan=residence.plan) if residence and residence.plan else None,
        _where(case, residence.address) if residence and case.closed_at is None else None,
        *_numbers(numbers, events),
        *[said for mate in mates for said in await _more_numbers(mate)],
        NOTHING,
        await _standing(case),
    )


async def _home_of(case: Case, senior: Senior, meal: Meal | None) -> Residence | None:
    """Find where somebody lived on that day, if one may have to go there."""
    if case.kind not in AT_A_DOOR:
        return None
    of_that_lunch = meal.residence_id if meal else None
    return await Residence.get_or_none(id=of_that_lunch) or await senior.residence_on(case.day)


def _where(case: Case, address: str) -> Text:
    if case.kind is CaseKind.NO_ANSWER:
        return _("Address: {address}", address=address)
    if case.kind in CALL_FIRST:
        return _("If no call is answered, please let somebody look at the door: {address}", address=address)
    return _("Please let somebody look at the door: {address}", address=address)


def _look_at(numbered: tuple[int, File]) -> Button:
    number, file = numbered
    if file.kind is FileKind.PHOTO:
        return press(_("Photo {n}", n=number), "file", file.id)
    return press(_("Voice note {n}", n=number), "file", file.id)


def headline(case: Case, senior: Senior) -> Text:
    """Say in a few words what a case is about."""
    name, short = senior.spoken, senior.short_id
    match case.kind:
        case CaseKind.NO_ANSWER:
            return _("Nobody answers at {name}'s ({short})", name=name, short=short)
        case CaseKind.EMPTY_PLACE:
            return _("{name} ({short}) has not come to lunch", name=name, short=short)
        case CaseKind.WRONG_MEAL:
            return _("{name} ({short}) was given the wrong meal", name=name, short=short)
        case CaseKind.UNSEEN:
            return _("Nobody has seen {name} ({short}) for some days", name=name, short=short)
        case CaseKind.TREND:
            return _("{name} ({short}) seems to fare worse this week", name=name, short=short)
        case CaseKind.UNREACHED:
            return _("{name} ({short}) does not answer the telephone", name=name, short=short)
        case _:
            return _("Something is different at {name}'s ({short})", name=name, short=short)


async def _told(case: Case) -> list[Text]:
    opener = await Person.get_or_none(id=case.opened_by_id)
    if opener is not None:
        who, phone = opener.name or "–", opener.phone or "–"
        return [_("{when}, told by {who} ({phone})", when=case.opened_at, who=who, phone=phone)]
    if case.kind is CaseKind.UNSEEN:
        days = (await Care.of(case.canteen_id)).unseen_days
        return [
            _n(
                "Lunch was due on the last day, and nobody noted having met them in person.",
                "Lunch was due on the last {n} days, and nobody noted having met them in person.",
                days,
            )
        ]
    return [_("Since {when}", when=case.opened_at)]


def _step(event: CaseEvent, senior: Senior) -> Text | None:
    """Say one step that the others must know of; None for those that the rest of the card tells."""
    who, when = (event.by and event.by.name) or "–", event.at
    match event.kind:
        case "opened" | "again" if event.about in DIFFERENT:
            what = DIFFERENT[event.about]
            if event.note:
                return _("{what}: “{words}”", what=what, words=event.note)
            return _("{what}", what=what)
        case "opened" | "again" | "words" if event.note:
            return verbatim(event.note)
        case "eaten" if event.about in EATEN:
            return EATEN[event.about]
        case "file:photo":
            return _("{when}: {who} sent a photo.", when=when, who=who)
        case "file:voice":
            return _("{when}: {who} sent a voice note.", when=when, who=who)
        case "still none":
            return _("{when}: {who} tried once more, and still nobody answers.", when=when, who=who)
        case kind if kind in (BECAME, ALSO):
            return _otherwise(event, senior)
        case "someone down":
            return bold(_("{when}: {who} sees somebody lying there.", when=when, who=who))
        case "left with" if event.note:
            return _(
                "{when}: {who} left the lunch with {neighbour}.", when=when, who=who, neighbour=event.note
            )
        case "taken back":
            return _("{when}: {who} took “no answer” back.", when=when, who=who)
        case "reached by telephone":
            return _(
                "{when}: {who} has reached {name} by telephone.", when=when, who=who, name=senior.display
            )
        case "opened after all":
            return _(
                "{when}: {who} says that {name} was met after all.", when=when, who=who, name=senior.display
            )
        case kind if kind == DECIDED and event.about in DECISIONS:
            return _("{when}, {who}: {what}", when=when, who=who, what=DECISIONS[event.about])
        case _:
            return None


def _otherwise(event: CaseEvent, senior: Senior) -> Text:
    """Say in which other way somebody was not met."""
    name, when = senior.display, event.at
    if event.about == CaseKind.NO_ANSWER:
        who, phone = (event.by and event.by.name) or "–", (event.by and event.by.phone) or "–"
        return _("{when}: nobody answers at the door either, told by {who} ({phone}).",
                 when=when, who=who, phone=phone)  # fmt: skip
    if event.about == CaseKind.EMPTY_PLACE:
        return _("{when}: {name} has not come to lunch either.", when=when, name=name)
    if event.by is not None:
        return _("{when}: {who} has called {name} in vain.", when=when, who=event.by.name or "–", name=name)
    return _("{when}: no call has reached {name}.", when=when, name=name)


async def _of_a_week(case: Case) -> list[Text]:
    if case.kind is not CaseKind.TREND:
        return []
    signs = await Signs.of(await Canteen.get(id=case.canteen_id), case.senior_id, case.day)
    return [
        text
        for n, text in (
            (signs.refused, _n("{n} lunch was not wanted.", "{n} lunches were not wanted.", signs.refused)),
            (
                signs.uneaten,
                _n("{n} box came back still full.", "{n} boxes came back still full.", signs.uneaten),
            ),
            (
                signs.low,
                _n(
                    "{n} time the volunteer found that things went poorly.",
                    "{n} times the volunteer found that things went poorly.",
                    signs.low,
                ),
            ),
        )
        if n
    ]


async def _in_the_box(case: Case) -> list[Text]:
    """Say what should have been in a box and in those beside it, as it was when somebody told."""
    frozen = await Incident.filter(case_id=case.id).order_by("-id").first()
    if case.kind is not CaseKind.WRONG_MEAL or frozen is None:
        return []
    facts = frozen.facts
    said = []
    if facts["door"] is not None:
        said.append(_("It should have been: {diet}", diet=_diet(facts["door"])))
    return said + [
        _(
            "Beside it, door {number} ({short}): {diet}. Please ask there, too.",
            number=door["number"],
            short=door["short_id"],
            diet=_diet(door),
        )
        for door in facts["beside"]
    ]


def _diet(facts: Mapping[str, Any]) -> Text:
    """Say a frozen diet; that nobody knew it is another thing than ordinary food."""
    if facts["diet"] is None:
        return _("no diet on record")
    return diet_label(
        Diet(
            labels=facts["labels"],
            texture=facts["texture"] or REGULAR,
            allergies=facts["allergies"],
            avoids=facts["avoids"],
        )
    )


def _numbers(numbers: Sequence[Number], events: Sequence[CaseEvent]) -> list[Text]:
    """List whom to call in the agreed order, each with what came of the last call."""
    last = _last_calls(events)
    said = [NOTHING, _("To call, one after the other:")]
    for number, (kin_id, name, phone) in enumerate(numbers, start=1):
        tried = last.get(kin_id)
        if tried is None:
            said.append(_("{number}. {name}: {phone}", number=number, name=name, phone=phone))
        elif tried.reached:
            said.append(
                _("{number}. {name}: {phone} – reached {when}", number=number, name=name, phone=phone,
                  when=tried.at)
            )  # fmt: skip
        else:
            said.append(
                _("{number}. {name}: {phone} – no answer {when}", number=number, name=name, phone=phone,
                  when=tried.at)
            )  # fmt: skip
    return said if len(said) > 2 else [NOTHING, _("There is no phone number to call.")]


async def _more_numbers(mate: Case) -> list[Text]:
    numbers = await numbers_of(mate.senior)
    events = await CaseEvent.filter(case_id=mate.id).order_by("id")
    return _numbers(numbers, events)[2:] if numbers else []


async def numbers_of(senior: Senior) -> list[Number]:
    """List the numbers in the order in which they are called: the senior's own first (no kinship)."""
    own = [(None, senior.display, senior.phone)] if senior.phone else []
    kin = [(one.id, one.person.name or "–", one.person.phone or "") for one in await Kinship.to_call(senior)]
    return [*own, *kin][:NUMBERS]


def _last_calls(events: Sequence[CaseEvent]) -> Mapping[int | None, CaseEvent]:
    return {event.kin_id: event for event in events if event.kind == CALLED}


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


def keys(
    case: Case,
    person: Person,
    numbers: Sequence[Number],
    theirs: Sequence[tuple[Case, Sequence[Number]]] = (),
) -> Keyboard:
    """Offer what a coordinator can do with a case now: numbers to tick, and who looks after it."""
    if case.closed_at is not None:
        return []
    rows: list[Button | Sequence[Button]] = []
    if case.owner_id is None:
        rows.append(press(_("I look after it"), "take", case.id))
    elif case.owner_id != person.id:
        rows.append(press(_("I take it over"), "take_over", case.id))
    if case.kind in MISSED or case.kind is CaseKind.UNSEEN:
        for whose, known in [(case, numbers), *theirs]:
            rows += [
                [
                    press(_("✓ {name} reached", name=name), "called", whose.id, kin_id or 0, 1),
                    press(_("✗ {name} no answer", name=name), "called", whose.id, kin_id or 0, 0),
                ]
                for kin_id, name, _phone in known
            ]
    if case.kind is CaseKind.TREND:
        rows.append(press(_("It was nothing"), "nothing", case.id))
    rows.append(press(_("It is settled"), "settle", case.id))
    if case.owner_id == person.id:
        rows.append(press(_("Hand it over"), "case_give", case.id))
    return rows
