"""Kitchen, desk and driving: work that has shifts of its own; and what the places on a shift need."""

from __future__ import annotations

from datetime import time
from typing import Any, Final

from handlers import answers
from handlers.chat import COORDINATOR, Button, Chat, Choice, button, press
from handlers.setting_dates import changes_later, comes_later, plan_for_route, said
from handlers.setting_readers import MASK, short_name, week
from handlers.shiftwords import KINDS, SKILLS
from handlers.text import Text, Weekdays, _, _n, bold, lines, verbatim
from models.canteens import Canteen
from models.datedroutes import coming_for, plan_close, plan_open
from models.people import Role
from models.refusals import Gone
from models.routes import WORKS, Kind, Route
from models.skills import Need, Skill

EVERY: Final = f"{MASK}0"
NOWHERE: Final = "-"


@button("works", for_=COORDINATOR)
async def show_works(chat: Chat, canteen_id: int) -> None:
    """List the work of a canteen that has no doors."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    works = [route for route in await Route.with_works(canteen_id) if route.kind is not Kind.ROUND]
    chat.say(
        lines(bold(_("Kitchen, desk and driving")), *(_hours(work) for work in works))
        if works
        else _(
            "Shifts in the kitchen, at the desk or with a car: each with its own hours, days and place."
            " There are none so far."
        ),
        buttons=[
            *(press(verbatim(work.name), "work", work.id) for work in works),
            press(_("Add such a shift"), "add_work", canteen_id),
            press(_("Back to the settings"), "set_shifts", canteen_id),
        ],
    )


def _hours(work: Route) -> Text:
    hours = {"starts": time.fromisoformat(work.starts_at), "ends": time.fromisoformat(work.ends_at)}
    if work.weekdays is None:
        return _(
            "{name} ({kind}): {starts}–{ends}, whenever lunch is cooked",
            name=work.name,
            kind=KINDS[work.kind],
            **hours,
        )
    return _(
        "{name} ({kind}): {starts}–{ends}, {weekdays}",
        name=work.name,
        kind=KINDS[work.kind],
        weekdays=Weekdays(work.weekdays),
        **hours,
    )


@button("add_work", for_=COORDINATOR)
async def add_work(chat: Chat, canteen_id: int) -> None:
    """Ask for the kind, the name, the hours and the places, and open shifts for it."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    kind = await chat.ask(
        "kind", _("What is it?"), choices=[Choice(each.value, KINDS[each]) for each in WORKS]
    )
    name = await chat.ask("name", _("What shall it be called?"), short_name)
    starts = await chat.ask("starts", _("When does it begin?"), answers.clock)
    ends = await chat.ask("ends", _("And when does it end?"), answers.clock)
    places = await chat.ask("places", _("How many people does it need?"), answers.number(1, 20))
    since = await comes_later(chat, await Canteen.get(id=canteen_id))
    work = await Route.add(
        canteen_id,
        name,
        by=chat.person,
        now=chat.now,
        kind=Kind(kind),
        starts_at=starts,
        ends_at=ends,
        places=places,
    )
    if since is not None:
        await plan_for_route(chat, await plan_open(work, since, by=chat.person, now=chat.now))
        return
    await _show(chat, work, _("{name} is open: its shifts are under /shifts in a minute.", name=work.name))


@button("work", for_=COORDINATOR)
async def show_work(chat: Chat, route_id: int) -> None:
    """Show one kind of work, with a button for each thing that can be changed."""
    await _show(chat, await _mine(chat, route_id))


async def _show(chat: Chat, work: Route, news: Text | None = None) -> None:
    chat.say(
        lines(
            news,
            bold(_hours(work)),
            _("Place: {place}", place=work.place) if work.place else None,
            _n("{n} person on each shift", "{n} people on each shift", work.places or 1),
            *(await needs_of(work)),
            *[await said(row) for row in await coming_for(work.id)],
        ),
        buttons=[
            [
                _set(_("Name"), work, "name"),
                _set(_("Hours"), work, "hours"),
                _set(_("Places"), work, "places"),
            ],
            [_set(_("Days"), work, "days"), _set(_("Where"), work, "place")],
            press(_("What it needs"), "needs", work.id),
            _set(_("Close it"), work, "close"),
            press(_("All of them"), "works", work.canteen_id),
        ],
    )


