from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("models", "0005_every_kind_of_help")]

    initial = False

    operations = [
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
    ]
