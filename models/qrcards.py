"""Cards with a code: a senior's short way past the desk. The code says nothing about anybody."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Final

from tortoise import fields
from tortoise.models import Model

from models.audit import AuditEvent
from models.desk import by_number
from models.fields import BlindIndexField, EncryptedTextField, UtcDatetimeField, blind
from models.people import Role
from models.refusals import CardUnknown
from models.seniors import Mode, Senior, Status
from models.serving import must_serve

if TYPE_CHECKING:
    from models.people import Person

# Digits alone: a scanner that types them is understood with every keyboard layout and every input method.
CODE_DIGITS: Final = 16


class SeniorCard(Model):
    """One card of a senior. The code is sealed, so that a lost sheet can be printed anew."""

    id = fields.IntField(primary_key=True)
    senior: fields.ForeignKeyRelation[Senior] = fields.ForeignKeyField("models.Senior", related_name="cards")
    senior_id: int
    code = EncryptedTextField()
    code_index = BlindIndexField()
    issued_at = UtcDatetimeField()
    issued_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="issued_cards", null=True, on_delete=fields.SET_NULL
    )
    issued_by_id: int | None
    revoked_at = UtcDatetimeField(null=True)

    class Meta:
        table = "senior_card"
        indexes = (("senior_id", "revoked_at"),)

    @classmethod
    async def issue_missing(cls, canteen_id: int, by: Person, now: datetime) -> int:
        """Give a card to every guest who has none; tell how many have one now. Raises NotAllowed."""
        await by.must_be(Role.COORDINATOR, canteen_id)
        guests = await Senior.filter(
            canteen_id=canteen_id, status=Status.ACTIVE, mode__in=(Mode.DINE_IN, Mode.PICK_UP)
        ).select_for_update()
        cards = await cls.filter(senior_id__in=[guest.id for guest in guests], revoked_at=None)
        held = {card.senior_id for card in cards}
        for guest in guests:
            if guest.id not in held:
                await cls._issue(guest.id, by, now)
        return len(guests)

    @classmethod
    async def reissue(cls, senior_id: int, by: Person, now: datetime) -> SeniorCard:
        """Give a senior a new card; the old one opens nothing any more. Raises Gone, NotAllowed."""
        senior = await Senior.coordinated(senior_id, by)
        await Senior.filter(id=senior.id).select_for_update()
        await cls.filter(senior_id=senior.id, revoked_at=None).update(revoked_at=now)
        await AuditEvent.record("card.reissue", f"senior {senior.id}", by=by.id, now=now)
        return await cls._issue(senior.id, by, now)

    @classmethod
    async def _issue(cls, senior_id: int, by: Person, now: datetime) -> SeniorCard:
        code = str(secrets.randbelow(9 * 10 ** (CODE_DIGITS - 1)) + 10 ** (CODE_DIGITS - 1))
        return await cls.create(
            senior_id=senior_id, code=code, code_index=_index(code), issued_at=now, issued_by_id=by.id
        )

    @classmethod
    async def holder(cls, code: str, canteen_id: int, by: Person, now: datetime) -> Senior:
        """Find whose card it is, within one canteen. Raises NotAllowed, CardUnknown."""
        await must_serve(by, canteen_id, now)
        found = cls.filter(code_index=_index(code), revoked_at=None, senior__canteen_id=canteen_id)
        card = await found.prefetch_related("senior").first()
        if card is None:
            raise CardUnknown
        return card.senior

    @classmethod
    async def to_print(cls, canteen_id: int, senior_id: int) -> list[SeniorCard]:
        """List the cards of a canteen's guests, or of one senior (0: all), by short id."""
        cards = cls.filter(revoked_at=None, senior__canteen_id=canteen_id, senior__status=Status.ACTIVE)
        if senior_id:
            cards = cards.filter(senior_id=senior_id)
        found = await cards.prefetch_related("senior")
        return sorted(found, key=lambda card: by_number(card.senior))


def _index(code: str) -> str:
    return blind(code, "senior-card")
