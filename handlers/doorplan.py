"""What a volunteer is told at a door that stays shut: one card, gone when the round's window closes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from handlers import doorcard
from handlers.chat import Button, Keyboard, Mail, Priority, press
from handlers.seniornames import on_record
from handlers.text import Text, _, bold, lines
from models.canteens import Canteen
from models.cases import Case, CaseKind
from models.dated import Residence
from models.meals import NOT_MET, Meal, MealState
from models.people import Person
from models.rounds import Round
from models.seniors import Senior

NEITHER: Final = _("Do not force the door, and do not leave the meal.")


async def say(
    mail: Mail,
    case: Case,
    to: Person,
    *first: Text | None,
    keys: Keyboard | None = None,
    also: Iterable[int] = (),
) -> bool:
    """Say something of a door to a volunteer whose window is open; else nothing, and False.

    also: the ids of other seniors of whom it tells something.
    """
    meal = await Meal.get_or_none(id=case.meal_id)
    round_ = None if meal is None else await Round.with_meal(meal, to, mail.now)
    if meal is None or round_ is None or round_.claim is None:
        return False
    mail.say(
        lines(*first),
        to=to,
        buttons=await _keys(case) if keys is None else keys,
        zone=(await Canteen.get(id=case.canteen_id)).zone,
        priority=Priority.URGENT,
        card=doorcard.plan_of(case.id),
        fresh=True,
        expires=round_.ends,
        still=("on_round", round_.claim.id),
        reveals=f"plan and phone of {on_record([case.senior_id, *also])}",
    )
    return True


async def agreed(cases: Sequence[Case]) -> list[Text | None]:
    """Say what those behind a door agreed to for this case, and how to call them."""
    plans: dict[str, None] = {}
    calls: list[Text | None] = []
    for case in cases:
        senior = await Senior.get(id=case.senior_id)
        meal = await Meal.get_or_none(id=case.meal_id)
        home = await Residence.get_or_none(id=meal.residence_id) if meal and meal.residence_id else None
        if home and home.plan:
            plans[home.plan] = None
        if senior.phone:
            calls.append(_("Call {name}: {phone}", name=senior.display, phone=senior.phone))
    return [
        *(_("What was agreed: {plan}", plan=plan) for plan in plans),
        None if plans else _("Knock and call out once more, and look through the window if you can."),
        NEITHER,
        *calls,
    ]


async def _of_the_door(case: Case) -> tuple[list[Case], tuple[str, ...]]:
    """Find the cases of a door, the one that speaks for it first, and the names behind it."""
    lead = await case.lead()
    cases = [lead, *await lead.beside()]
    return cases, tuple([(await Senior.get(id=one.senior_id)).display for one in cases])


async def nobody_answers(mail: Mail, case: Case, to: Person) -> None:
    """Show the plan at once."""
    cases, names = await _of_the_door(case)
    await say(
        mail,
        cases[0],
        to,
        bold(_("Nobody answers at {name}'s. The coordinator knows it now.", name=names)),
        *await agreed(cases),
        also=[one.senior_id for one in cases],
    )


async def turned_red(mail: Mail, case: Case, to: Person) -> None:
    """Say what to do and what not to do, when nobody has answered for minutes."""
    cases, names = await _of_the_door(case)
    await say(
        mail,
        cases[0],
        to,
        bold(_("Still nobody at {name}'s. All coordinators are alerted again.", name=names)),
        _("Look through the window if you can."),
        *await agreed(cases),
        _("Please stay a little: I tell you when you may go on."),
        also=[one.senior_id for one in cases],
    )


async def may_go_on(mail: Mail, case: Case, to: Person) -> None:
    """Let a volunteer go on when the minutes are over, whether somebody looks after the door or not."""
    cases, names = await _of_the_door(case)
    owner = await Person.get_or_none(id=case.owner_id)
    await say(
        mail,
        cases[0],
        to,
        _(
            "{who} looks after {name} now. You may go on with your round. Thank you.",
            who=owner.name or "–",
            name=names,
        )
        if owner is not None
        else _("You have waited long enough at {name}'s. You may go on with your round.", name=names),
        _("Please take the meal along; the coordinator knows that nobody opened."),
        also=[one.senior_id for one in cases],
    )


async def _keys(case: Case) -> Keyboard:
    keys = [press(_("I can see someone down"), "down", case.id)]
    meal = await Meal.get_or_none(id=case.meal_id)
    if case.kind is not CaseKind.NO_ANSWER or meal is None or meal.state not in NOT_MET:
        return keys
    if case.red_at is None:
        keys.insert(0, press(_("Still no answer"), "still_none", case.id))
    mates = await case.beside()
    if not mates:
        return [*keys, _opened(_("The door opened: handed over"), meal.id)]
    for one in (case, *mates):
        name = (await Senior.get(id=one.senior_id)).display
        keys.append(_opened(_("The door opened: handed over to {name}", name=name), one.meal_id))
    return keys


def _opened(label: Text, meal_id: int | None) -> Button:
    return press(label, "at_door", meal_id, MealState.IN_PERSON.value)
