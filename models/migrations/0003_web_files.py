from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import EncryptedTextField, UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("models", "0002_find_by_person")]

    initial = False

    operations = [
        ops.CreateModel(
            name="WebFile",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "session",
                    fields.ForeignKeyField(
                        "models.WebSession",
                        source_field="session_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="files",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("letter_id", fields.BigIntField(unique=True)),
                ("name", fields.CharField(max_length=120)),
                ("mime", fields.CharField(max_length=80)),
                ("sealed", EncryptedTextField()),
                ("created_at", UtcDatetimeField(db_index=True)),
            ],
            options={"table": "web_file", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
    ]
