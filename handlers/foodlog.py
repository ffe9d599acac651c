"""The kitchen's log: the temperature of each dish, its sample, and a paper for the inspector."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Final

from handlers import foodwords
from handlers.chat import (
    COORDINATOR,
    VOLUNTEER,
    Button,
    Chat,
    Choice,
    Priority,
    Sheet,
    button,
    explains,
    overhears,
    paper,
    press,
)
from handlers.cooks import COOKS
from handlers.food_reader import degrees, dishes, is_log
from handlers.months import month_words
from handlers.places import which_canteen
from handlers.text import Text, _, lines
from models import foodlog
from models.canteens import Canteen
from models.deskrules import DeskRules
from models.foodlog import Log, Noted
from models.months import last_day, month_of
from models.people import Person, Role
from models.refusals import NothingNoted, NotOnRound
from models.rounds import Round
from models.routes import Kind
from models.samples import GRAMS_AT_LEAST, KEPT, Logged, Place, Reading, Sample, Verdict
from models.serving import must_serve, shift_now

MONTHS_BACK: Final = 3
AT_THE_STOVE: Final = COOKS | VOLUNTEER  # volunteers while they have a shift in the kitchen


@button("food", for_=AT_THE_STOVE)
async def show_log(chat: Chat, canteen_id: int) -> None:
    """Show today's log."""
    await must_serve(chat.person, canteen_id, chat.now, Kind.KITCHEN)
    canteen = await Canteen.get(id=canteen_id)
    _say_log(chat, canteen, await Log.of(canteen_id, canteen.today(chat.now)), fresh=True)


@button("food_note", for_=AT_THE_STOVE)
async def note(chat: Chat, canteen_id: int) -> None:
    """Ask for dishes and write them down."""
    await must_serve(chat.person, canteen_id, chat.now, Kind.KITCHEN)
    question = _(
        "Which dishes? One a line: the dish, its temperature and the weight of its sample, like: {example}",
        example=_("fish 72 130g"),
    )
    await _write(chat, canteen_id, await chat.ask("dishes", question, dishes))


@overhears
async def typed_at_the_stove(chat: Chat, text: str) -> bool:
    """Write down a line that can only be meant for the log."""
    if not chat.roles & AT_THE_STOVE or not is_log(text):
        return False
    if chat.roles & COOKS:
        canteen_id = (await which_canteen(chat, Role.KITCHEN, Role.COORDINATOR)).id
    else:
        shift = await shift_now(chat.person.id, Kind.KITCHEN, chat.now)
        if shift is None:
            return False
        canteen_id = shift.canteen_id
    await _write(chat, canteen_id, dishes(text))
    return True


async def _write(chat: Chat, canteen_id: int, noted: list[Noted]) -> None:
    canteen, rules = await Canteen.get(id=canteen_id), await DeskRules.of(canteen_id)
    bad = await _bad_before(canteen, chat)
    written = await foodlog.note(canteen_id, noted, chat.person, chat.now)
    chat.say(
        lines(*(foodwords.noted(each, rules) for each in written)),
        zone=canteen.zone,
        buttons=[
            press(_("Note more dishes"), "food_note", canteen_id),
            press(_("Show the log"), "food", canteen_id),
        ],
    )
    await _tell_coordinators(chat, canteen, written, bad)


async def _bad_before(canteen: Canteen, chat: Chat) -> set[str]:
    """Name the dishes whose last temperature today was wrong: the coordinators were told of them."""
    last: dict[str, Verdict] = {}
    for reading in (await Log.of(canteen.id, canteen.today(chat.now))).readings:
        last[reading.dish.casefold()] = reading.verdict
    return {dish for dish, verdict in last.items() if verdict is not Verdict.GOOD}


