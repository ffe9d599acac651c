from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from models.fields import EncryptedTextField, UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint


class Migration(migrations.Migration):
    dependencies = [("models", "0004_calendar")]

    initial = False

    operations = [
        ops.CreateModel(
            name="CallList",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "canteen",
                    fields.ForeignKeyField(
                        "models.Canteen",
                        source_field="canteen_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="call_lists",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("reason", fields.CharField(max_length=16)),
                ("about", fields.IntField()),
                ("ends", fields.DateField()),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="call_lists",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("at", UtcDatetimeField()),
            ],
            options={
                "table": "call_list",
                "app": "models",
                "unique_together": (("reason", "about"),),
                "indexes": [Index(fields=["canteen_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CallItem",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "call_list",
                    fields.ForeignKeyField(
                        "models.CallList",
                        source_field="call_list_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="items",
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
                        related_name="calls",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("state", fields.CharField(default="open", max_length=16)),
                ("tries", fields.SmallIntField(default=0)),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="calls",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "call_item",
                "app": "models",
                "unique_together": (("call_list", "senior"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ClosureNews",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "canteen",
                    fields.ForeignKeyField(
                        "models.Canteen",
                        source_field="canteen_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="closure_news",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "about",
                    fields.ForeignKeyField(
                        "models.ClosureNews",
                        source_field="about_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="followed_by",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("kind", fields.CharField(max_length=16)),
                ("starts", fields.DateField()),
                ("ends", fields.DateField()),
                ("words", EncryptedTextField(null=True)),
                ("lunches", fields.IntField(default=0)),
                ("news_at", UtcDatetimeField(null=True)),
                ("next_at", UtcDatetimeField(null=True, db_index=True)),
                ("asked", fields.SmallIntField(default=0)),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="closure_news",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("at", UtcDatetimeField()),
            ],
            options={"table": "closure_news", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Closure",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "canteen",
                    fields.ForeignKeyField(
                        "models.Canteen",
                        source_field="canteen_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="closures",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "news",
                    fields.ForeignKeyField(
                        "models.ClosureNews",
                        source_field="news_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="closures",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("day", fields.DateField()),
                ("kind", fields.CharField(max_length=16)),
                ("reason", fields.CharField(max_length=16)),
                ("words", EncryptedTextField(null=True)),
                ("minutes", fields.SmallIntField(null=True)),
                ("ahead_on", fields.DateField(null=True)),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="closures",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("at", UtcDatetimeField()),
                (
                    "ended_by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="ended_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="ended_closures",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("ended_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "closure",
                "app": "models",
                "constraints": [
                    UniqueConstraint(
                        fields=("canteen", "day"),
                        name="closure_in_force_is_one",
                        condition="ended_at IS NULL",
                    ),
                    CheckConstraint(check="minutes IS NULL OR minutes > 0", name="closure_is_never_earlier"),
                ],
                "indexes": [Index(fields=["canteen_id", "day"]), Index(fields=["canteen_id", "ahead_on"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ClosureReceipt",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "news",
                    fields.ForeignKeyField(
                        "models.ClosureNews",
                        source_field="news_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="receipts",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="closure_receipts",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("coordinates", fields.BooleanField(default=False)),
                ("cooks", fields.BooleanField(default=False)),
                (
                    "seniors",
                    fields.JSONField(
                        default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                (
                    "claims",
                    fields.JSONField(
                        default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("seen_at", UtcDatetimeField(null=True)),
                ("lost_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "closure_receipt",
                "app": "models",
                "unique_together": (("news", "person"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Claim",
            name="lifted_at",
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name="Meal",
            name="converted_from",
            field=fields.CharField(null=True, max_length=16),
        ),
        ops.AddField(
            model_name="ServiceDay",
            name="closes_with",
            field=fields.DateField(null=True),
        ),
        ops.AddField(
            model_name="ServiceDay",
            name="later",
            field=fields.SmallIntField(null=True),
        ),
        ops.AddField(
            model_name="Shift",
            name="closure",
            field=fields.ForeignKeyField(
                "models.Closure",
                source_field="closure_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="shifts",
                on_delete=OnDelete.SET_NULL,
            ),
        ),
    ]
