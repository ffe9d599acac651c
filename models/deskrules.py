"""What a canteen has settled for its desk and for its food log, where it differs from the usual."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from models.audit import AuditEvent
from models.canteens import Canteen
from models.fields import LocalTimeField
from models.people import Membership, Person, Role
from models.refusals import SettingUnreadable

if TYPE_CHECKING:
    from models.calendar import ServiceDay

AFTER_LUNCH: Final = timedelta(minutes=75)
AT_THE_DESK: Final = (Role.COORDINATOR, Role.KITCHEN)
WARM_FOR: Final = (30, 360)
CLOCKS: Final = frozenset({"closes_at", "samples_at"})
RULES: Final = CLOCKS | {"spare", "hot_at_least", "cold_at_most", "warm_for"}


class DeskRules(Model):
    """One canteen's rules; one that has none written down has the defaults.

    closes_at: when the desk closes; None: 75 minutes after lunch begins.
    spare: lunches that can be given each day to who comes without an order.
    hot_at_least, cold_at_most: °C. China's rules for caterers hold hot food at 60 °C or more; Oklahoma asks
    for 57 °C and 5 °C.
    samples_at: when a missing sample is reminded of.
    warm_for: minutes from packing until hot food is on its way too long.
    """

    id = fields.IntField(primary_key=True)
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="desk_rules", unique=True
    )
    canteen_id: int
    closes_at = LocalTimeField(null=True)
    spare = fields.SmallIntField(default=3)
    hot_at_least = fields.SmallIntField(default=60)
    cold_at_most = fields.SmallIntField(default=8)
    samples_at = LocalTimeField(default="11:00")
    warm_for = fields.SmallIntField(default=120, db_default=120)

    class Meta:
        table = "desk_rules"
        constraints = (
            CheckConstraint(check="spare BETWEEN 0 AND 99", name="desk_rules_spare_is_a_number"),
            CheckConstraint(check="cold_at_most < hot_at_least", name="desk_rules_cold_is_below_hot"),
        )

    @classmethod
    async def of(cls, canteen_id: int) -> DeskRules:
        """Read a canteen's rules."""
        return await cls.get_or_none(canteen_id=canteen_id) or cls(canteen_id=canteen_id)

    @classmethod
    async def of_all(cls, canteen_ids: list[int]) -> dict[int, DeskRules]:
        """Read the rules of several canteens in one question."""
        known = {rules.canteen_id: rules for rules in await cls.filter(canteen_id__in=canteen_ids)}
        return {each: known.get(each) or cls(canteen_id=each) for each in canteen_ids}

    @classmethod
    async def change(cls, canteen_id: int, *, by: Person, now: datetime, **values: Any) -> DeskRules:
        """Change rules, and the instants of days that are not over. Raises NotAllowed, SettingUnreadable."""
        from models import datedrules
        from models.noon import Noon

        assert values.keys() <= RULES
        await by.must_be(Role.COORDINATOR, canteen_id)
        canteen = await Canteen.locked(canteen_id)
        rules = await cls.of(canteen_id)
        rules.update_from_dict(values)
        await datedrules.must_hold("desk", canteen, now, rules)
        await rules.save()
        for name in values:
            await AuditEvent.record(f"desk.{name}", f"canteen {canteen_id}", by=by.id, now=now)
        await Noon.replan(canteen, now)
        return rules

    def must_fit(self, canteen: Canteen) -> None:
        """Check that the rules are such as can be kept. Raises SettingUnreadable."""
        if not (
            0 <= self.spare <= 99
            and 40 <= self.hot_at_least <= 90
            and 0 <= self.cold_at_most <= 15
            and WARM_FOR[0] <= self.warm_for <= WARM_FOR[1]
            and (self.closes_at is None or self.closes_at > canteen.lunch_at)
        ):
            raise SettingUnreadable

    def closes(self, canteen: Canteen, day: date) -> datetime:
        """Tell when the desk of a day closes."""
        if self.closes_at is not None:
            return max(canteen.at(day, self.closes_at), canteen.at(day, canteen.lunch_at))
        return canteen.at(day, canteen.lunch_at) + AFTER_LUNCH

    def closes_clock(self, canteen: Canteen, day: date) -> str:
        """Tell the wall time at which the desk of a day closes."""
        return f"{self.closes(canteen, day).astimezone(ZoneInfo(canteen.zone)):%H:%M}"


async def who_serves(canteen_id: int) -> list[Person]:
    """List who may stand at the desk, each once."""
    found = [person for role in AT_THE_DESK for person in await Membership.people(canteen_id, role)]
    return list({person.id: person for person in found}.values())


def instants(canteen: Canteen, rules: DeskRules, day: ServiceDay) -> tuple[datetime, datetime]:
    """Compute when the desk of a day closes, and when missing samples are reminded of."""
    return rules.closes(canteen, day.day), canteen.at(day.day, rules.samples_at)
