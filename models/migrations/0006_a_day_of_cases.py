from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
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
    ]
