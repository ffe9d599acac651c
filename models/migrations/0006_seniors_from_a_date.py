from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("models", "0005_every_kind_of_help")]

    initial = False

    operations = [
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
    ]
