from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from models.fields import (
    BlindIndexField,
    EncryptedJSONField,
    EncryptedTextField,
    LocalTimeField,
    UtcDatetimeField,
)
from models.menumail import standard_lines
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint


# Places that are held already are watched from now on, and open ones filled.
WATCH = """
    UPDATE claim SET watch_at = (SELECT s.starts_at FROM shift s WHERE s.id = claim.shift_id)
    WHERE given_back_at IS NULL AND started_at IS NULL AND finished_at IS NULL
        AND EXISTS (SELECT 1 FROM shift s WHERE s.id = claim.shift_id AND s.state = 'open')
"""
FILL = "UPDATE shift SET fill_at = next_at WHERE state = 'open' AND taken < places"


async def watch_and_fill(apps, editor):
    for statement in (WATCH, FILL):
        await editor.client.execute_query(statement)


class Migration(migrations.Migration):
    dependencies = [("models", "0003_web_files")]

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
            name="CalendarAsk",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "canteen",
                    fields.ForeignKeyField(
                        "models.Canteen",
                        source_field="canteen_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="calendar_asks",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("kind", fields.CharField(max_length=16)),
                ("day", fields.DateField()),
                ("step", fields.SmallIntField()),
                ("next_at", UtcDatetimeField(null=True, db_index=True)),
                ("asked_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "calendar_ask",
                "app": "models",
                "unique_together": (("canteen", "kind", "day", "step"),),
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
            name="CallList",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "canteen",
                    fields.ForeignKeyField(
                        "models.Canteen",
                        source_field="canteen_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="call_lists",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("reason", fields.CharField(max_length=16)),
                ("about", fields.IntField()),
                ("ends", fields.DateField()),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="call_lists",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("at", UtcDatetimeField()),
            ],
            options={
                "table": "call_list",
                "app": "models",
                "unique_together": (("reason", "about"),),
                "indexes": [Index(fields=["canteen_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CallItem",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "call_list",
                    fields.ForeignKeyField(
                        "models.CallList",
                        source_field="call_list_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="items",
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
                        related_name="calls",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("state", fields.CharField(default="open", max_length=16)),
                ("tries", fields.SmallIntField(default=0)),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="calls",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "call_item",
                "app": "models",
                "unique_together": (("call_list", "senior"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Care",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "canteen",
                    fields.ForeignKeyField(
                        "models.Canteen",
                        source_field="canteen_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="care",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("red_after", fields.SmallIntField(default=5)),
                ("call_after", fields.SmallIntField(default=10)),
                ("go_on_after", fields.SmallIntField(default=15)),
                ("again_after", fields.SmallIntField(default=30)),
                ("second_after", fields.SmallIntField(default=120)),
                ("wellbeing", fields.BooleanField(default=False)),
                ("unseen_days", fields.SmallIntField(default=2)),
            ],
            options={"table": "care", "app": "models", "unique_together": (("canteen",),), "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ClosureNews",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "canteen",
                    fields.ForeignKeyField(
                        "models.Canteen",
                        source_field="canteen_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="closure_news",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "about",
                    fields.ForeignKeyField(
                        "models.ClosureNews",
                        source_field="about_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="followed_by",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("kind", fields.CharField(max_length=16)),
                ("starts", fields.DateField()),
                ("ends", fields.DateField()),
                ("words", EncryptedTextField(null=True)),
                ("lunches", fields.IntField(default=0)),
                ("news_at", UtcDatetimeField(null=True)),
                ("next_at", UtcDatetimeField(null=True, db_index=True)),
                ("asked", fields.SmallIntField(default=0)),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="closure_news",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("at", UtcDatetimeField()),
            ],
            options={"table": "closure_news", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Closure",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "canteen",
                    fields.ForeignKeyField(
                        "models.Canteen",
                        source_field="canteen_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="closures",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "news",
                    fields.ForeignKeyField(
                        "models.ClosureNews",
                        source_field="news_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="closures",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("day", fields.DateField()),
                ("kind", fields.CharField(max_length=16)),
                ("reason", fields.CharField(max_length=16)),
                ("words", EncryptedTextField(null=True)),
                ("minutes", fields.SmallIntField(null=True)),
                ("ahead_on", fields.DateField(null=True)),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="closures",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("at", UtcDatetimeField()),
                (
                    "ended_by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="ended_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="ended_closures",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("ended_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "closure",
                "app": "models",
                "constraints": [
                    UniqueConstraint(
                        fields=("canteen", "day"),
                        name="closure_in_force_is_one",
                        condition="ended_at IS NULL",
                    ),
                    CheckConstraint(check="minutes IS NULL OR minutes > 0", name="closure_is_never_earlier"),
                ],
                "indexes": [Index(fields=["canteen_id", "day"]), Index(fields=["canteen_id", "ahead_on"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ClosureReceipt",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "news",
                    fields.ForeignKeyField(
                        "models.ClosureNews",
                        source_field="news_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="receipts",
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
                        related_name="closure_receipts",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("coordinates", fields.BooleanField(default=False)),
                ("cooks", fields.BooleanField(default=False)),
                (
                    "seniors",
                    fields.JSONField(
                        default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                (
                    "claims",
                    fields.JSONField(
                        default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("seen_at", UtcDatetimeField(null=True)),
                ("lost_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "closure_receipt",
                "app": "models",
                "unique_together": (("news", "person"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DatedSetting",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "canteen",
                    fields.ForeignKeyField(
                        "models.Canteen",
                        source_field="canteen_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="dated_settings",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("name", fields.CharField(max_length=20)),
                ("value", fields.CharField(max_length=20)),
                ("since", fields.DateField()),
                ("starts_at", UtcDatetimeField(db_index=True)),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="dated_settings",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("at", UtcDatetimeField()),
                ("applied_at", UtcDatetimeField(null=True)),
                ("voided_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "dated_setting",
                "app": "models",
                "indexes": [Index(fields=["canteen_id", "since"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DayChoice",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "canteen",
                    fields.ForeignKeyField(
                        "models.Canteen",
                        source_field="canteen_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="day_choices",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("day", fields.DateField()),
                ("cooks", fields.BooleanField()),
                ("origin", fields.CharField(max_length=16)),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="day_choices",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("at", UtcDatetimeField()),
                ("voided_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "day_choice",
                "app": "models",
                "constraints": [
                    UniqueConstraint(
                        fields=("canteen", "day"),
                        name="day_choice_in_force_is_one",
                        condition="voided_at IS NULL",
                    )
                ],
                "indexes": [Index(fields=["canteen_id", "day"])],
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
            name="DietWish",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "senior",
                    fields.ForeignKeyField(
                        "models.Senior",
                        source_field="senior_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="diet_wishes",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("since", fields.DateField()),
                ("labels", EncryptedJSONField(default=list)),
                ("texture", EncryptedTextField(default="regular")),
                ("allergies", EncryptedJSONField(default=list)),
                ("avoids", EncryptedTextField(null=True)),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="diet_wishes",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("at", UtcDatetimeField()),
                ("accepted", fields.BooleanField(null=True)),
                ("decided_at", UtcDatetimeField(null=True)),
                (
                    "decided_by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="decided_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="diet_answers",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
            ],
            options={
                "table": "diet_wish",
                "app": "models",
                "indexes": [Index(fields=["senior_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Dish",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "canteen",
                    fields.ForeignKeyField(
                        "models.Canteen",
                        source_field="canteen_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="dishes",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("name", fields.CharField(max_length=80)),
                ("key", fields.CharField(max_length=160)),
                ("created_at", UtcDatetimeField()),
            ],
            options={
                "table": "dish",
                "app": "models",
                "unique_together": (("canteen", "key"),),
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
            name="Ending",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "senior",
                    fields.ForeignKeyField(
                        "models.Senior",
                        source_field="senior_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="endings",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("reason", fields.CharField(max_length=16)),
                ("was", fields.CharField(max_length=32)),
                ("at", UtcDatetimeField()),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="endings",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("undone_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "ending",
                "app": "models",
                "constraints": [
                    UniqueConstraint(
                        fields=("senior",), name="ending_in_force_is_one", condition="undone_at IS NULL"
                    )
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="FirstReport",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "service_day",
                    fields.OneToOneField(
                        "models.ServiceDay",
                        source_field="service_day_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="first_report",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "figures",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                ("told_at", UtcDatetimeField()),
                ("last_at", UtcDatetimeField(null=True, db_index=True)),
            ],
            options={"table": "first_report", "app": "models", "pk_attr": "id"},
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
            name="Homecoming",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "senior",
                    fields.ForeignKeyField(
                        "models.Senior",
                        source_field="senior_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="homecomings",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("day", fields.DateField()),
                ("food", EncryptedTextField()),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="homecomings",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("at", UtcDatetimeField()),
                ("seen_at", UtcDatetimeField(null=True)),
                ("voided_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "homecoming",
                "app": "models",
                "indexes": [Index(fields=["senior_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Incident",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "case",
                    fields.ForeignKeyField(
                        "models.Case",
                        source_field="case_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="incidents",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "meal",
                    fields.ForeignKeyField(
                        "models.Meal",
                        source_field="meal_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="incidents",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("facts", EncryptedJSONField()),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="incidents",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("at", UtcDatetimeField()),
            ],
            options={
                "table": "incident",
                "app": "models",
                "indexes": [Index(fields=["case_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="KitchenVersion",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "service_day",
                    fields.ForeignKeyField(
                        "models.ServiceDay",
                        source_field="service_day_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="versions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("number", fields.SmallIntField()),
                ("said", EncryptedJSONField()),
                ("at", UtcDatetimeField()),
            ],
            options={
                "table": "kitchen_version",
                "app": "models",
                "unique_together": (("service_day", "number"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MenuSetting",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "canteen",
                    fields.OneToOneField(
                        "models.Canteen",
                        source_field="canteen_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="menu_setting",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("menu_at", LocalTimeField(default="10:00")),
                ("families", fields.BooleanField(default=True)),
                (
                    "lines",
                    fields.JSONField(
                        default=standard_lines,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                ("next_at", UtcDatetimeField(null=True, db_index=True)),
            ],
            options={"table": "menu_setting", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MenuWish",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="menu_wishes",
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
                        related_name="menu_wishes",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("kind", fields.CharField(max_length=8)),
                ("since", UtcDatetimeField()),
                ("ended_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "menu_wish",
                "app": "models",
                "indexes": [Index(fields=["canteen_id", "kind"]), Index(fields=["person_id"])],
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
            name="Recipe",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "dish",
                    fields.ForeignKeyField(
                        "models.Dish",
                        source_field="dish_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="recipes",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "allergens",
                    fields.JSONField(
                        default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                (
                    "ingredients",
                    fields.JSONField(
                        default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("known", fields.BooleanField(default=False)),
                (
                    "lines",
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
                        related_name="recipes",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("at", UtcDatetimeField()),
            ],
            options={
                "table": "recipe",
                "app": "models",
                "indexes": [Index(fields=["dish_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Planned",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "canteen",
                    fields.ForeignKeyField(
                        "models.Canteen",
                        source_field="canteen_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="planned",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("day", fields.DateField()),
                ("line", fields.CharField(max_length=20)),
                ("position", fields.SmallIntField()),
                (
                    "dish",
                    fields.ForeignKeyField(
                        "models.Dish",
                        source_field="dish_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="planned",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "recipe",
                    fields.ForeignKeyField(
                        "models.Recipe",
                        source_field="recipe_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="planned",
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
                        related_name="planned",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("at", UtcDatetimeField()),
                ("voided_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "planned_dish",
                "app": "models",
                "indexes": [Index(fields=["canteen_id", "day"]), Index(fields=["dish_id", "day"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Cooked",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "planned",
                    fields.ForeignKeyField(
                        "models.Planned",
                        source_field="planned_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="cooked",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "allergens",
                    fields.JSONField(
                        default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                (
                    "ingredients",
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
                        related_name="cooked",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("at", UtcDatetimeField()),
            ],
            options={
                "table": "cooked_dish",
                "app": "models",
                "indexes": [Index(fields=["planned_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
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
        ops.CreateModel(
            name="Watch",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "service_day",
                    fields.ForeignKeyField(
                        "models.ServiceDay",
                        source_field="service_day_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="watches",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("at", UtcDatetimeField()),
            ],
            options={
                "table": "watch",
                "app": "models",
                "unique_together": (("service_day",),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="WellBeing",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "senior",
                    fields.ForeignKeyField(
                        "models.Senior",
                        source_field="senior_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="wellbeing",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "meal",
                    fields.ForeignKeyField(
                        "models.Meal",
                        source_field="meal_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="wellbeing",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("rating", fields.SmallIntField()),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="wellbeing",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("at", UtcDatetimeField()),
            ],
            options={
                "table": "well_being",
                "app": "models",
                "indexes": [Index(fields=["senior_id", "at"]), Index(fields=["meal_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Canteen",
            name="freeze_at",
            field=LocalTimeField(null=True),
        ),
        ops.AddField(
            model_name="Canteen",
            name="label_sheet",
            field=fields.CharField(null=True, max_length=16),
        ),
        ops.AddField(
            model_name="Canteen",
            name="quota",
            field=fields.SmallIntField(null=True, default=22, db_default=22),
        ),
        ops.AddField(
            model_name="Canteen",
            name="region",
            field=fields.CharField(null=True, max_length=6),
        ),
        ops.AddField(
            model_name="Canteen",
            name="report_at",
            field=UtcDatetimeField(null=True, db_index=True),
        ),
        ops.AddField(
            model_name="Canteen",
            name="week_limit",
            field=fields.SmallIntField(null=True),
        ),
        ops.AddField(
            model_name="Case",
            name="began_at",
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name="Case",
            name="minutes",
            field=fields.JSONField(
                null=True, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
            ),
        ),
        ops.AddField(
            model_name="Case",
            name="next_at",
            field=UtcDatetimeField(null=True, db_index=True),
        ),
        ops.AddField(
            model_name="Case",
            name="red_at",
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name="Case",
            name="rested_at",
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name="Case",
            name="step",
            field=fields.SmallIntField(null=True),
        ),
        ops.AddField(
            model_name="Case",
            name="urgent",
            field=fields.BooleanField(null=True),
        ),
        ops.AddIndex(
            model_name="Case",
            index=Index(fields=["senior_id", "closed_at"]),
        ),
        ops.AddField(
            model_name="CaseEvent",
            name="about",
            field=EncryptedTextField(null=True),
        ),
        ops.AddField(
            model_name="CaseEvent",
            name="kin",
            field=fields.ForeignKeyField(
                "models.Kinship",
                source_field="kin_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="case_events",
                on_delete=OnDelete.SET_NULL,
            ),
        ),
        ops.AddField(
            model_name="CaseEvent",
            name="reached",
            field=fields.BooleanField(null=True),
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
            name="lifted_at",
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
            model_name="Kinship",
            name="rank",
            field=fields.SmallIntField(null=True),
        ),
        ops.AddField(
            model_name="Kinship",
            name="scope",
            field=fields.SmallIntField(null=True),
        ),
        ops.AddField(
            model_name="Meal",
            name="converted_from",
            field=fields.CharField(null=True, max_length=16),
        ),
        ops.AddField(
            model_name="Meal",
            name="guests",
            field=fields.SmallIntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name="Meal",
            name="surplus",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name="MealEvent",
            name="origin",
            field=fields.CharField(null=True, max_length=16),
        ),
        ops.AddField(
            model_name="OrderChange",
            name="guests",
            field=fields.SmallIntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name="OrderChange",
            name="route",
            field=fields.ForeignKeyField(
                "models.Route",
                source_field="route_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="changes",
                on_delete=OnDelete.CASCADE,
            ),
        ),
        ops.AddIndex(
            model_name="OrderChange",
            index=Index(fields=["route_id", "day"]),
        ),
        ops.AddField(
            model_name="Pause",
            name="asked_at",
            field=UtcDatetimeField(null=True),
        ),
        ops.AddIndex(
            model_name="Pause",
            index=Index(fields=["ends", "starts"]),
        ),
        ops.AddField(
            model_name="ServiceDay",
            name="closes_with",
            field=fields.DateField(null=True),
        ),
        ops.AddField(
            model_name="ServiceDay",
            name="freeze_at",
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name="ServiceDay",
            name="frozen_at",
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name="ServiceDay",
            name="later",
            field=fields.SmallIntField(null=True),
        ),
        ops.AddField(
            model_name="ServiceDay",
            name="makeup",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name="ServiceDay",
            name="recount_at",
            field=UtcDatetimeField(null=True, db_index=True),
        ),
        ops.AddField(
            model_name="ServiceDay",
            name="stands_for",
            field=fields.SmallIntField(null=True),
        ),
        ops.AddIndex(
            model_name="ServiceDay",
            index=Index(fields=["state", "day"]),
        ),
        ops.AddField(
            model_name="Shift",
            name="closure",
            field=fields.ForeignKeyField(
                "models.Closure",
                source_field="closure_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="shifts",
                on_delete=OnDelete.SET_NULL,
            ),
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
        ops.RunPython(watch_and_fill),
    ]
