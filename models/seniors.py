"""Seniors: who eats, where they live, what they eat, who cares for them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from models.fields import BlindIndexField, EncryptedJSONField, EncryptedTextField, UtcDatetimeField

if TYPE_CHECKING:
    from models.canteens import Canteen
    from models.people import Person


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


class Agreed(StrEnum):
    """Did the senior herself agree? (PIPL knows no consent of relatives for a capable adult.)"""

    YES = "yes"
    NOT_ASKED = "not_asked"
    GUARDIAN = "guardian"


class Senior(Model):
    """An old person who has lunch with us."""

    id = fields.IntField(primary_key=True)
    canteen: fields.ForeignKeyRelation[Canteen] = fields.ForeignKeyField("models.Canteen", related_name="seniors")
    canteen_id: int
    short_id = fields.CharField(max_length=8)
    name = EncryptedTextField(null=True)
    name_index = BlindIndexField()
    called = EncryptedTextField(null=True)
    born = fields.SmallIntField(null=True)
    phone = EncryptedTextField(null=True)
    phone_index = BlindIndexField()
    alone = fields.BooleanField(default=False)
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
        constraints = (CheckConstraint(check="weekdays BETWEEN 0 AND 127", name="senior_weekdays_are_a_week"),)


class Residence(Model):
    """Where a senior lives and how one gets an answer there, from a day on; never changed."""

    id = fields.IntField(primary_key=True)
    senior: fields.ForeignKeyRelation[Senior] = fields.ForeignKeyField("models.Senior", related_name="residences")
    senior_id: int
    since = fields.DateField()
    address = EncryptedTextField()
    knock = EncryptedTextField(null=True)
    plan = EncryptedTextField(null=True)
    place = EncryptedTextField(null=True)
    created_at = UtcDatetimeField()

    class Meta:
        table = "residence"
        indexes = (("senior_id", "since"),)


class Diet(Model):
    """What a senior eats, from a day on; never changed.

    labels, allergies: lists of codes; texture: one code of IDDSI's levels (regular, soft, minced, pureed);
    avoids: her own words. All sealed: a diet tells of an illness or a faith.
    """

    id = fields.IntField(primary_key=True)
    senior: fields.ForeignKeyRelation[Senior] = fields.ForeignKeyField("models.Senior", related_name="diets")
    senior_id: int
    since = fields.DateField()
    labels: fields.Field[Any] = EncryptedJSONField(default=list)
    texture = EncryptedTextField(default="regular")
    allergies: fields.Field[Any] = EncryptedJSONField(default=list)
    avoids = EncryptedTextField(null=True)
    created_at = UtcDatetimeField()

    class Meta:
        table = "diet"
        indexes = (("senior_id", "since"),)


class Kinship(Model):
    """A relative or friend of a senior, and what they may know and want to be told.

    linked: the person follows the senior by chat; else only a number to call.
    """

    id = fields.IntField(primary_key=True)
    senior: fields.ForeignKeyRelation[Senior] = fields.ForeignKeyField("models.Senior", related_name="kin")
    senior_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person", related_name="kin")
    person_id: int
    relation = EncryptedTextField(null=True)
    linked = fields.BooleanField(default=False)
    tell_served = fields.BooleanField(default=False)
    tell_problems = fields.BooleanField(default=True)
    since = UtcDatetimeField()
    ended_at = UtcDatetimeField(null=True)

    class Meta:
        table = "kinship"
        unique_together = (("senior", "person"),)


class Consent(Model):
    """Who said yes or no to what, when, in which wording; rows are only added."""

    id = fields.IntField(primary_key=True)
    senior: fields.ForeignKeyRelation[Senior] = fields.ForeignKeyField("models.Senior", related_name="consents")
    senior_id: int
    about = fields.CharField(max_length=16)
    answer = fields.CharEnumField(Agreed, max_length=16)
    wording = fields.SmallIntField(default=1)
    asked_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="asked_consents", null=True, on_delete=fields.SET_NULL
    )
    asked_by_id: int | None
    at = UtcDatetimeField()

    class Meta:
        table = "consent"
        indexes = (("senior_id", "about"),)


class Pause(Model):
    """Days without lunch, with or without an end; ended or voided, never deleted."""

    id = fields.IntField(primary_key=True)
    senior: fields.ForeignKeyRelation[Senior] = fields.ForeignKeyField("models.Senior", related_name="pauses")
    senior_id: int
    starts = fields.DateField()
    ends = fields.DateField(null=True)
    reason = EncryptedTextField(null=True)
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="pauses", null=True, on_delete=fields.SET_NULL
    )
    by_id: int | None
    at = UtcDatetimeField()
    voided_at = UtcDatetimeField(null=True)

    class Meta:
        table = "pause"
        indexes = (("senior_id", "starts"),)
        constraints = (CheckConstraint(check="ends IS NULL OR ends >= starts", name="pause_ends_after_it_starts"),)
