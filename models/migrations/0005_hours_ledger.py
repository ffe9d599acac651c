from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import BlindIndexField, EncryptedTextField, UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint


class Migration(migrations.Migration):
    dependencies = [("models", "0004_the_days_work")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ServiceRecord",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "canteen",
                    fields.ForeignKeyField(
                        "models.Canteen",
                        source_field="canteen_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="service_records",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="service_records",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("number", fields.CharField(unique=True, max_length=32)),
                ("code", EncryptedTextField()),
                ("code_index", BlindIndexField(null=True, db_index=True)),
                ("first_day", fields.DateField()),
                ("last_day", fields.DateField()),
                ("minutes", fields.IntField()),
                ("issued_at", UtcDatetimeField()),
                (
                    "issued_by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="issued_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="issued_records",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("replaced_at", UtcDatetimeField(null=True)),
                ("voided_at", UtcDatetimeField(null=True)),
                (
                    "voided_by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="voided_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="voided_records",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("reason", EncryptedTextField(null=True)),
            ],
            options={
                "table": "service_record",
                "app": "models",
                "indexes": [Index(fields=["canteen_id", "issued_at"]), Index(fields=["person_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="HoursEntry",
            name="began_at",
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name="HoursEntry",
            name="ended_at",
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name="HoursEntry",
            name="kind",
            field=fields.CharField(default="worked", db_default="worked", max_length=16),
        ),
        ops.AddField(
            model_name="HoursEntry",
            name="reason",
            field=EncryptedTextField(null=True),
        ),
        ops.AddField(
            model_name="HoursEntry",
            name="replaces",
            field=fields.ForeignKeyField(
                "models.HoursEntry",
                source_field="replaces_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="replaced_by",
                on_delete=OnDelete.NO_ACTION,
            ),
        ),
        ops.AddIndex(
            model_name="HoursEntry",
            index=Index(fields=["canteen_id", "day"]),
        ),
        ops.AddConstraint(
            model_name="HoursEntry",
            constraint=UniqueConstraint(fields=("replaces",), name="hours_are_replaced_once"),
        ),
        ops.AddConstraint(
            model_name="HoursEntry",
            constraint=CheckConstraint(check="kind <> 'void' OR minutes = 0", name="void_hours_are_none"),
        ),
    ]
