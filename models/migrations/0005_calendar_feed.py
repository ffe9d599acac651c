from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("models", "0004_the_days_work")]

    initial = False

    operations = [
        ops.CreateModel(
            name="CalendarFeed",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "person",
                    fields.OneToOneField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="calendar_feed",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("token_hash", fields.CharField(null=True, unique=True, max_length=64)),
                ("version", fields.IntField(default=0)),
                ("made_at", UtcDatetimeField()),
            ],
            options={"table": "calendar_feed", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="FeedEntry",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "claim",
                    fields.OneToOneField(
                        "models.Claim",
                        source_field="claim_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="feed_entry",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("uid", fields.CharField(unique=True, max_length=36)),
                ("sequence", fields.IntField(default=0)),
                ("digest", fields.CharField(max_length=64)),
                ("changed_at", UtcDatetimeField()),
            ],
            options={"table": "feed_entry", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
    ]
