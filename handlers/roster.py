"""The lists of a day: the coordinators get them when orders close and in the morning, and on demand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from handlers.chat import Button, Chat, Mail, Priority, button, command, every, press, still
from handlers.cooks import COOKS
from handlers.daylists import report_words, roster_pages
from handlers.kitchenwords import kitchen_pages
from handlers.places import which_canteen
from handlers.printing import count_buttons, print_button
from handlers.text import Text, _
from models.calendar import DayState, ServiceDay
from models.canteens import Canteen
from models.closures import NOT_COOKING, Closure
from models.dayreport import DayReport
from models.dishes import must_cook
from models.kitchenversions import KitchenVersion
from models.lastword import FirstReport
from models.people import Person, Role
from models.refusals import NoLunchThatDay
from models.roster import Roster, in_use, kitchen_count, readers, roster, rosters

TELL_AT_ONCE: Final = 40  # canteens; their names and diets are opened in one transaction


@every(seconds=15)
async def tell_the_coordinators(mail: Mail) -> bool:
    """Send the lists of the days that took a step."""
    due = await ServiceDay.tell_due(mail.now, TELL_AT_ONCE)
    if not due:
        return False
    ids = [day.canteen_id for day in due]
    canteens = {canteen.id: canteen for canteen in await Canteen.filter(id__in=ids)}
    people = await readers(ids)
    lists = {
        day: await rosters([each.canteen_id for each in due if each.day == day and _ahead(each)], day)
        for day in {each.day for each in due}
    }
    editions = await Closure.editions([(day.canteen_id, day.day) for day in due])
    told = [(day, lists[day.day][day.canteen_id].kitchen) for day in due if _ahead(day)]
    used = await in_use([day.canteen_id for day, kitchen in told if not kitchen.total])
    await KitchenVersion.keep_first(told, mail.now)
    for day in due:
        canteen = canteens[day.canteen_id]
        edition = editions[day.canteen_id, day.day]
        coordinators = people.get((canteen.id, Role.COORDINATOR), [])
        cooks = [one for one in people.get((canteen.id, Role.KITCHEN), []) if one not in coordinators]
        if _ahead(day) and edition.closed:
            continue
        if _ahead(day):
            if lists[day.day][canteen.id].kitchen.total or canteen.id in used:
                _tell(mail, canteen, day, lists[day.day][canteen.id], coordinators, cooks, edition.number)
        elif (report := await DayReport.of(day)).planned or report.closed:
            _post(mail, canteen, day, coordinators, [report_words(report)])
            await FirstReport.keep(day, report, mail.now)
    return True


def _ahead(day: ServiceDay) -> bool:
    return day.state is not DayState.FINISHED


def _tell(
    mail: Mail,
    canteen: Canteen,
    day: ServiceDay,
    lists: Roster,
    coordinators: Sequence[Person],
    cooks: Sequence[Person],
    edition: int,
) -> None:
    if lists.kitchen.total:
        kitchen = kitchen_pages(lists.kitchen, day)
        pages = [*kitchen, *roster_pages(lists.parts, day.day)]
        _post(mail, canteen, day, coordinators, pages, prints=True, edition=edition)
        _post(mail, canteen, day, cooks, kitchen, edition=edition)
    else:
        _post(mail, canteen, day, coordinators, [_("Nobody has lunch on {day}.", day=day.day)])


def _post(
    mail: Mail,
    canteen: Canteen,
    day: ServiceDay,
    people: Sequence[Person],
    texts: Sequence[Text],
    *,
    prints: bool = False,
    edition: int = 0,
) -> None:
    """Say each text once ever to each person; lists are of no use when lunch is over.

    prints: under the last one, offer all of it on paper. edition: how often a closure has changed the day.
    """
    step = f"{day.state} again {edition}" if edition else day.state
    for person in people:
        for page, text in enumerate(texts, 1):
            mail.say(
                text,
                to=person,
                buttons=[print_button(canteen.id, day.day)] if prints and page == len(texts) else (),
                zone=canteen.zone,
                priority=Priority.REMINDER,
                expires=None if day.state is DayState.FINISHED else day.finish_at,
                key=f"day {day.id} {step} {page} for {person.id}",
                still=None if day.state is DayState.FINISHED else ("cooking", day.id),
            )


@still("cooking")
async def still_cooking(service_day_id: int, now: datetime) -> bool:
    """Tell whether lunch is still cooked on a day: lists of a day that was closed meanwhile are not sent."""
    day = await ServiceDay.get_or_none(id=service_day_id)
    if day is None:
        return False
    closure = await Closure.of(day.canteen_id, day.day)
    return closure is None or closure.kind not in NOT_COOKING


# ----------------------------------------------------------------------------------------------- on demand


@command(
    "kitchen",
    for_=COOKS,
    help=_("How many lunches to cook, with diets"),
    phrases=_("how many lunches|kitchen count|how many meals|who eats today"),
)
async def kitchen(chat: Chat) -> None:
    """Show the count of the next lunch."""
    canteen = await which_canteen(chat, Role.KITCHEN, Role.COORDINATOR)
    coming = await ServiceDay.coming(canteen.id, chat.now)
    if not coming:
        chat.say(_("No lunch is planned in the coming weeks."))
        return
    await _show(chat, canteen, coming[0])


@button("kitchen", for_=COOKS)
async def kitchen_of(chat: Chat, canteen_id: int, day: date) -> None:
    """Show the count of another day."""
    await must_cook(chat.person, canteen_id)
    await _show(chat, await Canteen.get(id=canteen_id), await _service_day(canteen_id, day))


@button("roster", for_=frozenset({Role.COORDINATOR}))
async def who_eats(chat: Chat, canteen_id: int, day: date) -> None:
    """Show the names of a day, part by part."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    service_day = await _service_day(canteen_id, day)
    canteen = await Canteen.get(id=canteen_id)
    lists = await roster(canteen_id, service_day.day)
    pages = list(roster_pages(lists.parts, day))
    for page in pages:
        keys = [print_button(canteen_id, day)] if page is pages[-1] else []
        chat.say(page, buttons=keys, zone=canteen.zone)
    if not lists.parts:
        chat.say(_("Nobody has lunch on {day}.", day=day))


async def _show(chat: Chat, canteen: Canteen, day: ServiceDay) -> None:
    count = await kitchen_count(canteen.id, day.day)
    following = await ServiceDay.filter(canteen_id=canteen.id, day__gt=day.day).order_by("day").first()
    buttons: list[Button | list[Button]] = []
    if Role.COORDINATOR in chat.roles:
        buttons.append(press(_("Who eats?"), "roster", canteen.id, day.day))
        buttons.append(print_button(canteen.id, day.day))
    elif count.total:
        buttons.append(count_buttons(canteen.id, day.day))
    if following is not None:
        buttons.append(press(_("Kitchen for {day}", day=following.day), "kitchen", canteen.id, following.day))
    buttons.append(press(_("Temperature and samples"), "food", canteen.id))
    pages = kitchen_pages(count, day, await KitchenVersion.number_of(day))
    for page in pages:
        chat.say(page, buttons=buttons if page is pages[-1] else [], zone=canteen.zone)


async def _service_day(canteen_id: int, day: date) -> ServiceDay:
    found = await ServiceDay.of(canteen_id, day)
    if found is None:
        raise NoLunchThatDay(day)
    return found
