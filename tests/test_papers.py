"""Papers: people's words stay words, every glyph travels along, and a day is printed fast."""

from __future__ import annotations

import io
import resource
import time as time_
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from openpyxl import load_workbook

from bot.app import load_features
from bot.channels import Attachment
from bot.i18n import render
from bot.papers import Misprint, Press
from handlers.chat import REGISTRY, Cell, Sheet, Table, Workbook, paper
from handlers.text import _, verbatim
from models.dated import Diet, Residence
from models.routes import Route
from tests.bench import bars
from tests.fixtures_database import ONE_ENGINE
from tests.models.making import NOW, TUESDAY, a_canteen, a_coordinator, a_senior, at, run_the_day
from tests.pdf import fonts, letter_sizes, pages

MARKUP = r"""#panic("x") *bold* _x_ $y$ \ "quoted" <a> [b] {c} // d @e ~ #sys.inputs"""


def line(place: int, name: str, diet: str = "low salt") -> dict[str, Any]:
    return {"place": str(place), "name": name, "short_id": f"A{place}", "diet": verbatim(diet)}


@pytest.fixture
def names() -> Iterator[list[str]]:
    """Declare a roster of whoever is put into this list."""
    listed: list[str] = []

    @paper("sample")
    async def sample(day: date) -> Sheet:
        lines = [line(place, name) for place, name in enumerate(listed, 1)]
        heading = _("Nobody has lunch on {day}.", day=day)
        return Sheet(
            title=_("{canteen} · {day}", canteen="Ping'an Lane", day=day),
            template="roster",
            file=f"roster-{day}",
            zone="Asia/Shanghai",
            data={"parts": [{"heading": heading, "lines": lines}]},
        )

    yield listed
    del REGISTRY.papers["sample"]


@pytest.fixture
def tables() -> Iterator[list[Table]]:
    """Declare a workbook of whatever is put into this list."""
    listed: list[Table] = []

    @paper("sample_tables")
    async def sample(day: date) -> Workbook:
        return Workbook(verbatim("Salt & pepper"), f"tables-{day}", "Asia/Shanghai", listed)

    yield listed
    del REGISTRY.papers["sample_tables"]


async def printed(language: str = "en", *given: str) -> Attachment:
    return await made_of("sample", language, *given)


async def made_of(name: str, language: str = "en", *given: str) -> Attachment:
    return await Press().attach(
        name,
        given or ["2026-11-24"],
        language,
        lambda text, zone: render(text, language=language, zone=zone, links=lambda code: []).text,
    )


async def test_names_that_look_like_markup_are_printed_as_they_are(names: list[str]) -> None:
    names += [MARKUP, "José Ñandú", "O'Brien & Söhne"]
    (page,) = pages((await printed()).content)
    assert f"1 {MARKUP} A1 low salt" in page
    assert "2 José Ñandú A2" in page
    assert "3 O'Brien & Söhne A3" in page


@pytest.mark.parametrize(
    ("language", "font", "day"),
    [
        ("zh_Hans", "NotoSansCJKsc", "11月24日周二"),
        ("zh_Hant", "NotoSansCJKtc", "11月24日 週二"),
    ],
)
async def test_chinese_travels_along_in_the_readers_own_shapes(
    names: list[str], language: str, font: str, day: str
) -> None:
    names += ["王秀英", "門前清 𠮷"]
    made = await printed(language)
    (page,) = pages(made.content)
    assert "1 王秀英 A1" in page
    assert "2 門前清 𠮷 A2" in page
    # Chinese letters and Latin digits stand a little apart in good print.
    assert day.replace(" ", "") in page.replace(" ", "")
    embedded = fonts(made.content)
    assert all(font in name for name in embedded)
    assert all(embedded.values())


async def test_the_file_has_a_plain_name_and_its_letters_are_large(names: list[str]) -> None:
    names += ["Wang Guilan"]
    made = await printed()
    assert (made.name, made.mime) == ("roster-2026-11-24.pdf", "application/pdf")
    assert made.content.startswith(b"%PDF-")
    assert min(letter_sizes(made.content, "Wang Guilan")) >= 16


