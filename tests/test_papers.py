"""Papers: people's words stay words, every glyph travels along, and a day is printed fast."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from bot.channels import Attachment
from bot.i18n import render
from bot.papers import Misprint, Press
from handlers.chat import REGISTRY, Sheet, paper
from handlers.text import _, verbatim
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


async def printed(language: str = "en", *given: str) -> Attachment:
    return await Press().attach(
        "sample",
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
