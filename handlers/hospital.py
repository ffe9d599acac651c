"""In hospital, and not well: what a family says of it, and what becomes of lunch. Nobody else learns why."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from handlers import afterclosing, answers
from handlers.chat import COORDINATOR, Chat, Choice, Mail, Priority, button, every, explains, press, still
from handlers.meals import FAMILY_AND_COORDINATOR
from handlers.senior_card import refresh
from handlers.text import Text, _, lines, verbatim
from handlers.whom import which_senior
from models import hospital
from models.canteens import Canteen
from models.hospital import Today
from models.orders import OrderChange
from models.pauses import Pause
from models.refusals import FoodNotSeen, Gone
from models.seniors import Kinship, Senior, Status

BATCH: Final = 100
SAME: Final = "same"


@button(
    "in_hospital",
    for_=FAMILY_AND_COORDINATOR,
    phrases=_(
        "!in hospital|!in the hospital|!to hospital|!to the hospital|!hospitalised|!hospitalized"
        "|!in intensive care"
    ),
)
async def in_hospital(chat: Chat) -> None:
    """Hear that somebody is in hospital, and ask one question."""
    await _admit(chat, await which_senior(chat, _("Who is in hospital?")))


@button("to_hospital", for_=COORDINATOR)
async def to_hospital(chat: Chat, senior_id: int) -> None:
    """Note it from the senior's card."""
    senior = await Senior.coordinated(senior_id, chat.person)
    if senior.status is not Status.ACTIVE:
        raise Gone
    await _admit(chat, senior)


async def _admit(chat: Chat, senior: Senior) -> None:
    canteen = await Canteen.get(id=senior.canteen_id)
    known = await hospital.stay(senior.id, canteen.today(chat.now))
    if known is not None and known.ends is None and await hospital.may_hear(known, senior, chat.person):
        chat.say(
            _("I know it already: lunches are stopped. We wish {name} well.", name=senior.display),
            buttons=[press(_("Back from hospital"), "/resume")],
        )
        return
    today = await hospital.today_of(senior, chat.person, chat.now)
    await chat.confirm(
        "sure",
        lines(
            _(
                "I understand. From today on no lunch comes for {name}; tell us when it shall come again.",
                name=senior.display,
            ),
            _of_today(today),
        ),
        yes=_("Yes, that is right"),
    )
    meals = await hospital.admit(senior, chat.person, chat.now)
    chat.say(
        _(
            "Noted, lunches are stopped. We wish {name} well. When {name} is back, just write it to me here.",
            name=senior.display,
        )
    )
    await afterclosing.tell(chat, canteen, senior, meals)
    await refresh(chat, senior)
    for coordinator in await canteen.coordinators():
        if coordinator.id != chat.person.id:
            chat.say(
                _(
                    "{who} says that {name} ({short_id}) is in hospital. Lunches are stopped from today on.",
                    who=chat.person.name or _("The family"),
                    name=senior.spoken,
                    short_id=senior.short_id,
                ),
                to=coordinator,
                buttons=[press(_("Show the card"), "senior", senior.id)],
                zone=canteen.zone,
                priority=Priority.REMINDER,
                reveals=f"health of senior {senior.id}",
            )


def _of_today(today: Today) -> Text | None:
    if not today.wanted:
        return None
    if today.cooked:
        return _("Today's lunch is cooked already; it will not be brought.")
    return _("Today's lunch is called off.")


@button(
    "unwell",
    for_=FAMILY_AND_COORDINATOR,
    phrases=_(
        "not well|not feeling well|feels unwell|is unwell|feels sick|feels ill|is ill|is poorly|has a fever"
        "|has a cold"
    ),
)
async def unwell(chat: Chat) -> None:
    """Hear that somebody is not well, and ask what that means for lunch instead of guessing."""
    senior = await which_senior(chat, _("Who is not well?"))
    canteen = await Canteen.get(id=senior.canteen_id)
    today = canteen.today(chat.began)
    what = await chat.ask(
        "what",
        lines(
            _("I am sorry to hear that. What shall we do about {name}'s lunch?", name=senior.display),
            _("If somebody is in danger, call {number} first.", number=canteen.emergency_number),
        ),
        choices=[
            Choice("nothing", _("Lunch as usual")),
            Choice("skip", _("No lunch today")),
            Choice("hospital", _("In hospital: stop lunches")),
            Choice("call", _("Please call me")),
        ],
    )
    match what:
        case "hospital":
            await _admit(chat, senior)
        case "skip":
            meal = await OrderChange.skip(senior, today, chat.person, chat.now)
            chat.say(
                _("Noted: no lunch for {name} on {day}.", name=senior.display, day=today),
                buttons=[press(_("Pause for some days"), "/pause")],
            )
            await afterclosing.tell(chat, canteen, senior, [meal])
        case "call":
            await _ask_for_a_call(chat, canteen, senior)
        case _:
            chat.say(_("All right, lunch comes as usual. We wish {name} well.", name=senior.display))


