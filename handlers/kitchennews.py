"""What changed after a kitchen's count was final: it works from its printed list, so it hears differences."""

from __future__ import annotations

from typing import Final

from handlers.chat import Mail, Priority, every
from handlers.daylists import care_line, kind_label
from handlers.text import Text, _, _n, bold, lines
from models.calendar import ServiceDay
from models.canteens import Canteen
from models.deskrules import who_serves
from models.kitchenversions import Difference, KitchenVersion
from models.roster import DietLine, kitchen_count
from models.seniors import Mode

BATCH: Final = 25


@every(seconds=15)
async def tell_differences(mail: Mail) -> bool:
    """Tell cooks and coordinators what is different from the last version, each once."""
    due = await ServiceDay.recount_due(mail.now, BATCH)
    for day in due:
        difference = await KitchenVersion.next(day, await kitchen_count(day.canteen_id, day.day), mail.now)
        if difference is not None:
            await _say(mail, day, difference)
    return bool(due)


async def _say(mail: Mail, day: ServiceDay, difference: Difference) -> None:
    canteen = await Canteen.get(id=day.canteen_id)
    for person in await who_serves(canteen.id):
        mail.say(
            difference_words(difference, day),
            to=person,
            zone=canteen.zone,
            priority=Priority.URGENT,
            expires=day.finish_at,
            key=f"kitchen {day.id} v{difference.number} for {person.id}",
        )


def difference_words(difference: Difference, day: ServiceDay) -> Text:
    """Say what is different from the version before."""
    said = [bold(_("Kitchen for {day}, version {n}: a change", day=day.day, n=difference.number))]
    said += [*_changes(difference), *(_now(mode, n) for mode, n in difference.modes), _in_all(difference)]
    for closed, ahead in difference.ahead:
        said += [bold(_("What goes out with it for {day}:", day=closed)), *_changes(ahead), _in_all(ahead)]
    return lines(*said)


def _changes(difference: Difference) -> list[Text]:
    return [
        *(_more_or_less(line) for line in difference.diets),
        *_unknown(difference.unknown),
        *_guests(difference.guests),
        *(care_line(line) for line in difference.care),
        *(_("{short_id}: nothing special any more", short_id=short_id) for short_id in difference.no_care),
    ]


def _in_all(difference: Difference) -> Text:
    return _n("Now {n} lunch in all.", "Now {n} lunches in all.", difference.total)


def _more_or_less(line: DietLine) -> Text:
    kind = kind_label(line)
    if line.count < 0:
        return _("−{count} {diet}", count=-line.count, diet=kind)
    return _("+{count} {diet}", count=line.count, diet=kind)


def _unknown(n: int) -> list[Text]:
    if not n:
        return []
    return [
        _("−{count} without a diet on record", count=-n)
        if n < 0
        else _("+{count} without a diet on record", count=n)
    ]


def _guests(n: int) -> list[Text]:
    if not n:
        return []
    return [_n("−{n} guest", "−{n} guests", -n) if n < 0 else _n("+{n} guest", "+{n} guests", n)]


def _now(mode: Mode, n: int) -> Text:
    match mode:
        case Mode.DELIVERY:
            return _("Brought home now: {n}", n=n)
        case Mode.DINE_IN:
            return _("At the canteen now: {n}", n=n)
        case Mode.PICK_UP:
            return _("Picked up now: {n}", n=n)