async def _tell_coordinators(chat: Chat, canteen: Canteen, written: list[Logged], bad: set[str]) -> None:
    readings = [each for each in written if isinstance(each, Reading)]
    wrong = [each for each in readings if each.verdict is not Verdict.GOOD]
    righted = [each for each in readings if each.verdict is Verdict.GOOD and each.dish.casefold() in bad]
    for coordinator in await canteen.coordinators():
        if coordinator.id == chat.person.id:
            continue
        if wrong:
            chat.say(
                foodwords.alarm(wrong, chat.person.name or "–", canteen),
                to=coordinator,
                zone=canteen.zone,
                priority=Priority.URGENT,
                buttons=[press(_("Show the log"), "food", canteen.id)],
            )
        if righted:
            chat.say(
                lines(
                    *(
                        _("{what}: now it is right.", what=foodwords.reading_words(each, canteen.zone))
                        for each in righted
                    )
                ),
                to=coordinator,
                zone=canteen.zone,
            )


def _say_log(chat: Chat, canteen: Canteen, log: Log, *, fresh: bool = False) -> None:
    keys: list[Button] = [press(_("Note dishes"), "food_note", canteen.id)]
    if log.readings or log.samples:
        keys.append(press(_("Cross something out"), "food_wrong", canteen.id))
    keys.append(press(_("Samples thrown away"), "food_discard", canteen.id))
    if Role.COORDINATOR in chat.roles:
        keys.append(press(_("The log on paper"), "food_paper", canteen.id))
    chat.say(
        foodwords.log_words(canteen, log),
        zone=canteen.zone,
        buttons=keys,
        card=f"food:{canteen.id}:{log.day}",
        fresh=fresh,
    )


# --------------------------------------------------------------------------------------------- putting right


@button("food_wrong", for_=AT_THE_STOVE)
async def cross_out(chat: Chat, canteen_id: int) -> None:
    """Cross out one entry of today; it stays on paper as crossed out."""
    await must_serve(chat.person, canteen_id, chat.now, Kind.KITCHEN)
    canteen = await Canteen.get(id=canteen_id)
    log = await Log.of(canteen_id, canteen.today(chat.now))
    choices = [
        Choice(f"t{each.id}", foodwords.reading_words(each, canteen.zone)) for each in log.readings
    ] + [Choice(f"s{each.id}", foodwords.sample_words(each, canteen.zone)) for each in log.samples]
    if not choices:
        raise NothingNoted
    picked = await chat.ask("entry", _("Which one was wrong?"), choices=choices)
    await foodlog.cross_out(picked[0], int(picked[1:]), chat.person, chat.now)
    _say_log(chat, canteen, await Log.of(canteen_id, log.day), fresh=True)


@button("food_discard", for_=AT_THE_STOVE)
async def discard(chat: Chat, canteen_id: int) -> None:
    """Note that the samples which were kept for two days are thrown away."""
    gone = await foodlog.discard(canteen_id, chat.person, chat.now)
    canteen = await Canteen.get(id=canteen_id)
    chat.say(
        _("Noted as thrown away: {dishes}", dishes=tuple(_of_day(each) for each in gone))
        if gone
        else _("No sample has been kept for two days yet. Please leave them in the fridge."),
        zone=canteen.zone,
    )


def _of_day(sample: Sample) -> Text:
    return _("{dish} ({day})", dish=sample.dish, day=sample.day)


# ------------------------------------------------------------------------------------------ at the last stop


@button("food_last", for_=VOLUNTEER)
async def last_stop(chat: Chat, shift_id: int) -> None:
    """Ask how warm the last meal of a round was when it arrived."""
    round_ = await Round.of(chat.person, chat.now, shift_id)
    if round_ is None:
        raise NotOnRound
    question = _("How warm was the last meal on arrival? Please write what the thermometer shows.")
    tenths = await chat.ask("celsius", question, degrees)
    canteen = await Canteen.get(id=round_.shift.canteen_id)
    reading = await foodlog.note_at_last_stop(shift_id, tenths, chat.person, chat.now)
    rules = await DeskRules.of(canteen.id)
    chat.say(foodwords.noted(reading, rules), zone=canteen.zone)
    await _tell_coordinators(chat, canteen, [reading], set())


