"""Reminders of the food log: a sample that is missing, and samples that were kept long enough."""

from __future__ import annotations

from itertools import groupby
from typing import Final

from handlers.chat import Mail, Priority, every, press
from handlers.text import Text, _, lines, verbatim
from models import foodlog
from models.calendar import ServiceDay
from models.canteens import Canteen
from models.foodlog import Log
from models.noon import Noon
from models.samples import GRAMS_AT_LEAST, Sample

AT_ONCE: Final = 100


@every(seconds=60)
async def miss_samples(mail: Mail) -> bool:
    """Remind once a day of dishes without a sample, where a log is kept."""
    due = await Noon.samples_due(mail.now, AT_ONCE)
    days = {day.id: day for day in await ServiceDay.filter(id__in=[noon.service_day_id for noon in due])}
    for day in days.values():
        log = await Log.of(day.canteen_id, day.day)
        nothing = not log.readings and not log.samples
        if (nothing and await foodlog.keeps_a_log(day.canteen_id, day.day)) or log.without_sample:
            await _remind(mail, day, log)
    return bool(due)


async def _remind(mail: Mail, day: ServiceDay, log: Log) -> None:
    canteen = await Canteen.get(id=day.canteen_id)
    text: Text = (
        _(
            "No whole sample is kept yet of: {dishes}. At least {grams} g of each, please.",
            dishes=tuple(map(verbatim, log.without_sample)),
            grams=GRAMS_AT_LEAST,
        )
        if log.without_sample
        else _("Nothing is noted yet today: no temperature, and no sample.")
    )
    for person in await foodlog.cooks(canteen.id):
        mail.say(
            lines(text, _("Write it like this: {example}", example=_("fish 72 130g"))),
            to=person,
            buttons=[press(_("Temperature and samples"), "food", canteen.id)],
            zone=canteen.zone,
            priority=Priority.REMINDER,
            expires=day.finish_at,
            key=f"samples {day.id} for {person.id}",
        )


@every(seconds=60)
async def let_go_of_samples(mail: Mail) -> bool:
    """Say once of each sample that it has been kept long enough."""
    due = await foodlog.to_discard(mail.now, AT_ONCE)
    for canteen_id, of_canteen in groupby(due, key=lambda sample: sample.canteen_id):
        kept = [each for each in of_canteen if each.discarded_at is None and each.voided_at is None]
        if kept:
            await _tell(mail, canteen_id, kept)
    return bool(due)


async def _tell(mail: Mail, canteen_id: int, kept: list[Sample]) -> None:
    canteen = await Canteen.get(id=canteen_id)
    for person in await foodlog.cooks(canteen_id):
        mail.say(
            _(
                "These samples were kept for two days and can be thrown away now: {dishes}",
                dishes=tuple(_("{dish} ({day})", dish=each.dish, day=each.day) for each in kept),
            ),
            to=person,
            buttons=[press(_("Samples thrown away"), "food_discard", canteen_id)],
            zone=canteen.zone,
            priority=Priority.REMINDER,
            key=f"discard {kept[-1].id} for {person.id}",
        )
