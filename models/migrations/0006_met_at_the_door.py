from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("models", "0005_every_kind_of_help")]

    initial = False

    operations = [
        ops.AddField(
            model_name="MealEvent",
            name="met",
            field=fields.BooleanField(null=True),
        ),
    ]
