"""Changing orders: leave one lunch out, pause, begin again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from handlers import afterclosing, answers
from handlers.chat import COORDINATOR, Chat, Choice, Unclear, button, command, press
from handlers.hospital import ask_about_food, tell_of_food, tell_that_nobody_asked
from handlers.meals import FAMILY_AND_COORDINATOR
from handlers.otherways import change_a_day
from handlers.senior_card import refresh
from handlers.text import Text, _, lines
from handlers.twoclocks import it_will_be_there
from handlers.whom import which_senior
from models import hospital
from models.canteens import Canteen
from models.lunches import Choosable, choosable
from models.orders import OrderChange, may_pause, may_resume, pause, pauses_of
from models.people import Role
from models.refusals import Gone, NotPaused
from models.seniors import Senior

BUTTONS: Final = 5
UNTIL_FURTHER_NOTICE: Final = "open"
ANOTHER_WAY: Final = "other"


@command(
    "skip",
    for_=FAMILY_AND_COORDINATOR,
    help=_("Leave one lunch out"),
    phrases=_(
        "skip lunch|skip tomorrow|skip today|no lunch today|no lunch tomorrow|no lunch on|not today"
        "|not tomorrow|cancel lunch|cancel tomorrow|away today|away tomorrow|out tomorrow"
        "|not eating today|not eating tomorrow|won't eat|won't be home|not need lunch|doesn't need lunch"
    ),
)
async def skip(chat: Chat) -> None:
    """Call one lunch off."""
    senior = await which_senior(chat, _("Whose lunch shall we leave out?"))
    canteen = await Canteen.get(id=senior.canteen_id)
    days = await choosable(senior, chat.now, late=True)
    day = await chat.ask(
        "day",
        _("Which day will {name} not have lunch? Tap a day, or write one.", name=senior.display),
        _day_or_another_way(canteen.today(chat.began)),
        choices=[
            *_buttons([each for each in days if each.eats]),
            Choice(ANOTHER_WAY, _("Lunch yes, but in another way")),
        ],
        label=_("Day"),
    )
    if day is None:
        await change_a_day(chat, senior)
        return
    await OrderChange.may_skip(senior, day, chat.person, chat.now)
    late = any(each.late for each in days if each.day == day) and Role.COORDINATOR not in chat.roles
    await chat.confirm(
        "sure",
        lines(
            _(
                "{name} will get no lunch on {day}. Nothing will be cooked or brought.",
                name=senior.display,
                day=day,
            ),
            _("The orders for that day are closed: here it can't be taken back.") if late else None,
        ),
        yes=_("Yes, no lunch that day"),
    )
    meal = await OrderChange.skip(senior, day, chat.person, chat.now)
    await afterclosing.tell(chat, canteen, senior, [meal])
    if late:
        chat.say(_("Noted: no lunch for {name} on {day}.", name=senior.display, day=day))
        return
    cutoff = next((each.close_at for each in days if each.day == day), None)
    chat.say(
        lines(
            _("Noted: no lunch for {name} on {day}.", name=senior.display, day=day),
            _("You can take this back until {when}.", when=cutoff) if cutoff is not None else None,
            it_will_be_there(chat.person.zone, cutoff, canteen.zone) if cutoff is not None else None,
        ),
        buttons=[press(_("Have lunch after all"), "eat", senior.id, day)],
        zone=canteen.zone,
    )


@button("eat", for_=FAMILY_AND_COORDINATOR)
async def eat_after_all(chat: Chat, senior_id: int, day: date) -> None:
    """Take a day's calling off back."""
    senior = await Senior.get_or_none(id=senior_id)
    if senior is None:
        raise Gone
    meal = await OrderChange.undo_skip(senior, day, chat.person, chat.now)
    canteen = await Canteen.get(id=senior.canteen_id)
    await afterclosing.tell(chat, canteen, senior, [meal])
    chat.say(_("All right: {name} has lunch on {day} as usual.", name=senior.display, day=day))


