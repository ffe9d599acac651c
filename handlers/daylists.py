"""The sentences of a day's lists: roster, kitchen count, day report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Final

from handlers.diets import diet_label
from handlers.text import Packed, Text, _, _n, bold, lines, listed, pack, verbatim
from models.calendar import DayState, ServiceDay
from models.dated import Eats
from models.dayreport import DayReport
from models.roster import CareLine, DietLine, KitchenCount, KitchenPart, Line, Part
from models.seniors import Mode, Senior

LINES_A_MESSAGE: Final = 25
MODES: Final[dict[Mode, Text]] = {
    Mode.DELIVERY: _("Brought home"),
    Mode.DINE_IN: _("At the canteen"),
    Mode.PICK_UP: _("Picked up"),
}


def kitchen_state(day: ServiceDay, version: int | None = None) -> Text:
    """Say whether a count may still change, and which version a kitchen has."""
    match day.state:
        case DayState.PLANNED:
            return _("Not final yet: orders close on {when}.", when=day.close_at)
        case DayState.CLOSED:
            return _("Orders are closed. Not final yet: the count is final on {when}.", when=day.freezes)
        case DayState.ROSTER:
            return _("Not final yet: the kitchen's count is final on {when}.", when=day.freezes)
        case _ if version is not None and version > 1:
            return _("This count is final, with all changes up to version {n}.", n=version)
        case _:
            return _("This count is final.")


def modes_line(count: KitchenCount | KitchenPart) -> Text:
    """Say how many lunches leave the house, and how."""
    return _(
        "Brought home: {delivery} · at the canteen: {dine_in} · picked up: {pick_up}",
        delivery=count.modes[Mode.DELIVERY],
        dine_in=count.modes[Mode.DINE_IN],
        pick_up=count.modes[Mode.PICK_UP],
    )


def guests_line(n: int) -> Text | None:
    """Say how many lunches more there are for those who come along; None for none."""
    return _n("And {n} guest: ordinary food", "And {n} guests: ordinary food", n) if n else None


def kind_label(line: DietLine) -> Text:
    """Say what is to be cooked, without how many of it."""
    return diet_label(Eats(line.labels, line.texture))


def care_label(line: CareLine) -> Text:
    """Say what somebody must not get."""
    return diet_label(Eats(allergies=line.allergies, avoids=line.avoids))


def care_line(line: CareLine) -> Text:
    """Say what the cooks must take care of for one senior."""
    return _("{short_id}: {diet}", short_id=line.short_id, diet=care_label(line))


def roster_pages(parts: list[Part], day: date) -> Iterator[Text]:
    """Say who eats, in messages that stay short enough to be read and sent."""
    for part in parts:
        pages = [part.lines[at : at + LINES_A_MESSAGE] for at in range(0, len(part.lines), LINES_A_MESSAGE)]
        for number, page in enumerate(pages, 1):
            yield lines(
                bold(heading(part, day)),
                _("Page {page} of {pages}", page=number, pages=len(pages)) if len(pages) > 1 else None,
                *(_roster_line(line) for line in page),
            )


def heading(part: Part, day: date) -> Text:
    """Say what a part of the roster is, of which day, and how many are on it."""
    n = len(part.lines)
    if part.mode is Mode.DINE_IN:
        return _n("At the canteen, {day}: {n} guest", "At the canteen, {day}: {n} guests", n, day=day)
    if part.mode is Mode.PICK_UP:
        return _n("Picked up, {day}: {n} lunch", "Picked up, {day}: {n} lunches", n, day=day)
    n = part.homes
    if part.route is None:
        return _n(
            "On no route yet, {day}: {n} home. Please put it on a route: /settings",
            "On no route yet, {day}: {n} homes. Please put them on a route: /settings",
            n,
            day=day,
        )
    return _n("{route}, {day}: {n} home", "{route}, {day}: {n} homes", n, route=part.route, day=day)


def _roster_line(line: Line) -> Text:
    # One sentence, not one in another: a day of many canteens has ten thousand of these.
    eats = _("no diet on record") if line.diet is None else _eats(line.diet)
    name, short_id, place = line.name, line.short_id, line.due.position
    if place is None:
        said = _("{name} ({short_id}): {eats}", name=name, short_id=short_id, eats=eats)
    else:
        said = _("{place}. {name} ({short_id}): {eats}", place=place, name=name, short_id=short_id, eats=eats)
    said = with_boxes(said, line)
    return _("{said} – first lunch here", said=said) if line.first else said


@lru_cache(maxsize=2048)
def _eats(diet: Eats) -> Packed:
    return Packed(pack(diet_label(diet)))


def with_boxes(said: Text, line: Line) -> Text:
    """Add how many guests come along, and for which closed days a box goes out as well."""
    said = with_guests(said, line.due.guests)
    return _("{said}, also the box for {days}", said=said, days=listed(line.ahead)) if line.ahead else said


def with_guests(said: Text, n: int) -> Text:
    """Add how many guests come along."""
    return _n("{said}, and {n} guest", "{said}, and {n} guests", n, said=said) if n else said


def report_words(report: DayReport) -> Text:
    """Say how the day went; what nobody noted stays unknown."""
    return lines(
        bold(_("How {day} went", day=report.day)),
        _n("{n} lunch was planned.", "{n} lunches were planned.", report.planned),
        _n("{n} was handed over in person.", "{n} were handed over in person.", report.in_person),
        _n(
            "{n} was left with a neighbour or at the door.",
            "{n} were left with a neighbour or at the door.",
            report.left,
        )
        if report.left
        else None,
        _n("{n} was picked up by somebody else.", "{n} were picked up by somebody else.", report.fetched)
        if report.fetched
        else None,
        _n("{n} could not be handed over.", "{n} could not be handed over.", report.not_handed_over)
        if report.not_handed_over
        else None,
        _n("Nothing was noted about {n}.", "Nothing was noted about {n}.", report.unknown)
        if report.unknown
        else None,
        _n(
            "{n} fell away because the canteen was closed, or came the day before.",
            "{n} fell away because the canteen was closed, or came the day before.",
            report.closed,
        )
        if report.closed
        else None,
        _n("{n} was called off in time.", "{n} were called off in time.", report.skipped)
        if report.skipped
        else None,
        _n("{n} was called off late.", "{n} were called off late.", report.cancelled)
        if report.cancelled
        else None,
        _n("{n} was cooked by then.", "{n} were cooked by then.", report.surplus) if report.surplus else None,
        _n("{n} guest came along.", "{n} guests came along.", report.guests) if report.guests else None,
        _("Not seen in person: {names}", names=_names(report.not_seen)) if report.not_seen else None,
        _("Something was different with {names}.", names=_names(report.different))
        if report.different
        else None,
        _("Volunteers: {names}", names=tuple(map(verbatim, report.volunteers)))
        if report.volunteers
        else None,
        _n(
            "{n} worry is still open: /cases",
            "{n} worries are still open: /cases",
            report.open_cases,
        )
        if report.open_cases
        else None,
    )


def _names(seniors: Sequence[Senior]) -> tuple[Text, ...]:
    return tuple(verbatim(_named(senior)) for senior in seniors)


def _named(senior: Senior) -> str:
    name = senior.name or senior.short_id
    return f"{name} ({senior.short_id})" if senior.namesake else name
