from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from models.fields import EncryptedJSONField, EncryptedTextField, LocalTimeField, UtcDatetimeField
from models.menumail import standard_lines
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("models", "0007_orders")]

    initial = False

    operations = [
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
    ]
