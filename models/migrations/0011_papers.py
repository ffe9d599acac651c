from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from models.fields import UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("models", "0010_shifts")]

    initial = False

    operations = [
        ops.CreateModel(
            name="FirstReport",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "service_day",
                    fields.OneToOneField(
                        "models.ServiceDay",
                        source_field="service_day_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="first_report",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "figures",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                ("told_at", UtcDatetimeField()),
                ("last_at", UtcDatetimeField(null=True, db_index=True)),
            ],
            options={"table": "first_report", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Canteen",
            name="label_sheet",
            field=fields.CharField(null=True, max_length=16),
        ),
        ops.AddField(
            model_name="Canteen",
            name="report_at",
            field=UtcDatetimeField(null=True, db_index=True),
        ),
        ops.AddField(
            model_name="MealEvent",
            name="origin",
            field=fields.CharField(null=True, max_length=16),
        ),
    ]
