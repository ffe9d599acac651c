from tortoise import fields, migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint

from models.fields import BlindIndexField


class Migration(migrations.Migration):
    dependencies = [("models", "0001_initial")]

    initial = False

    operations = [
        ops.RemoveConstraint(
            model_name="Guest",
            name="guest_status_is_known",
            fields=None,
        ),
        ops.RemoveField(model_name="Guest", name="note"),
        ops.AddConstraint(
            model_name="Guest",
            constraint=CheckConstraint(
                check="status IN ('new', 'here', 'away', 'gone')", name="guest_status_is_known"
            ),
        ),
        ops.AlterField(
            model_name="House",
            name="name",
            field=fields.CharField(max_length=80),
        ),
        ops.AddField(
            model_name="House",
            name="phone_index",
            field=BlindIndexField(null=True, db_index=True),
        ),
        ops.AlterField(
            model_name="Key",
            name="hook",
            field=fields.IntField(null=True),
        ),
        ops.AddConstraint(
            model_name="Plate",
            constraint=CheckConstraint(check="portions BETWEEN 1 AND 3", name="plate_is_no_feast"),
        ),
    ]