async def test_sixty_lines_take_four_pages_and_less_than_two_seconds_of_a_processor(names: list[str]) -> None:
    names += [f"Grandmother {number:02}" for number in range(60)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    made = await printed()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 2
    found = pages(made.content)
    assert len(found) == 4
    assert all(f"{number} / 4" in page for number, page in enumerate(found, 1))
    assert all(f"Grandmother {number:02}" in " ".join(found) for number in range(60))
    assert len(made.content) < 200_000


@ONE_ENGINE
async def test_each_paper_of_a_real_day_of_sixty_doors_takes_less_than_two_seconds_of_a_processor(
    db: str,
) -> None:
    """Chinese names, addresses and diets; the roster, the route sheets, the kitchen's count, the labels."""
    load_features()
    canteen = await a_canteen()
    chen = await a_coordinator(canteen)
    (route,) = await Route.of(canteen.id)
    seniors = [await a_senior(canteen, name=f"王桂兰{number}") for number in range(60)]
    for number, senior in enumerate(seniors):
        mine = {"senior_id": senior.id, "since": NOW.date(), "created_at": NOW}
        await Residence.create(**mine, address=f"平安里 {number} 号楼 501", knock="敲三下")
        await Diet.create(**mine, labels=["gout"], avoids="羊肉")
    await route.put_last([senior.id for senior in seniors], chen, NOW)
    await run_the_day(at("2026-11-23 16:00"))
    for name, more in (("roster", ()), ("routes", ()), ("kitchen", ()), ("labels", ("1",))):
        before = resource.getrusage(resource.RUSAGE_CHILDREN), time_.process_time()
        made = await made_of(name, "zh_Hans", str(canteen.id), TUESDAY.isoformat(), *more)
        after = resource.getrusage(resource.RUSAGE_CHILDREN), time_.process_time()
        printer = after[0].ru_utime + after[0].ru_stime - before[0].ru_utime - before[0].ru_stime
        assert printer + after[1] - before[1] < 2, name
        said = "".join(pages(made.content)).replace(" ", "")
        assert all(f"王桂兰{number}" in said for number in range(60)) or name == "kitchen"
        assert "痛风" in said, name


def test_a_bar_that_is_missed_fails_the_bench(capsys: pytest.CaptureFixture[str]) -> None:
    assert bars.hold("papers", 1.5, 2, "s")
    assert bars.status() == 0
    assert not bars.hold("papers", 2.5, 2, "s")
    assert bars.status() == 1
    bars.MISSED.clear()
    assert "NOT MET  papers: 2.5 s (bar: 2 s)" in capsys.readouterr().out


async def test_a_name_that_is_far_too_long_spoils_nothing_else(names: list[str]) -> None:
    names += ["x" * 3000, "王" * 3000, "Wang Guilan"]
    assert "Wang Guilan" in pages((await printed()).content)[-1]


@pytest.mark.parametrize("given", [("yesterday",), ("2026-11-24", "3")])
async def test_what_cannot_be_printed_says_so(names: list[str], given: tuple[str, ...]) -> None:
    with pytest.raises(Misprint):
        await printed("en", *given)


async def test_a_template_that_fails_says_why(names: list[str]) -> None:
    with pytest.raises(Misprint, match="parts"):
        await Press()._print(template="roster", title="", language="en", data={})


async def test_what_is_no_text_and_no_data_is_refused(names: list[str]) -> None:
    names += [date(2026, 11, 24)]  # type: ignore[list-item]  # this is what is refused
    with pytest.raises(TypeError):
        await printed()


async def test_a_table_keeps_numbers_days_and_clocks_and_makes_no_formula_of_words(
    tables: list[Table],
) -> None:
    words = ["=1+1", "@SUM(A1)", "+86 139", "-7", "http://x.example", "0012", "王 \u0007 bell", "x" * 40_000]
    row: list[Cell] = [
        3, 0.25, date(2026, 11, 24), datetime(2026, 11, 24, 4, 30, tzinfo=UTC), time(11, 30), None,
        _("Nobody has lunch on {day}.", day=date(2026, 11, 24)),
    ]  # fmt: skip
    heads = [verbatim(letter) for letter in "abcdefg"]
    tables += [
        Table(verbatim("Words"), [verbatim("said")], [[each] for each in words]),
        Table(
            verbatim("Kinds [of]: all/these * many things here?"), heads, [row], [verbatim("Σ"), *[None] * 6]
        ),
        Table(verbatim("words"), [verbatim("empty")], []),
    ]
    made = await made_of("sample_tables", "en", "2026-11-24")
    assert made.name == "tables-2026-11-24.xlsx"
    assert made.mime == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    book = load_workbook(io.BytesIO(made.content))
    assert book.sheetnames == ["Words", "Kinds  of   all these   many th", "words 2"]
    said = [cell for (cell,) in book["Words"].iter_rows(min_row=2)]
    assert [cell.data_type for cell in said] == ["s"] * len(words)
    assert [cell.value for cell in said[:6]] == words[:6]
    assert len(str(said[-1].value)) == 32_767
    kinds = book.worksheets[1]
    assert [cell.value for cell in kinds[2]] == [
        3, 0.25, datetime.fromisoformat("2026-11-24"), datetime.fromisoformat("2026-11-24 12:30"),
        time(11, 30), None, "Nobody has lunch on Tue 24 Nov.",
    ]  # fmt: skip
    assert kinds.freeze_panes == "A2"
    assert kinds.oddHeader.left.text == "Salt && pepper"