def _set(label: Text, work: Route, what: str) -> Button:
    return press(label, "set_work", work.id, what)


async def needs_of(route: Route) -> list[Text]:
    """Say which places on each shift are for whom."""
    return [
        _n("{n} of them with: {skill}", "{n} of them with: {skill}", places, skill=SKILLS[skill])
        for skill, places in (await Need.of(route.id)).items()
    ]


async def _mine(chat: Chat, route_id: int) -> Route:
    route = await Route.filter(id=route_id, closed_at=None).first()
    if route is None:
        raise Gone
    await chat.person.must_be(Role.COORDINATOR, route.canteen_id)
    return route


@button("set_work", for_=COORDINATOR)
async def change_work(chat: Chat, route_id: int, what: str) -> None:
    """Ask for one thing and change it."""
    work = await _mine(chat, route_id)
    if work.kind is Kind.ROUND:
        raise Gone
    if what == "close":
        await _close(chat, work)
        return
    values = await _asked(chat, work, what)
    if what in ("hours", "places") and await changes_later(chat, work, values):
        return
    work = await Route.change(route_id, by=chat.person, now=chat.now, **values)
    await _show(
        chat,
        work,
        _("Changed. Shifts that nobody has taken yet follow; those that are taken stay as promised."),
    )


async def _asked(chat: Chat, work: Route, what: str) -> dict[str, Any]:
    match what:
        case "name":
            return {"name": await chat.ask("name", _("What shall it be called?"), short_name)}
        case "hours":
            starts = await chat.ask("starts", _("When does it begin?"), answers.clock)
            return {
                "starts_at": starts,
                "ends_at": await chat.ask("ends", _("And when does it end?"), answers.clock),
            }
        case "places":
            question = _("How many people does it need?")
            return {"places": await chat.ask("places", question, answers.number(1, 20))}
        case "days":
            mask = await chat.ask(
                "days",
                _("On which days? Tap it, or write the days, like {example}.", example=Weekdays(21)),
                week,
                choices=[Choice(EVERY, _("Whenever lunch is cooked"))],
            )
            return {"weekdays": mask or None}
        case "place":
            place = await chat.ask(
                "place",
                _("Where does one come to for {name}? Please write it as you would say it.", name=work.name),
                answers.words,
                choices=[Choice(NOWHERE, _("No place of its own"))],
            )
            return {"place": None if place == NOWHERE else place}
        case _:
            raise Gone


async def _close(chat: Chat, work: Route) -> None:
    since = await comes_later(chat, await Canteen.get(id=work.canteen_id))
    if since is not None:
        await plan_for_route(chat, await plan_close(work.id, None, since, by=chat.person, now=chat.now))
        return
    await chat.confirm(
        "sure",
        _("Close {name}? Whoever has a place on its coming shifts is told.", name=work.name),
        yes=_("Yes, close it"),
    )
    await work.close(None, by=chat.person, now=chat.now)
    chat.say(
        _("{name} is closed.", name=work.name), buttons=[press(_("All of them"), "works", work.canteen_id)]
    )


@button("needs", for_=COORDINATOR)
async def set_needs(chat: Chat, route_id: int) -> None:
    """Ask for which skill how many places are kept on each shift of a route, or of other work."""
    route = await _mine(chat, route_id)
    canteen = await Canteen.get(id=route.canteen_id)
    skill = await chat.ask(
        "skill",
        _("Which of these does {name} need?", name=route.name),
        choices=[Choice(each.value, words) for each, words in SKILLS.items()],
    )
    places = await chat.ask(
        "places",
        _("On how many of the places of each shift?"),
        choices=[Choice(str(n), _("{n}", n=n)) for n in range(min(5, route.places or canteen.places) + 1)],
    )
    route = await Need.set(route_id, Skill(skill), int(places), chat.person, chat.now)
    chat.say(
        lines(
            bold(_("What {name} needs", name=route.name)),
            *(await needs_of(route) or [_("Everybody can come.")]),
        ),
        buttons=[press(verbatim(route.name), "route" if route.kind is Kind.ROUND else "work", route.id)],
    )
