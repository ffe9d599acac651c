from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import EncryptedTextField, UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint


class Migration(migrations.Migration):
    dependencies = [("models", "0005_calendar_feed")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Group",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "canteen",
                    fields.ForeignKeyField(
                        "models.Canteen",
                        source_field="canteen_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="groups",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("code_hash", fields.CharField(unique=True, max_length=64)),
                (
                    "made_by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="made_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="made_groups",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("made_at", UtcDatetimeField()),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account",
                        source_field="account_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="groups",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("title", EncryptedTextField(null=True)),
                ("bound_at", UtcDatetimeField(null=True)),
                ("ended_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "chat_group",
                "app": "models",
                "constraints": [
                    UniqueConstraint(
                        fields=("account",), name="chat_group_shows_one_canteen", condition="ended_at IS NULL"
                    )
                ],
                "indexes": [Index(fields=["canteen_id", "ended_at"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
