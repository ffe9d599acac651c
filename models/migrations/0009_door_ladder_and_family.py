from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from models.fields import EncryptedJSONField, EncryptedTextField, UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("models", "0008_menus")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Care",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "canteen",
                    fields.ForeignKeyField(
                        "models.Canteen",
                        source_field="canteen_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="care",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("red_after", fields.SmallIntField(default=5)),
                ("call_after", fields.SmallIntField(default=10)),
                ("go_on_after", fields.SmallIntField(default=15)),
                ("again_after", fields.SmallIntField(default=30)),
                ("second_after", fields.SmallIntField(default=120)),
                ("wellbeing", fields.BooleanField(default=False)),
                ("unseen_days", fields.SmallIntField(default=2)),
            ],
            options={"table": "care", "app": "models", "unique_together": (("canteen",),), "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Incident",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "case",
                    fields.ForeignKeyField(
                        "models.Case",
                        source_field="case_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="incidents",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "meal",
                    fields.ForeignKeyField(
                        "models.Meal",
                        source_field="meal_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="incidents",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("facts", EncryptedJSONField()),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="incidents",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("at", UtcDatetimeField()),
            ],
            options={
                "table": "incident",
                "app": "models",
                "indexes": [Index(fields=["case_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Watch",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "service_day",
                    fields.ForeignKeyField(
                        "models.ServiceDay",
                        source_field="service_day_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="watches",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("at", UtcDatetimeField()),
            ],
            options={
                "table": "watch",
                "app": "models",
                "unique_together": (("service_day",),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="WellBeing",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "senior",
                    fields.ForeignKeyField(
                        "models.Senior",
                        source_field="senior_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="wellbeing",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "meal",
                    fields.ForeignKeyField(
                        "models.Meal",
                        source_field="meal_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="wellbeing",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("rating", fields.SmallIntField()),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="wellbeing",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("at", UtcDatetimeField()),
            ],
            options={
                "table": "well_being",
                "app": "models",
                "indexes": [Index(fields=["senior_id", "at"]), Index(fields=["meal_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Case",
            name="began_at",
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name="Case",
            name="minutes",
            field=fields.JSONField(
                null=True, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
            ),
        ),
        ops.AddField(
            model_name="Case",
            name="next_at",
            field=UtcDatetimeField(null=True, db_index=True),
        ),
        ops.AddField(
            model_name="Case",
            name="red_at",
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name="Case",
            name="rested_at",
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name="Case",
            name="step",
            field=fields.SmallIntField(null=True),
        ),
        ops.AddField(
            model_name="Case",
            name="urgent",
            field=fields.BooleanField(null=True),
        ),
        ops.AddIndex(
            model_name="Case",
            index=Index(fields=["senior_id", "closed_at"]),
        ),
        ops.AddField(
            model_name="CaseEvent",
            name="about",
            field=EncryptedTextField(null=True),
        ),
        ops.AddField(
            model_name="CaseEvent",
            name="kin",
            field=fields.ForeignKeyField(
                "models.Kinship",
                source_field="kin_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="case_events",
                on_delete=OnDelete.SET_NULL,
            ),
        ),
        ops.AddField(
            model_name="CaseEvent",
            name="reached",
            field=fields.BooleanField(null=True),
        ),
        ops.AddField(
            model_name="Kinship",
            name="rank",
            field=fields.SmallIntField(null=True),
        ),
        ops.AddField(
            model_name="Kinship",
            name="scope",
            field=fields.SmallIntField(null=True),
        ),
    ]
