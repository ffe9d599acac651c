"""Sentences become what a reader sees: their language, calendar, numbers and zone."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from hypothesis import given
from hypothesis import strategies as st

from bot import i18n
from bot.i18n import LANGUAGES, Rendered, guess_language, load_catalogues, phrases_of, render
from handlers.text import (
    NOTHING,
    Blank,
    Country,
    Link,
    Month,
    Span,
    Text,
    Weekdays,
    _,
    _n,
    bold,
    lines,
    pack,
    unpack,
    verbatim,
)
from locales.update import written

AT = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)  # ten o'clock of a Wednesday in Shanghai
EVERYWHERE = list(LANGUAGES)


def said(text: Text, language: str = "en", zone: str = "Asia/Shanghai") -> Rendered:
    return render(
        text, language=language, zone=zone, links=lambda code: [f"one.example/{code}", f"two.example/{code}"]
    )


def words(value: Blank, language: str = "en", zone: str = "Asia/Shanghai") -> str:
    return said(Text("{value}", {"value": value}), language, zone).text


def in_bold(rendered: Rendered) -> list[str]:
    return [rendered.text[start : start + length] for start, length in rendered.bold]


@pytest.fixture
def catalogues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Put catalogues of the test's own in the place of the real ones."""

    def write(language: str, said: dict[str | tuple[str, str], str | tuple[str, ...]]) -> None:
        catalogue = Catalog(locale=language)
        for english, translation in said.items():
            catalogue.add(english, translation)
        path = tmp_path / language / "LC_MESSAGES" / "messages.po"
        path.parent.mkdir(parents=True)
        path.write_bytes(written(catalogue))

    monkeypatch.setattr(i18n, "CATALOGUES", tmp_path)
    i18n._catalogue.cache_clear()
    yield write
    i18n._catalogue.cache_clear()


# ------------------------------------------------------------------------------------------ days and clocks


@pytest.mark.parametrize(
    ("language", "day", "moment", "span"),
    [
        ("en", "Wed 25 Nov", "Wed 25 Nov, 10:00", "Wed 25 Nov, 10:00–12:00"),
        ("zh_Hans", "11月25日周三", "11月25日周三 10:00", "11月25日周三 10:00–12:00"),
        ("zh_Hant", "11月25日 週三", "11月25日 週三 10:00", "11月25日 週三 10:00–12:00"),
        ("es", "mié 25 nov", "mié 25 nov, 10:00", "mié 25 nov, 10:00–12:00"),
    ],
)
def test_a_day_has_its_weekday_and_a_moment_its_clock(
    language: str, day: str, moment: str, span: str
) -> None:
    assert words(date(2026, 11, 25), language) == day
    assert words(AT, language) == moment
    assert words(Span(AT, AT + timedelta(hours=2)), language) == span


@pytest.mark.parametrize("language", EVERYWHERE)
def test_the_clock_counts_to_twenty_four_in_every_language(language: str) -> None:
    assert words(time(15, 5), language) == "15:05"
    assert words(AT + timedelta(hours=11), language).endswith("21:00")


def test_a_moment_is_said_in_the_zone_of_the_canteen_also_when_clocks_change() -> None:
    assert words(AT, zone="America/New_York") == "Tue 24 Nov, 21:00"
    assert words(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), zone="Europe/Madrid") == "Sun 25 Oct, 02:30"
    assert words(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), zone="Europe/Madrid") == "Sun 25 Oct, 02:30"
    assert words(datetime(2026, 10, 25, 2, 30, tzinfo=UTC), zone="Europe/Madrid") == "Sun 25 Oct, 03:30"


def test_a_span_over_midnight_names_both_days() -> None:
    night = Span(AT + timedelta(hours=12), AT + timedelta(hours=16))
    assert words(night) == "Wed 25 Nov, 22:00 – Thu 26 Nov, 02:00"


