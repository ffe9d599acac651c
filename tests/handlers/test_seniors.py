"""Registering a senior, as families and coordinators live it."""

from __future__ import annotations

import pytest

from models.seniors import Agreed, Consent, Kinship, Mode, Senior, Status
from tests.house import House, Phone

MOTHER = [
    ("/register", "Whom would you like to register"),
    ("Wang Guifen, 1941, Grandma Wang", "On which phone number can we reach Grandma Wang"),
    ("021 5555 0101", "Where would Grandma Wang like to have lunch"),
    ("5 Ping'an Lane, building 3, door 201", "at the door of Grandma Wang"),
    ("Ring long, she hears badly.\nAsk Mrs Li at 302.", "On which days"),
    ("Done", "special diet"),
    ("low salt", "special diet"),
    ("Done", "How soft"),
    ("soft, cut into small pieces", "allergic"),
    ("peanuts", "allergic"),
    ("Done", "Whom else may we call"),
    ("Li Ming, her son, 139 1234 5678", "live alone"),
    ("Yes, alone", "personally agree"),
    ("Yes, agreed", "Is everything right?"),
]


async def fill(phone: Phone, *, sending: bool = True) -> None:
    await phone.walks(*MOTHER)
    if sending:
        await phone.taps("Yes, send it")


async def test_a_family_registers_its_mother_and_the_coordinator_gets_her_card(house: House) -> None:
    await house.canteen()
    chen = await house.coordinator()
    mei = await house.family()
    await fill(mei)
    senior = await Senior.get()
    assert (senior.name, senior.called, senior.born) == ("Wang Guifen", "Grandma Wang", 1941)
    assert (senior.mode, senior.status, senior.short_id) == (Mode.DELIVERY, Status.ENQUIRY, "A1")
    assert senior.phone == "+862155550101"
    assert chen.last.text.startswith("A1 · Wang Guifen, born 1941")
    assert "no peanuts" in chen.last.text
