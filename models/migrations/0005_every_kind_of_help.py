from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import BlindIndexField, EncryptedTextField, LocalTimeField, UtcDatetimeField
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
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
            name="BoxReturn",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "senior",
                    fields.ForeignKeyField(
                        "models.Senior",
                        source_field="senior_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="box_returns",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "meal",
                    fields.ForeignKeyField(
                        "models.Meal",
                        source_field="meal_id",
                        null=True,
                        unique=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="box_returns",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("count", fields.SmallIntField()),
                ("day", fields.DateField()),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="box_returns",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("at", UtcDatetimeField()),
            ],
            options={
                "table": "box_return",
                "app": "models",
                "indexes": [Index(fields=["senior_id", "day"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
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
                ("daily_for", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
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
        ops.CreateModel(
            name="File",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "canteen",
                    fields.ForeignKeyField(
                        "models.Canteen",
                        source_field="canteen_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="files",
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
                        related_name="files",
                        on_delete=OnDelete.CASCADE,
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
                        related_name="files",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "meal",
                    fields.ForeignKeyField(
                        "models.Meal",
                        source_field="meal_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="files",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("kind", fields.CharField(max_length=16)),
                ("mime", fields.CharField(default="", max_length=40)),
                ("size", fields.IntField(default=0)),
                ("sealed", EncryptedTextField(null=True)),
                ("channel", fields.CharField(max_length=16)),
                ("ref", EncryptedTextField(null=True)),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="files",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("at", UtcDatetimeField()),
                ("fetch_at", UtcDatetimeField(null=True, db_index=True)),
                ("delete_at", UtcDatetimeField(null=True, db_index=True)),
                ("deleted_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "file",
                "app": "models",
                "indexes": [Index(fields=["case_id"]), Index(fields=["senior_id"])],
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
            name="Household",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "canteen",
                    fields.ForeignKeyField(
                        "models.Canteen",
                        source_field="canteen_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="households",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("created_at", UtcDatetimeField()),
            ],
            options={"table": "household", "app": "models", "pk_attr": "id"},
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
                ("before", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
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
                ("risks", fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
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
        ops.CreateModel(
            name="Upload",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "session",
                    fields.ForeignKeyField(
                        "models.WebSession",
                        source_field="session_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="uploads",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("client_id", fields.CharField(max_length=36)),
                ("mime", fields.CharField(max_length=40)),
                ("size", fields.IntField()),
                ("sealed", EncryptedTextField()),
                ("created_at", UtcDatetimeField(db_index=True)),
            ],
            options={
                "table": "upload",
                "app": "models",
                "unique_together": (("session", "client_id"),),
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
            model_name="Canteen",
            name="introduces",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name="Care",
            name="boxes_since",
            field=fields.DateField(null=True),
        ),
        ops.AddField(
            model_name="Care",
            name="maps",
            field=fields.CharField(null=True, max_length=16),
        ),
        ops.AddField(
            model_name="Care",
            name="photo_days",
            field=fields.SmallIntField(default=30, db_default=30),
        ),
        ops.AddField(
            model_name="Care",
            name="voice_days",
            field=fields.SmallIntField(default=90, db_default=90),
        ),
        ops.AddField(
            model_name="Claim",
            name="part",
            field=fields.CharField(null=True, max_length=16),
        ),
        ops.AddField(
            model_name="DeskRules",
            name="warm_for",
            field=fields.SmallIntField(default=120, db_default=120),
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
            model_name="Senior",
            name="household",
            field=fields.ForeignKeyField(
                "models.Household",
                source_field="household_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="seniors",
                on_delete=OnDelete.SET_NULL,
            ),
        ),
        ops.AddField(
            model_name="Senior",
            name="namesake",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name="Senior",
            name="spoken_index",
            field=BlindIndexField(null=True, db_index=True),
        ),
        ops.AddField(
            model_name="Standby",
            name="part",
            field=fields.CharField(null=True, max_length=16),
        ),
    ]
