from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint


class Migration(migrations.Migration):
    dependencies = [("models", "0009_door_ladder_and_family")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Away",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="away",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("starts", fields.DateField()),
                ("ends", fields.DateField()),
                ("said_at", UtcDatetimeField()),
                ("voided_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "away",
                "app": "models",
                "constraints": [CheckConstraint(check="ends >= starts", name="away_ends_after_it_starts")],
                "indexes": [Index(fields=["person_id", "voided_at"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Call",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "shift",
                    fields.ForeignKeyField(
                        "models.Shift",
                        source_field="shift_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="shift_calls",
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
                        related_name="shift_calls",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("step", fields.SmallIntField()),
                ("asked_at", UtcDatetimeField()),
                ("declined_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "call",
                "app": "models",
                "unique_together": (("shift", "person"),),
                "indexes": [Index(fields=["person_id", "asked_at"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Duty",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "canteen",
                    fields.ForeignKeyField(
                        "models.Canteen",
                        source_field="canteen_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="duties",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("weekday", fields.SmallIntField()),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="duties",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "deputy",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="deputy_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="deputy_duties",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("since", UtcDatetimeField()),
                ("ended_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "duty",
                "app": "models",
                "constraints": [
                    CheckConstraint(check="weekday BETWEEN 0 AND 6", name="duty_is_on_a_weekday"),
                    UniqueConstraint(
                        fields=("canteen", "weekday"),
                        name="duty_of_a_weekday_is_one",
                        condition="ended_at IS NULL",
                    ),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Handover",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "claim",
                    fields.ForeignKeyField(
                        "models.Claim",
                        source_field="claim_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="handovers",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "to",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="to_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="handovers",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("half", fields.BooleanField(default=False)),
                ("asked_at", UtcDatetimeField()),
                ("ended_at", UtcDatetimeField(null=True)),
                ("accepted", fields.BooleanField(default=False)),
            ],
            options={
                "table": "handover",
                "app": "models",
                "constraints": [
                    UniqueConstraint(
                        fields=("claim", "to"), name="handover_is_asked_once", condition="ended_at IS NULL"
                    )
                ],
                "indexes": [Index(fields=["to_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Standby",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "shift",
                    fields.ForeignKeyField(
                        "models.Shift",
                        source_field="shift_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="standbys",
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
                        related_name="standbys",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("asked_at", UtcDatetimeField()),
                ("offered_at", UtcDatetimeField(null=True)),
                ("offered_until", UtcDatetimeField(null=True, db_index=True)),
                ("ended_at", UtcDatetimeField(null=True)),
                ("end", fields.CharField(null=True, max_length=16)),
            ],
            options={
                "table": "standby",
                "app": "models",
                "constraints": [
                    UniqueConstraint(
                        fields=("shift", "person"), name="standby_waits_once", condition="ended_at IS NULL"
                    )
                ],
                "indexes": [Index(fields=["person_id", "shift_id"]), Index(fields=["ended_at", "shift_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Standing",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="standing",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "route",
                    fields.ForeignKeyField(
                        "models.Route",
                        source_field="route_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="standing",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("weekdays", fields.SmallIntField()),
                ("since", fields.DateField()),
                ("ended_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "standing",
                "app": "models",
                "constraints": [
                    CheckConstraint(check="weekdays BETWEEN 1 AND 127", name="standing_has_a_weekday")
                ],
                "indexes": [Index(fields=["route_id", "ended_at"]), Index(fields=["person_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Swap",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "mine",
                    fields.ForeignKeyField(
                        "models.Claim",
                        source_field="mine_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="swaps",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "theirs",
                    fields.ForeignKeyField(
                        "models.Claim",
                        source_field="theirs_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="swaps_wished",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("asked_at", UtcDatetimeField()),
                ("ended_at", UtcDatetimeField(null=True)),
                ("agreed", fields.BooleanField(default=False)),
            ],
            options={
                "table": "swap",
                "app": "models",
                "constraints": [
                    UniqueConstraint(
                        fields=("mine", "theirs"), name="swap_is_asked_once", condition="ended_at IS NULL"
                    )
                ],
                "indexes": [Index(fields=["theirs_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Canteen",
            name="week_limit",
            field=fields.SmallIntField(null=True),
        ),
        ops.AddField(
            model_name="Claim",
            name="arrived_at",
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name="Claim",
            name="coming_at",
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name="Claim",
            name="left_at",
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name="Claim",
            name="missed_at",
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name="Claim",
            name="relieves",
            field=fields.ForeignKeyField(
                "models.Claim",
                source_field="relieves_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="relieved_by",
                on_delete=OnDelete.SET_NULL,
            ),
        ),
        ops.AddField(
            model_name="Claim",
            name="stand_in_at",
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name="Claim",
            name="watch_at",
            field=UtcDatetimeField(null=True, db_index=True),
        ),
        ops.AddField(
            model_name="Claim",
            name="watched",
            field=fields.SmallIntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name="Shift",
            name="fill_at",
            field=UtcDatetimeField(null=True, db_index=True),
        ),
        ops.AddField(
            model_name="Shift",
            name="fill_step",
            field=fields.SmallIntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name="Shift",
            name="offered",
            field=fields.SmallIntField(default=0, db_default=0),
        ),
    ]
