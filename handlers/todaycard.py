"""The sentences of the card of a day."""

from __future__ import annotations

from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from handlers.casecard import headline
from handlers.closurewords import notice
from handlers.monthwords import this_month
from handlers.text import NOTHING, Text, _, _n, bold, lines, verbatim
from models.calendar import DayState
from models.cases import Case, CaseKind
from models.closures import NOT_COOKING
from models.dayview import Ahead, DayView, Standstill, Walk
from models.meals import SEEN, MealState
from models.routes import Kind
from models.seniors import Mode

CASES_SHOWN: Final = 8


def card_words(view: DayView) -> Text:
    """Say how a day stands; what nobody noted stays unknown."""
    return lines(
        bold(_("{canteen}, {day}", canteen=view.canteen.name, day=view.day)),
        _state(view),
        notice(view.closure, view.canteen.name, None) if view.closure else None,
        _standstill(view.standstill) if view.standstill else None,
        *_lunches(view),
        *([NOTHING] if view.walks or view.homeless else []),
        *(_walk(walk, view) for walk in view.walks),
        _n(
            "{n} home is on no route yet: /settings",
            "{n} homes are on no route yet: /settings",
            view.homeless,
        )
        if view.homeless
        else None,
        NOTHING,
        *_open(view),
        *([NOTHING, this_month(view.month)] if view.month else []),
        *([NOTHING, _ahead(view.ahead)] if view.ahead else []),
    )


def _state(view: DayView) -> Text:
    day = view.service_day
    if day is None or _is_closed(view):
        return _("No lunch is cooked on this day.")
    match day.state:
        case DayState.PLANNED:
            return _("Orders are open until {when}.", when=day.close_at)
        case DayState.CLOSED:
            return _("Orders are closed.")
        case DayState.ROSTER:
            return _(
                "The lists are made. The kitchen's count is final at {when}.", when=_clock(day.freezes, view)
            )
        case DayState.FROZEN:
            return _("The lists are made. Lunch leaves at {when}.", when=_clock(day.out_at, view))
        case DayState.OUT:
            return _("Lunch is on its way.")
        case DayState.FINISHED:
            return _("Lunch is over.")


def _is_closed(view: DayView) -> bool:
    return view.closure is not None and view.closure.kind in NOT_COOKING


def _standstill(still: Standstill) -> Text:
    if still.last_run is None:
        return _(
            "⚠ My clock stands still: something was due on {when}. Please call whoever runs this program.",
            when=still.due_at,
        )
    return _(
        "⚠ My clock stands still: something was due on {when}, and I last looked on {last}."
        " Please call whoever runs this program.",
        when=still.due_at,
        last=still.last_run,
    )


def _lunches(view: DayView) -> list[Text]:
    if view.service_day is None or (_is_closed(view) and not view.lunches):
        return []
    said = [
        _n("{n} lunch", "{n} lunches", view.lunches),
        _(
            "Brought home: {delivery} · at the canteen: {dine_in} · picked up: {pick_up}",
            delivery=view.modes.get(Mode.DELIVERY, 0),
            dine_in=view.modes.get(Mode.DINE_IN, 0),
            pick_up=view.modes.get(Mode.PICK_UP, 0),
        ),
    ]
    if view.guests:
        said.append(_n("And {n} guest", "And {n} guests", view.guests))
    return [*said, NOTHING, *_outcomes(view)] if _is_out(view) else said


def _is_out(view: DayView) -> bool:
    day = view.service_day
    known = any(n for state, n in view.states.items() if state is not MealState.EXPECTED)
    return known or (day is not None and day.state in (DayState.OUT, DayState.FINISHED))


def _outcomes(view: DayView) -> list[Text]:
    def count(*states: MealState) -> int:
        return sum(view.states.get(state, 0) for state in states)

    seen = count(*SEEN)
    left = count(MealState.NEIGHBOUR, MealState.AT_DOOR)
    fetched = count(MealState.FETCHED)
    silent = count(MealState.NO_ANSWER)
    refused = count(MealState.REFUSED, MealState.RETURNED) - view.unsure
    absent = count(MealState.NOT_COME)
    named = [
        _("{name}'s lunch is with {neighbour}.", name=name, neighbour=neighbour)
        for name, neighbour in view.with_neighbours[:CASES_SHOWN]
    ]
    unknown = count(MealState.EXPECTED)
    said = [
        text
        for n, text in (
            (1, _n("✓ {n} served in person", "✓ {n} served in person", seen)),
            (
                left,
                _n(
                    "{n} left with a neighbour or at the door, not seen",
                    "{n} left with a neighbour or at the door, not seen",
                    left,
                ),
            ),
            (
                fetched,
                _n(
                    "{n} picked up by somebody else, not seen",
                    "{n} picked up by somebody else, not seen",
                    fetched,
                ),
            ),
            (silent, _n("❗ {n} did not answer the door", "❗ {n} did not answer the door", silent)),
            (
                view.unsure,
                _n(
                    "❗ {n} brought back, and nobody has said whether they met somebody",
                    "❗ {n} brought back, and nobody has said whether they met somebody",
                    view.unsure,
                ),
            ),
            (refused, _n("{n} not wanted or brought back", "{n} not wanted or brought back", refused)),
            (absent, _n("{n} did not come", "{n} did not come", absent)),
            (unknown, _n("{n} not known yet", "{n} not known yet", unknown)),
        )
        if n
    ]
    return [*said, *named]


