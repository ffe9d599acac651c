from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("models", "0006_what_a_day_asks")]

    initial = False

    operations = [
        ops.AddField(
            model_name="DatedSetting",
            name="order",
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name="DatedSetting",
            name="route",
            field=fields.ForeignKeyField(
                "models.Route",
                source_field="route_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="dated_settings",
                on_delete=OnDelete.CASCADE,
            ),
        ),
        ops.AlterField(
            model_name="Meal",
            name="canteen",
            field=fields.ForeignKeyField(
                "models.Canteen",
                source_field="canteen_id",
                db_constraint=False,
                to_field="id",
                related_name="meals",
                on_delete=OnDelete.CASCADE,
            ),
        ),
        ops.AlterField(
            model_name="Meal",
            name="diet",
            field=fields.ForeignKeyField(
                "models.Diet",
                source_field="diet_id",
                null=True,
                db_constraint=False,
                to_field="id",
                related_name="meals",
                on_delete=OnDelete.CASCADE,
            ),
        ),
        ops.AlterField(
            model_name="Meal",
            name="residence",
            field=fields.ForeignKeyField(
                "models.Residence",
                source_field="residence_id",
                null=True,
                db_constraint=False,
                to_field="id",
                related_name="meals",
                on_delete=OnDelete.CASCADE,
            ),
        ),
    ]
