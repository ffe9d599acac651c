from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import EncryptedTextField


class Migration(migrations.Migration):
    dependencies = [("models", "0006_met_at_the_door")]

    initial = False

    operations = [
        ops.AddField(
            model_name="MealEvent",
            name="neighbour",
            field=EncryptedTextField(null=True),
        ),
    ]
