from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import BlindIndexField, EncryptedTextField, UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("models", "0004_the_days_work")]

    initial = False

    operations = [
        ops.CreateModel(
            name="BoxReturn",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "senior",
                    fields.ForeignKeyField(
                        "models.Senior",
                        source_field="senior_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="box_returns",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "meal",
                    fields.ForeignKeyField(
                        "models.Meal",
                        source_field="meal_id",
                        null=True,
                        unique=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="box_returns",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("count", fields.SmallIntField()),
                ("day", fields.DateField()),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="box_returns",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("at", UtcDatetimeField()),
            ],
            options={
                "table": "box_return",
                "app": "models",
                "indexes": [Index(fields=["senior_id", "day"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="File",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "canteen",
                    fields.ForeignKeyField(
                        "models.Canteen",
                        source_field="canteen_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="files",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "senior",
                    fields.ForeignKeyField(
                        "models.Senior",
                        source_field="senior_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="files",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "case",
                    fields.ForeignKeyField(
                        "models.Case",
                        source_field="case_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="files",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "meal",
                    fields.ForeignKeyField(
                        "models.Meal",
                        source_field="meal_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="files",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("kind", fields.CharField(max_length=16)),
                ("mime", fields.CharField(default="", max_length=40)),
                ("size", fields.IntField(default=0)),
                ("sealed", EncryptedTextField(null=True)),
                ("channel", fields.CharField(max_length=16)),
                ("ref", EncryptedTextField(null=True)),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="files",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("at", UtcDatetimeField()),
                ("fetch_at", UtcDatetimeField(null=True, db_index=True)),
                ("delete_at", UtcDatetimeField(null=True, db_index=True)),
                ("deleted_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "file",
                "app": "models",
                "indexes": [Index(fields=["case_id"]), Index(fields=["senior_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Household",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "canteen",
                    fields.ForeignKeyField(
                        "models.Canteen",
                        source_field="canteen_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="households",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("created_at", UtcDatetimeField()),
            ],
            options={"table": "household", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Upload",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "session",
                    fields.ForeignKeyField(
                        "models.WebSession",
                        source_field="session_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="uploads",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("client_id", fields.CharField(max_length=36)),
                ("mime", fields.CharField(max_length=40)),
                ("size", fields.IntField()),
                ("sealed", EncryptedTextField()),
                ("created_at", UtcDatetimeField(db_index=True)),
            ],
            options={
                "table": "upload",
                "app": "models",
                "unique_together": (("session", "client_id"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Care",
            name="boxes_since",
            field=fields.DateField(null=True),
        ),
        ops.AddField(
            model_name="Care",
            name="maps",
            field=fields.CharField(null=True, max_length=16),
        ),
        ops.AddField(
            model_name="Care",
            name="photo_days",
            field=fields.SmallIntField(default=30, db_default=30),
        ),
        ops.AddField(
            model_name="Care",
            name="voice_days",
            field=fields.SmallIntField(default=90, db_default=90),
        ),
        ops.AddField(
            model_name="Senior",
            name="household",
            field=fields.ForeignKeyField(
                "models.Household",
                source_field="household_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="seniors",
                on_delete=OnDelete.SET_NULL,
            ),
        ),
        ops.AddField(
            model_name="Senior",
            name="namesake",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name="Senior",
            name="spoken_index",
            field=BlindIndexField(null=True, db_index=True),
        ),
    ]
