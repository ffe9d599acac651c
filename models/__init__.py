"""Facts and rules: tables, operations, refusals. No words, no chat."""

from typing import Final

MODULES: Final = [
    "models.people",
    "models.invitations",
    "models.canteens",
    "models.routes",
    "models.calendar",
    "models.seniors",
    "models.consents",
    "models.dated",
    "models.kin",
    "models.pauses",
    "models.orders",
    "models.meals",
    "models.shifts",
    "models.cases",
    "models.notices",
    "models.hours",
    "models.lastword",
    "models.audit",
    "models.messaging",
    "models.webchat",
]
