"""The sample canteen of a rehearsal, written by the same operations as a real one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from handlers.sample_names import OLD, RELATIVES, VOLUNTEERS
from handlers.sample_words import WORDS, Words
from models import dayplan, holidays, joining, orders
from models.calendar import serves
from models.calendarasks import MONTH_BEFORE, AskKind, CalendarAsk
from models.canteens import Canteen, instant
from models.dayplan import HORIZON
from models.kin import Kinship
from models.months import month_of
from models.orders import OrderChange
from models.people import Membership, Person, Role
from models.routes import Kind, Route, Stop
from models.seniors import Agreed, Mode, Senior
from models.shiftplan import open_ahead
from models.shifts import Claim, Shift

ZONE: Final = "Asia/Shanghai"
DAYS_BACK: Final = 14
EVERY_DAY: Final = 0b0011111
MON_WED_FRI: Final = 0b0010101

# By the place in OLD: twelve, twelve and ten doors, seven guests at the table, three who fetch their lunch.
ON_ROUTE: Final = (range(12), range(12, 24), range(24, 34))
DINE_IN: Final = range(34, 41)
PICK_UP: Final = range(41, 44)
ASKS: Final = 44
NOT_EVERY_DAY: Final = frozenset({10, 20, 33, 40})
DIETS: Final[dict[int, tuple[Sequence[str], str, Sequence[str]]]] = {
    3: (["low_sugar"], "regular", []),
    4: (["low_salt"], "regular", []),
    9: (["gout"], "easy", []),
    11: ([], "minced", []),
    14: (["low_salt", "low_sugar"], "soft", []),
    17: (["halal"], "regular", []),
    21: ([], "regular", ["peanuts"]),
    25: (["low_sugar"], "regular", []),
    32: ([], "pureed", ["milk"]),
    37: (["vegetarian"], "regular", []),
}
PAUSED: Final = 21
SKIPS: Final = 7


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody of the sample canteen. seniors: in the order of OLD."""

    canteen: Canteen
    words: Words
    today: date
    coordinators: Sequence[Person]
    volunteers: Sequence[Person]
    relatives: Sequence[Person]
    seniors: Sequence[Senior]
    routes: Sequence[Route]

    @property
    def mei(self) -> Person:
        """The daughter of Wang Guilan."""
        return self.relatives[0]

    @property
    def lin(self) -> Person:
        """The volunteer who carries the first route tomorrow."""
        return self.volunteers[0]


async def settle(now: datetime, language: str) -> Cast:
    """Open the canteen two weeks before `now`, and let its people come."""
    words = WORDS[language]
    today = now.astimezone(ZoneInfo(ZONE)).date()
    began = instant(today - timedelta(days=DAYS_BACK), "13:00", ZONE)
    canteen = await Canteen.open(words.canteen, ZONE, language, began, route=words.route.format(number=1))
    coordinators = await _people(words.coordinators, 1, language, began)
    volunteers = await _people([name.full(language) for name in VOLUNTEERS], 11, language, began)
    relatives = await _people([name.full(language) for _place, name in RELATIVES], 41, language, began)
    (cook,) = await _people([words.cook], 9, language, began)
    chen = coordinators[0]
    await Membership.grant(cook, canteen.id, Role.KITCHEN, by=chen, now=began)
    for person in coordinators:
        await Membership.grant(person, canteen.id, Role.COORDINATOR, by=None, now=began)
    for person in volunteers[:-1]:
        await Membership.grant(person, canteen.id, Role.VOLUNTEER, by=chen, now=began)
    canteen.human_name, canteen.human_phone = chen.name, chen.phone
    await canteen.save(update_fields=["human_name", "human_phone"])
    routes = await _routes(canteen, words)
    seniors = await _seniors(canteen, words, language, chen, dict(_kin(relatives)), began, now)
    await Stop.bulk_create(
        Stop(route_id=route.id, senior_id=seniors[place].id, position=position, since=began)
        for route, places in zip(routes, ON_ROUTE, strict=True)
        for position, place in enumerate(places, 1)
    )
    for senior in seniors[:ASKS]:
        await Senior.accept(senior.id, chen, began)
    await dayplan.plan(canteen, canteen.today(began) + HORIZON, began)
    cast = Cast(canteen, words, today, coordinators, volunteers, relatives, seniors, routes)
    await _wishes(cast, began)
    await open_ahead(began, 500)
    return cast


async def go_on(cast: Cast, now: datetime) -> None:
    """Let those come who are still to be answered, and let volunteers take places of the days to come."""
    yesterday = now - timedelta(days=1)
    asks = cast.volunteers[-1]
    await joining.ask(asks, cast.canteen.id, name=asks.name or "", phone=asks.phone or "", now=yesterday)
    works = await _works(cast.canteen, cast.words)
    await open_ahead(now, 500)
    coming = Shift.filter(canteen_id=cast.canteen.id, day__gt=cast.today)
    rounds = coming.filter(route__kind=Kind.ROUND)
    shifts = await rounds.order_by("day", "route__position").prefetch_related("route")
    days = sorted({shift.day for shift in shifts})
    for shift in shifts:
        ahead, route = days.index(shift.day), cast.routes.index(shift.route)
        # Tomorrow every route has somebody; later some places wait for whoever looks at the open shifts.
        if ahead == 0:
            await Shift.claim(shift.id, cast.volunteers[route], yesterday)
        elif ahead < 6 and (ahead + route) % 3:
            await Shift.claim(shift.id, cast.volunteers[(ahead * 3 + route) % 10 + 1], yesterday)
    for person, work in zip(cast.volunteers[4:7], (works[0], works[0], works[1]), strict=True):
        shift = await Shift.get(route_id=work.id, day=days[0])
        await Shift.claim(shift.id, person, yesterday)
    # The month was spoken of, and whoever could have come was asked, before the rehearsal begins.
    await CalendarAsk.create(
        canteen_id=cast.canteen.id,
        kind=AskKind.MONTH,
        day=month_of(cast.today, 1),
        step=MONTH_BEFORE,
        asked_at=yesterday,
    )
    await coming.filter(fill_at__lte=now).update(fill_at=None)
    third = await Claim.filter(person_id=cast.volunteers[2].id, shift__day=days[0]).get()
    await Claim.confirm(third.id, cast.volunteers[2], yesterday)
    skips = await Senior.get(id=cast.seniors[SKIPS].id)
    await OrderChange.skip(skips, days[0], cast.relatives[4], now)


