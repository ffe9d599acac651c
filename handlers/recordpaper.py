"""A service record on paper, in the four blocks of 民发〔2015〕149号, and the page that verifies one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from handlers.chat import QrCode, Sheet, View, paper, public
from handlers.hourswords import length
from handlers.months import month_words
from handlers.text import PublicLink, Text, _, _n
from models.canteens import Canteen
from models.hours import HoursEntry
from models.people import Organisation, Person
from models.routes import Kind
from models.servicerecords import ServiceRecord, Standing, Verified

PAGE: Final = "record"
BARS: Final = 12
STANDING: Final[dict[Standing, Text]] = {
    Standing.GOOD: _("This service record is genuine."),
    Standing.REPLACED: _("This service record is genuine. A newer one was issued since then."),
    Standing.CORRECTED: _(
        "This service record was issued here, but its hours were corrected since then."
        " Please ask for a newer one."
    ),
    Standing.VOID: _("This service record was issued here, but it is void. Please do not accept it."),
}


@paper("service_record")
async def record_paper(record_id: int) -> Sheet:
    """Set a record: person, service, who records, number and date, and room for the stamp."""
    record = await ServiceRecord.get(id=record_id).prefetch_related("canteen", "person")
    entries = await record.entries()
    canteen = record.canteen
    assert record.person is not None
    return Sheet(
        title=_("Service record {number}", number=record.number),
        template="record",
        file=f"service-record-{record.number}",
        zone=canteen.zone,
        data={
            "heading": _("Volunteer service record"),
            "person": await _person(record.person),
            "service": _service(record, entries),
            "months": _months(entries),
            "issuer": await _issuer(canteen),
            "issue": _issue(record),
            "stamp": _("Official seal"),
            "code": QrCode(_link(record)),
            "verify": _("Number and code are verified here, and nothing about the person is shown:"),
            "link": _("{link}", link=PublicLink(PAGE)),
            "note": _(
                "This is a record of service for the organisation to stamp; it is no certificate."
                " Minutes from check-in to check-out, without the way there and back."
            ),
        },
    )


def _block(title: Text, *rows: tuple[Text, Text | None]) -> Mapping[str, object]:
    """Make one of the four blocks; a row without words is a line to write on."""
    return {"title": title, "rows": [{"what": what, "said": said} for what, said in rows]}


async def _person(person: Person) -> Mapping[str, object]:
    return _block(
        _("1. The volunteer"),
        (_("Full name"), _("{name}", name=person.name or "?")),
        (_("Kind and number of the identity document"), None),
        (_("Volunteer number"), _("{number}", number=f"V{person.id}")),
    )


def _service(record: ServiceRecord, entries: Sequence[HoursEntry]) -> Mapping[str, object]:
    days = len({entry.day for entry in entries})
    return _block(
        _("2. The service"),
        (_("Time served"), _("{time}", time=length(record.minutes))),
        (
            _("From and to"),
            _("{first} to {last}", first=_date(record.first_day), last=_date(record.last_day)),
        ),
        (_("Days of service"), _n("{n} day", "{n} days", days)),
        (_("What was done"), _("{work}", work=tuple(_work(entries)))),
    )


def _work(entries: Sequence[HoursEntry]) -> Iterator[Text]:
    done = Counter(None if entry.shift is None else entry.shift.route.kind for entry in entries)
    if n := done[Kind.ROUND]:
        yield _n(
            "lunch brought to the homes of old people ({n} round)",
            "lunch brought to the homes of old people ({n} rounds)",
            n,
        )
    if n := done[Kind.KITCHEN]:
        yield _n("help in the kitchen ({n} shift)", "help in the kitchen ({n} shifts)", n)
    if n := done[Kind.DESK]:
        yield _n("help at the desk ({n} shift)", "help at the desk ({n} shifts)", n)
    if n := done[Kind.DRIVER]:
        yield _n("driving for the canteen ({n} shift)", "driving for the canteen ({n} shifts)", n)
    if done[None]:
        yield _("other help at the canteen")


def _months(entries: Sequence[HoursEntry]) -> list[Mapping[str, object]]:
    """Add up each month, or each year where there are more months than a page has room for."""
    months, years = Counter[date](), Counter[int]()
    for entry in entries:
        months[entry.day.replace(day=1)] += entry.minutes
        years[entry.day.year] += entry.minutes
    named: list[tuple[Text, int]] = (
        [(month_words(month), minutes) for month, minutes in sorted(months.items())]
        if len(months) <= BARS
        else [(_("{year}", year=year), minutes) for year, minutes in sorted(years.items())]
    )
    return [
        {"month": words, "minutes": minutes, "time": _("{time}", time=length(minutes))}
        for words, minutes in named
    ]


async def _issuer(canteen: Canteen) -> Mapping[str, object]:
    organisation = await Organisation.get_or_none(id=canteen.organisation_id or 0)
    name, phone = canteen.human
    return _block(
        _("3. Who records"),
        (_("Organisation"), None if organisation is None else _("{name}", name=organisation.name)),
        (_("Canteen"), _("{canteen}", canteen=canteen.name)),
        (_("Person in charge"), None),
        (_("Handled by"), _("{name}", name=name) if name else None),
        (_("Contact"), _("{phone}", phone=phone) if phone else None),
    )


def _issue(record: ServiceRecord) -> Mapping[str, object]:
    return _block(
        _("4. The record"),
        (_("Number"), _("{number}", number=record.number)),
        (_("Code"), _("{code}", code=_grouped(record.code))),
        (_("Date of issue"), _date(record.canteen.today(record.issued_at))),
        (_("Made known to members from … to … (7 days or more)"), None),
        (_("Remarks"), None),
    )


def _date(day: date) -> Text:
    return _("{date}", date=day.isoformat())


def _grouped(code: str) -> str:
    """Part a code so that it can be read out and typed."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def _link(record: ServiceRecord) -> Text:
    asked = (("number", record.number), ("code", record.code))
    return _("{link}", link=PublicLink(PAGE, asked))


# ------------------------------------------------------------------------------------------ the public page


@public(PAGE)
async def verify(asked: Mapping[str, str], _now: datetime) -> View:
    """Show whether a number and a code belong together; no name, not even of the canteen."""
    number, code = asked.get("number", ""), asked.get("code", "")
    found = await ServiceRecord.verify(number, code) if number and code else None
    return View(
        template="record",
        live="",
        zone="UTC",
        data={
            "number": number,
            "code": code,
            "good": found is not None and found.standing in (Standing.GOOD, Standing.REPLACED),
            "said": _verdict(found) if number or code else [],
        },
    )


def _verdict(found: Verified | None) -> list[Text]:
    if found is None:
        return [
            _(
                "There is no service record with this number and this code. Please compare them with the"
                " paper, or ask the organisation that stamped it."
            )
        ]
    return [
        STANDING[found.standing],
        _("Number: {number}", number=found.number),
        _("Date of issue: {day}", day=_date(found.day)),
        _("Time served: {time}", time=length(found.minutes)),
    ]
