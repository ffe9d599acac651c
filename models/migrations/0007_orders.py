from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import EncryptedJSONField, EncryptedTextField, LocalTimeField, UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint


class Migration(migrations.Migration):
    dependencies = [("models", "0006_desk_and_samples")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Ending",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "senior",
                    fields.ForeignKeyField(
                        "models.Senior",
                        source_field="senior_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="endings",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("reason", fields.CharField(max_length=16)),
                ("was", fields.CharField(max_length=32)),
                ("at", UtcDatetimeField()),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="endings",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("undone_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "ending",
                "app": "models",
                "constraints": [
                    UniqueConstraint(
                        fields=("senior",), name="ending_in_force_is_one", condition="undone_at IS NULL"
                    )
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Homecoming",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "senior",
                    fields.ForeignKeyField(
                        "models.Senior",
                        source_field="senior_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="homecomings",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("day", fields.DateField()),
                ("food", EncryptedTextField()),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="homecomings",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("at", UtcDatetimeField()),
                ("seen_at", UtcDatetimeField(null=True)),
                ("voided_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "homecoming",
                "app": "models",
                "indexes": [Index(fields=["senior_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="KitchenVersion",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "service_day",
                    fields.ForeignKeyField(
                        "models.ServiceDay",
                        source_field="service_day_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="versions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("number", fields.SmallIntField()),
                ("said", EncryptedJSONField()),
                ("at", UtcDatetimeField()),
            ],
            options={
                "table": "kitchen_version",
                "app": "models",
                "unique_together": (("service_day", "number"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Canteen",
            name="freeze_at",
            field=LocalTimeField(null=True),
        ),
        ops.AddField(
            model_name="Meal",
            name="guests",
            field=fields.SmallIntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name="Meal",
            name="surplus",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name="OrderChange",
            name="guests",
            field=fields.SmallIntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name="OrderChange",
            name="route",
            field=fields.ForeignKeyField(
                "models.Route",
                source_field="route_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="changes",
                on_delete=OnDelete.CASCADE,
            ),
        ),
        ops.AddIndex(
            model_name="OrderChange",
            index=Index(fields=["route_id", "day"]),
        ),
        ops.AddField(
            model_name="Pause",
            name="asked_at",
            field=UtcDatetimeField(null=True),
        ),
        ops.AddIndex(
            model_name="Pause",
            index=Index(fields=["ends", "starts"]),
        ),
        ops.AddField(
            model_name="ServiceDay",
            name="freeze_at",
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name="ServiceDay",
            name="frozen_at",
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name="ServiceDay",
            name="recount_at",
            field=UtcDatetimeField(null=True, db_index=True),
        ),
    ]
