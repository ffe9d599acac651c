"""Completing a card: the route of a new door, its place there, the day of the home visit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from handlers import answers, intake, samedoor
from handlers.chat import COORDINATOR, Chat, Choice, button
from handlers.senior_card import refresh
from handlers.text import _, lines, verbatim
from models.canteens import Canteen
from models.households import Household
from models.routes import Route
from models.seniors import Mode, Senior, Status

LAST: Final = "last"
LATER: Final = "later"


@button("senior_place", for_=COORDINATOR)
async def place(chat: Chat, senior_id: int) -> None:
    """Complete the card: route, place on it, and the day of the home visit."""
    senior = await Senior.coordinated(senior_id, chat.person)
    canteen = await Canteen.get(id=senior.canteen_id)
    route, position = None, None
    other = None
    if senior.mode is Mode.DELIVERY and senior.status is Status.ACTIVE:
        other = await samedoor.ask_if_same(chat, senior)
    if senior.mode is Mode.DELIVERY and senior.status is Status.ACTIVE and other is None:
        route = await _route(chat, canteen, senior)
        position = await _position(chat, route, senior)
    visit = await chat.ask(
        "visit",
        _("On which day will somebody visit {name} at home?", name=senior.display),
        intake.day_or(LATER, canteen.today(chat.began)),
        choices=[Choice(LATER, _("Not decided yet"))],
    )
    if other is not None:
        await Household.join(senior_id, other.id, chat.person, chat.now)
    senior = await Senior.complete(
        senior_id,
        route_id=route.id if route else None,
        position=position,
        visit_on=visit,
        by=chat.person,
        now=chat.now,
    )
    chat.say(
        lines(
            samedoor.done(senior, other)
            if other
            else _("Done. {name} is on {route}.", name=senior.display, route=route.name)
            if route
            else _("Done, {name}'s card is up to date.", name=senior.display),
            _("Home visit: {day}", day=senior.visit_on) if senior.visit_on else None,
        )
    )
    await refresh(chat, senior)


async def _route(chat: Chat, canteen: Canteen, senior: Senior) -> Route:
    routes = {str(route.id): route for route in await Route.of(canteen.id)}
    if len(routes) == 1:
        return next(iter(routes.values()))
    choices = [Choice(value, verbatim(route.name)) for value, route in routes.items()]
    return routes[
        await chat.ask(
            "route", _("Which route shall bring lunch to {name}?", name=senior.display), choices=choices
        )
    ]


async def _position(chat: Chat, route: Route, senior: Senior) -> int | None:
    homes = [home for home in await route.homes() if all(stop.senior_id != senior.id for stop in home)]
    if not homes:
        return None
    return await chat.ask(
        "position",
        lines(
            _("The doors of {route} now:", route=route.name),
            *(
                _("{place}. {name}", place=place, name=tuple(stop.senior.display for stop in home))
                for place, home in enumerate(homes, 1)
            ),
            _(
                "As which door shall {name} come? Please write its number, or tap the button.",
                name=senior.display,
            ),
        ),
        _number_or_last(len(homes) + 1),
        choices=[Choice(LAST, _("As the last one"))],
    )


def _number_or_last(most: int) -> Callable[[str], int | None]:
    number = answers.number(1, most)
    return lambda text: None if text == LAST else number(text)
