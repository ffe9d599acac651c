"""At every hour every role, every button, every command: who reads an address, a note, a number, a name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from handlers.chat import REGISTRY
from models.messaging import OutboxMessage
from models.people import Role
from models.rounds import OUTCOMES
from tests.facts import apologies
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.window import OF_THE_DOOR, Watchers, watched
from tests.house import House
from tests.neighbours import TODAY
from tests.played import Ending
from tests.test_roles import arguments, plausible, pressed

There = dict[str, list[Any]]
BEFORE, INSIDE, AFTER = "08:59", "10:30", "14:00"
# Whoever may see the doors gets each message, and answers what is asked: it is old when the window closes.
SEE_DOORS: Final = ("carrier", "companion")
# What coordinators do tells others of it, and is old when the window closes; they themselves may know all.
ACTS_FOR_OTHERS: Final = "coordinator"
# Nothing changes for them with the hour, of this route: they try while there is most to see.
NEVER_CARRY: Final = ("no place", "tomorrow", "another route")
# With these a volunteer becomes one who carries, and reads: last, when all others were tried.
GIVES_A_PLACE: Final = ("shift_take", "beside_yes", "hand_yes", "swap_yes", "line_join")
# At the desk whoever signs guests in must know whom; in the kitchen nobody is named.
AT_THE_DESK: Final = "desk"
# What is attached is the same whoever asks for it, and takes a moment to set.
FILES: Final = {"menu_print": None, "count": ["kitchen", "kitchen_table"], "my_hours": ["hours_table"]}


async def everything(watchers: Watchers) -> There:
    """Give what stands on the buttons of this canteen: of each kind the first, and two outcomes of a door."""
    there = await plausible(watchers.ours)
    first = {name: values[:1] for name, values in there.items()}
    return first | {"outcome": there["outcome"], "code": ["en"], "version": [1]}


def offered(role: str, roles: set[Role], there: There, *, files: bool) -> Iterator[str]:
    """Give each command and each button that is open to a role; all others are refused by the register."""
    for command in REGISTRY.commands.values():
        if command.for_ & roles:
            yield f"/{command.name}"
    open_ = [name for name, button in REGISTRY.buttons.items() if button.for_ & roles]
    for name in sorted(open_, key=lambda name: name in GIVES_A_PLACE):
        if name in FILES:
            what = {"what": FILES[name] or []}
            yield from pressed(name, there | what) if files and role in ("carrier", "cook") else ()
        elif role != "cook" or not name.startswith(AT_THE_DESK):
            yield from pressed(name, there)


@ONE_ENGINE
async def test_at_every_hour_each_role_reads_what_it_may_and_nothing_else(house: House) -> None:
    """Each role tries all it has from the same instant; after each hour every phone is scrolled through."""
    watchers = await watched(house, BEFORE)
    there = await everything(watchers)
    assert {given for name in REGISTRY.buttons for given in arguments(name)} <= there.keys()
    for hour in (BEFORE, INSIDE, AFTER):
        await house.at(f"{TODAY} {hour}")
        if hour is INSIDE:
            await watchers.give_back()
            there["outcome"] = [state.value for state in OUTCOMES]
        await watchers.look(hour)
        start = await Ending.of(house, None)
        for role in watchers.roles:
            if hour is INSIDE or role not in (ACTS_FOR_OTHERS, *NEVER_CARRY):
                await start.comes_to(house)
                await all_that(role, watchers, there, hour)
        await start.comes_to(house)
    assert await apologies() == []


async def all_that(role: str, watchers: Watchers, there: There, hour: str) -> None:
    """Have somebody press all there is for them, and look at everybody's phone, then and after the window."""
    house, phone = watchers.house, watchers.roles[role]
    last = await OutboxMessage.all().order_by("-id").first()
    assert last is not None
    in_full = hour is INSIDE and role in (*SEE_DOORS, ACTS_FOR_OTHERS)
    if hour is INSIDE and role in SEE_DOORS:
        # Before a tap has said of the last door that it is done.
        await phone.says("/round")
    roles = await watchers.persons[phone.address].roles()
    for data in offered(role, roles, there, files=hour is INSIDE):
        await watchers.press(phone, data)
        if in_full:
            await house.deliver()
            await watchers.answer(phone)
    await watchers.look_at_rows(last.id)
    await house.tick()
    await watchers.look(f"all that a {role} can press")
    if hour is INSIDE and role in SEE_DOORS:
        said = " ".join(watchers.reads(phone))
        assert [secret for secret in OF_THE_DOOR if secret not in said] == [], f"{role} works without"
        await watchers.every_row_ends_with_the_window()
    if in_full:
        await house.at(f"{TODAY} {AFTER}")
        await watchers.look(f"all that a {role} has pressed, when the window has closed")
