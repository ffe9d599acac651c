"""Routes and the order of their stops."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import time
from typing import Any, Final

from handlers import answers
from handlers.chat import COORDINATOR, Button, Chat, Choice, button, explains, press
from handlers.setting_dates import (
    ask_since,
    changes_later,
    comes_later,
    plan_for_route,
    plan_for_senior,
    said,
)
from handlers.setting_readers import order, short_name
from handlers.text import NOTHING, Text, _, _n, bold, lines, verbatim
from handlers.works import needs_of
from models.canteens import Canteen
from models.datedroutes import coming_for, plan_close, plan_order, staying
from models.datedseniors import ROUTE
from models.households import grouped
from models.people import Role
from models.refusals import Gone, LastRoute, StopsChanged
from models.routes import Route, Stop
from models.seniors import Senior

# A message carries at most 100 buttons; beyond this, the order is written.
MOVABLE: Final = 40


@button("routes", for_=COORDINATOR)
async def show_routes(chat: Chat, canteen_id: int) -> None:
    """List the routes of a canteen."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    routes = await Route.of(canteen_id)
    chat.say(
        lines(
            bold(_("Routes")),
            *[_hours(route, len(await route.doors())) for route in routes],
        ),
        buttons=[
            *(press(verbatim(route.name), "route", route.id) for route in routes),
            press(_("Add a route"), "add_route", canteen_id),
            press(_("Back to the settings"), "settings", canteen_id),
        ],
    )


def _hours(route: Route, homes: int) -> Text:
    return _n(
        "{route}: {starts}–{ends}, {n} home",
        "{route}: {starts}–{ends}, {n} homes",
        homes,
        route=route.name,
        starts=time.fromisoformat(route.starts_at),
        ends=time.fromisoformat(route.ends_at),
    )


@button("add_route", for_=COORDINATOR)
async def add_route(chat: Chat, canteen_id: int) -> None:
    """Open another route."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    name = await chat.ask("name", _("What shall the new route be called?"), short_name)
    route = await Route.add(canteen_id, name, by=chat.person, now=chat.now)
    await _show(chat, route, _("{route} is open. Shifts for it begin with its first home.", route=route.name))


@button("route", for_=COORDINATOR)
async def show_route(chat: Chat, route_id: int) -> None:
    """Show one route, with a button for each thing that can be changed."""
    await _show(chat, await _mine(chat, route_id))


async def _show(chat: Chat, route: Route, news: Text | None = None) -> None:
    doors = await route.doors()
    places = (
        _("Volunteers on each shift: as in the settings")
        if route.places is None
        else _("Volunteers on each shift: {n}", n=route.places)
    )
    chat.say(
        lines(
            news,
            bold(_hours(route, len(doors))),
            places,
            *(await needs_of(route)),
            *[await said(row) for row in await coming_for(route.id)],
            *_numbered(doors),
        ),
        buttons=[
            [
                _set(_("Name"), route, "name"),
                _set(_("Hours"), route, "hours"),
                _set(_("Places"), route, "places"),
            ],
            press(_("What it needs"), "needs", route.id),
            *([press(_("Order of the stops"), "stops", route.id)] if len(doors) > 1 else []),
            *([press(_("Move a home to another route"), "move_stop", route.id)] if doors else []),
            press(_("Close this route"), "end_route", route.id),
            press(_("All routes"), "routes", route.canteen_id),
        ],
    )


def _set(label: Text, route: Route, what: str) -> Button:
    return press(label, "set_route", route.id, what)


def _numbered(doors: Sequence[Stop]) -> list[Text]:
    return [_("{n}. {senior}", n=n, senior=_names(home)) for n, home in enumerate(grouped(doors), 1)]


def _names(home: Sequence[Stop]) -> tuple[str, ...]:
    return tuple(stop.senior.display for stop in home)


async def _mine(chat: Chat, route_id: int) -> Route:
    route = await Route.filter(id=route_id, closed_at=None).first()
    if route is None:
        raise Gone
    await chat.person.must_be(Role.COORDINATOR, route.canteen_id)
    return route


@button("set_route", for_=COORDINATOR)
async def change_route(chat: Chat, route_id: int, what: str) -> None:
    """Ask for a route's name, hours or places, and change them."""
    route = await _mine(chat, route_id)
    values: dict[str, Any]
    match what:
        case "name":
            question = _("What shall {route} be called?", route=route.name)
            values = {"name": await chat.ask("name", question, short_name)}
        case "hours":
            question = _("When do volunteers start on {route}?", route=route.name)
            starts = await chat.ask("starts", question, answers.clock)
            question = _("And when are they back?")
            values = {"starts_at": starts, "ends_at": await chat.ask("ends", question, answers.clock)}
        case "places":
            question = _("How many volunteers does a shift on {route} need?", route=route.name)
            values = {"places": await chat.ask("places", question, answers.number(1, 20))}
        case _:
            raise Gone
    if what != "name" and await changes_later(chat, route, values):
        return
    route = await Route.change(route_id, by=chat.person, now=chat.now, **values)
    await _show(
        chat,
        route,
        _("Changed. Shifts that nobody has taken yet follow; those that are taken stay as promised."),
    )


