"""Swapping two places: both stay whose they are until the other has said yes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from tortoise import fields
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model

from models.claiming import must_be_free, must_carry, must_have_company, must_suit
from models.fields import UtcDatetimeField
from models.people import Person
from models.refusals import Gone, NotYours, Refusal
from models.shiftrefusals import ShiftOver, SkillWanted, SwapOver
from models.shifts import Claim, ShiftState
from models.skills import Ability

AHEAD: Final = timedelta(days=14)


class Swap(Model):
    """A wish to change one place for another; agreed: the other said yes, and it was done."""

    id = fields.IntField(primary_key=True)
    mine: fields.ForeignKeyRelation[Claim] = fields.ForeignKeyField("models.Claim", related_name="swaps")
    mine_id: int
    theirs: fields.ForeignKeyRelation[Claim] = fields.ForeignKeyField(
        "models.Claim", related_name="swaps_wished"
    )
    theirs_id: int
    asked_at = UtcDatetimeField()
    ended_at = UtcDatetimeField(null=True)
    agreed = fields.BooleanField(default=False)

    class Meta:
        table = "swap"
        indexes = (("theirs_id",),)
        constraints = (
            UniqueConstraint(
                fields=("mine", "theirs"), name="swap_is_asked_once", condition="ended_at IS NULL"
            ),
        )

    @classmethod
    async def partners(cls, claim_id: int, person: Person, now: datetime, limit: int) -> list[Claim]:
        """List the places of others for which one's own could be swapped, soonest first.

        Raises NotYours, ShiftOver.
        """
        mine = await _held(claim_id, now)
        if mine.person_id != person.id:
            raise NotYours
        shift = mine.shift
        held = (
            Claim.filter(given_back_at=None, started_at=None, shift__canteen_id=shift.canteen_id)
            .filter(shift__state=ShiftState.OPEN, shift__starts_at__gt=now)
            .filter(shift__starts_at__lt=now + AHEAD)
            .exclude(person_id=person.id)
            .exclude(shift_id=shift.id)
        )
        found = await held.order_by("shift__starts_at", "id").prefetch_related(
            "person", "shift__route", "shift__canteen"
        )
        fitting: list[Claim] = []
        for theirs in found:
            if len(fitting) < limit and await _fits(mine, theirs):
                fitting.append(theirs)
        return fitting

    @classmethod
    async def ask(cls, mine_id: int, theirs_id: int, person: Person, now: datetime) -> Swap:
        """Ask for another's place; asked twice, it is once.

        Raises NotYours, ShiftOver, what stands against having that place, and SwapOver.
        """
        mine, theirs = await _held(mine_id, now), await _held(theirs_id, now)
        if mine.person_id != person.id:
            raise NotYours
        if mine.shift.canteen_id != theirs.shift.canteen_id:
            raise SwapOver
        await _must_fit(theirs, mine)
        if not await _fits(mine, theirs):
            raise SwapOver
        swap, _created = await cls.get_or_create(
            {"asked_at": now}, mine_id=mine.id, theirs_id=theirs.id, ended_at=None
        )
        swap.mine, swap.theirs = mine, theirs
        return swap

    @classmethod
    async def agree(cls, swap_id: int, person: Person, now: datetime) -> Swap:
        """Say yes: the two places change hands in one go; said twice, it is done once.

        Raises Gone, NotYours, SwapOver.
        """
        swap = await cls._asked(swap_id, person)
        if swap.agreed:
            return swap
        for number in sorted({swap.mine.person_id, swap.theirs.person_id}):
            await Person.locked(number)
        try:
            mine, theirs = await _held(swap.mine_id, now), await _held(swap.theirs_id, now)
        except Refusal:
            raise SwapOver from None
        if not await _fits(mine, theirs):
            raise SwapOver
        if not await cls.filter(id=swap.id, ended_at=None).update(ended_at=now, agreed=True):
            raise SwapOver
        for claim in (mine, theirs):
            held = Claim.filter(id=claim.id, given_back_at=None, started_at=None)
            if not await held.update(given_back_at=now, next_at=None, watch_at=None):
                raise SwapOver
        await Claim.begin(theirs.shift, mine.person, now, part=theirs.part, relieved=theirs)
        await Claim.begin(mine.shift, theirs.person, now, part=mine.part, relieved=mine)
        swap.agreed = True
        return swap

    @classmethod
    async def decline(cls, swap_id: int, person: Person, now: datetime) -> tuple[Swap, bool]:
        """Say no; tell whether that is news. Raises Gone, NotYours, SwapOver when it was done before."""
        swap = await cls._asked(swap_id, person)
        if swap.agreed:
            raise SwapOver
        news = await cls.filter(id=swap.id, ended_at=None).update(ended_at=now)
        return swap, bool(news)

    @classmethod
    async def is_open(cls, swap_id: int, now: datetime) -> bool:
        """Tell whether a swap can still be agreed to."""
        swap = (
            await cls.filter(id=swap_id, ended_at=None)
            .prefetch_related("mine__shift", "theirs__shift")
            .first()
        )
        return swap is not None and all(
            claim.given_back_at is None and claim.shift.starts_at > now for claim in (swap.mine, swap.theirs)
        )

    @classmethod
    async def _asked(cls, swap_id: int, person: Person) -> Swap:
        swap = await (
            cls.filter(id=swap_id)
            .prefetch_related(
                "mine__person", "mine__shift__route", "mine__shift__canteen",
                "theirs__person", "theirs__shift__route", "theirs__shift__canteen",
            )
            .first()
        )  # fmt: skip
        if swap is None:
            raise Gone
        if swap.theirs.person_id != person.id:
            raise NotYours
        return swap


async def _held(claim_id: int, now: datetime) -> Claim:
    """Read a place that can be swapped. Raises NotYours, ShiftOver."""
    claim = (
        await Claim.filter(id=claim_id, given_back_at=None)
        .prefetch_related("person", "shift__route", "shift__canteen")
        .first()
    )
    if claim is None or claim.shift.state is not ShiftState.OPEN:
        raise NotYours
    if claim.started_at is not None or now >= claim.shift.starts_at:
        raise ShiftOver
    return claim


async def _fits(mine: Claim, theirs: Claim) -> bool:
    """Tell whether each may have, and has time for, what the other has."""
    try:
        await _must_fit(theirs, mine)
        await _must_fit(mine, theirs)
    except Refusal:
        return False
    return mine.person_id != theirs.person_id


async def _must_fit(giver: Claim, taker: Claim) -> None:
    """Check that somebody may have another's place in return for their own. Raises what stands against it."""
    shift, person = giver.shift, taker.person
    await must_carry(person, shift.canteen_id)
    await must_suit(person, shift)
    await must_be_free(person, shift, but=[taker.id])
    await must_have_company(person, shift, room=shift.places_open, but=[giver.id])
    if giver.part not in (None, *await Ability.confirmed(person, shift.canteen_id)):
        raise SkillWanted(giver.part, shift.canteen_id)