# -------------------------------------------------------------------------------------------------- on paper


@button("food_paper", for_=COORDINATOR)
async def which_month(chat: Chat, canteen_id: int) -> None:
    """Offer the log of the last months as papers."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    today = (await Canteen.get(id=canteen_id)).today(chat.now)
    firsts = [month_of(today, -ago) for ago in range(MONTHS_BACK)]
    chat.say(
        _("The log of which month?"),
        buttons=[press(month_words(first), "food_month", canteen_id, first) for first in firsts],
    )


@button("food_month", for_=COORDINATOR)
async def print_month(chat: Chat, canteen_id: int, day: date) -> None:
    """Bring the log of a month as a paper."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    first = month_of(day)
    readings, kept = await foodlog.of_month(canteen_id, first, last_day(first))
    if not readings and not kept:
        raise NothingNoted
    chat.say(
        _("Temperature and samples of {month}, for the inspector.", month=month_words(first)),
        paper=("foodlog", canteen_id, first),
    )


@paper("foodlog")
async def log_paper(canteen_id: int, first: date) -> Sheet:
    """Show all that was measured and kept in a month, with what was crossed out."""
    canteen = await Canteen.get(id=canteen_id)
    readings, kept = await foodlog.of_month(canteen_id, first, last_day(first))
    days: dict[date, list[object]] = defaultdict(list)
    for reading in readings:
        days[reading.day].append(_reading_row(reading, canteen.zone))
    for sample in kept:
        days[sample.day].append(_sample_row(sample, canteen.zone))
    return Sheet(
        title=_(
            "{canteen} · Temperature and samples · {month}", canteen=canteen.name, month=month_words(first)
        ),
        template="foodlog",
        file=f"temperature-and-samples-{first:%Y-%m}",
        zone=canteen.zone,
        data={
            "head": [_("Time"), _("Dish"), _("Measured or kept"), _("Who"), _("Thrown away")],
            "days": [{"day": _("{day}", day=day), "rows": rows} for day, rows in sorted(days.items())],
            "rule": _(
                "Samples: at least {grams} g of every dish, kept for {hours} hours.",
                grams=GRAMS_AT_LEAST,
                hours=KEPT // timedelta(hours=1),
            ),
        },
    )


def _reading_row(reading: Reading, zone: str) -> dict[str, object]:
    degrees_ = foodwords.celsius(reading.tenths)
    if reading.place is Place.LAST_STOP:
        what = _("{celsius} at the last stop of {route}", celsius=degrees_, route=foodwords.route(reading))
    elif reading.verdict is Verdict.GOOD:
        what = _("{celsius} at packing", celsius=degrees_)
    else:
        what = _("{celsius} at packing: not sent out like this", celsius=degrees_)
    return _row(reading, zone, what, "")


def _sample_row(sample: Sample, zone: str) -> dict[str, object]:
    until: Text | str = (
        _("{when}, {who}", when=sample.discarded_at, who=_who(sample.discarded_by))
        if sample.discarded_at
        else _("after {when}", when=sample.discard_after)
    )
    return _row(sample, zone, _("sample {n} g", n=sample.grams), until)


def _row(entry: Logged, zone: str, what: Text, until: Text | str) -> dict[str, object]:
    crossed = (
        _("crossed out {when}, {who}", when=entry.voided_at, who=_who(entry.voided_by))
        if entry.voided_at
        else ""
    )
    return {
        "cells": [
            _("{when}", when=foodwords.clock(entry.at, zone)), entry.dish, what, _who(entry.by), until,
        ],
        "crossed": crossed,
    }  # fmt: skip


def _who(person: Person | None) -> str:
    return (person and person.name) or "–"


@explains(NothingNoted)
def nothing_noted(_refusal: NothingNoted) -> Text:
    return _("Nothing is noted there.")
