from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import BlindIndexField, EncryptedTextField, LocalTimeField, UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint


class Migration(migrations.Migration):
    dependencies = [("models", "0005_closures")]

    initial = False

    operations = [
        ops.CreateModel(
            name="BoardKey",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="board_keys",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "canteen",
                    fields.ForeignKeyField(
                        "models.Canteen",
                        source_field="canteen_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="board_keys",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("page", fields.CharField(max_length=40)),
                ("link_hash", fields.CharField(unique=True, max_length=64)),
                ("cookie_hash", fields.CharField(null=True, unique=True, max_length=64)),
                ("made_at", UtcDatetimeField()),
                ("expires_at", UtcDatetimeField(db_index=True)),
                ("opened_at", UtcDatetimeField(null=True)),
                ("revoked_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "board_key",
                "app": "models",
                "indexes": [Index(fields=["person_id", "page"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DeskRules",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "canteen",
                    fields.ForeignKeyField(
                        "models.Canteen",
                        source_field="canteen_id",
                        unique=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="desk_rules",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("closes_at", LocalTimeField(null=True)),
                ("spare", fields.SmallIntField(default=3)),
                ("hot_at_least", fields.SmallIntField(default=60)),
                ("cold_at_most", fields.SmallIntField(default=8)),
                ("samples_at", LocalTimeField(default="11:00")),
            ],
            options={
                "table": "desk_rules",
                "app": "models",
                "constraints": [
                    CheckConstraint(check="spare BETWEEN 0 AND 99", name="desk_rules_spare_is_a_number"),
                    CheckConstraint(check="cold_at_most < hot_at_least", name="desk_rules_cold_is_below_hot"),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="GuestCount",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "service_day",
                    fields.ForeignKeyField(
                        "models.ServiceDay",
                        source_field="service_day_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="guest_counts",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("count", fields.SmallIntField()),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="guest_counts",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("at", UtcDatetimeField()),
            ],
            options={
                "table": "guest_count",
                "app": "models",
                "indexes": [Index(fields=["service_day_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Noon",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "service_day",
                    fields.ForeignKeyField(
                        "models.ServiceDay",
                        source_field="service_day_id",
                        unique=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="noon",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("desk_at", UtcDatetimeField(null=True, db_index=True)),
                ("samples_at", UtcDatetimeField(null=True, db_index=True)),
                ("closed_at", UtcDatetimeField(null=True)),
                (
                    "closed_by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="closed_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="closed_desks",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
            ],
            options={"table": "noon", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Reading",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("day", fields.DateField()),
                ("dish", fields.CharField(max_length=80)),
                ("at", UtcDatetimeField()),
                ("voided_at", UtcDatetimeField(null=True)),
                (
                    "canteen",
                    fields.ForeignKeyField(
                        "models.Canteen",
                        source_field="canteen_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="readings",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("tenths", fields.SmallIntField()),
                ("cold", fields.BooleanField(default=False)),
                ("place", fields.CharField(max_length=16)),
                ("verdict", fields.CharField(max_length=16)),
                (
                    "route",
                    fields.ForeignKeyField(
                        "models.Route",
                        source_field="route_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="readings",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="readings",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                (
                    "voided_by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="voided_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="voided_readings",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
            ],
            options={
                "table": "reading",
                "app": "models",
                "indexes": [Index(fields=["canteen_id", "day"])],
                "pk_attr": "id",
            },
            bases=["_Entry"],
        ),
        ops.CreateModel(
            name="Sample",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("day", fields.DateField()),
                ("dish", fields.CharField(max_length=80)),
                ("at", UtcDatetimeField()),
                ("voided_at", UtcDatetimeField(null=True)),
                (
                    "canteen",
                    fields.ForeignKeyField(
                        "models.Canteen",
                        source_field="canteen_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="samples",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("grams", fields.SmallIntField()),
                ("discard_after", UtcDatetimeField()),
                ("remind_at", UtcDatetimeField(null=True, db_index=True)),
                ("discarded_at", UtcDatetimeField(null=True)),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="samples",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                (
                    "discarded_by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="discarded_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="discarded_samples",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                (
                    "voided_by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="voided_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="voided_samples",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
            ],
            options={
                "table": "sample",
                "app": "models",
                "indexes": [Index(fields=["canteen_id", "day"])],
                "pk_attr": "id",
            },
            bases=["_Entry"],
        ),
        ops.CreateModel(
            name="SeniorCard",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "senior",
                    fields.ForeignKeyField(
                        "models.Senior",
                        source_field="senior_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="cards",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("code", EncryptedTextField()),
                ("code_index", BlindIndexField(null=True, db_index=True)),
                ("issued_at", UtcDatetimeField()),
                (
                    "issued_by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="issued_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="issued_cards",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("revoked_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "senior_card",
                "app": "models",
                "indexes": [Index(fields=["senior_id", "revoked_at"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.AddIndex(
            model_name="ServiceDay",
            index=Index(fields=["state", "day"]),
        ),
    ]
