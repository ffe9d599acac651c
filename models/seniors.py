"""Seniors: who eats, where they live, what they eat, who cares for them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from tortoise import fields
from tortoise.expressions import Q
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from models.audit import AuditEvent
from models.canteens import Canteen
from models.consents import Agreed, Consent
from models.dated import Diet, Residence
from models.fields import BlindIndexField, EncryptedTextField, UtcDatetimeField, blind
from models.kin import Kinship
from models.pauses import Pause
from models.people import Membership, Person, Role
from models.refusals import Gone, NotPending, SeniorKnown
from models.routes import Route, Stop, leave

if TYPE_CHECKING:
    from models.households import Household
    from models.meals import Meal

__all__ = ["LISTED", "Agreed", "Consent", "Diet", "Kinship", "Mode", "Pause", "Residence", "Senior", "Status"]


class Mode(StrEnum):
    """How a senior has lunch."""

    DINE_IN = "dine_in"
    PICK_UP = "pick_up"
    DELIVERY = "delivery"


class Status(StrEnum):
    """Where a senior stands with the canteen."""

    ENQUIRY = "enquiry"
    OWN_YES = "pending_own_yes"
    ACTIVE = "active"
    DECLINED = "declined"
    ENDED = "ended"


LISTED: Final = (Status.ENQUIRY, Status.OWN_YES, Status.ACTIVE)
SHORT_IDS_OF_A_LETTER: Final = 99


class Senior(Model):
    """An old person who has lunch with us.

    household: behind whose door they live, where it is not theirs alone. namesake: others of the canteen are
    spoken of alike.
    """

    id = fields.IntField(primary_key=True)
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="seniors"
    )
    canteen_id: int
    short_id = fields.CharField(max_length=8)
    name = EncryptedTextField(null=True)
    name_index = BlindIndexField()
    called = EncryptedTextField(null=True)
    spoken_index = BlindIndexField()
    namesake = fields.BooleanField(default=False, db_default=False)
    born = fields.SmallIntField(null=True)
    phone = EncryptedTextField(null=True)
    phone_index = BlindIndexField()
    alone = fields.BooleanField(default=False)
    household: fields.ForeignKeyNullableRelation[Household] = fields.ForeignKeyField(
        "models.Household", related_name="seniors", null=True, on_delete=fields.SET_NULL
    )
    household_id: int | None
    mode = fields.CharEnumField(Mode, max_length=16)
    weekdays = fields.SmallIntField()
    status = fields.CharEnumField(Status, max_length=32, default=Status.ENQUIRY)
    visit_on = fields.DateField(null=True)
    registered_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="registered", null=True, on_delete=fields.SET_NULL
    )
    registered_by_id: int | None
    registered_at = UtcDatetimeField()
    decided_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="decided", null=True, on_delete=fields.SET_NULL
    )
    decided_by_id: int | None
    decided_at = UtcDatetimeField(null=True)
    residences: fields.ReverseRelation[Residence]
    diets: fields.ReverseRelation[Diet]
    kin: fields.ReverseRelation[Kinship]
    pauses: fields.ReverseRelation[Pause]

    class Meta:
        table = "senior"
        unique_together = (("canteen", "short_id"),)
        indexes = (("canteen_id", "status"), ("canteen_id", "name_index"))
        constraints = (
            CheckConstraint(check="weekdays BETWEEN 0 AND 127", name="senior_weekdays_are_a_week"),
        )

    # --------------------------------------------------------------------------------------------- looking

    @property
    def spoken(self) -> str:
        """Tell how this senior is spoken of; after forgetting, only the short id is left."""
        return self.called or self.name or self.short_id

    @property
    def display(self) -> str:
        """Tell how this senior is spoken of where nobody else can be meant."""
        return f"{self.spoken} ({self.short_id})" if self.namesake else self.spoken

    @classmethod
    async def followed_by(cls, person: Person) -> list[Senior]:
        """List the seniors whom a person follows by chat, first registered first."""
        return await cls.filter(
            kin__person_id=person.id, kin__linked=True, kin__ended_at=None, status__in=list(LISTED)
        ).order_by("id")

    @classmethod
    async def waiting(cls, canteen_id: int) -> list[Senior]:
        """List who waits for the coordinator, or for their own yes, longest first."""
        return await cls.filter(canteen_id=canteen_id, status__in=[Status.ENQUIRY, Status.OWN_YES]).order_by(
            "registered_at", "id"
        )

    @classmethod
    async def coordinated(cls, senior_id: int, by: Person) -> Senior:
        """Find a senior for a coordinator of their canteen. Raises Gone, NotAllowed."""
        senior = await cls.get_or_none(id=senior_id)
        if senior is None:
            raise Gone
        await by.must_be(Role.COORDINATOR, senior.canteen_id)
        return senior

    async def residence_on(self, day: date) -> Residence | None:
        """Find where the senior lives on a day; None before the first address is known."""
        return await Residence.filter(senior_id=self.id, since__lte=day).order_by("-since", "-id").first()

    async def diet_on(self, day: date) -> Diet | None:
        """Find what the senior eats on a day; None before anything is known."""
        return await Diet.filter(senior_id=self.id, since__lte=day).order_by("-since", "-id").first()

    async def namesakes(self) -> list[Senior]:
        """List the others of the canteen who have the same name, or are spoken of alike."""
        same = Q(spoken_index=self.spoken_index)
        if self.name_index is not None:
            same |= Q(name_index=self.name_index)
        there = Senior.filter(canteen_id=self.canteen_id, status__in=list(LISTED)).exclude(id=self.id)
        return await there.filter(same).order_by("id")

    async def sharing_phone(self) -> list[Senior]:
        """List others of the canteen with the same number: a couple, or the same person spelt differently."""
        if self.phone_index is None:
            return []
        others = Senior.filter(
            canteen_id=self.canteen_id, phone_index=self.phone_index, status__in=list(LISTED)
        )
        return await others.exclude(id=self.id).order_by("id")

    async def first_lunch(self, now: datetime) -> datetime | None:
        """Tell when the first lunch will be whose orders are still open."""
        from models import dayplan
        from models.calendar import ServiceDay
        from models.dayplan import HORIZON

        canteen = await Canteen.get(id=self.canteen_id)
        await dayplan.plan(canteen, canteen.today(now) + HORIZON, now)
        days = await ServiceDay.open_days(canteen.id, now, HORIZON.days)
        first = next((day.day for day in days if day.wanted_by(self.weekdays)), None)
        return None if first is None else canteen.at(first, canteen.lunch_at)

    # --------------------------------------------------------------------------------------------- joining

    @classmethod
    async def register(
        cls,
        *,
        canteen_id: int,
        name: str,
        called: str | None,
        born: int | None,
        phone: str | None,
        address: str,
        knock: str | None,
        plan: str | None,
        mode: Mode,
        weekdays: int,
        labels: Sequence[str],
        texture: str,
        allergies: Sequence[str],
        avoids: str | None,
        contact: tuple[str, str, str | None] | None,
        alone: bool,
        agreed: Agreed,
        by: Person,
        now: datetime,
    ) -> Senior:
        """Write down who would like lunch; whoever asks follows them by chat, unless it is the coordinator.

        contact: name, phone number (E.164) and relation of someone else to call.
        Raises Gone, and SeniorKnown if the same name was registered with this birth year or phone number.
        """
        from models.namesakes import tell_apart

        canteen = await Canteen.locked(canteen_id)
        senior = cls(
            canteen_id=canteen_id,
            name=name,
            name_index=_name_index(canteen_id, name),
            called=called,
            born=born,
            phone=phone,
            phone_index=None if phone is None else blind(phone, "phone"),
            alone=alone,
            mode=mode,
            weekdays=weekdays,
            status=Status.ENQUIRY,
            registered_by_id=by.id,
            registered_at=now,
        )
        if (known := await senior.twin()) is not None:
            raise SeniorKnown(known.id)
        senior.short_id = await cls._free_short_id(canteen_id)
        await senior.save()
        await tell_apart(senior)
        today = canteen.today(now)
        await Residence.create(
            senior_id=senior.id, since=today, address=address, knock=knock, plan=plan, created_at=now
        )
        await Diet.create(
            senior_id=senior.id, since=today, labels=list(labels), texture=texture,
            allergies=list(allergies), avoids=avoids, created_at=now,
        )  # fmt: skip
        await Consent.note(senior.id, agreed, by, now)
        if not await Membership.holds(by.id, canteen_id, Role.COORDINATOR):
            await Kinship.begin(senior.id, by, now)
        if contact is not None:
            await Kinship.note(senior.id, *contact, language=canteen.language, now=now)
        await AuditEvent.record("senior.register", f"senior {senior.id}", by=by.id, now=now)
        return senior

    async def twin(self) -> Senior | None:
        """Find the same senior on the list. A couple may share a number: alone it proves nothing."""
        if self.name_index is None:
            return None
        named = Senior.filter(canteen_id=self.canteen_id, name_index=self.name_index, status__in=list(LISTED))
        for other in await named.order_by("id"):
            if other.born == self.born or (other.phone_index and other.phone_index == self.phone_index):
                return other
        return None

    @classmethod
    async def _free_short_id(cls, canteen_id: int) -> str:
        """Find the next of A1…A99, B1…; the caller holds the canteen's row, so nobody else takes it."""
        number = await cls.filter(canteen_id=canteen_id).count()
        while await cls.filter(canteen_id=canteen_id, short_id=_short_id(number)).exists():
            number += 1
        return _short_id(number)

    @classmethod
    async def accept(cls, senior_id: int, by: Person, now: datetime) -> Senior:
        """Say yes to an enquiry; lunch begins when the senior has agreed, too.

        Raises Gone, NotAllowed, NotPending.
        """
        senior = await cls.coordinated(senior_id, by)
        asked = await Consent.given(senior_id) is not Agreed.NOT_ASKED
        await senior._become(Status.ACTIVE if asked else Status.OWN_YES, [Status.ENQUIRY], by, now)
        return senior

    @classmethod
    async def agree(cls, senior_id: int, by: Person, now: datetime) -> Senior:
        """Note that the senior said yes to the coordinator `by`. Raises Gone, NotAllowed, NotPending."""
        senior = await cls.coordinated(senior_id, by)
        await senior._become(Status.ACTIVE, [Status.OWN_YES], by, now)
        await Consent.note(senior_id, Agreed.YES, by, now)
        return senior

    @classmethod
    async def decline(cls, senior_id: int, by: Person, now: datetime) -> list[Person]:
        """Say no; return who followed and is to be told. Raises Gone, NotAllowed, NotPending."""
        senior = await cls.coordinated(senior_id, by)
        await senior._become(Status.DECLINED, [Status.ENQUIRY, Status.OWN_YES], by, now)
        return await Kinship.end_all(senior_id, now)

    async def _become(self, status: Status, before: list[Status], by: Person, now: datetime) -> None:
        decided = Senior.filter(id=self.id, status__in=before)
        if not await decided.update(status=status, decided_by_id=by.id, decided_at=now):
            raise NotPending
        await self.refresh_from_db()
        await AuditEvent.record(f"senior.{status}", f"senior {self.id}", by=by.id, now=now)
        if status is Status.ACTIVE and self.mode is Mode.DELIVERY:
            await self._at_the_end_of_a_route(by, now)

    async def _at_the_end_of_a_route(self, by: Person, now: datetime) -> None:
        """Give a door a place at once: nobody is forgotten until the coordinator finds a better one."""
        from models.households import route_of_mates

        if await Stop.filter(senior_id=self.id, left_at=None).exists():
            return
        there = await route_of_mates(self)
        if routes := [there] if there is not None else await Route.of(self.canteen_id):
            await routes[0].put(self.id, None, by, now)

    # -------------------------------------------------------------------------------------------- changing

    @classmethod
    async def complete(
        cls,
        senior_id: int,
        *,
        route_id: int | None = None,
        position: int | None = None,
        visit_on: date | None = None,
        by: Person,
        now: datetime,
    ) -> Senior:
        """Place the door on a route (`position` from 1; None: last) and set the day of the home visit.

        What is None stays as it is. Raises Gone, NotAllowed.
        """
        senior = await cls.coordinated(senior_id, by)
        if route_id is not None:
            route = await Route.locked(route_id, by)
            await route.put(senior_id, position, by, now)
        if visit_on is not None:
            senior.visit_on = visit_on
            await senior.save(update_fields=["visit_on"])
        return senior

    @classmethod
    async def change_pattern(
        cls, senior_id: int, *, mode: Mode, weekdays: int, by: Person, now: datetime
    ) -> Senior:
        """Change how and on which weekdays lunch is had, for all days whose orders are open.

        A door comes to the end of a route, or leaves it. Raises Gone, NotAllowed.
        """
        senior = await cls.coordinated(senior_id, by)
        senior.mode, senior.weekdays = mode, weekdays
        await senior.save(update_fields=["mode", "weekdays"])
        await AuditEvent.record("senior.pattern", f"senior {senior_id}", by=by.id, now=now)
        if mode is not Mode.DELIVERY:
            await leave(senior_id, now)
        elif senior.status is Status.ACTIVE:
            await senior._at_the_end_of_a_route(by, now)
        return senior

    async def meals_to_call_off(self, since: date) -> list[Meal]:
        """List and hold the expected meals from a day on whose lunch is not over: unknown stays unknown."""
        from models.calendar import ServiceDay

        # Held, so that no day closes its orders in between.
        days = ServiceDay.filter(canteen_id=self.canteen_id, day__gte=since, finished_at=None)
        coming = {day.id for day in await days.order_by("day").select_for_update()}
        return [meal for meal in await self.expected_meals(since) if meal.service_day_id in coming]

    async def expected_meals(self, since: date) -> list[Meal]:
        """List and hold the meals that were made from a day on, and of which nothing more is known.

        Those that go out with the lunch of a day before are among them: they may still be to be cooked.
        """
        from models.meals import Meal, MealState

        made = Meal.filter(senior_id=self.id, day__gte=since, state__in=(MealState.EXPECTED, MealState.AHEAD))
        return await made.order_by("day").select_for_update()


def _name_index(canteen_id: int, name: str) -> str:
    folded = "".join(unicodedata.normalize("NFKC", name).casefold().split())
    return blind(f"{canteen_id}:{folded}", "senior-name")


def _short_id(number: int) -> str:
    """Name the seniors of a canteen A1…A99, B1…Z99, AA1…: short enough to call across a kitchen."""
    block, place = divmod(number, SHORT_IDS_OF_A_LETTER)
    letters = ""
    while block >= 0:
        letters = chr(ord("A") + block % 26) + letters
        block = block // 26 - 1
    return f"{letters}{place + 1}"