@pytest.mark.parametrize(
    ("minutes", "en", "zh_hans", "zh_hant", "es"),
    [
        (135, "2 h 15 min", "2小时15分钟", "2小時15分鐘", "2 h 15 min"),
        (60, "1 h", "1小时", "1小時", "1 h"),
        (45, "45 min", "45分钟", "45分鐘", "45 min"),
        (0, "0 min", "0分钟", "0分鐘", "0 min"),
        (26 * 60 + 1, "26 h 1 min", "26小时1分钟", "26小時1分鐘", "26 h 1 min"),
    ],
)
def test_a_length_is_said_in_hours_and_minutes(
    minutes: int, en: str, zh_hans: str, zh_hant: str, es: str
) -> None:
    length = timedelta(minutes=minutes)
    assert [words(length, language) for language in EVERYWHERE] == [en, zh_hans, zh_hant, es]


@pytest.mark.parametrize(
    ("mask", "en", "zh_hans", "zh_hant", "es"),
    [
        (0b0011111, "Mon–Fri", "周一至周五", "週一至週五", "lun a vie"),
        (0b1111111, "Mon–Sun", "周一至周日", "週一至週日", "lun a dom"),
        (0b0010101, "Mon, Wed and Fri", "周一、周三和周五", "週一、週三和週五", "lun, mié y vie"),
        (0b1100000, "Sat and Sun", "周六和周日", "週六和週日", "sáb y dom"),
        (
            0b1010111,
            "Mon–Wed, Fri and Sun",
            "周一至周三、周五和周日",
            "週一至週三、週五和週日",
            "lun a mié, vie y dom",
        ),
        (0b0000010, "Tue", "周二", "週二", "mar"),
    ],
)
def test_weekdays_in_a_row_are_drawn_together(
    mask: int, en: str, zh_hans: str, zh_hant: str, es: str
) -> None:
    assert [words(Weekdays(mask), language) for language in EVERYWHERE] == [en, zh_hans, zh_hant, es]


@pytest.mark.parametrize(
    ("value", "en", "zh_hans", "zh_hant", "es"),
    [
        (Month(date(2026, 11, 25)), "November 2026", "2026年11月", "2026年11月", "noviembre de 2026"),
        (Country("CN"), "China", "中国", "中國", "China"),
        (Country("ES-MD"), "Spain (MD)", "西班牙 (MD)", "西班牙 (MD)", "España (MD)"),
        (Country("XX"), "XX", "XX", "XX", "XX"),
    ],
)
def test_months_and_countries_are_named_in_the_readers_language(
    value: Month | Country, en: str, zh_hans: str, zh_hant: str, es: str
) -> None:
    assert [words(value, language) for language in EVERYWHERE] == [en, zh_hans, zh_hant, es]
    assert unpack(pack(_("{value}", value=value))) == _("{value}", value=value)


# ------------------------------------------------------------------------------------------ numbers and lists


def test_a_number_is_grouped_only_where_it_is_long() -> None:
    assert [words(number) for number in (0, 7, 2026, 9999)] == ["0", "7", "2026", "9999"]
    assert [words(10_000, language) for language in EVERYWHERE] == ["10,000", "10,000", "10,000", "10.000"]


@pytest.mark.parametrize(
    ("language", "two", "three"),
    [
        ("en", "Ana and Li", "Ana, Li and Wed 25 Nov"),
        ("zh_Hans", "Ana和Li", "Ana、Li和11月25日周三"),
        ("zh_Hant", "Ana和Li", "Ana、Li和11月25日 週三"),
        ("es", "Ana y Li", "Ana, Li y mié 25 nov"),
    ],
)
def test_several_things_are_said_as_a_list(language: str, two: str, three: str) -> None:
    assert words(("Ana", "Li"), language) == two
    assert words(("Ana", verbatim("Li"), date(2026, 11, 25)), language) == three
    assert words(("Ana",), language) == "Ana"
    assert words((), language) == ""


