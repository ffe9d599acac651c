from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("models", "0001_initial")]

    initial = False

    operations = [
        ops.AddIndex(
            model_name="Account",
            index=Index(fields=["person_id"]),
        ),
        ops.AddIndex(
            model_name="CaseEvent",
            index=Index(fields=["case_id"]),
        ),
        ops.AddIndex(
            model_name="Conversation",
            index=Index(fields=["person_id", "parked_at"]),
        ),
        ops.AddIndex(
            model_name="Kinship",
            index=Index(fields=["person_id"]),
        ),
        ops.AddIndex(
            model_name="MealEvent",
            index=Index(fields=["meal_id"]),
        ),
        ops.AddIndex(
            model_name="Membership",
            index=Index(fields=["canteen_id", "role"]),
        ),
        ops.AddIndex(
            model_name="OutboxMessage",
            index=Index(fields=["person_id", "key"]),
        ),
    ]
