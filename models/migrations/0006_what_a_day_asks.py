from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import EncryptedTextField, UtcDatetimeField
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint


class Migration(migrations.Migration):
    dependencies = [("models", "0005_every_kind_of_help")]

    initial = False

    operations = [
        ops.AddField(
            model_name="BoxReturn",
            name="full",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name="Case",
            name="missed",
            field=fields.BooleanField(null=True),
        ),
        ops.AddConstraint(
            model_name="Case",
            constraint=UniqueConstraint(fields=("senior", "day", "missed"), name=None),
        ),
        ops.AddField(
            model_name="ChannelState",
            name="heard_at",
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name="DatedSetting",
            name="before",
            field=fields.CharField(null=True, max_length=20),
        ),
        ops.AddField(
            model_name="DatedSetting",
            name="senior",
            field=fields.ForeignKeyField(
                "models.Senior",
                source_field="senior_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="dated_settings",
                on_delete=OnDelete.CASCADE,
            ),
        ),
        ops.AddField(
            model_name="DayChoice",
            name="eaters",
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name="DayChoice",
            name="news",
            field=fields.ForeignKeyField(
                "models.ClosureNews",
                source_field="news_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="choices",
                on_delete=OnDelete.CASCADE,
            ),
        ),
        ops.AddField(
            model_name="DayChoice",
            name="pending",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddIndex(
            model_name="DayChoice",
            index=Index(fields=["news_id"]),
        ),
        ops.AddIndex(
            model_name="DayChoice",
            index=Index(fields=["pending", "day"]),
        ),
        ops.AddField(
            model_name="File",
            name="hide_at",
            field=UtcDatetimeField(null=True, db_index=True),
        ),
        ops.AddField(
            model_name="MealEvent",
            name="met",
            field=fields.BooleanField(null=True),
        ),
        ops.AddField(
            model_name="MealEvent",
            name="neighbour",
            field=EncryptedTextField(null=True),
        ),
    ]