def test_a_code_is_said_as_all_its_links() -> None:
    assert words(Link("abc")) == "one.example/abc\ntwo.example/abc"


# ------------------------------------------------------------------------------------------ people's words


@given(name=st.text(), remark=st.text())
def test_peoples_words_are_never_a_template(name: str, remark: str) -> None:
    text = _("{name} wrote: {remark}", name=verbatim(name), remark=remark)
    assert said(text).text == f"{said(verbatim(name)).text} wrote: {words(remark)}"


@pytest.mark.parametrize(
    "name", ["{name}", "{0}", "{", "}", "{{}}", "%s", "<b>x</b>", "{name.__class__}", "a\nb", "&amp;"]
)
def test_braces_and_markup_in_a_name_stay_what_they_are(name: str) -> None:
    assert said(_("Hello {name}!", name=name)).text == f"Hello {name}!"
    assert said(_("Hello {name}!", name=verbatim(name))).text == f"Hello {name}!"


@pytest.mark.parametrize("name", ["שרה", "فاطمة", "Ana שרה"])
def test_a_name_written_from_right_to_left_does_not_turn_the_sentence(name: str) -> None:
    assert said(_("{name} is fine.", name=name)).text == f"\u2068{name}\u2069 is fine."
    assert said(verbatim(f"{name}\nAna")).text == f"\u2068{name}\u2069\n\u2068Ana\u2069"


def test_a_name_cannot_smuggle_in_a_direction_of_its_own() -> None:
    assert said(_("{name} owes 5", name="Ana\u202e\u2069")).text == "\u2068Ana\u2069 owes 5"


@pytest.mark.parametrize("name", ["王奶奶", "José", "Ana 👍🏽", ""])
def test_other_names_are_left_as_they_are(name: str) -> None:
    assert said(_("{name}.", name=name)).text == f"{name}."


# ------------------------------------------------------------------------------------------ bold and lines


def test_bold_parts_keep_their_place_at_any_depth() -> None:
    inner = _("for {name}", name=bold(verbatim("王奶奶 👍")))
    text = lines(
        bold(_("Lunch")), NOTHING, _("Today {what}, {who}", what=inner, who=("Ana", bold(verbatim("Li"))))
    )
    rendered = said(text)
    assert rendered.text == "Lunch\n\nToday for 王奶奶 👍, Ana and Li"
    assert in_bold(rendered) == ["Lunch", "王奶奶 👍", "Li"]


def test_bold_within_bold_is_bold_once() -> None:
    rendered = said(bold(_("Hello {name}", name=bold(verbatim("Ana")))))
    assert in_bold(rendered) == ["Hello Ana"]
    assert said(bold(NOTHING)).bold == []


