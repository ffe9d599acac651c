from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import EncryptedTextField, UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint


class Migration(migrations.Migration):
    dependencies = [("models", "0004_the_days_work")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Ability",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="abilities",
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
                        related_name="abilities",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("skill", fields.CharField(max_length=16)),
                ("said_at", UtcDatetimeField()),
                ("confirmed_at", UtcDatetimeField(null=True)),
                (
                    "confirmed_by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="confirmed_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="confirmed_abilities",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("ended_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "ability",
                "app": "models",
                "constraints": [
                    UniqueConstraint(
                        fields=("person", "canteen", "skill"),
                        name="ability_is_had_once",
                        condition="ended_at IS NULL",
                    )
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="AgeNote",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="ages",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("age", fields.CharField(max_length=16)),
                ("at", UtcDatetimeField()),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="noted_ages",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
            ],
            options={
                "table": "age_note",
                "app": "models",
                "indexes": [Index(fields=["person_id", "at"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="FirstVisit",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "shift",
                    fields.OneToOneField(
                        "models.Shift",
                        source_field="shift_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="first_visit",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("at", UtcDatetimeField()),
                (
                    "beside",
                    fields.ForeignKeyField(
                        "models.Claim",
                        source_field="beside_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="first_visits",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
            ],
            options={"table": "first_visit", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="BesideCall",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "visit",
                    fields.ForeignKeyField(
                        "models.FirstVisit",
                        source_field="visit_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="asked",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="asked_beside",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("at", UtcDatetimeField()),
                ("declined_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "beside_call",
                "app": "models",
                "unique_together": (("visit", "person"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="GuardianYes",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="guardians",
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
                        related_name="guardians",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("name", EncryptedTextField()),
                ("phone", EncryptedTextField()),
                ("wording", fields.SmallIntField(default=1)),
                ("at", UtcDatetimeField()),
                (
                    "heard_by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="heard_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="heard_guardians",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("ended_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "guardian_yes",
                "app": "models",
                "indexes": [Index(fields=["person_id", "canteen_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Introduction",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="introductions",
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
                        related_name="introductions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("kind", fields.CharField(max_length=16)),
                ("at", UtcDatetimeField()),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="introduced",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
            ],
            options={
                "table": "introduction",
                "app": "models",
                "unique_together": (("person", "canteen", "kind"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Need",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "route",
                    fields.ForeignKeyField(
                        "models.Route",
                        source_field="route_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="needs",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("skill", fields.CharField(max_length=16)),
                ("places", fields.SmallIntField(default=1)),
            ],
            options={
                "table": "need",
                "app": "models",
                "unique_together": (("route", "skill"),),
                "constraints": [CheckConstraint(check="places >= 1", name="need_is_of_somebody")],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Canteen",
            name="introduces",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name="Claim",
            name="part",
            field=fields.CharField(null=True, max_length=16),
        ),
        ops.AddField(
            model_name="Route",
            name="kind",
            field=fields.CharField(default="round", db_default="round", max_length=16),
        ),
        ops.AddField(
            model_name="Route",
            name="place",
            field=fields.CharField(null=True, max_length=120),
        ),
        ops.AddField(
            model_name="Route",
            name="weekdays",
            field=fields.SmallIntField(null=True),
        ),
        ops.AddField(
            model_name="Standby",
            name="part",
            field=fields.CharField(null=True, max_length=16),
        ),
    ]
