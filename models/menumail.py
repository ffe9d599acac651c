"""Who wants the menu, when it goes out, and how a canteen keeps its menu."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from tortoise import fields
from tortoise.models import Model

from models.audit import AuditEvent
from models.calendar import DayState, ServiceDay
from models.canteens import Canteen
from models.fields import LocalTimeField, UtcDatetimeField
from models.meals import Meal
from models.menus import LINES, Served, menus, monday_of
from models.people import Membership, Person, Role
from models.refusals import MenuHidden, NotAllowed, SettingUnreadable

DAILY, WEEKLY = "day", "week"
HELPERS: Final = (Role.COORDINATOR, Role.VOLUNTEER, Role.KITCHEN, Role.COUNSELLOR)
STANDARD: Final = ("halal", "vegetarian")


def standard_lines() -> list[str]:
    """Give the kitchen lines of a canteen that has said nothing else."""
    return list(STANDARD)


class MenuSetting(Model):
    """How a canteen keeps its menu; without a row, as the columns' defaults say.

    menu_at: local "HH:MM". lines: the kitchen lines beside the ordinary one.
    next_at: when the menu goes out next; empty while nobody has asked for it.
    """

    id = fields.IntField(primary_key=True)
    canteen: fields.OneToOneRelation[Canteen] = fields.OneToOneField(
        "models.Canteen", related_name="menu_setting"
    )
    canteen_id: int
    menu_at = LocalTimeField(default="10:00")
    families = fields.BooleanField(default=True)
    lines: fields.Field[Any] = fields.JSONField(default=standard_lines)
    next_at = UtcDatetimeField(null=True, db_index=True)

    class Meta:
        table = "menu_setting"

    @property
    def clock(self) -> time:
        """Tell the hour of the menu."""
        return time.fromisoformat(self.menu_at)

    @classmethod
    async def of(cls, canteen_id: int) -> MenuSetting:
        """Read how a canteen keeps its menu."""
        return await cls.get_or_none(canteen_id=canteen_id) or cls(canteen_id=canteen_id)

    @classmethod
    async def lines_of(cls, canteen_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """List the kitchen lines of several canteens, beside the ordinary one."""
        found = {row.canteen_id: tuple(row.lines) for row in await cls.filter(canteen_id__in=canteen_ids)}
        return {canteen_id: found.get(canteen_id, STANDARD) for canteen_id in canteen_ids}

    @classmethod
    async def change(
        cls,
        canteen_id: int,
        *,
        by: Person,
        now: datetime,
        menu_at: str | None = None,
        families: bool | None = None,
        lines: Sequence[str] | None = None,
    ) -> MenuSetting:
        """Change what is not None. Raises NotAllowed, SettingUnreadable."""
        await by.must_be(Role.COORDINATOR, canteen_id)
        if lines is not None and not set(lines) <= set(LINES):
            raise SettingUnreadable
        canteen = await Canteen.locked(canteen_id)
        row = await cls._row(canteen_id)
        if menu_at is not None:
            row.menu_at = menu_at
            row.follow(canteen, now)
        if families is not None:
            row.families = families
        if lines is not None:
            row.lines = [line for line in LINES if line in lines]
        await row.save()
        await AuditEvent.record("canteen.menu", f"canteen {canteen_id}", by=by.id, now=now)
        return row

    @classmethod
    async def _row(cls, canteen_id: int) -> MenuSetting:
        """Read or begin the row; the caller holds the canteen's."""
        return await cls.get_or_none(canteen_id=canteen_id) or await cls.create(canteen_id=canteen_id)

    def must_fit(self, _canteen: Canteen) -> None:
        """Check that the kitchen lines are known ones. Raises SettingUnreadable."""
        if not set(self.lines) <= set(LINES):
            raise SettingUnreadable

    def follow(self, canteen: Canteen, now: datetime) -> None:
        """Bring the next hour in line with the rule; a menu that is due already still goes out."""
        if self.next_at is not None and self.next_at > now:
            self.next_at = self._next(canteen, now)

    def _next(self, canteen: Canteen, now: datetime) -> datetime:
        """Find the next hour of the menu, today's if it is still to come."""
        today = canteen.at(canteen.today(now), self.menu_at)
        return today if today > now else canteen.at(canteen.today(now) + timedelta(days=1), self.menu_at)

    @classmethod
    async def wake(cls, canteen: Canteen, day: date, now: datetime) -> None:
        """Let today's menu go out now if it was entered after its hour; who had it gets no second one."""
        row = await cls.get_or_none(canteen_id=canteen.id)
        if (
            row is not None
            and row.next_at is not None
            and day == canteen.today(now)
            and canteen.at(day, row.menu_at) <= now
        ):
            await cls.filter(id=row.id).update(next_at=now)

    @classmethod
    async def due(cls, now: datetime, limit: int) -> list[Letter]:
        """Take up to `limit` canteens whose hour has come, and set their next; tell what goes out.

        Nothing does on a day without lunch, without a menu, or when lunch is over: the hour has passed then.
        """
        rows = (
            await cls.filter(next_at__lte=now)
            .order_by("next_at", "id")
            .limit(limit)
            .select_for_update(skip_locked=True)
        )
        letters: list[Letter] = []
        canteens = {one.id: one for one in await Canteen.filter(id__in=[row.canteen_id for row in rows])}
        for row in rows:
            canteen = canteens[row.canteen_id]
            letters += await row._letters(canteen, now)
            await cls.filter(id=row.id).update(next_at=row._next(canteen, now))
        return letters

    async def _letters(self, canteen: Canteen, now: datetime) -> list[Letter]:
        today = canteen.today(now)
        day = await ServiceDay.of(canteen.id, today)
        if day is None or day.state is DayState.FINISHED or day.finish_at <= now:
            return []
        monday = monday_of(today)
        found = await menus([canteen.id], today, monday + timedelta(days=6))
        letters = []
        for kind in (DAILY, WEEKLY):
            served = [
                one for (_id, on), some in found.items() if kind == WEEKLY or on == today for one in some
            ]
            people = await MenuWish.readers(canteen.id, kind, families=self.families) if served else []
            # Nobody eats on a day on which the canteen is closed.
            if people and await Meal.due([canteen.id], today):
                letters.append(Letter(canteen, today, kind, served, people, day.finish_at))
        return letters