PIECES = st.deferred(
    lambda: (
        st.builds(verbatim, st.text())
        | st.builds(lambda body, name: Text(body, {"name": name}), st.text() | st.just("Hi {name}"), BLANKS)
        | st.builds(lambda n: _n("a day", "{n} days", n=n), st.integers())
        | st.builds(bold, PIECES)
        | st.lists(PIECES, max_size=3).map(lambda parts: lines(*parts))
    )
)
BLANKS: st.SearchStrategy[Blank] = (
    st.text()
    | st.integers()
    | st.dates()
    | st.integers(-2_000_000_000, 7_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
    | st.builds(timedelta, minutes=st.integers(0, 100_000))
    | st.builds(Weekdays, st.integers(0, 127))
    | PIECES
    | st.lists(st.text(), max_size=4).map(tuple)
)


@given(text=PIECES, language=st.sampled_from(EVERYWHERE))
def test_anything_can_be_rendered_and_its_bold_parts_lie_within_it(text: Text, language: str) -> None:
    rendered = said(text, language)
    end = 0
    for start, length in rendered.bold:
        assert length > 0
        assert start >= end
        end = start + length
    assert end <= len(rendered.text)


@given(text=PIECES)
def test_a_text_that_was_kept_as_a_row_reads_the_same(text: Text) -> None:
    assert said(unpack(pack(text))) == said(text)


# ------------------------------------------------------------------------------------------ catalogues


def test_every_language_that_we_name_can_be_read() -> None:
    load_catalogues()
    assert {
        language: said(_("✓ {choice}", choice="x"), language).text for language in LANGUAGES
    } == dict.fromkeys(LANGUAGES, "✓ x")


def test_a_sentence_is_said_in_the_readers_language(catalogues: Callable[..., None]) -> None:
    catalogues("es", {"Hello {name}": "Hola, {name}"})
    assert said(_("Hello {name}", name="{name}"), "es").text == "Hola, {name}"
    assert said(_("Bye {name}", name="Ana"), "es").text == "Bye Ana"


@pytest.mark.parametrize(
    "broken", ["Hola {nombre}", "Hola {name", "Hola }", "Hola {}", "Hola {name!r}", "Hola {name.x}"]
)
def test_a_translation_that_cannot_be_filled_is_said_in_english(
    catalogues: Callable[..., None], broken: str
) -> None:
    catalogues("es", {"Hello {name}": broken, ("{n} day {name}", "{n} days {name}"): (broken, broken)})
    assert said(_("Hello {name}", name="Ana"), "es").text == "Hello Ana"
    assert said(_n("{n} day {name}", "{n} days {name}", n=1, name="Ana"), "es").text == "1 day Ana"
    assert said(_n("{n} day {name}", "{n} days {name}", n=2, name="Ana"), "es").text == "2 days Ana"


def test_a_sentence_that_cannot_be_filled_at_all_is_said_as_it_is_written() -> None:
    assert said(_("Hello {name}", nome="Ana")).text == "Hello {name}"
    assert said(_("100 % {", name="Ana")).text == "100 % {"


def test_plurals_follow_the_rule_of_the_language(catalogues: Callable[..., None]) -> None:
    places = ("one place", "{n} places")
    catalogues("en", {})
    catalogues("es", {places: ("una plaza", "{n} plazas")})
    catalogues("zh_Hans", {places: ("{n}个名额",)})
    texts = [_n(*places, n=n) for n in (0, 1, 2, 12_000)]
    assert [said(text, "en").text for text in texts] == ["0 places", "one place", "2 places", "12,000 places"]
    assert [said(text, "es").text for text in texts] == ["0 plazas", "una plaza", "2 plazas", "12.000 plazas"]
    assert [said(text, "zh_Hans").text for text in texts] == ["0个名额", "1个名额", "2个名额", "12,000个名额"]


def test_an_empty_text_is_empty_and_not_the_catalogues_header() -> None:
    assert said(NOTHING, "es") == Rendered("", [])
    assert phrases_of(NOTHING, "es") == []


def test_phrases_are_those_of_the_language(catalogues: Callable[..., None]) -> None:
    catalogues("es", {"did mum eat|status": "¿ha comido mamá?| cómo está |"})
    assert phrases_of(_("did mum eat|status"), "es") == ["¿ha comido mamá?", "cómo está"]
    assert phrases_of(_("stop|pause"), "es") == ["stop", "pause"]


@pytest.mark.parametrize(
    ("language", "tags"),
    [
        ("zh_Hans", "zh zh-CN zh-SG zh-Hans zh-hans-hk zh_Hans zh_CN ZH-cn cmn"),
        ("zh_Hant", "zh-TW zh-HK zh-MO zh-Hant zh-hant-cn zh_Hant zh_TW yue yue-HK"),
        ("es", "es es-MX es-419 es_ES ES"),
        ("en", "en en-GB de fr-CA xx est esu zho-x"),
    ],
)
def test_the_nearest_language_is_guessed(language: str, tags: str) -> None:
    assert {tag: guess_language(tag) for tag in tags.split()} == dict.fromkeys(tags.split(), language)
    assert guess_language("") == "en"
