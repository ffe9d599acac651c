"""What a kitchen was told of a day after its count was final: version by version, as differences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from tortoise import fields
from tortoise.models import Model

from models.fields import EncryptedJSONField, UtcDatetimeField
from models.roster import ORDER, CareLine, DietLine, KitchenCount
from models.seniors import Mode

if TYPE_CHECKING:
    from models.calendar import ServiceDay


@dataclass(frozen=True, slots=True)
class Difference:
    """What is different from the version before. diets: counts more (or less, below 0) of each kind.

    care: for whom the cooks must take care now; no_care: short ids for whom not any more.
    modes: how many are brought, come, and are fetched now, where that changed. ahead: the same of what goes
    out with it, of each day that is closed.
    """

    number: int
    total: int
    diets: Sequence[DietLine]
    unknown: int
    guests: int
    care: Sequence[CareLine]
    no_care: Sequence[str]
    modes: Sequence[tuple[Mode, int]]
    ahead: Sequence[tuple[date, Difference]] = ()

    def __bool__(self) -> bool:
        own = self.diets or self.unknown or self.guests or self.care or self.no_care or self.modes
        return bool(own or self.ahead)


class KitchenVersion(Model):
    """What a kitchen was told of a day; number 1 is the list that went out when its count was final.

    said: the count as it was, sealed: it tells what people must not get, by short id.
    """

    id = fields.IntField(primary_key=True)
    service_day: fields.ForeignKeyRelation[ServiceDay] = fields.ForeignKeyField(
        "models.ServiceDay", related_name="versions"
    )
    service_day_id: int
    number = fields.SmallIntField()
    said: fields.Field[Any] = EncryptedJSONField()
    at = UtcDatetimeField()

    class Meta:
        table = "kitchen_version"
        unique_together = (("service_day", "number"),)

    @classmethod
    async def keep_first(cls, counts: Sequence[tuple[ServiceDay, KitchenCount]], now: datetime) -> None:
        """Keep what kitchens were told when their count was final; told again, the first time counts."""
        final = [
            cls(service_day_id=day.id, number=1, said=_packed(count), at=now)
            for day, count in counts
            if day.frozen_at is not None
        ]
        await cls.bulk_create(final, batch_size=200, ignore_conflicts=True)

    @classmethod
    async def number_of(cls, day: ServiceDay) -> int | None:
        """Tell which version a kitchen has; None before its count is final."""
        last = await cls.filter(service_day_id=day.id).order_by("-number").first()
        return None if last is None else last.number

    @classmethod
    async def next(cls, day: ServiceDay, count: KitchenCount, now: datetime) -> Difference | None:
        """Keep what a kitchen is told now; None where nothing is different from what it knows.

        The caller holds the day's row, so that no other process tells the same.
        """
        last = await cls.filter(service_day_id=day.id).order_by("-number").first()
        if last is None:
            return None
        difference = _between(last.number + 1, last.said, count)
        if not difference:
            # A closure of another day said itself what goes out with it, or does not any more.
            await cls.filter(id=last.id).update(said=_packed(count))
            return None
        await cls.create(service_day_id=day.id, number=difference.number, said=_packed(count), at=now)
        return difference


def _packed(count: KitchenCount) -> dict[str, Any]:
    return {
        "modes": {mode.value: n for mode, n in count.modes.items()},
        "diets": [[list(line.labels), line.texture, line.count] for line in count.diets],
        "unknown": count.unknown,
        "guests": count.guests,
        "care": [[line.short_id, list(line.allergies), line.avoids] for line in count.care],
        "ahead": {each.day.isoformat(): _packed(each) for each in count.ahead},
    }


def _between(number: int, before: dict[str, Any], count: KitchenCount) -> Difference:
    kinds: Counter[tuple[tuple[str, ...], str]] = Counter()
    for line in count.diets:
        kinds[line.labels, line.texture] += line.count
    for labels, texture, n in before["diets"]:
        kinds[tuple(labels), texture] -= n
    known = before.get("ahead", {})
    ahead = [
        (each.day, _between(number, known[each.day.isoformat()], each))
        for each in count.ahead
        if each.day.isoformat() in known
    ]
    care = {short_id: (tuple(allergies), avoids) for short_id, allergies, avoids in before["care"]}
    return Difference(
        number=number,
        total=count.total,
        diets=[
            DietLine(labels, texture, n)
            for (labels, texture), n in sorted(kinds.items(), key=lambda kind: (kind[1], kind[0]))
            if n
        ],
        unknown=count.unknown - before["unknown"],
        guests=count.guests - before["guests"],
        care=[line for line in count.care if care.get(line.short_id) != (line.allergies, line.avoids)],
        no_care=sorted(care.keys() - {line.short_id for line in count.care}),
        modes=[
            (mode, count.modes[mode]) for mode in ORDER if count.modes[mode] != before["modes"].get(mode, 0)
        ],
        ahead=[(day, difference) for day, difference in ahead if difference],
    )