async def _people(names: Sequence[str], first: int, language: str, now: datetime) -> list[Person]:
    people = []
    for number, name in enumerate(names, first):
        person = Person(name=name, language=language, zone=ZONE, created_at=now)
        person.set_phone(phone_number(number))
        await person.save()
        people.append(person)
    return people


def phone_number(number: int) -> str:
    """Make a number that nobody has: no number in China begins with 100 and has so many digits."""
    return f"+8610000000{number:03}"


async def _routes(canteen: Canteen, words: Words) -> list[Route]:
    (first,) = await Route.of(canteen.id)
    others = [
        await Route.create(
            canteen_id=canteen.id,
            name=words.route.format(number=number),
            position=number,
            places=2 if number == 2 else None,
        )
        for number in (2, 3)
    ]
    return [first, *others]


async def _works(canteen: Canteen, words: Words) -> list[Route]:
    """Let two help in the kitchen and one at the desk, every day that lunch is cooked."""
    return [
        await Route.create(
            canteen_id=canteen.id,
            kind=kind,
            name=name,
            place=words.yard if kind is Kind.KITCHEN else None,
            starts_at=starts,
            ends_at=ends,
            places=places,
            position=position,
        )
        for position, (kind, name, starts, ends, places) in enumerate(
            (
                (Kind.KITCHEN, words.kitchen, "08:30", "11:00", 2),
                (Kind.DESK, words.desk, "10:30", "12:30", 1),
            ),
            start=4,
        )
    ]


def _kin(relatives: Sequence[Person]) -> list[tuple[int, Person]]:
    return [(place, person) for (place, _name), person in zip(RELATIVES, relatives, strict=True)]


async def _seniors(
    canteen: Canteen,
    words: Words,
    language: str,
    chen: Person,
    kin: dict[int, Person],
    began: datetime,
    now: datetime,
) -> list[Senior]:
    seniors = []
    for place, old in enumerate(OLD):
        labels, texture, allergies = DIETS.get(place, ((), "regular", ()))
        mode = Mode.DINE_IN if place in DINE_IN else Mode.PICK_UP if place in PICK_UP else Mode.DELIVERY
        seniors.append(
            await Senior.register(
                canteen_id=canteen.id,
                name=old.name.full(language),
                called=old.called(language),
                born=old.born,
                phone=None if place % 6 == 5 else phone_number(101 + place),
                address=_address(words, place),
                knock=words.knocks[place % len(words.knocks)] or None,
                plan=words.plans[place % len(words.plans)],
                mode=mode,
                weekdays=MON_WED_FRI if place in NOT_EVERY_DAY else EVERY_DAY,
                labels=labels,
                texture=texture,
                allergies=allergies,
                avoids=words.avoids[place // 10] if place in (6, 16, 26) else None,
                contact=_contact(words, place, language),
                alone=place % 3 != 1,
                agreed=Agreed.YES,
                by=kin.get(place, chen),
                now=now - timedelta(hours=2) if place == ASKS else began,
            )
        )
    return seniors


def _address(words: Words, place: int) -> str:
    """Place doors along the lane, so that a route walks from house to house."""
    house, building = 2 + place // 4 * 2, place // 2 % 2 + 1
    return words.address.format(
        house=house, building=building, door=(place * 2 % 6 + 1) * 100 + place % 3 + 1
    )


def _contact(words: Words, place: int, language: str) -> tuple[str, str, str] | None:
    if place % 2:
        return None
    other = OLD[(place + 9) % len(OLD)].name
    return (other.full(language), phone_number(201 + place), words.neighbour)


async def _wishes(cast: Cast, began: datetime) -> None:
    """Mei wants to hear of every lunch; one senior is away for a while."""
    wang = cast.seniors[RELATIVES[0][0]]
    await Kinship.tell(wang.id, cast.mei, served=True)
    away = await Senior.get(id=cast.seniors[PAUSED].id)
    await orders.pause(away, cast.today - timedelta(days=1), None, cast.coordinators[0], began)


def begins(now: datetime) -> datetime:
    """Find the afternoon before the next morning on which lunch is cooked: orders are still open then."""
    day = now.astimezone(ZoneInfo(ZONE)).date()
    while not (_cooks(day) and _cooks(day + timedelta(days=1))):
        day += timedelta(days=1)
    return instant(day, "15:40", ZONE)


def _cooks(day: date) -> bool:
    return serves(EVERY_DAY, day) and day not in holidays.pack(holidays.region_of(ZONE), day.year).days
