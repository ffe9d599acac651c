"""Cases: a door that stays shut, or something that is different. Only a person closes one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from tortoise import fields
from tortoise.models import Model

from models.care import Care
from models.casekinds import BY_WEIGHT, GOOD, LOOKED_BACK, MISSED, CaseKind, CaseOutcome
from models.caselog import ALSO, BECAME, BEGAN, CALLED, DECIDED, SPOKEN, TOLD, CaseEvent
from models.fields import UtcDatetimeField
from models.ladder import Steps, morning, sooner, steps_of
from models.people import Person, Role
from models.refusals import CaseClosed, CaseTaken, Gone

if TYPE_CHECKING:
    from models.canteens import Canteen
    from models.kin import Kinship
    from models.meals import Meal
    from models.seniors import Senior


__all__ = ["GOOD", "LOOKED_BACK", "MISSED", "Case", "CaseEvent", "CaseKind", "CaseOutcome"]


SAME_TAP: Final = timedelta(minutes=1)


class Case(Model):
    """One senior, one day, one worry: opened by what was seen, closed by a person.

    began_at: from when the minutes of its ladder count; minutes: those of the canteen at that time.
    step: how many steps were taken; next_at: when the next is due. rested_at: the door opened after all.
    missed: true where somebody was not met, however that was seen, so that a day has one such case of a
    senior; else null, and so of every case that is older than this.
    """

    id = fields.IntField(primary_key=True)
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField(
        "models.Canteen", related_name="cases"
    )
    canteen_id: int
    senior: fields.ForeignKeyRelation[Senior] = fields.ForeignKeyField("models.Senior", related_name="cases")
    senior_id: int
    meal: fields.ForeignKeyNullableRelation[Meal] = fields.ForeignKeyField(
        "models.Meal", related_name="cases", null=True
    )
    meal_id: int | None
    day = fields.DateField()
    kind = fields.CharEnumField(CaseKind, max_length=16)
    opened_at = UtcDatetimeField()
    opened_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="opened_cases", null=True, on_delete=fields.SET_NULL
    )
    opened_by_id: int | None
    owner: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="owned_cases", null=True, on_delete=fields.SET_NULL
    )
    owner_id: int | None
    owned_at = UtcDatetimeField(null=True)
    closed_at = UtcDatetimeField(null=True)
    closed_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="closed_cases", null=True, on_delete=fields.SET_NULL
    )
    closed_by_id: int | None
    outcome = fields.CharEnumField(CaseOutcome, max_length=16, null=True)
    urgent = fields.BooleanField(null=True)
    began_at = UtcDatetimeField(null=True)
    minutes: fields.Field[Any] = fields.JSONField(null=True)
    step = fields.SmallIntField(null=True)
    next_at = UtcDatetimeField(null=True, db_index=True)
    red_at = UtcDatetimeField(null=True)
    rested_at = UtcDatetimeField(null=True)
    missed = fields.BooleanField(null=True)

    class Meta:
        table = "care_case"
        unique_together = (("senior", "day", "kind"), ("senior", "day", "missed"))
        indexes = (("canteen_id", "closed_at"), ("senior_id", "closed_at"))

    # ------------------------------------------------------------------------------------------ looking

    @property
    def steps(self) -> Steps:
        """Lay out the steps of this case."""
        return [] if not self.minutes else steps_of(self.kind, self.minutes, urgent=bool(self.urgent))

    @property
    def red(self) -> bool:
        """Tell whether this can't wait; else it is amber."""
        return self.red_at is not None or bool(self.urgent)

    @property
    def climbs(self) -> bool:
        """Tell whether nobody has closed it, and nobody was met since."""
        return self.closed_at is None and self.rested_at is None

    def minute(self, minute: int) -> datetime:
        """Tell when a minute of the ladder is."""
        return (self.began_at or self.opened_at) + timedelta(minutes=minute)

    @classmethod
    async def is_open(cls, kind: CaseKind, senior: Senior, day: date) -> bool:
        """Tell whether somebody is still to find out about this."""
        return await cls.filter(senior_id=senior.id, day=day, kind=kind, closed_at=None).exists()

    @classmethod
    async def climbing(cls, senior_id: int, day: date) -> Case | None:
        """Find and hold, with those of the same door, the case that looks for somebody who was not met."""
        mine = cls.filter(senior_id=senior_id, day=day, kind__in=list(MISSED), closed_at=None, rested_at=None)
        found = await mine.order_by("id").first()
        if found is None:
            return None
        await cls.hold_door(found.id)
        return await mine.filter(id=found.id).select_for_update().first()

    @classmethod
    async def at_doors(cls, canteen_id: int, day: date) -> list[Case]:
        """List the cases of a canteen's day that are about a meal, with it."""
        told = cls.filter(canteen_id=canteen_id, day=day, meal_id__not_isnull=True)
        return await told.order_by("id").prefetch_related("meal")

    @classmethod
    async def coordinated(cls, case_id: int, by: Person) -> Case:
        """Find and hold a case for a coordinator of its canteen. Raises Gone, NotAllowed."""
        case = await cls.filter(id=case_id).select_for_update().first()
        if case is None:
            raise Gone
        await by.must_be(Role.COORDINATOR, case.canteen_id)
        return case

    @classmethod
    async def told(cls, case_id: int, by: Person) -> Case:
        """Find and hold a case for somebody who stood at the door. Others get CaseClosed."""
        case = await cls.filter(id=case_id).select_for_update().first()
        if case is None or not await case.was_told_by(by):
            raise CaseClosed
        return case

    @classmethod
    async def open_of(cls, canteen_ids: list[int]) -> list[Case]:
        """List the open cases of canteens: the red ones first, and then those that have waited longest."""
        found = cls.filter(canteen_id__in=canteen_ids, closed_at=None)
        cases = await found.order_by("id").prefetch_related("senior", "owner", "opened_by")
        return sorted(cases, key=lambda case: (not case.red, case.began_at or case.opened_at))

    async def beside(self) -> list[Case]:
        """List the other cases of the same shut door that nobody has answered yet, first opened first.

        Those whose lunch is brought on another round have a volunteer of their own before that door.
        """
        if self.kind is not CaseKind.NO_ANSWER:
            return []
        await self.fetch_related("senior", "meal")
        if self.senior.household_id is None or self.meal is None or self.meal.route_id is None:
            return []
        same = Case.filter(
            kind=self.kind,
            day=self.day,
            senior__household_id=self.senior.household_id,
            meal__route_id=self.meal.route_id,
        )
        still = same.filter(closed_at=None, rested_at=None).exclude(id=self.id)
        return await still.order_by("id").prefetch_related("senior")

    @classmethod
    async def hold_door(cls, case_id: int) -> None:
        """Hold the cases of a door in the order of their ids: two who act on it wait for each other."""
        case = await cls.get_or_none(id=case_id)
        if case is not None:
            ids = [case.id, *(mate.id for mate in await case.beside())]
            await cls.filter(id__in=ids).order_by("id").select_for_update()

    async def lead(self) -> Case:
        """Find the case that speaks for its door: two who live behind one are one alarm, and two cases."""
        if self.closed_at is not None or self.rested_at is not None:
            return self
        others = await self.beside()
        return others[0] if others and others[0].id < self.id else self

    async def was_told_by(self, person: Person) -> bool:
        """Tell whether this person stood at the door: who opened the case, or came upon it again."""
        return await CaseEvent.filter(case_id=self.id, by_id=person.id, kind__in=TOLD).exists()

    async def was_taken_since(self, person: Person) -> bool:
        """Tell whether somebody took it after this person had told of it, and so while they waited."""
        told = CaseEvent.filter(case_id=self.id, by_id=person.id, kind__in=BEGAN)
        last = await told.order_by("-id").first()
        return last is not None and self.owned_at is not None and self.owned_at >= last.at

    async def tellers(self) -> list[Person]:
        """List who told of it, in their order."""
        told = await CaseEvent.filter(case_id=self.id, kind__in=TOLD).order_by("id").prefetch_related("by")
        return list({event.by_id: event.by for event in told if event.by is not None}.values())

    async def is_looked_after(self) -> bool:
        """Tell whether somebody has it, and has noted what was tried."""
        if self.owner_id is None:
            return False
        tried = CaseEvent.filter(case_id=self.id, kind__in=(CALLED, DECIDED))
        return await tried.filter(at__gte=self.began_at or self.opened_at).exists()

    async def was_spoken_about(self) -> bool:
        """Tell whether a coordinator has said that they have spoken to somebody."""
        since = self.began_at or self.opened_at
        said = CaseEvent.filter(case_id=self.id, kind__in=(CALLED, SPOKEN), reached=True)
        return await said.filter(at__gte=since).exists()

    # ----------------------------------------------------------------------------------------- climbing

    @classmethod
    async def open(
        cls,
        kind: CaseKind,
        senior: Senior,
        day: date,
        meal: Meal | None,
        by: Person | None,
        note: str | None,
        now: datetime,
        *,
        at: datetime | None = None,
        about: str | None = None,
        urgent: bool = False,
    ) -> Case:
        """Open a case, or go on with the one of this senior, day and kind: there is never a second.

        Somebody who is not met in two ways on one day is one worry: the case of it is about what weighs
        more, and says the other. by: who saw it; None for the clock. at: when it was seen, if earlier.
        about: one word, sealed.
        """
        at = min(at or now, now)
        case = await cls._of_day(kind, senior, day)
        if created := case is None:
            case, created = await cls.get_or_create(
                {
                    "kind": kind,
                    "canteen_id": senior.canteen_id,
                    "meal_id": meal.id if meal else None,
                    "opened_at": at,
                    "opened_by_id": by.id if by else None,
                },
                senior_id=senior.id,
                day=day,
                **({"missed": True} if kind in MISSED else {"kind": kind}),
            )
        if not created:
            # A coordinator may be closing it at this moment: then it is opened again after that.
            case = await cls.filter(id=case.id).select_for_update().get()
        if case.kind is not kind:
            await case._was_missed_otherwise(kind, meal, by, at, now)
            return case
        if created or not case.climbs:
            await case._begin(at, now, urgent=urgent, owned=case.closed_at is None)
        elif urgent and not case.urgent:
            await case._begin(at, now, urgent=True, owned=True)
        await case.note("opened" if created else "again", by, now, note, about=about)
        return case

    @classmethod
    async def _of_day(cls, kind: CaseKind, senior: Senior, day: date) -> Case | None:
        """Find the case with which this one is the same; of days before there was one only, its own kind."""
        kinds = MISSED if kind in MISSED else {kind}
        found = await cls.filter(senior_id=senior.id, day=day, kind__in=list(kinds)).order_by("id")
        return next((case for case in found if case.kind is kind), found[0] if found else None)

    async def _was_missed_otherwise(
        self, kind: CaseKind, meal: Meal | None, by: Person | None, at: datetime, now: datetime
    ) -> None:
        """Let this case be about what was seen now, where that weighs more or the rest is over."""
        if self.climbs and BY_WEIGHT.index(kind) < BY_WEIGHT.index(self.kind):
            await self.note(ALSO, by, now, about=kind)
            return
        self.kind, self.meal_id = kind, meal.id if meal else self.meal_id
        climbed = at - (self.began_at or self.opened_at) if self.climbs else None
        await self._begin(at, now, urgent=False, owned=self.closed_at is None, climbed=climbed)
        await self.note(BECAME, by, now, about=kind)

    async def _begin(
        self,
        at: datetime,
        now: datetime,
        *,
        urgent: bool,
        owned: bool = False,
        climbed: timedelta | None = None,
    ) -> None:
        """Let the ladder begin, or begin again; `owned`: whoever looks after it goes on doing so.

        climbed: for how long it has climbed until now; what is red stays so, and nobody decides later for it.
        """
        if not owned:
            self.owner_id, self.owned_at = None, None
        self.closed_at, self.closed_by_id, self.rested_at = None, None, None
        self.outcome = None  # type: ignore[assignment]  # the field's stub forgets null=True
        self.urgent, self.began_at, self.step = urgent, at, 0
        self.minutes = (await Care.of(self.canteen_id)).minutes
        if climbed is None:
            self.red_at = None
        else:
            self.minutes = sooner(self.minutes, climbed)
        steps = self.steps
        if self.kind in LOOKED_BACK:
            self.next_at = None
        else:
            self.next_at = self.minute(steps[0][0]) if steps else await morning(self, now)
        await self.save()

    async def still_none(self, by: Person, now: datetime) -> bool:
        """Note that somebody at the door tried once more in vain: that makes it red. Tell if that is news.

        Raises CaseClosed.
        """
        self._must_be_open()
        news = self.red_at is None
        if news:
            self.red_at, self.step = now, max(self.step or 0, 1)
            if steps := self.steps[self.step :]:
                self.next_at = self.minute(steps[0][0])
            await self.save(update_fields=["red_at", "step", "next_at"])
            await self.note("still none", by, now)
        return news

    async def rest(self, why: str, by: Person | None, now: datetime) -> None:
        """Stop the ladder because the door opened after all; closing is still a coordinator's."""
        if self.closed_at is None and self.rested_at is None:
            self.rested_at, self.step, self.next_at = now, len(self.steps), await morning(self, now)
            await self.save(update_fields=["rested_at", "step", "next_at"])
        await self.note(why, by, now)

    # ---------------------------------------------------------------------------------- by a coordinator

    async def take(self, by: Person, now: datetime, *, over: bool = False) -> bool:
        """Look after a case; `over`: take it over from somebody else. Tell whether it was not yet theirs.

        Raises CaseClosed, CaseTaken.
        """
        self._must_be_open()
        if self.owner_id == by.id:
            return False
        if self.owner_id is not None and not over:
            raise CaseTaken(self.owner_id)
        self.owner_id, self.owned_at = by.id, now
        if self.next_at is not None and (self.step or 0) >= len(self.steps):
            self.next_at = await morning(self, now)
        await self.save(update_fields=["owner_id", "owned_at", "next_at"])
        await self.note("taken", by, now)
        return True

    async def called(self, kin: Kinship | None, *, reached: bool, by: Person, now: datetime) -> bool:
        """Tick a number that was called (None: the senior's own); tapped twice, it is ticked once.

        Whoever ticks looks after it if nobody does; tells whether that is news. Raises CaseClosed.
        """
        self._must_be_open()
        kin_id = None if kin is None else kin.id
        same = CaseEvent.filter(case_id=self.id, kind=CALLED, kin_id=kin_id, by_id=by.id, reached=reached)
        if not await same.filter(at__gt=now - SAME_TAP).exists():
            await self.note(CALLED, by, now, kin_id=kin_id, reached=reached)
        return self.owner_id is None and await self.take(by, now)

    async def decide(self, what: str, by: Person, now: datetime) -> None:
        """Put on record what people decided about the police or the door. Raises CaseClosed."""
        self._must_be_open()
        await self.note(DECIDED, by, now, about=what)

    async def close(
        self,
        outcome: CaseOutcome,
        by: Person,
        now: datetime,
        words: str | None = None,
        *,
        spoken: str | None = None,
    ) -> None:
        """Close a case with what was found out; `spoken`: with whom they say that they have spoken.

        Raises CaseClosed if somebody was faster.
        """
        self._must_be_open()
        self.closed_at, self.closed_by_id, self.outcome, self.next_at = now, by.id, outcome, None
        await self.save(update_fields=["closed_at", "closed_by_id", "outcome", "next_at"])
        if spoken is not None:
            await self.note(SPOKEN, by, now, about=spoken, reached=True)
        await self.note(f"closed:{outcome}", by, now, words)

    async def note(
        self, kind: str, by: Person | None, now: datetime, words: str | None = None, **more: Any
    ) -> None:
        """Put one step on record."""
        by_id = None if by is None else by.id
        await CaseEvent.create(case_id=self.id, kind=kind, note=words, by_id=by_id, at=now, **more)

    def _must_be_open(self) -> None:
        if self.closed_at is not None:
            raise CaseClosed