def _walk(walk: Walk, view: DayView) -> Text:
    if walk.kind is not Kind.ROUND:
        return _work(walk, view)
    if not walk.carriers:
        return _("{route}: nobody carries it yet · {progress}", route=walk.name, progress=_doors(walk, view))
    people = tuple(
        _("{name} (will come)", name=carrier.person.name or "?")
        if carrier.confirmed and walk.started_at is None
        else verbatim(carrier.person.name or "?")
        for carrier in walk.carriers
    )
    return _("{route}: {people} · {progress}", route=walk.name, people=people, progress=_doors(walk, view))


def _work(walk: Walk, view: DayView) -> Text:
    """Say who does work that has no doors."""
    people = tuple(verbatim(carrier.person.name or "?") for carrier in walk.carriers)
    when = _clock(walk.starts_at, view)
    if not people:
        return _("{route}: nobody yet, from {when}", route=walk.name, when=when)
    if walk.finished:
        return _("{route}: {people} · ✓ done", route=walk.name, people=people)
    if walk.started_at is not None:
        since = _clock(walk.started_at, view)
        return _("{route}: {people}, there since {when}", route=walk.name, people=people, when=since)
    if walk.free:
        return _n(
            "{route}: {people}, from {when} · {n} place is free",
            "{route}: {people}, from {when} · {n} places are free",
            walk.free,
            route=walk.name,
            people=people,
            when=when,
        )
    return _("{route}: {people}, from {when}", route=walk.name, people=people, when=when)


def _doors(walk: Walk, view: DayView) -> Text:
    if walk.finished and walk.done == walk.doors:
        return _n("✓ {n} door done", "✓ all {n} doors done", walk.doors)
    if walk.finished:
        return _("ended, {done} of {doors} doors noted", done=walk.done, doors=walk.doors)
    if walk.started_at is not None:
        return _(
            "{done} of {doors} doors, on the way since {when}",
            done=walk.done,
            doors=walk.doors,
            when=_clock(walk.started_at, view),
        )
    if walk.done:
        return _("{done} of {doors} doors", done=walk.done, doors=walk.doors)
    return _n(
        "{n} door, leaves at {when}",
        "{n} doors, leaves at {when}",
        walk.doors,
        when=_clock(walk.starts_at, view),
    )


def _open(view: DayView) -> list[Text]:
    said = [
        text
        for n, text in (
            (
                view.free,
                _n("{n} place on a round is still free.", "{n} places on rounds are still free.", view.free),
            ),
            (
                view.calls,
                _n("{n} senior is still to be called.", "{n} seniors are still to be called.", view.calls),
            ),
            (
                view.waiting,
                _n(
                    "{n} person waits for your answer: /approve",
                    "{n} people wait for your answer: /approve",
                    view.waiting,
                ),
            ),
        )
        if n
    ]
    if view.boxes:
        said.append(_n("{n} box is still out.", "{n} boxes are still out.", view.boxes))
    said += [_case(case, view) for case in view.cases[:CASES_SHOWN]]
    if more := len(view.cases[CASES_SHOWN:]):
        said.append(_n("and {n} more: /cases", "and {n} more: /cases", more))
    return said or [_("Nothing is open.")]


def _case(case: Case, view: DayView) -> Text:
    name = case.senior.display
    if case.kind not in (CaseKind.NO_ANSWER, CaseKind.CONCERN):
        return _other_case(case)
    since = _clock(case.opened_at, view) if case.day == view.day else case.opened_at
    owner = case.owner.name or "?" if case.owner else None
    if case.kind is CaseKind.NO_ANSWER and owner:
        return _(
            "❗ {name} did not answer, since {when}: {who} looks into it.", name=name, when=since, who=owner
        )
    if case.kind is CaseKind.NO_ANSWER:
        return _("❗ {name} did not answer, since {when}: nobody looks into it yet.", name=name, when=since)
    if owner:
        return _(
            "Something is different with {name}, since {when}: {who} looks into it.",
            name=name,
            when=since,
            who=owner,
        )
    return _(
        "Something is different with {name}, since {when}: nobody looks into it yet.", name=name, when=since
    )


def _other_case(case: Case) -> Text:
    what = headline(case, case.senior)
    if case.owner:
        return _("{what}: {who} looks into it.", what=what, who=case.owner.name or "?")
    return _("{what}: nobody looks into it yet.", what=what)


def _ahead(ahead: Ahead) -> Text:
    n = ahead.lunches
    if ahead.closed:
        return _("On {day} no lunch is cooked.", day=ahead.day)
    if ahead.orders_open:
        said = _n(
            "{day} so far: {n} lunch. Orders close on {when}.",
            "{day} so far: {n} lunches. Orders close on {when}.",
            n,
            day=ahead.day,
            when=ahead.close_at,
        )
    else:
        said = _n(
            "{day}: {n} lunch, orders are closed.", "{day}: {n} lunches, orders are closed.", n, day=ahead.day
        )
    if not ahead.free:
        return said
    free = _n("{n} place on a round is still free.", "{n} places on rounds are still free.", ahead.free)
    return lines(said, free)


def _clock(at: datetime, view: DayView) -> time:
    return at.astimezone(ZoneInfo(view.canteen.zone)).time()
