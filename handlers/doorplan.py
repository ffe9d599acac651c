"""What a volunteer is told at a door that stays shut: one card, gone when the round's window closes."""

from __future__ import annotations

from typing import Final

from handlers import doorcard
from handlers.chat import Keyboard, Mail, Priority, press
from handlers.text import Text, _, bold, lines
from models.canteens import Canteen
from models.cases import Case, CaseKind
from models.dated import Residence
from models.meals import Meal, MealState
from models.people import Person
from models.rounds import Round
from models.seniors import Senior

NEITHER: Final = _("Do not force the door, and do not leave the meal.")


async def say(mail: Mail, case: Case, to: Person, *first: Text | None, keys: Keyboard | None = None) -> bool:
    """Say something of a door to a volunteer whose window is open; else nothing, and False."""
    meal = await Meal.get_or_none(id=case.meal_id)
    round_ = None if meal is None else await Round.with_meal(meal, to, mail.now)
    if meal is None or round_ is None or round_.claim is None:
        return False
    mail.say(
        lines(*first),
        to=to,
        buttons=await _keys(case, meal) if keys is None else keys,
        zone=(await Canteen.get(id=case.canteen_id)).zone,
        priority=Priority.URGENT,
        card=doorcard.plan_of(case.id),
        fresh=True,
        expires=round_.ends,
        still=("on_round", round_.claim.id),
        reveals=f"plan and phone of senior {case.senior_id}",
    )
    return True


async def agreed(case: Case) -> list[Text | None]:
    """Say what this senior agreed to for this case, and how to call."""
    senior = await Senior.get(id=case.senior_id)
    meal = await Meal.get_or_none(id=case.meal_id)
    residence = await Residence.get_or_none(id=meal.residence_id) if meal and meal.residence_id else None
    return [
        _("What was agreed: {plan}", plan=residence.plan)
        if residence and residence.plan
        else _("Knock and call out once more, and look through the window if you can."),
        NEITHER,
        _("Call {name}: {phone}", name=senior.display, phone=senior.phone) if senior.phone else None,
    ]


async def nobody_answers(mail: Mail, case: Case, to: Person) -> None:
    """Show the plan at once."""
    senior = await Senior.get(id=case.senior_id)
    await say(
        mail,
        case,
        to,
        bold(_("Nobody answers at {name}'s. The coordinator knows it now.", name=senior.display)),
        *await agreed(case),
    )


async def turned_red(mail: Mail, case: Case, to: Person) -> None:
    """Say what to do and what not to do, when nobody has answered for minutes."""
    senior = await Senior.get(id=case.senior_id)
    await say(
        mail,
        case,
        to,
        bold(_("Still nobody at {name}'s. All coordinators are alerted again.", name=senior.display)),
        _("Look through the window if you can."),
        *await agreed(case),
        _("Please stay a little: I tell you when you may go on."),
    )


async def may_go_on(mail: Mail, case: Case, to: Person) -> None:
    """Let a volunteer go on when the minutes are over, whether somebody looks after the door or not."""
    senior = await Senior.get(id=case.senior_id)
    owner = await Person.get_or_none(id=case.owner_id)
    await say(
        mail,
        case,
        to,
        _(
            "{who} looks after {name} now. You may go on with your round. Thank you.",
            who=owner.name or "–",
            name=senior.display,
        )
        if owner is not None
        else _(
            "You have waited long enough at {name}'s. You may go on with your round.", name=senior.display
        ),
        _("Please take the meal along; the coordinator knows that nobody opened."),
    )


async def _keys(case: Case, meal: Meal) -> Keyboard:
    keys = [press(_("I can see someone down"), "down", case.id)]
    if case.kind is CaseKind.NO_ANSWER and meal.state is MealState.NO_ANSWER:
        if case.red_at is None:
            keys.insert(0, press(_("Still no answer"), "still_none", case.id))
        keys.append(press(_("The door opened: handed over"), "at_door", meal.id, MealState.IN_PERSON.value))
    return keys