@command(
    "pause",
    for_=FAMILY_AND_COORDINATOR,
    help=_("Stop lunches for some days"),
    phrases=_(
        "pause|stop lunch|stop the lunches|no lunch for|no lunch until|away for|away until|away next week"
        "|on holiday"
    ),
)
async def pause_lunches(chat: Chat) -> None:
    """Stop lunches from a day on, with or without an end."""
    senior = await which_senior(chat, _("Whose lunches shall we pause?"))
    canteen = await Canteen.get(id=senior.canteen_id)
    today = canteen.today(chat.began)
    days = await choosable(senior, chat.now, late=True)
    starts = await chat.ask(
        "from",
        _("From which day will {name} have no lunch? Tap a day, or write one.", name=senior.display),
        answers.day(today),
        choices=_buttons([each for each in days if each.eats]),
        label=_("First day"),
    )
    await may_pause(senior, starts, starts, chat.person, chat.now)
    ends = await chat.ask(
        "until",
        _("Which will be the last day without lunch? If you don't know yet, tap the button."),
        _last_day(starts, today),
        choices=[Choice(UNTIL_FURTHER_NOTICE, _("I don't know yet"))],
        label=_("Last day"),
    )
    await chat.confirm("sure", _pause_words(senior.display, starts, ends), yes=_("Yes, pause"))
    meals = await pause(senior, starts, ends, chat.person, chat.now)
    await afterclosing.tell(chat, canteen, senior, meals)
    chat.say(
        lines(
            _("Noted. {pause}", pause=_pause_words(senior.display, starts, ends)),
            _("When lunch shall come again, write /resume"),
        ),
        zone=canteen.zone,
    )


@command(
    "resume",
    for_=FAMILY_AND_COORDINATOR,
    help=_("Let lunches come again"),
    phrases=_(
        "resume|start…again|lunch again|is back|back home|!out of hospital|!out of the hospital"
        "|!from hospital|!from the hospital|!left hospital"
    ),
)
async def resume_lunches(chat: Chat) -> None:
    """End a pause from a day on."""
    await _come_again(chat, await which_senior(chat, _("Whose lunches shall come again?")))


@button("from_hospital", for_=COORDINATOR)
async def from_hospital(chat: Chat, senior_id: int) -> None:
    """Let lunches come again from the senior's card."""
    await _come_again(chat, await Senior.coordinated(senior_id, chat.person))


async def _come_again(chat: Chat, senior: Senior) -> None:
    canteen = await Canteen.get(id=senior.canteen_id)
    today = canteen.today(chat.began)
    paused = await pauses_of(senior.id, today).first()
    if paused is None:
        raise NotPaused
    days = [
        each
        for each in await choosable(senior, chat.now)
        if each.day >= paused.starts and each.usual and not each.skipped
    ]
    day = await chat.ask(
        "day",
        _("From which day shall {name} have lunch again? Tap a day, or write one.", name=senior.display),
        answers.day(today),
        choices=_buttons(days),
        label=_("First day"),
    )
    await may_resume(senior, day, chat.person, chat.now)
    stay = await hospital.stay(senior.id, day)
    knows = stay is not None and await hospital.may_hear(stay, senior, chat.person)
    food = await ask_about_food(chat, senior) if knows else None
    await chat.confirm(
        "sure",
        _("{name} will have lunch again from {day} on, as before.", name=senior.display, day=day)
        if food is None
        else _(
            "{name} will have lunch again from {day} on, as soon as the coordinator has seen what changes.",
            name=senior.display,
            day=day,
        ),
        yes=_("Yes, from that day"),
    )
    comes = await hospital.come_home(senior, day, food, chat.person, chat.now)
    await refresh(chat, senior)
    if food is not None and not comes:
        chat.say(_("How good. The coordinator looks at it now, and you hear from me when lunch comes again."))
        await tell_of_food(chat, canteen, senior, food)
        return
    if stay is not None and not knows:
        await tell_that_nobody_asked(chat, canteen, senior, day)
    chat.say(_("How good. {name} has lunch again from {day} on.", name=senior.display, day=day))


def _buttons(days: Sequence[Choosable]) -> list[Choice]:
    return [Choice(each.day.isoformat(), _("On {day}", day=each.day)) for each in days[:BUTTONS]]


def _day_or_another_way(today: date) -> Callable[[str], date | None]:
    """Make a reader for a day; None where lunch shall be had in another way."""
    read_day = answers.day(today)
    return lambda text: None if text == ANOTHER_WAY else read_day(text)


def _last_day(starts: date, today: date) -> Callable[[str], date | None]:
    """Make a reader for the end of a pause; None where it is not known yet."""
    read_day = answers.day(today)

    def read(text: str) -> date | None:
        if text == UNTIL_FURTHER_NOTICE:
            return None
        day = read_day(text)
        if day < starts:
            raise Unclear(_("The last day cannot be before the first, {day}.", day=starts))
        return day

    return read


def _pause_words(name: str, starts: date, ends: date | None) -> Text:
    if ends is None:
        return _("{name} will have no lunch from {starts} on, until you tell us.", name=name, starts=starts)
    if ends == starts:
        return _("{name} will have no lunch on {day}.", name=name, day=starts)
    return _(
        "{name} will have no lunch from {starts} to {ends}. After that it comes again as before.",
        name=name,
        starts=starts,
        ends=ends,
    )