@button("end_route", for_=COORDINATOR)
async def end_route(chat: Chat, route_id: int) -> None:
    """Close a route; its homes go to another one."""
    route = await _mine(chat, route_id)
    others = {str(other.id): other for other in await staying(route)}
    if not others:
        raise LastRoute
    homes = len(await route.doors())
    into = None
    if homes:
        question = _n(
            "Which route takes the {n} home of {route}?",
            "Which route takes the {n} homes of {route}?",
            homes,
            route=route.name,
        )
        choices = [Choice(value, verbatim(other.name)) for value, other in others.items()]
        into = others[await chat.ask("into", question, choices=choices)]
    since = await comes_later(chat, await Canteen.get(id=route.canteen_id))
    if since is not None:
        row = await plan_close(route.id, into, since, by=chat.person, now=chat.now)
        await plan_for_route(chat, row)
        return
    await chat.confirm(
        "sure",
        _("Close {route}? Nobody walks it any more from its next open day on.", route=route.name),
        yes=_("Yes, close it"),
    )
    await route.close(into, by=chat.person, now=chat.now)
    chat.say(
        lines(
            _("{route} is closed.", route=route.name),
            None if into is None else _("Its homes are now the last ones of {route}.", route=into.name),
        ),
        buttons=[press(_("All routes"), "routes", route.canteen_id)],
    )


# ---------------------------------------------------------------------------------------- the order of stops


@button("stops", for_=COORDINATOR)
async def show_stops(chat: Chat, route_id: int) -> None:
    """Show the stops in their order, each with a way up and down."""
    await _show_stops(chat, await _mine(chat, route_id), fresh=True)


@button("put_stop", for_=COORDINATOR)
async def put_stop(chat: Chat, route_id: int, senior_id: int, position: int) -> None:
    """Put one stop at a number."""
    route = await _mine(chat, route_id)
    if senior_id not in {stop.senior_id for stop in await route.doors()}:
        raise StopsChanged
    await route.put(senior_id, max(1, position), by=chat.person, now=chat.now)
    await _show_stops(chat, route, fresh=False)


async def _show_stops(chat: Chat, route: Route, *, fresh: bool) -> None:
    doors = await route.doors()
    moves = [
        [
            press(_("↑ {senior}", senior=_names(home)), "put_stop", route.id, home[0].senior_id, n - 1),
            press(_("↓ {senior}", senior=_names(home)), "put_stop", route.id, home[0].senior_id, n + 1),
        ]
        for n, home in enumerate(grouped(doors), 1)
    ]
    if moves:
        del moves[0][0], moves[-1][-1]
    chat.say(
        lines(bold(_("The stops of {route}", route=route.name)), *_numbered(doors)),
        card=f"stops {route.id}",
        fresh=fresh,
        buttons=[
            *([row for row in moves if row] if len(doors) <= MOVABLE else []),
            press(_("Write a new order"), "order", route.id, _print(doors)),
            press(_("Back to the route"), "route", route.id),
        ],
    )


def _print(doors: Sequence[Stop]) -> str:
    # Numbers mean what was shown: if the stops have changed since, they would mean other doors.
    return f"{zlib.crc32(','.join(str(stop.id) for stop in doors).encode()):x}"


@button("order", for_=COORDINATOR)
async def write_order(chat: Chat, route_id: int, shown: str) -> None:
    """Ask for the numbers of the stops in their new order."""
    route = await _mine(chat, route_id)
    doors = await route.doors()
    if not doors or _print(doors) != shown:
        raise StopsChanged
    homes = grouped(doors)
    named = await chat.ask(
        "order",
        lines(
            _("Please write the numbers in their new order, like {example}.", example="3 1 2"),
            _("Those that you leave out follow as they are now."),
            NOTHING,
            *_numbered(doors),
        ),
        order(len(homes)),
    )
    stops = [stop.id for number in named for stop in homes[number - 1]]
    since = await comes_later(chat, await Canteen.get(id=route.canteen_id))
    if since is not None:
        row = await plan_order(route.id, stops, since, by=chat.person, now=chat.now)
        found = {stop.id: stop for stop in doors}
        await plan_for_route(chat, row, *_numbered([found[stop] for stop in stops]))
        return
    await route.reorder(stops, by=chat.person, now=chat.now)
    await _show_stops(chat, route, fresh=True)


@button("move_stop", for_=COORDINATOR)
async def move_stop(chat: Chat, route_id: int) -> None:
    """Move a home to the end of another route."""
    route = await _mine(chat, route_id)
    doors = {str(home[0].senior_id): _names(home) for home in await route.homes()}
    others = {str(other.id): other for other in await Route.of(route.canteen_id) if other.id != route.id}
    if not others or not doors:
        raise LastRoute
    home = await chat.ask(
        "home",
        _("Which home?"),
        choices=[Choice(value, _("{doors}", doors=names)) for value, names in doors.items()],
    )
    into = others[
        await chat.ask(
            "into",
            _("On which route shall {senior} be?", senior=doors[home]),
            choices=[Choice(value, verbatim(other.name)) for value, other in others.items()],
        )
    ]
    canteen = await Canteen.get(id=route.canteen_id)
    since = await ask_since(chat, canteen)
    if since is not None and since > canteen.today(chat.now):
        senior = await Senior.coordinated(int(home), chat.person)
        await plan_for_senior(chat, canteen, senior, {ROUTE: str(into.id)}, since)
        return
    await into.put(int(home), None, by=chat.person, now=chat.now)
    await _show(
        chat, into, _("{senior} is now the last home of {route}.", senior=doors[home], route=into.name)
    )


@explains(LastRoute)
def last_route(_refusal: LastRoute) -> Text:
    return _("This is the only route, and its homes need one. Please add another route first.")


@explains(StopsChanged)
def stops_changed(_refusal: StopsChanged) -> Text:
    return _("The stops of this route have changed meanwhile. Please open their list once more.")