async def _ask_for_a_call(chat: Chat, canteen: Canteen, senior: Senior) -> None:
    chat.say(_("I have asked the coordinator to call you."))
    for coordinator in await canteen.coordinators():
        chat.say(
            _(
                "{who} says that {name} is not well and asks for a call: {phone}",
                who=chat.person.name or _("The family"),
                name=senior.display,
                phone=chat.person.phone or _("no number yet"),
            ),
            to=coordinator,
            buttons=[press(_("Show the card"), "senior", senior.id)],
            zone=canteen.zone,
            priority=Priority.REMINDER,
            reveals=f"phone of person {chat.person.id}",
        )


# ---------------------------------------------------------------------------------------------------- back


async def ask_about_food(chat: Chat, senior: Senior) -> str | None:
    """Ask whether somebody who comes from hospital eats differently now; None: as before."""
    changed = await chat.ask(
        "food",
        _("How good. Does the food have to change, for example to soft food?"),
        choices=[Choice(SAME, _("No, as before")), Choice("changed", _("Yes, it changes"))],
        label=_("Food"),
    )
    if changed == SAME:
        return None
    return await chat.ask(
        "food_words",
        _("What can {name} eat now, and what not? Please write it in your own words.", name=senior.display),
        answers.long_words,
        label=_("What changes"),
    )


async def tell_of_food(chat: Chat, canteen: Canteen, senior: Senior, food: str) -> None:
    """Let the coordinators see what is different: only after that lunch comes again."""
    for coordinator in await canteen.coordinators():
        chat.say(
            lines(
                _("{name} ({short_id}) is coming back and eats differently now:",
                  name=senior.spoken, short_id=senior.short_id),
                verbatim(food),
                _("Please change the diet if needed, then tap: lunch comes again after that."),
            ),
            to=coordinator,
            buttons=[
                press(_("Change diet"), "senior_diet", senior.id),
                press(_("The food is right: lunch may come"), "food_seen", senior.id),
            ],
            zone=canteen.zone,
            priority=Priority.REMINDER,
            reveals=f"health of senior {senior.id}",
        )  # fmt: skip


async def tell_that_nobody_asked(chat: Chat, canteen: Canteen, senior: Senior, day: date) -> None:
    """Let the coordinators ask about the food where whoever resumes lunch may not hear of the stay."""
    for coordinator in await canteen.coordinators():
        chat.say(
            _(
                "{who} lets lunch come again for {name} ({short_id}) from {day} on, after a stay in hospital."
                " I have not asked about the food, because {who} may not hear of the health:"
                " please ask {name}.",
                who=chat.person.name or _("The family"),
                name=senior.spoken,
                short_id=senior.short_id,
                day=day,
            ),
            to=coordinator,
            buttons=[
                press(_("Change diet"), "senior_diet", senior.id),
                press(_("Show the card"), "senior", senior.id),
            ],
            zone=canteen.zone,
            priority=Priority.REMINDER,
            reveals=f"health of senior {senior.id}",
        )


@button("food_seen", for_=COORDINATOR)
async def food_seen(chat: Chat, senior_id: int) -> None:
    """Let lunch come again now that the coordinator has seen what is eaten."""
    day = await hospital.seen(senior_id, chat.person, chat.now)
    senior = await Senior.get(id=senior_id)
    canteen = await Canteen.get(id=senior.canteen_id)
    text = _("How good. {name} has lunch again from {day} on.", name=senior.display, day=day)
    chat.say(text, zone=canteen.zone)
    for kin in await Kinship.of(senior):
        if kin.hears and kin.person_id != chat.person.id:
            chat.say(text, to=kin.person, zone=canteen.zone, priority=Priority.REMINDER)
    await refresh(chat, senior)


@explains(FoodNotSeen)
def food_not_seen(_refusal: FoodNotSeen) -> Text:
    return _("The coordinator is still looking at the new diet. As soon as that is done, lunch comes again.")


# ------------------------------------------------------------------------------------------ after two weeks


@every(seconds=60)
async def ask_whether_to_go_on(mail: Mail) -> bool:
    """Ask a family once, two weeks after, whether an open end is still right."""
    due = await Pause.to_ask(mail.now, BATCH)
    for pause in due:
        senior = pause.senior
        for kin in await Kinship.of(senior):
            if kin.hears:
                mail.say(
                    _(
                        "{name} has had no lunch since {day}. Shall we keep pausing?",
                        name=senior.display,
                        day=pause.starts,
                    ),
                    to=kin.person,
                    buttons=[
                        press(_("Yes, keep pausing"), "keep_pausing", senior.id),
                        press(_("Lunch again"), "/resume"),
                    ],
                    zone=senior.canteen.zone,
                    priority=Priority.REMINDER,
                    key=f"senior {senior.id} pause {pause.id} for {kin.person_id}",
                    still=("pause_open", pause.id),
                )
    return len(due) == BATCH


@still("pause_open")
async def still_open(pause_id: int, _now: datetime) -> bool:
    """Tell whether a pause has no end yet."""
    return await Pause.filter(id=pause_id, ends=None, voided_at=None).exists()


@button("keep_pausing", for_=FAMILY_AND_COORDINATOR)
async def keep_pausing(chat: Chat, senior_id: int) -> None:
    """Hear that a pause goes on."""
    kin = await Kinship.informed(senior_id, chat.person)
    senior = await Senior.get(id=kin.senior_id)
    chat.say(
        _("All right. When lunch shall come again for {name}, write /resume", name=senior.display),
    )
