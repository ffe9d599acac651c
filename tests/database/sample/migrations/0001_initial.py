from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from models.fields import (
    BlindIndexField,
    EncryptedJSONField,
    EncryptedTextField,
    LocalTimeField,
    UtcDatetimeField,
)


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="House",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("name", fields.CharField(max_length=50)),
            ],
            options={"table": "house", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Guest",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "house",
                    fields.ForeignKeyField(
                        "models.House",
                        source_field="house_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="guests",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("name", EncryptedTextField()),
                ("name_index", BlindIndexField(null=True, db_index=True)),
                ("number", fields.CharField(max_length=8)),
                ("status", fields.CharField(max_length=32)),
                ("note", fields.CharField(null=True, max_length=100)),
            ],
            options={
                "table": "guest",
                "app": "models",
                "constraints": [
                    CheckConstraint(check="status IN ('new', 'here', 'gone')", name="guest_status_is_known"),
                    UniqueConstraint(fields=("house", "number"), name="guest_number_is_one"),
                    UniqueConstraint(
                        fields=("house",), name="guest_of_honour_is_one", condition="status = 'here'"
                    ),
                ],
                "indexes": [Index(fields=["house", "status"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Key",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "guest",
                    fields.OneToOneField(
                        "models.Guest",
                        source_field="guest_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="key",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("hook", fields.IntField()),
            ],
            options={"table": "key", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Plate",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "guest",
                    fields.ForeignKeyField(
                        "models.Guest",
                        source_field="guest_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="plates",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("day", fields.DateField()),
                ("portions", fields.SmallIntField()),
            ],
            options={
                "table": "plate",
                "app": "models",
                "unique_together": (("guest", "day"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Visit",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("at", UtcDatetimeField()),
                ("lunch_at", LocalTimeField(null=True)),
                ("facts", EncryptedJSONField(null=True, generated=False, unique=False)),
                ("secret", EncryptedTextField(null=True)),
            ],
            options={"table": "visit", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
    ]