@dataclass(frozen=True, slots=True)
class Letter:
    """A menu that goes out: of a day, or of the rest of the week. It is of no use after `until`."""

    canteen: Canteen
    day: date
    kind: str
    served: list[Served]
    people: list[Person]
    until: datetime

    @property
    def key(self) -> str:
        """Name what a reader gets once ever; so that of a week goes out on its first day with lunch."""
        first = monday_of(self.day) if self.kind == WEEKLY else self.day
        return f"menu {self.canteen.id} {self.kind} {first}"


class MenuWish(Model):
    """Somebody wants the menu every morning, or once a week; ended, never deleted."""

    id = fields.IntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="menu_wishes"
    )
    person_id: int
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="menu_wishes"
    )
    canteen_id: int
    kind = fields.CharField(max_length=8)
    since = UtcDatetimeField()
    ended_at = UtcDatetimeField(null=True)

    class Meta:
        table = "menu_wish"
        indexes = (("canteen_id", "kind"), ("person_id",))

    @classmethod
    async def of(cls, person_id: int, canteen_id: int) -> str | None:
        """Tell what somebody wants: the menu of each day, of each week, or none by itself."""
        wish = await cls.filter(person_id=person_id, canteen_id=canteen_id, ended_at=None).first()
        return None if wish is None else wish.kind

    @classmethod
    async def set(cls, person: Person, canteen_id: int, kind: str | None, now: datetime) -> None:
        """Want the menu each day, each week, or no more. Raises Gone, NotAllowed, MenuHidden.

        A stranger may look at a menu, and is not written to.
        """
        canteen = await Canteen.locked(canteen_id)
        if canteen not in [one for role in Role for one in await person.canteens(role)]:
            raise NotAllowed
        await may_read(person, canteen_id)
        if kind == await cls.of(person.id, canteen_id):
            return
        await cls.filter(person_id=person.id, canteen_id=canteen_id, ended_at=None).update(ended_at=now)
        if kind is not None:
            await cls.create(person_id=person.id, canteen_id=canteen_id, kind=kind, since=now)
            row = await MenuSetting._row(canteen_id)
            if row.next_at is None:
                await MenuSetting.filter(id=row.id).update(next_at=row._next(canteen, now))

    @classmethod
    async def readers(cls, canteen_id: int, kind: str, *, families: bool) -> list[Person]:
        """List who wants the menu and may still see it."""
        wanted = cls.filter(canteen_id=canteen_id, kind=kind, ended_at=None)
        people = [wish.person for wish in await wanted.order_by("id").prefetch_related("person")]
        held = Membership.filter(
            canteen_id=canteen_id,
            person_id__in=[person.id for person in people],
            role__in=HELPERS,
            ended_at=None,
            accepted_at__not_isnull=True,
        )
        helpers: set[object] = set(await held.values_list("person_id", flat=True))
        return [person for person in people if families or person.id in helpers]


async def may_read(person: Person, canteen_id: int) -> MenuSetting:
    """Check that somebody may see a canteen's menu, and tell how it is kept. Raises MenuHidden."""
    setting = await MenuSetting.of(canteen_id)
    if not setting.families and not await Membership.holds(person.id, canteen_id, *HELPERS):
        raise MenuHidden
    return setting
