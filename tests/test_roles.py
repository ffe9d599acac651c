"""Who may do what: every command by every role, and every button by those whom it does not concern."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import pytest
import pytest_asyncio

from bot.app import load_features
from handlers import words
from handlers.chat import REGISTRY
from handlers.routes import _print as print_of
from models.kin import Kinship
from models.messaging import Conversation, OutboxMessage
from models.people import Role
from tests.facts import apologies, changed, facts
from tests.fixtures_database import ONE_ENGINE
from tests.house import House, Phone
from tests.neighbours import TODAY, Neighbour, two_canteens
from tests.played import played_once

load_features()

NOT_FOR_YOU: Final = words.NOT_FOR_YOU.message
ROLES: Final = (Role.STRANGER, Role.FAMILY, Role.VOLUNTEER, Role.KITCHEN, Role.COUNSELLOR, Role.COORDINATOR)
# Buttons about something of the canteen that everybody of this role may press.
MENU: Final = {"menu_week", "menu_print"}
OPEN_TO: Final = {
    Role.VOLUNTEER: {
        "canteen", "line_join", "promise", "shift_take", "shifts_full", "shifts_page", "skill_say",
        "menu_wish",
    } | MENU,
    Role.KITCHEN: {
        "canteen", "count", "kitchen", "desk", "desk_open", "desk_in", "desk_who", "desk_fetched",
        "desk_extra",
        "desk_undo",
        "desk_guests", "desk_page", "food", "food_note", "food_wrong", "food_discard", "menu_wish",
        "menu_paste", "menu_enter", "menu_today", "dishes", "dish", "dish_set", "dish_real",
    } | MENU,
    Role.FAMILY: {"canteen", "menu_wish"} | MENU,
    Role.COUNSELLOR: {"canteen", "menu_wish"} | MENU,
    Role.STRANGER: MENU,
}  # fmt: skip


Two = tuple[Neighbour, Neighbour]


@pytest_asyncio.fixture
@played_once
async def two(house: House) -> Two:
    return await two_canteens(house)


def of(role: Role, house: House, canteen: Neighbour) -> Phone:
    return canteen.phones.get(role) or house.stranger()


async def test_a_command_runs_for_whom_it_is_and_for_nobody_else(two: Two, house: House) -> None:
    for role in ROLES:
        phone = of(role, house, two[0])
        await phone.says("/start")
        roles = await (await phone.person()).roles()
        assert roles == {role}
        assert set(phone.menu) == {one.name for one in REGISTRY.commands.values() if role in one.for_}
        before = await facts()
        for command in REGISTRY.commands.values():
            if not command.for_ & roles:
                said = [message.text.split("\n\n")[0] for message in await phone.says(f"/{command.name}")]
                assert said == [NOT_FOR_YOU], f"/{command.name} is open to a {role}: {said}"
        assert changed(before, await facts()) == [], f"a {role} is refused, and something is written"
        assert await Conversation.filter(person_id=(await phone.person()).id).count() == 0
        for command in REGISTRY.commands.values():
            if command.for_ & roles:
                said = [message.text for message in await phone.says(f"/{command.name}")]
                assert said, f"/{command.name} says nothing to a {role}"
                assert not any(NOT_FOR_YOU in text for text in said), f"/{command.name} is closed to a {role}"
                assert await apologies() == [], f"/{command.name} fails for a {role}"
                await phone.says("/cancel")


# -------------------------------------------------------------------------------------------------- buttons


async def plausible(there: Neighbour) -> dict[str, list[Any]]:
    """Give, for each argument that a button can have, what stands on the buttons of a canteen."""
    family = await there.phones[Role.FAMILY].person()
    kin = await Kinship.get(senior_id=there.senior.id, person_id=family.id)
    return {
        "adds": [1 << 27],
        "agreed": [0, 1],
        "age": ["under_18"],
        "away_id": [there.away.id],
        "beside_id": [there.beside.id],
        "call_id": [there.call.id],
        "canteen_id": [there.canteen.id],
        "case_id": [there.case.id],
        "claim_id": [there.claim.id],
        "cooks": [0, 1],
        "count": [1],
        "day": [TODAY],
        "drops": [1 << 26],
        "eaten": ["no"],
        "entry_id": [there.entry.id],
        "event_id": [there.word.id],
        "file_id": [there.file.id],
        "first_day": ["2026-11-01"],
        "item_id": [there.to_call.id],
        "dish_id": [there.dish.id],
        "kind": ["day", "kitchen"],
        "kin_id": [kin.id],
        "group_id": [there.group.id],
        "handover_id": [there.handover.id],
        "into_id": [there.shift.id],
        "meal_id": [there.meal.id],
        "member_id": [there.asked.id],
        "monday": ["2026-11-23"],
        "news_id": [there.news.id],
        "notice_id": [there.notice.id],
        "on": [1, 0],
        "outcome": ["handed_over", "no_answer"],
        "page": [0],
        "person_id": [family.id],
        "phoned_id": [there.phoned.id],
        "planned_id": [there.planned.id],
        "position": [1],
        "rating": [1],
        "reached": [0, 1],
        "role": ["volunteer"],
        "route_id": [there.route.id],
        "senior_id": [there.senior.id, there.waiting.id],
        "served": [1],
        "setting_id": [there.setting.id],
        "shift_id": [there.shift.id],
        "spell_id": [there.spell.id],
        "state": ["reached"],
        "skill": ["dialect"],
        "shown": ["0", print_of(await there.route.doors())],
        "tries": [0],
        "what": ["name", "quota", "red_after", "police", "all", "kitchen", "hours_csv"],
        "standby_id": [there.standby.id],
        "standing_id": [there.standing.id],
        "swap_id": [there.swap.id],
        "theirs_id": [there.swap.theirs_id],
        "to_id": [there.handover.to_id],
        "wish_id": [there.wish.id],
    }


def arguments(name: str) -> list[str]:
    """List the arguments of a button."""
    return list(inspect.signature(REGISTRY.buttons[name].run).parameters)[1:]


def about_something() -> list[str]:
    """List the buttons that name a row of a table; the others concern only who presses them."""
    return [name for name in REGISTRY.buttons if any(given.endswith("_id") for given in arguments(name))]


def pressed(name: str, *there: dict[str, list[Any]]) -> Iterator[str]:
    """Give a button's data for every combination of what its arguments can be."""
    found = [
        list(dict.fromkeys(value for each in there for value in each[given])) for given in arguments(name)
    ]
    for values in itertools.product(*found):
        yield ":".join(map(str, (name, *values)))


