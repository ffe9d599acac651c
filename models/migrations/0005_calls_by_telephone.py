from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from models.fields import EncryptedTextField, LocalTimeField, UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint


class Migration(migrations.Migration):
    dependencies = [("models", "0004_the_days_work")]

    initial = False

    operations = [
        ops.CreateModel(
            name="CallRules",
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
                        related_name="call_rules",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("opens_at", LocalTimeField(default="09:00")),
                ("shuts_at", LocalTimeField(default="19:00")),
                ("daily_at", LocalTimeField(null=True)),
                (
                    "daily_for",
                    fields.JSONField(
                        null=True, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("check_at", LocalTimeField(default="10:00")),
                ("check_by", LocalTimeField(default="15:00")),
                ("again_after", fields.SmallIntField(default=30)),
                ("tries", fields.SmallIntField(default=3)),
                ("hold", fields.SmallIntField(default=10)),
                ("age", fields.SmallIntField(default=80)),
                ("next_at", UtcDatetimeField(null=True, db_index=True)),
            ],
            options={"table": "call_rules", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Caller",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "canteen",
                    fields.ForeignKeyField(
                        "models.Canteen",
                        source_field="canteen_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="callers",
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
                        related_name="caller",
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
                        related_name="callers_chosen",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("since", UtcDatetimeField()),
                ("ended_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "caller",
                "app": "models",
                "constraints": [
                    UniqueConstraint(
                        fields=("canteen", "person"),
                        name="caller_is_chosen_once",
                        condition="ended_at IS NULL",
                    )
                ],
                "indexes": [Index(fields=["person_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PhoneCall",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "canteen",
                    fields.ForeignKeyField(
                        "models.Canteen",
                        source_field="canteen_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="phone_calls",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "senior",
                    fields.ForeignKeyField(
                        "models.Senior",
                        source_field="senior_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="phone_calls",
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
                        related_name="phone_calls",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("taken_at", UtcDatetimeField()),
                ("until_at", UtcDatetimeField(db_index=True)),
                ("outcome", fields.CharField(null=True, max_length=16)),
                ("ended_at", UtcDatetimeField(null=True)),
                (
                    "before",
                    fields.JSONField(
                        null=True, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                (
                    "case",
                    fields.ForeignKeyField(
                        "models.Case",
                        source_field="case_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="phone_calls",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("undone_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "phone_call",
                "app": "models",
                "constraints": [
                    UniqueConstraint(
                        fields=("senior",), name="senior_is_in_one_hand", condition="ended_at IS NULL"
                    ),
                    UniqueConstraint(
                        fields=("person",), name="caller_has_one_in_hand", condition="ended_at IS NULL"
                    ),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RoundNotice",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "shift",
                    fields.ForeignKeyField(
                        "models.Shift",
                        source_field="shift_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="notices",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("kind", fields.CharField(max_length=16)),
                ("at", UtcDatetimeField()),
            ],
            options={
                "table": "round_notice",
                "app": "models",
                "unique_together": (("shift", "kind"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Spell",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "canteen",
                    fields.ForeignKeyField(
                        "models.Canteen",
                        source_field="canteen_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="spells",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("kind", fields.CharField(max_length=16)),
                ("words", EncryptedTextField(null=True)),
                ("starts", fields.DateField()),
                ("ends", fields.DateField()),
                (
                    "risks",
                    fields.JSONField(
                        default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
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
                        related_name="spells",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("at", UtcDatetimeField()),
                ("next_at", UtcDatetimeField(null=True, db_index=True)),
                (
                    "ended_by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="ended_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="ended_spells",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("ended_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "spell",
                "app": "models",
                "constraints": [
                    UniqueConstraint(
                        fields=("canteen", "kind"),
                        name="spell_of_a_kind_is_one",
                        condition="ended_at IS NULL",
                    ),
                    CheckConstraint(check="ends >= starts", name="spell_ends_after_it_starts"),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CallRound",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "canteen",
                    fields.ForeignKeyField(
                        "models.Canteen",
                        source_field="canteen_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="call_rounds",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("reason", fields.CharField(max_length=16)),
                ("day", fields.DateField()),
                (
                    "spell",
                    fields.ForeignKeyField(
                        "models.Spell",
                        source_field="spell_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="rounds",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("at", UtcDatetimeField()),
                ("next_at", UtcDatetimeField(null=True, db_index=True)),
                ("settled_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "call_round",
                "app": "models",
                "unique_together": (("canteen", "reason", "day"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="CallItem",
            name="next_at",
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name="DeskRules",
            name="warm_for",
            field=fields.SmallIntField(default=120, db_default=120),
        ),
    ]
