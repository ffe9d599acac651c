from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint


class Migration(migrations.Migration):
    dependencies = [("models", "0003_web_files")]

    initial = False

    operations = [
        ops.CreateModel(
            name="CalendarAsk",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "canteen",
                    fields.ForeignKeyField(
                        "models.Canteen",
                        source_field="canteen_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="calendar_asks",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("kind", fields.CharField(max_length=16)),
                ("day", fields.DateField()),
                ("step", fields.SmallIntField()),
                ("next_at", UtcDatetimeField(null=True, db_index=True)),
                ("asked_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "calendar_ask",
                "app": "models",
                "unique_together": (("canteen", "kind", "day", "step"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DatedSetting",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "canteen",
                    fields.ForeignKeyField(
                        "models.Canteen",
                        source_field="canteen_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="dated_settings",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("name", fields.CharField(max_length=20)),
                ("value", fields.CharField(max_length=20)),
                ("since", fields.DateField()),
                ("starts_at", UtcDatetimeField(db_index=True)),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="dated_settings",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("at", UtcDatetimeField()),
                ("applied_at", UtcDatetimeField(null=True)),
                ("voided_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "dated_setting",
                "app": "models",
                "indexes": [Index(fields=["canteen_id", "since"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DayChoice",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "canteen",
                    fields.ForeignKeyField(
                        "models.Canteen",
                        source_field="canteen_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="day_choices",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("day", fields.DateField()),
                ("cooks", fields.BooleanField()),
                ("origin", fields.CharField(max_length=16)),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="day_choices",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("at", UtcDatetimeField()),
                ("voided_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "day_choice",
                "app": "models",
                "constraints": [
                    UniqueConstraint(
                        fields=("canteen", "day"),
                        name="day_choice_in_force_is_one",
                        condition="voided_at IS NULL",
                    )
                ],
                "indexes": [Index(fields=["canteen_id", "day"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Canteen",
            name="quota",
            field=fields.SmallIntField(null=True, default=22, db_default=22),
        ),
        ops.AddField(
            model_name="Canteen",
            name="region",
            field=fields.CharField(null=True, max_length=6),
        ),
        ops.AddField(
            model_name="ServiceDay",
            name="makeup",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name="ServiceDay",
            name="stands_for",
            field=fields.SmallIntField(null=True),
        ),
    ]
