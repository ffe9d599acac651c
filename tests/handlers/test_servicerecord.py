"""The service record: four blocks on paper, a number and a code, and a page that says whether it is true."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest
import pytest_asyncio
from openpyxl import load_workbook

from models.canteens import Canteen
from models.hours import HoursEntry, HoursSource
from models.people import Organisation
from models.routes import Kind, Route
from models.servicerecords import ServiceRecord
from models.shifts import Shift, ShiftState
from tests.desk.serving import Served, browser, served
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.test_hours import has_given
from tests.house import Heard, House, Phone
from tests.pdf import fonts, pages
from tests.played import played_once
from tests.shifts.scene import a_canteen_with_shifts

DAYS = {"on_2026_11_20": 90, "on_2026_11_02": 30, "on_2026_03_02": 120, "on_2025_12_31": 15}


@pytest_asyncio.fixture
async def there(house: House) -> AsyncIterator[Served]:
    async with served(house) as there:
        yield there


@played_once
async def helpers(house: House, name: str = "Lin", language: str = "en") -> tuple[Canteen, Phone, Phone]:
    canteen = await a_canteen_with_shifts(house)
    canteen.human_name, canteen.human_phone = "Ms Chen", "+862155550000"
    canteen.organisation_id = (await Organisation.create(name="Friends of Lunch")).id
    await canteen.save()
    chen = await house.coordinator(language=language)
    lin = await house.volunteer(name, language=language)
    await has_given(house, lin, **DAYS)
    return canteen, chen, lin


async def have_been(canteen: Canteen, kind: Kind, *days: date) -> None:
    """Let the hours of some days be those of a shift of this kind."""
    route = await Route.create(
        canteen_id=canteen.id, name=kind.value, kind=kind, closed_at=canteen.created_at
    )
    for day in days:
        starts = canteen.at(day, "09:00")
        shift = await Shift.create(
            canteen_id=canteen.id, route_id=route.id, day=day, places=1, taken=1, state=ShiftState.FINISHED,
            starts_at=starts, ends_at=starts + timedelta(hours=2),
        )  # fmt: skip
        await HoursEntry.filter(day=day).update(shift_id=shift.id)


async def gets(phone: Phone, span: str = "2026") -> Heard:
    """Ask for a record of a year."""
    await phone.says("/hours")
    await phone.walks(("Service record", "A service record of which time?"))
    (brought,) = await phone.taps(span)
    return brought


def text_of(brought: Heard) -> str:
    assert brought.file is not None
    return " ".join(pages(brought.file.content))


async def asked(there: Served, number: str, code: str, language: str = "en") -> str:
    """Verify a record as anybody does, and give the words of the page."""
    async with (
        browser() as session,
        session.get(
            f"{there.url}/public/record/",
            params={"number": number, "code": code},
            headers={"Accept-Language": language},
        ) as answer,
    ):
        assert answer.status == 200
        assert "form-action 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
        page = await answer.text()
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main>")[2]).split())


async def test_a_record_has_its_four_blocks_and_is_verified_without_a_name(
    house: House, there: Served
) -> None:
    canteen, chen, lin = await helpers(house)
    await have_been(canteen, Kind.KITCHEN, date(2026, 11, 20), date(2026, 11, 2))
    await have_been(canteen, Kind.DRIVER, date(2026, 3, 2))
    brought = await gets(lin)
    year = house.now.year
    number = f"{canteen.id}-{year}-0001"
    assert brought.text.startswith(f"Service record {number}: 4 h\n")
    assert brought.file is not None
    assert brought.file.name == f"service-record-{number}.pdf"
    page = text_of(brought)
    record = await ServiceRecord.get()
    code = " ".join(record.code[at : at + 4] for at in range(0, 16, 4))
    for words in (
        "1. The volunteer Full name Lin Kind and number of the identity document Volunteer number V",
        "2. The service Time served 4 h From and to 2026-01-01 to 2026-11-23 Days of service 3 days",
        "help in the kitchen (2 shifts)", "driving for the canteen (1 shift)", "March 2026", "November 2026",
        "3. Who records Organisation Friends of Lunch Canteen Ping'an Lane Person in charge",
        "Handled by Ms Chen Contact +862155550000",
        f"4. The record Number {number} Code {code} Date of issue 2026-11-23",
        "Official seal", "it is no certificate", f"{there.url}/public/record/",
    ):  # fmt: skip
        assert words in page, (words, page)
    assert "homes of old people" not in page
    assert "other help" not in page
    assert all(fonts(brought.file.content).values())

    # Whatever way the code is typed, it is verified; nothing but the record itself is shown.
    for typed in (record.code, code, record.code.lower().replace("0", "o").replace("1", "l")):
        verified = await asked(there, number, typed)
        assert "This service record is genuine. Number:" in verified
        assert "Date of issue: 2026-11-23 Time served: 4 h" in verified
        assert not any(name in verified for name in ("Lin", "Ping'an", "Friends", "Chen", "5555"))
    for wrong in ((number, "A" * 16), (f"{number}1", record.code), ("x", "'; --"), (number, "")):
        assert "There is no service record with this number and this code." in await asked(there, *wrong)
    assert "There is no service record" not in await asked(there, "", "")

    # Asked again it is the same; with more hours a new one replaces it, and last year's is another.
    assert (await gets(lin)).text == brought.text
    await has_given(house, lin, on_2026_11_23=60)
    newer = await gets(lin)
    assert newer.text.startswith(f"Service record {canteen.id}-{year}-0002: 5 h\n")
    assert (await gets(lin, "2025")).text.startswith(f"Service record {canteen.id}-{year}-0003: 15 min\n")
    assert "A newer one was issued since then." in await asked(there, number, record.code)
    second = await ServiceRecord.get(number=f"{canteen.id}-{year}-0002")
    assert "is genuine. Number" in await asked(there, second.number, second.code)

    # What is put right later shows on the page, and so does what is void.
    wrong_entry = await HoursEntry.get(day=date(2026, 11, 20))
    house.clock.instant += timedelta(minutes=1)
    await HoursEntry.correct(wrong_entry.id, 60, "late", await chen.person(), house.now)
    assert "its hours were corrected since then" in await asked(there, second.number, second.code)
    await chen.says("/hours")
    await chen.walks(
        ("Service records", f"{second.number}, Lin: 5 h"),
        ("Void one", "Which one shall be void?"),
        (f"{second.number}, Lin: 5 h, Mon 23 Nov", "Why?"),
        ("given out by mistake", f"{second.number} is void now."),
    )
    assert "it is void. Please do not accept it." in await asked(there, second.number, second.code)


@ONE_ENGINE
async def test_a_record_is_for_its_volunteer_and_their_coordinator_only(house: House) -> None:
    canteen, chen, lin = await helpers(house)
    me = (await lin.person()).id
    gao = await house.volunteer("Gao")
    elsewhere = await house.coordinator("Ms Sun", canteen=await house.canteen("South"))
    for phone in (gao, elsewhere):
        assert "not open to you" in (await phone.presses(f"service_record:{canteen.id}:{me}"))[-1].text
    for button in (f"hours_file:{canteen.id}:2026-11-01:hours_csv", f"records:{canteen.id}"):
        assert "not open to you" in (await elsewhere.presses(button))[-1].text
    # Nothing was counted for Gao: there is nothing to put on paper, and the way on is named.
    await gao.presses(f"service_record:{canteen.id}:{(await gao.person()).id}")
    assert "No hours were counted in that time" in (await gao.taps("2026"))[-1].text
    await chen.presses(f"service_record:{canteen.id}:{me}")
    assert (await chen.taps("Everything"))[-1].text.startswith("Service record 1-2026-0001: 4 h 15 min")
    assert await ServiceRecord.all().count() == 1


@ONE_ENGINE
async def test_the_ledger_goes_out_whole_and_a_name_in_it_is_no_formula(house: House) -> None:
    _canteen, chen, lin = await helpers(house, name="=1+1")
    entry = await HoursEntry.get(day=date(2026, 11, 20))
    await HoursEntry.correct(entry.id, 60, "@home", await chen.person(), house.now)
    shift = await HoursEntry.create(
        person_id=entry.person_id, canteen_id=entry.canteen_id, day=date(2026, 11, 23), minutes=120,
        source=HoursSource.PLANNED, at=house.now, began_at=house.now,
    )  # fmt: skip
    await chen.says("/hours")
    (brought,) = await chen.taps("… as CSV")
    assert brought.file is not None
    assert brought.file.name == "hours-2026-11.csv"
    rows = list(csv.DictReader(io.StringIO(brought.file.content.decode("utf-8-sig"), newline="")))
    shown = [(row["Full name"], row["Minutes"], row["Minutes that count"], row["Kind"]) for row in rows]
    assert shown == [
        ("'=1+1", "30", "30", "service"),
        ("'=1+1", "90", "0", "service"),
        ("'=1+1", "60", "60", "correction"),
        ("'=1+1", "120", "0", "service"),
    ]
    assert (rows[2]["Reason"], rows[2]["Replaces entry"]) == ("'@home", str(entry.id))
    assert (rows[2]["Written by"], rows[0]["Written by"]) == ("Ms Chen", "")
    assert (rows[3]["Check-in"], rows[3]["Known from"]) == ("2026-11-23 09:00", "check-out forgotten")
    await lin.says("/hours")
    (table,) = await lin.taps("… as a table")
    assert table.file is not None
    assert table.file.name == "hours.xlsx"
    book: Any = load_workbook(io.BytesIO(table.file.content))
    assert [(cell.value, cell.data_type) for cell in book["Entries"]["B"][1:]] == [("=1+1", "s")] * 6
    assert [row[2] for row in book["By month"].iter_rows(min_row=2, values_only=True)] == [15, 120, 90, 225]
    assert shift.counted == 0


SPOKEN = {
    "en": ("Service record", "A service record of which time?", "2026", "Volunteer service record",
           "Official seal", "This service record is genuine."),
    "zh_Hans": ("服务记录", "要哪段时间的服务记录？", "2026年", "志愿服务记录", "单位盖章",
                "这份服务记录是真的。"),
    "zh_Hant": ("服務紀錄", "要哪段時間的服務紀錄？", "2026年", "志工服務紀錄", "單位蓋章",
                "這份服務紀錄是真的。"),
    "es": ("Registro de servicio", "¿Un registro de servicio de qué tiempo?", "2026",
           "Registro de servicio voluntario", "Sello oficial", "Este registro de servicio es auténtico."),
}  # fmt: skip
TAGS = {"en": "en-GB", "zh_Hans": "zh-CN", "zh_Hant": "zh-TW", "es": "es-MX"}
FORGOTTEN = {
    "en": ("not counted yet", "Shifts not counted yet", "Count nothing", "I have counted nothing"),
    "zh_Hans": ("还没计入", "还没计入的", "不计入", "没有计入"),
    "zh_Hant": ("還沒計入", "還沒計入的", "不計入", "沒有計入"),
    "es": ("aún sin contar", "Turnos sin contar", "No contar nada", "No he contado nada"),
}
REFUSED = {
    "en": ("No hours were counted in that time", "was changed meanwhile"),
    "zh_Hans": ("那段时间没有计入的时长", "这条记录刚才已经改过了"),
    "zh_Hant": ("那段時間沒有計入的時數", "這筆紀錄剛才已經改過了"),
    "es": ("En ese tiempo no hay horas contadas", "se ha cambiado entretanto"),
}


@ONE_ENGINE
@pytest.mark.parametrize("language", SPOKEN)
async def test_a_record_is_asked_for_printed_verified_and_refused_in_each_language(
    house: House, there: Served, language: str
) -> None:
    button, question, year, heading, seal, genuine = SPOKEN[language]
    nothing, settled = REFUSED[language]
    canteen, chen, lin = await helpers(house, name="林美玲", language=TAGS[language])
    await lin.says("/hours")
    await lin.walks((button, question))
    (brought,) = await lin.taps(year)
    page = text_of(brought).replace(" ", "")
    assert all(words.replace(" ", "") in page for words in (heading, seal, "林美玲"))
    record = await ServiceRecord.get()
    assert genuine in await asked(there, record.number, record.code, TAGS[language])
    await chen.presses(f"service_record:{canteen.id}:{(await chen.person()).id}")
    assert nothing in (await chen.taps(year))[-1].text
    old = await HoursEntry.all().order_by("id").first()
    assert old is not None
    assert settled in (await chen.presses(f"hours_change:{old.id}"))[-1].text
    waiting, board, none, nothing_counted = FORGOTTEN[language]
    await HoursEntry.create(
        person_id=old.person_id, canteen_id=canteen.id, day=date(2026, 11, 23), minutes=110,
        source=HoursSource.PLANNED, at=house.now,
    )  # fmt: skip
    assert waiting in (await lin.says("/hours"))[-1].text
    await chen.says("/hours")
    await chen.taps(board)
    assert nothing_counted in (await chen.taps(none))[-1].text
