"""What people can do: one module per thing they do. Names only; importing this loads none of them."""

from typing import Final

FEATURES: Final[tuple[str, ...]] = (
    # fmt: one a line
    "handlers.start",
    "handlers.help",
    "handlers.language",
    "handlers.human",
    "handlers.joining",
    "handlers.inviting",
    "handlers.people",
    "handlers.settings",
    "handlers.routes",
    "handlers.unreachable",
    "handlers.calendar",
    "handlers.meals",
    "handlers.orders",
    "handlers.roster",
    "handlers.seniors",
    "handlers.senior_card",
    "handlers.senior_changes",
    "handlers.approval",
    "handlers.asking",
    "handlers.placing",
    "handlers.twice",
    "handlers.family",
    "handlers.today",
    "handlers.shifts",
    "handlers.myshifts",
    "handlers.openings",
    "handlers.reminders",
    "handlers.hours",
    "handlers.rounds",
    "handlers.doors",
    "handlers.cases",
    "handlers.demo",
)
