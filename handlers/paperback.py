"""A ticked route sheet is typed in: asked about where it is unclear, said back, and only then noted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from handlers import doors, meals, today
from handlers.chat import COORDINATOR, Chat, Choice, button, explains, press
from handlers.doorcard import OUTCOMES
from handlers.sheetreader import Reading, sheet
from handlers.text import Text, _, _n, bold, lines, verbatim
from models import paperback
from models.boxes import BoxReturn, returned
from models.canteens import Canteen
from models.care import Care
from models.meals import EventOrigin, Meal, MealState
from models.paperback import SheetRow, TypedSheet
from models.refusals import OrdersOpen
from models.rounds import Recorded
from models.seniors import Kinship

ALL_HANDED, NOBODY_KNOWS, ONE_BY_ONE = "all", "unknown", "each"
NOT_KNOWN: Final = _("Nobody knows")
Outcomes = dict[int, MealState]


@button("sheet_in", for_=COORDINATOR)
async def type_in(chat: Chat, canteen_id: int, day: date) -> None:
    """Take down what a ticked sheet says, and ask only about what it does not say clearly."""
    sheets = await paperback.sheets(canteen_id, day, chat.person)
    canteen = await Canteen.get(id=canteen_id)
    if not sheets:
        chat.say(_("Nothing was brought home on {day}.", day=day))
        return
    typed = await _which(chat, sheets)
    reading = await chat.ask(
        "sheet",
        lines(
            _(
                "What does the sheet say? Its doors: {numbers}.",
                numbers=ranges(row.number for row in typed.rows),
            ),
            _("Write it as it comes, like: {example}", example=_("1-14 delivered, 7 no answer")),
        ),
        sheet({row.number for row in typed.rows}),
        label=_("What the sheet says"),
    )
    outcomes = await _fill(chat, typed.rows, reading)
    outcomes = await _agree(chat, canteen, typed.rows, outcomes)
    boxes = await _boxes(canteen, typed.rows, reading)
    if not outcomes and not boxes:
        chat.say(lines(*_left_over(typed.rows, outcomes, reading), _("There is nothing new to write down.")))
        return
    await chat.confirm(
        "sure",
        lines(
            bold(_("{route}, {day}. I have understood:", route=_name(typed), day=day)),
            *_understood(typed.rows, outcomes),
            _("Box is back: {doors}", doors=ranges(row.number for row in boxes)) if boxes else None,
            *_left_over(typed.rows, outcomes, reading),
        ),
        yes=_("Write it down"),
    )
    recorded = await paperback.record_sheet(canteen_id, outcomes, chat.person, chat.now)
    for row in boxes:
        await BoxReturn.keep(await Meal.get(id=row.meal_id), row.senior.id, 1, chat.person, chat.now)
    await _tell(chat, canteen, day, recorded)
    chat.say(
        _n(
            "Thank you. What became of {n} lunch on {day} is written down, as told by the sheet.",
            "Thank you. What became of {n} lunches on {day} is written down, as told by the sheet.",
            len(recorded),
            day=day,
        ),
        zone=canteen.zone,
        buttons=[press(_("Type in another sheet"), "sheet_in", canteen_id, day)] if len(sheets) > 1 else [],
    )


async def _which(chat: Chat, sheets: Sequence[TypedSheet]) -> TypedSheet:
    if len(sheets) == 1:
        return sheets[0]
    by_route = {str(each.route_id or 0): each for each in sheets}
    choices = [Choice(route, _name(each)) for route, each in by_route.items()]
    return by_route[await chat.ask("route", _("Which sheet is it?"), choices=choices)]


def _name(typed: TypedSheet) -> Text:
    return _("No route yet") if typed.route is None else verbatim(typed.route)


# ------------------------------------------------------------------------------------------------ questions


async def _fill(chat: Chat, rows: Sequence[SheetRow], reading: Reading) -> Outcomes:
    """Ask what the sheet says of the doors that it names unclearly, or not at all; what is known is known.

    A door's number stands for all who live behind it; of an unclear one each is asked about. By meal's id.
    """
    outcomes = {row.meal_id: reading.outcomes[row.number] for row in rows if row.number in reading.outcomes}
    silent = [row for row in rows if row.state is MealState.EXPECTED and row.meal_id not in outcomes]
    unclear = [row for row in silent if row.number in reading.open]
    unsaid = [row for row in silent if row.number not in reading.open | reading.unknown]
    if len(unsaid) > 1:
        picked = await chat.ask(
            "unsaid",
            _("You have said nothing of {doors}. What became of these?", doors=_doors(unsaid)),
            choices=[
                Choice(ALL_HANDED, _("All handed over")),
                Choice(NOBODY_KNOWS, NOT_KNOWN),
                Choice(ONE_BY_ONE, _("Ask me one by one")),
            ],
        )
        if picked == ALL_HANDED:
            outcomes |= {row.meal_id: MealState.IN_PERSON for row in unsaid}
        unsaid = unsaid if picked == ONE_BY_ONE else []
    for row in sorted([*unclear, *unsaid], key=lambda row: row.number):
        picked = await chat.ask(
            f"door {row.meal_id}",
            _("What does the sheet say of {door}?", door=_door(row)),
            choices=[
                *(Choice(state.value, label) for state, label in OUTCOMES.items()),
                Choice(NOBODY_KNOWS, NOT_KNOWN),
            ],
        )
        if picked != NOBODY_KNOWS:
            outcomes[row.meal_id] = MealState(picked)
    return outcomes


async def _boxes(canteen: Canteen, rows: Sequence[SheetRow], reading: Reading) -> list[SheetRow]:
    """Find the doors whose box came back and is not noted yet: one box for a door, whoever lives there."""
    if not reading.boxes or (await Care.of(canteen.id)).boxes_since is None:
        return []
    noted = await returned(row.meal_id for row in rows)
    back = {row.number for row in rows if row.meal_id in noted}
    first = {row.number: row for row in reversed(rows)}
    return [first[number] for number in sorted(reading.boxes - back)]


async def _agree(chat: Chat, canteen: Canteen, rows: Sequence[SheetRow], outcomes: Outcomes) -> Outcomes:
    """Keep what is new; where the sheet says another thing than somebody said before, ask who is right."""
    kept: Outcomes = {}
    for row in rows:
        told = outcomes.get(row.meal_id)
        if told is None or told is row.state:
            continue
        if row.said is None:
            kept[row.meal_id] = told
            continue
        picked = await chat.ask(
            f"right {row.meal_id} {row.state}",
            lines(_contradiction(row, canteen, told), _("Which is right?")),
            choices=[
                Choice("said", _("As it was said: {what}", what=OUTCOMES[row.state])),
                Choice("sheet", _("As on the sheet: {what}", what=OUTCOMES[told])),
            ],
        )
        if picked == "sheet":
            kept[row.meal_id] = told
    return kept


def _contradiction(row: SheetRow, canteen: Canteen, told: MealState) -> Text:
    assert row.said is not None
    who = (row.said.by and row.said.by.name) or "–"
    if row.said.origin is EventOrigin.PAPER:
        return _(
            "{door}: {who} typed in “{was}” before, this sheet says “{now}”.",
            door=_door(row),
            who=who,
            was=OUTCOMES[row.state],
            now=OUTCOMES[told],
        )
    return _(
        "{door}: {who} said “{was}” at {clock}, your sheet says “{now}”.",
        door=_door(row),
        who=who,
        was=OUTCOMES[row.state],
        clock=row.said.at.astimezone(ZoneInfo(canteen.zone)).time(),
        now=OUTCOMES[told],
    )


# ---------------------------------------------------------------------------------------------------- words


def _understood(rows: Sequence[SheetRow], outcomes: Outcomes) -> list[Text]:
    """Say all that will be written; whoever was not handed the lunch stands there by name."""
    said = []
    for state, label in OUTCOMES.items():
        of_state = [row for row in rows if outcomes.get(row.meal_id) is state]
        if of_state:
            handed = state is MealState.IN_PERSON and not _parts_a_door(rows, of_state)
            names = ranges(row.number for row in of_state) if handed else _doors(of_state)
            said.append(_("{outcome}: {doors}", outcome=label, doors=names))
    return said


def _parts_a_door(rows: Sequence[SheetRow], these: Sequence[SheetRow]) -> bool:
    """Tell whether somebody lives behind one of these doors of whom another thing is to be written."""
    numbers, inside = {row.number for row in these}, {row.meal_id for row in these}
    return any(row.number in numbers and row.meal_id not in inside for row in rows)


def _left_over(rows: Sequence[SheetRow], outcomes: Outcomes, reading: Reading) -> list[Text]:
    unknown = [row for row in rows if row.state is MealState.EXPECTED and row.meal_id not in outcomes]
    return [
        text
        for there, text in (
            (unknown, _("Still not known: {doors}", doors=_doors(unknown))),
            (reading.strange, _("Not on this sheet: {numbers}", numbers=tuple(map(str, reading.strange)))),
            (
                reading.unread,
                _(
                    "Left out, because I did not understand it: {words}",
                    words=tuple(map(verbatim, reading.unread)),
                ),
            ),
        )
        if there
    ]


def _door(row: SheetRow) -> Text:
    return _("{number} {name}", number=row.number, name=row.senior.display)


def _doors(rows: Iterable[SheetRow]) -> Text:
    return _("{doors}", doors=tuple(_door(row) for row in rows))


def ranges(numbers: Iterable[int]) -> tuple[str, ...]:
    """Say numbers shortly: "1–6 and 8–14"."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return tuple(str(first) if first == last else f"{first}–{last}" for first, last in runs)


# ------------------------------------------------------------------------------------------------- afterwards


async def _tell(chat: Chat, canteen: Canteen, day: date, recorded: Sequence[Recorded]) -> None:
    """Open a case for each door that stayed shut, and tell the families as after a round."""
    followed: set[object] = set(
        await Kinship.filter(
            senior_id__in=[each.senior.id for each in recorded], linked=True, ended_at=None
        ).values_list("senior_id", flat=True)
    )
    for each in recorded:
        await doors.follow(chat, each, each.meal.state)
        # A lunch of last week is no news for a family; that something they were told was wrong is.
        news = day == canteen.today(chat.now) or each.before is not MealState.EXPECTED
        if news and each.senior.id in followed:
            await meals.tell_family(chat, each.meal)
    await today.refresh(chat, canteen.id, day)


@explains(OrdersOpen)
def orders_open(refusal: OrdersOpen) -> Text:
    return _("The orders for {day} are still open, so there is no sheet to type in yet.", day=refusal.day)
