"""The door that stays shut, and what is different today: the volunteer's side. Told at once."""

from __future__ import annotations

from typing import Final

from handlers import answers, cases, doorcard, today
from handlers.chat import VOLUNTEER, Chat, Choice, Priority, button, press
from handlers.text import _, bold, lines
from models import rounds
from models.canteens import Canteen
from models.cases import Case, CaseKind
from models.dated import Residence
from models.meals import Meal
from models.refusals import CaseClosed
from models.rounds import Recorded, Round
from models.seniors import Senior

KINDS: Final = [
    Choice("health", _("Health")),
    Choice("care", _("Looking after oneself")),
    Choice("walking", _("Walking")),
    Choice("home", _("The home")),
    Choice("mood", _("Mood")),
    Choice("meal", _("The wrong meal")),
]


async def nobody_answers(chat: Chat, recorded: Recorded) -> None:
    """Alert the coordinators, and show the volunteer the plan that this senior agreed to."""
    senior, meal = recorded.senior, recorded.meal
    if recorded.repeated and await Case.is_open(CaseKind.NO_ANSWER, senior, meal.day):
        return  # the button was tapped twice
    case = await Case.open(CaseKind.NO_ANSWER, senior, meal.day, meal, chat.person, None, chat.now)
    await cases.tell_coordinators(chat, case, fresh=True)
    canteen = await Canteen.get(id=senior.canteen_id)
    residence = await Residence.get_or_none(id=meal.residence_id)
    round_ = await Round.with_meal(meal, chat.person, chat.now)
    if round_ is None or round_.claim is None:
        return
    chat.say(
        lines(
            bold(_("Nobody answers at {name}'s. The coordinator knows it now.", name=senior.display)),
            _("What was agreed: {plan}", plan=residence.plan)
            if residence and residence.plan
            else _("Knock and call out once more, and look through the window if you can."),
            _("Do not force the door, and do not leave the meal."),
            _("Call {name}: {phone}", name=senior.display, phone=senior.phone) if senior.phone else None,
        ),
        buttons=[press(_("I can see someone down"), "down", case.id)],
        zone=canteen.zone,
        priority=Priority.URGENT,
        card=doorcard.plan_of(case.id),
        fresh=True,
        expires=round_.ends,
        still=("on_round", round_.claim.id),
        reveals=f"plan and phone of senior {senior.id}",
    )


async def taken_back(chat: Chat, recorded: Recorded) -> None:
    """Tell the coordinators that a volunteer took "no answer" back; the case stays theirs to close."""
    case = await Case.get_or_none(
        senior_id=recorded.senior.id, day=recorded.meal.day, kind=CaseKind.NO_ANSWER
    )
    if case is not None and case.closed_at is None:
        await case.note("taken back", chat.person, chat.now)
        await cases.tell_coordinators(chat, case, fresh=False)


@button("down", for_=VOLUNTEER)
async def someone_is_down(chat: Chat, case_id: int) -> None:
    """Show the emergency number first, and alert every coordinator."""
    case = await Case.get_or_none(id=case_id)
    if case is None or not await case.was_told_by(chat.person):
        raise CaseClosed
    canteen = await Canteen.get(id=case.canteen_id)
    senior = await Senior.get(id=case.senior_id)
    await case.note("someone down", chat.person, chat.now)
    chat.say(
        lines(
            bold(_("Call {number} now.", number=canteen.emergency_number)),
            _("Then stay there, please. Do not move anybody. One of us is calling you."),
        ),
        priority=Priority.URGENT,
    )
    for person in await canteen.coordinators():
        chat.say(
            bold(
                _(
                    "{volunteer} sees someone lying behind {name}'s door and was told to call {number}."
                    " Please phone {volunteer} at once: {phone}",
                    volunteer=chat.person.name or "",
                    name=senior.display,
                    number=canteen.emergency_number,
                    phone=chat.person.phone or "–",
                )
            ),
            to=person,
            priority=Priority.URGENT,
            zone=canteen.zone,
            key=f"down:{case.id}:{person.id}",
        )
    await cases.tell_coordinators(chat, case, fresh=True)


@button("different", for_=VOLUNTEER)
async def something_is_different(chat: Chat, meal_id: int) -> None:
    """Take down in two taps what is different at a door today."""
    senior = await rounds.senior_at(meal_id, chat.person, chat.now)
    kind = await chat.ask("kind", _("What is different today?"), choices=KINDS)
    said = await chat.ask(
        "words",
        _("Would you like to add a few words?"),
        answers.long_words,
        choices=[Choice("-", _("No, that is all"))],
    )
    label = next(choice.label for choice in KINDS if choice.value == kind)
    meal = await Meal.get(id=meal_id)
    note = kind if said == "-" else f"{kind}: {said}"
    case = await Case.open(CaseKind.CONCERN, senior, meal.day, meal, chat.person, note, chat.now)
    await cases.tell_coordinators(chat, case, fresh=True, said=label, words=None if said == "-" else said)
    chat.say(
        _("Thank you for looking. The coordinator has it now and will tell you what came of it."),
        buttons=[press(_("Back to the round"), "/round")],
    )
    await today.refresh(chat, senior.canteen_id, meal.day)
