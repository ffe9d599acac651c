from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import UtcDatetimeField


class Migration(migrations.Migration):
    dependencies = [("models", "0005_every_kind_of_help")]

    initial = False

    operations = [
        ops.AddField(
            model_name="ChannelState",
            name="heard_at",
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name="File",
            name="hide_at",
            field=UtcDatetimeField(null=True, db_index=True),
        ),
    ]
