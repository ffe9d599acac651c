"""The sentences of the food log."""

from __future__ import annotations

from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from handlers.text import NOTHING, Text, _, bold, lines, verbatim
from models.canteens import Canteen
from models.deskrules import DeskRules
from models.foodlog import Log
from models.samples import GRAMS_AT_LEAST, Logged, Place, Reading, Sample, Verdict

WHOLE: Final = 10


def celsius(tenths: int) -> Text:
    """Say a temperature as a kitchen thermometer shows it."""
    whole, rest = divmod(abs(tenths), WHOLE)
    sign = "−" if tenths < 0 else ""
    return verbatim(f"{sign}{whole} °C" if not rest else f"{sign}{whole}.{rest} °C")


def clock(at: datetime, zone: str) -> time:
    """Tell the canteen's wall time."""
    return at.astimezone(ZoneInfo(zone)).time()


def route(reading: Reading) -> str:
    """Name the route at whose end a temperature was measured."""
    return reading.route.name if reading.route else "–"


def log_words(canteen: Canteen, log: Log) -> Text:
    """Say all that is written in the log of a day."""
    return lines(
        bold(_("Temperature and samples, {day}", day=log.day)),
        *(reading_words(each, canteen.zone) for each in log.readings),
        *(sample_words(each, canteen.zone) for each in log.samples),
        None if log.readings or log.samples else _("Nothing is noted yet."),
        *(
            [
                NOTHING,
                _(
                    "No whole sample yet of: {dishes}",
                    dishes=tuple(map(verbatim, log.without_sample)),
                ),
            ]
            if log.without_sample
            else []
        ),
        NOTHING,
        _("To note a dish, just write it like this: {example}", example=_("fish 72 130g")),
    )


def reading_words(reading: Reading, zone: str) -> Text:
    """Say one temperature."""
    at = clock(reading.at, zone)
    degrees = celsius(reading.tenths)
    said = (
        _(
            "last meal of {route}: {celsius} on arrival, {when}",
            route=route(reading),
            celsius=degrees,
            when=at,
        )
        if reading.place is Place.LAST_STOP
        else _("{dish}: {celsius}, {when}", dish=reading.dish, celsius=degrees, when=at)
    )
    match reading.verdict:
        case Verdict.TOO_COLD:
            return _("⚠ {what} – too cold", what=said)
        case Verdict.TOO_WARM:
            return _("⚠ {what} – too warm", what=said)
        case _:
            return said


def sample_words(sample: Sample, zone: str) -> Text:
    """Say one sample."""
    at = clock(sample.at, zone)
    if not sample.enough:
        return _("⚠ sample of {dish}: only {n} g, {when}", dish=sample.dish, n=sample.grams, when=at)
    return _("sample of {dish}: {n} g, {when}", dish=sample.dish, n=sample.grams, when=at)


def noted(entry: Logged, rules: DeskRules) -> Text:
    """Say what was just noted and, where something is wrong, what to do about it."""
    if isinstance(entry, Sample):
        if entry.enough:
            return _(
                "Sample of {dish}: {n} g. Keep it in the fridge until {until}.",
                dish=entry.dish,
                n=entry.grams,
                until=entry.discard_after,
            )
        return _(
            "Sample of {dish}: {n} g is too little, at least {least} g are needed."
            " Please add to it and write it once more.",
            dish=entry.dish,
            n=entry.grams,
            least=GRAMS_AT_LEAST,
        )
    degrees = celsius(entry.tenths)
    if entry.place is Place.LAST_STOP:
        return _arrived(entry, degrees, rules)
    match entry.verdict:
        case Verdict.TOO_COLD:
            return _(
                "{dish}: {celsius}. That is too cold: at least {least} is needed. Please do not send it out."
                " Heat it until it steams all through, measure again, and write it once more.",
                dish=entry.dish,
                celsius=degrees,
                least=celsius(rules.hot_at_least * WHOLE),
            )
        case Verdict.TOO_WARM:
            return _(
                "{dish}: {celsius}. That is too warm for a cold dish: at most {most}."
                " Please do not send it out. Cool it in the fridge, measure again, and write it once more.",
                dish=entry.dish,
                celsius=degrees,
                most=celsius(rules.cold_at_most * WHOLE),
            )
        case _:
            return _("{dish}: {celsius}. Good.", dish=entry.dish, celsius=degrees)


def _arrived(reading: Reading, degrees: Text, rules: DeskRules) -> Text:
    if reading.verdict is Verdict.GOOD:
        return _("{celsius} on arrival. Good, thank you for measuring.", celsius=degrees)
    return _(
        "{celsius} on arrival. That is too cold; at least {least} is needed."
        " The coordinator knows it now. Thank you for measuring.",
        celsius=degrees,
        least=celsius(rules.hot_at_least * WHOLE),
    )


def alarm(entries: list[Reading], who: str, canteen: Canteen) -> Text:
    """Tell the coordinator which dishes must not go out."""
    return lines(
        bold(_("Not at the right temperature at {canteen}:", canteen=canteen.name)),
        *(reading_words(each, canteen.zone) for each in entries),
        _("Measured by {who}.", who=who),
        _("It must not go out like this. Please make sure that it is heated or cooled and measured again.")
        if any(each.place is Place.PACKING for each in entries)
        else _("Please call those who got it last, and look at the boxes and the way."),
    )