async def refused(
    phone: Phone, buttons: Iterable[str], secrets: Sequence[str], *, asks: bool = False
) -> list[str]:
    """Press buttons that are none of one's business; list what went wrong. asks: a question is in order."""
    me = await phone.person()
    before, last = await facts(), await OutboxMessage.all().order_by("-id").first()
    assert last is not None
    wrong = []
    for data in buttons:
        news = await phone.presses(data)
        if not news:
            wrong.append(f"{data} says nothing")
        wrong += [f"{data} says {one}" for one in secrets if any(one in message.text for message in news)]
        questions = Conversation.filter(person_id=me.id)
        wrong += [] if asks else [f"{data} asks: {row.pending}" for row in await questions]
        await questions.delete()
    told = await OutboxMessage.filter(id__gt=last.id).exclude(person_id=me.id)
    wrong += [f"person {row.person_id} is told" for row in told]
    wrong += [f"fails: {each}" for each in await apologies()] + changed(before, await facts())
    return [f"{phone.name}: {each}" for each in wrong]


def test_every_argument_of_a_button_is_known_here() -> None:
    names = {given for name in about_something() for given in arguments(name)}
    assert names <= set(inspect.getsource(plausible).split('"'))


@ONE_ENGINE
async def test_a_button_of_another_canteen_is_refused_and_changes_nothing(two: Two, house: House) -> None:
    ours, theirs = two
    there, wrong = await plausible(theirs), []
    for role in ROLES:
        phone = of(role, house, ours)
        await phone.says("/start")
        buttons = [data for name in about_something() for data in pressed(name, there)]
        wrong += await refused(phone, buttons, theirs.secrets)
    assert wrong == []


@ONE_ENGINE
async def test_a_button_that_mixes_two_canteens_changes_nothing(two: Two) -> None:
    ours, theirs = two
    here, there = await plausible(ours), await plausible(theirs)
    mixing = [name for name in about_something() if sum(arg.endswith("_id") for arg in arguments(name)) > 1]
    own = {data for name in mixing for data in pressed(name, here)}
    mixed = [data for name in mixing for data in pressed(name, here, there) if data not in own]
    assert mixed
    assert await refused(ours.phones[Role.COORDINATOR], mixed, theirs.secrets, asks=True) == []


@ONE_ENGINE
@pytest.mark.parametrize("role", OPEN_TO)
async def test_a_button_of_somebody_else_in_the_same_canteen_is_refused_and_changes_nothing(
    two: Two, house: House, role: Role
) -> None:
    ours, _theirs = two
    here = await plausible(ours)
    phone = house.stranger("Gao")
    if role is not Role.STRANGER:
        phone = await house.member("Gao", role, canteen=ours.canteen)
    await phone.says("/start")
    closed = [name for name in about_something() if name not in OPEN_TO[role]]
    buttons = [data for name in closed for data in pressed(name, here)]
    # A family's footer names the coordinator, who is called as the seniors are.
    assert await refused(phone, buttons, (ours.senior.display, ours.waiting.display)) == []


async def test_a_button_about_what_never_was_is_refused_and_changes_nothing(two: Two) -> None:
    ours, _theirs = two
    here = await plausible(ours)
    buttons = []
    for number in ("-7", "999999", "9" * 40, "٣"):
        never = {name: [number] if name.endswith("_id") else values[:1] for name, values in here.items()}
        buttons += [data for name in about_something() for data in pressed(name, never)]
    assert await refused(ours.phones[Role.COORDINATOR], buttons, ()) == []
