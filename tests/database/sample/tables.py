"""The sample's tables, as the second migration leaves them."""

from __future__ import annotations

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from models.fields import (
    BlindIndexField,
    EncryptedJSONField,
    EncryptedTextField,
    LocalTimeField,
    UtcDatetimeField,
)


class House(Model):
    """A parent, whose table the second migration builds anew."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=80)
    phone_index = BlindIndexField()

    class Meta:
        table = "house"


class Guest(Model):
    """A child of a house, with every kind of index and constraint."""

    id = fields.IntField(primary_key=True)
    house: fields.ForeignKeyRelation[House] = fields.ForeignKeyField("models.House", related_name="guests")
    name = EncryptedTextField()
    name_index = BlindIndexField()
    number = fields.CharField(max_length=8)
    status = fields.CharField(max_length=32)

    class Meta:
        table = "guest"
        indexes = (("house", "status"),)
        constraints = (
            CheckConstraint(check="status IN ('new', 'here', 'away', 'gone')", name="guest_status_is_known"),
            UniqueConstraint(fields=("house", "number"), name="guest_number_is_one"),
            UniqueConstraint(fields=("house",), name="guest_of_honour_is_one", condition="status = 'here'"),
        )


class Plate(Model):
    """A grandchild of a house."""

    id = fields.IntField(primary_key=True)
    guest: fields.ForeignKeyRelation[Guest] = fields.ForeignKeyField("models.Guest", related_name="plates")
    day = fields.DateField()
    portions = fields.SmallIntField()

    class Meta:
        table = "plate"
        constraints = (CheckConstraint(check="portions BETWEEN 1 AND 3", name="plate_is_no_feast"),)
        unique_together = (("guest", "day"),)


class Key(Model):
    """What one guest has one of."""

    id = fields.IntField(primary_key=True)
    guest: fields.OneToOneRelation[Guest] = fields.OneToOneField("models.Guest", related_name="key")
    hook = fields.IntField(null=True)

    class Meta:
        table = "key"


class Visit(Model):
    """A row with a time, a wall time and sealed facts."""

    id = fields.IntField(primary_key=True)
    at = UtcDatetimeField()
    lunch_at = LocalTimeField(null=True)
    facts = EncryptedJSONField(null=True)
    secret = EncryptedTextField(null=True)

    class Meta:
        table = "visit"
