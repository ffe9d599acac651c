"""Readers understand what people write, ask again where they don't, and never fail otherwise."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import LANGUAGES, render
from handlers import answers
from handlers.chat import Unclear
from handlers.text import Text, Weekdays

TODAY = date(2026, 11, 25)  # a Wednesday

READERS: dict[str, Callable[[str], Any]] = {
    "words": answers.words,
    "long_words": answers.long_words,
    "birth_year": answers.birth_year(TODAY),
    "phone, China": answers.phone("+86"),
    "phone, Spain": answers.phone("+34"),
    "phone, anywhere": answers.phone(""),
    "yes_no": answers.yes_no,
    "day": answers.day(TODAY),
    "clock": answers.clock,
    "number": answers.number(-5, 1000),
    "weekdays": answers.weekdays,
    "code": answers.code,
}
# Whatever people type, and things that look nearly right.
ANYTHING = st.text() | st.text(
    st.sampled_from(
        "0123456789０１²٣①一二十两:.-/+() 月日号周星期三点半年民國上下午"
        "amph,、ñá\u0301\u200b\u202e\ud800\x00 \n👍{}"
    )
)


def asked(read: Callable[[str], Any], text: str) -> Text:
    with pytest.raises(Unclear) as again:
        read(text)
    return again.value.text


def shown(text: Text, language: str = "en") -> str:
    return render(text, language=language, zone="UTC", links=lambda code: [code]).text


@pytest.mark.fuzz
@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
@given(text=ANYTHING)
def test_a_reader_reads_or_asks_again_and_does_the_same_each_time(
    read: Callable[[str], Any], text: str
) -> None:
    def once() -> object:
        try:
            return read(text)
        except Unclear as unclear:
            return shown(unclear.text)

    assert once() == once()
    assert once() != ""


# ---------------------------------------------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("  Ana \t María\n López ", "Ana María López"),
        ("王\u200b奶奶\x00", "王奶奶"),
        ("Ana\u202e\ud800", "Ana"),
        ("Jose\u0301", "José"),
        ("👨\u200d👩\u200d👧 family", "👨\u200d👩\u200d👧 family"),
        ("{name} <b>", "{name} <b>"),
        ("x" * 200, "x" * 200),
    ],
)
def test_words_lose_what_cannot_be_seen_and_nothing_else(text: str, read: str) -> None:
    assert answers.words(text) == read


@pytest.mark.parametrize("text", ["", " ", "\u200b", "\x00\n", "\u200d"])
def test_an_empty_answer_is_asked_again(text: str) -> None:
    asked(answers.words, text)
    asked(answers.long_words, text)


def test_words_that_are_too_long_are_told_how_long_they_may_be() -> None:
    assert shown(asked(answers.words, "x" * 201)) == "Please write it in at most 200 characters."
    assert answers.long_words("x" * 1000) == "x" * 1000
    assert shown(asked(answers.long_words, "x" * 1001)) == "Please write it in at most 1000 characters."


def test_a_long_message_keeps_its_paragraphs() -> None:
    assert answers.long_words(" One \n\n\n\n two  three\r\nfour ") == "One\n\ntwo three\nfour"


@given(text=ANYTHING)
def test_words_that_were_read_are_read_as_they_are(text: str) -> None:
    for read in (answers.words, answers.long_words):
        try:
            once = read(text)
        except Unclear:
            continue
        assert read(once) == once
        assert once.encode()


# ------------------------------------------------------------------------------ years, numbers, yes and no


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("1938", 1938),
        ("１９３８年", 1938),
        ("born in 1938.", 1938),
        ("1938-05-02", 1938),
        ("2.5.1938", 1938),
        ("民國27年", 1938),
        ("民国8年", 1919),
        ("1900", 1900),
        ("1986", 1986),
    ],
)
def test_a_year_of_birth_is_read_in_the_calendars_of_our_seniors(text: str, year: int) -> None:
    assert answers.birth_year(TODAY)(text) == year


@pytest.mark.parametrize("text", ["38", "19380", "1938 or 1939", "eighty", ""])
def test_a_year_without_four_digits_is_asked_again(text: str) -> None:
    assert "four digits, like 1941" in shown(asked(answers.birth_year(TODAY), text))


@pytest.mark.parametrize("text", ["1899", "1987", "9999", "民國99年"])
def test_a_year_that_no_senior_was_born_in_is_asked_again(text: str) -> None:
    assert shown(asked(answers.birth_year(TODAY), text)) == "Please write a year between 1900 and 1986."


@pytest.mark.parametrize(
    ("text", "value"),
    [("3", 3), (" ３ ", 3), ("3.", 3), ("三", 3), ("十", 10), ("二十五", 25), ("0", 0), ("007", 7)],
)
def test_a_number_is_read_in_digits_of_any_width_and_in_chinese(text: str, value: int) -> None:
    assert answers.number(0, 25)(text) == value


@pytest.mark.parametrize("text", ["26", "-1", "3.5", "3 or 4", "three", "", "9" * 5000])
def test_a_number_out_of_reach_is_asked_again(text: str) -> None:
    assert shown(asked(answers.number(0, 25), text)) == "Please write a number from 0 to 25."


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1), ("１", 1), ("1.", 1), ("1、", 1), ("(1)", 1), ("①", 1), ("1️⃣", 1), ("一", 1),
        ("两", 2), ("十二", 12),
        ("0", 0), ("零", 0), ("〇", 0), ("99", 99),
    ],
)  # fmt: skip
def test_the_number_of_a_choice_is_read_however_it_is_typed(text: str, value: int) -> None:
    assert answers.digit(text) == value


@pytest.mark.parametrize("text", ["", "one", "100", "-1", "1 2", "1.5", "第一", "十一点"])
def test_other_words_are_no_number_of_a_choice(text: str) -> None:
    assert answers.digit(text) is None


YES = "yes Yes! y OK ok. 好 好的 行 可以 收到 嗯 要 是 是的 对 對 沒問題 sí Si vale claro 👍 👍🏽 1 １"
NO = "no No. n 不 不要 不用 不行 不是 没有 沒有 nope 👎 2 ２"


def test_yes_and_no_are_read_in_the_words_people_use() -> None:
    assert [text for text in YES.split() if not answers.yes_no(text)] == []
    assert [text for text in NO.split() if answers.yes_no(text)] == []
    assert answers.yes_no("De acuerdo")
    assert not answers.yes_no("No, gracias")


@pytest.mark.parametrize("text", ["", "maybe", "yes and no", "不好说", "3", "0"])
def test_neither_yes_nor_no_is_asked_again(text: str) -> None:
    asked(answers.yes_no, text)


@pytest.mark.parametrize(
    ("text", "folded"), [("ＯＫ！", "ok"), ("「好」。", "好"), ("  Did Mum\n eat? ", "did mum eat")]
)
def test_plain_text_is_ready_to_compare(text: str, folded: str) -> None:
    assert answers.plain(text) == folded


# --------------------------------------------------------------------------------------------------- clocks


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("9:30", "09:30"), ("０９：３０", "09:30"), ("09.30", "09:30"), ("0930", "09:30"),
        ("9h30", "09:30"),
        ("9", "09:00"), ("15", "15:00"), ("9点", "09:00"), ("九点半", "09:30"), ("9点5分", "09:05"),
        ("十一點二十分", "11:20"),
        ("上午9点", "09:00"), ("下午3点半", "15:30"), ("下午15点", "15:00"), ("晚上8点一刻", "20:15"),
        ("中午12点", "12:00"),
        ("3pm", "15:00"), ("3:30 p.m.", "15:30"), ("12 am", "00:00"), ("12pm", "12:00"),
        ("at 9:15", "09:15"),
        ("a las 11:15", "11:15"), ("9 de la mañana", "09:00"), ("3 de la tarde", "15:00"),
        ("mediodía", "12:00"),
        ("0:00", "00:00"), ("23:59", "23:59"),
    ],
)  # fmt: skip
def test_a_time_of_day_is_read_as_it_is_said(text: str, clock: str) -> None:
    assert answers.clock(text) == clock


@pytest.mark.parametrize(
    "text", ["", "24:00", "10:60", "9:5", "25", "晚上12点", "下午3点 pm", "13 am", "soon", "10:30 or 11"]
)
def test_a_time_that_is_not_clear_is_asked_again(text: str) -> None:
    assert shown(asked(answers.clock, text)) == "Please write the time like this: 14:30"


# ---------------------------------------------------------------------------------------------------- phones


@pytest.mark.parametrize(
    ("country", "text", "number"),
    [
        ("+86", "139 1234 5678", "+8613912345678"),
        ("+86", "１３９１２３４５６７８", "+8613912345678"),
        ("+86", "8613912345678", "+8613912345678"),
        ("+86", "0086 139-1234-5678", "+8613912345678"),
        ("+86", "电话：139 1234 5678。", "+8613912345678"),
        ("+86", "0511-8765 4321", "+8651187654321"),
        ("+86", "(021) 8765 4321", "+862187654321"),
        ("+86", "+34 612 345 678", "+34612345678"),
        ("+852", "9123 4567", "+85291234567"),
        ("+852", "139 1234 5678", "+8613912345678"),
        ("+853", "6612 3456", "+85366123456"),
        ("+886", "0912-345-678", "+886912345678"),
        ("+886", "(02) 2345 6789", "+886223456789"),
        ("+65", "8123 4567", "+6581234567"),
        ("+34", "612 345 678", "+34612345678"),
        ("+34", "34 612 345 678", "+34612345678"),
        ("+44", "07700 900123", "+447700900123"),
        ("+44", "+44 (0)7700 900123", "+447700900123"),
        ("+1", "(202) 555-0123", "+12025550123"),
        ("+1", "1 202 555 0123", "+12025550123"),
        ("+52", "55 1234 5678", "+525512345678"),
        ("+54", "011 2345 6789", "+541123456789"),
        ("+56", "9 6123 4567", "+56961234567"),
        ("+57", "321 123 4567", "+573211234567"),
        ("+51", "912 345 678", "+51912345678"),
        ("", "13912345678", "+8613912345678"),
        ("", "+49 30 123456", "+4930123456"),
    ],
)
def test_a_phone_number_is_kept_as_the_world_dials_it(country: str, text: str, number: str) -> None:
    assert answers.phone(country)(text) == number


@pytest.mark.parametrize(
    ("country", "text"),
    [
        ("+86", ""),
        ("+86", "120"),
        ("+86", "8765 4321"),
        ("+86", "139 1234 567"),
        ("+86", "139 1234 5678 / 139 1234 5679"),
        ("+86", "+86 139 1234 5678 9012 345"),
        ("+34", "139 1234 5678"),
        ("", "612 345 678"),
        ("", "0612 345 678"),
    ],
)
def test_a_phone_number_that_nobody_could_dial_is_asked_again(country: str, text: str) -> None:
    assert "Please write all its digits, like " in shown(asked(answers.phone(country), text))


@pytest.mark.parametrize(
    ("zone", "code"),
    [
        ("Asia/Shanghai", "+86"), ("Asia/Hong_Kong", "+852"), ("Asia/Taipei", "+886"),
        ("Europe/Madrid", "+34"),
        ("America/Mexico_City", "+52"), ("America/New_York", "+1"), ("Europe/London", "+44"),
        ("Antarctica/Troll", ""),
    ],
)  # fmt: skip
def test_the_zone_of_a_canteen_tells_its_country_code(zone: str, code: str) -> None:
    assert answers.country_code(zone) == code


# ------------------------------------------------------------------------------------------------------ days


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-27", "11-27"), ("2026/11/27", "11-27"), ("2026年11月27日", "11-27"), ("27.11.", "11-27"),
        ("27.11.2026", "11-27"), ("27/11", "11-27"), ("11/27", "11-27"), ("27-11-2026", "11-27"),
        ("27 Nov", "11-27"),
        ("Nov 27, 2026", "11-27"), ("on the 27th of November", "11-27"), ("27-Nov", "11-27"),
        ("11月27日", "11-27"),
        ("１１月２７号", "11-27"), ("十一月二十七號", "11-27"), ("11月27日(周五)", "11-27"),
        ("27 de noviembre de 2026", "11-27"),
        ("el viernes 27", "11-27"), ("día 27", "11-27"), ("27号", "11-27"), ("27th", "11-27"),
        ("31号", "12-31"),
        ("5.12.", "12-05"), ("12/12", "12-12"), ("Sat 5/12", "12-05"),
        ("today", "11-25"), ("今天", "11-25"), ("hoy", "11-25"), ("Tomorrow!", "11-26"), ("明天", "11-26"),
        ("明天（周四）", "11-26"), ("聽日", "11-26"), ("mañana", "11-26"), ("manana", "11-26"),
        ("后天", "11-27"), ("後天", "11-27"),
        ("大后天", "11-28"), ("the day after tomorrow", "11-27"), ("pasado mañana", "11-27"),
        ("Friday", "11-27"), ("fri", "11-27"), ("on Friday", "11-27"), ("周五", "11-27"),
        ("星期五", "11-27"), ("禮拜五", "11-27"),
        ("週日", "11-29"), ("星期天", "11-29"), ("viernes", "11-27"), ("el miércoles 2", "12-02"),
        ("mar", "12-01"),
        ("tuesday", "12-01"), ("下周三", "12-02"), ("下個星期五", "12-04"), ("这周五", "11-27"),
        ("this friday", "11-27"),
        ("next monday", "11-30"), ("el próximo lunes", "11-30"), ("lunes que viene", "11-30"),
    ],
)  # fmt: skip
def test_a_day_is_read_as_people_write_it(text: str, day: str) -> None:
    assert answers.day(TODAY)(text) == date.fromisoformat(f"2026-{day}")


@pytest.mark.parametrize(
    ("text", "day"),
    [("1 Jan", "2027-01-01"), ("3 mar", "2027-03-03"), ("mié 3 mar", "2027-03-03"), ("2月1日", "2027-02-01")],
)
def test_a_day_of_the_year_is_the_next_one(text: str, day: str) -> None:
    assert answers.day(TODAY)(text) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        ("5/12", "Sat 5 Dec", "Wed 12 May"),
        ("12/5", "Sat 5 Dec", "Wed 12 May"),
        ("Wednesday", "Wed 25 Nov", "Wed 2 Dec"),
        ("周三", "Wed 25 Nov", "Wed 2 Dec"),
        ("next Friday", "Fri 27 Nov", "Fri 4 Dec"),
        ("el viernes que viene", "Fri 27 Nov", "Fri 4 Dec"),
    ],
)
def test_where_two_days_could_be_meant_it_asks_which(text: str, one: str, other: str) -> None:
    again = shown(asked(answers.day(TODAY), text))
    assert again == f"Do you mean {one} or {other}? Please write it in one of these ways."
    assert answers.day(TODAY)(one).strftime("%a %-d %b") == one
    assert answers.day(TODAY)(other).strftime("%a %-d %b") == other


@pytest.mark.parametrize("text", ["24 Nov", "2026-11-24", "本周二", "24/11", "2025-12-24"])
def test_a_day_that_has_passed_is_asked_again(text: str) -> None:
    assert "has already passed" in shown(asked(answers.day(TODAY), text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "5",
        "32.1.",
        "30 Feb",
        "11月27日周四",
        "下下周三",
        "27 Nov, 10:00",
        "Mon and Tue",
        "27 28",
        "9" * 99,
    ],
)
def test_a_day_that_is_not_clear_is_asked_again_with_an_example(text: str) -> None:
    assert shown(asked(answers.day(TODAY), text)).endswith("You can write it like this: Thu 26 Nov")


@pytest.mark.fuzz
@given(
    today=st.dates(date(2020, 1, 1), date(2100, 1, 1)),
    ahead=st.integers(0, 250),
    language=st.sampled_from(list(LANGUAGES)),
)
def test_a_day_is_understood_as_we_say_it_ourselves(today: date, ahead: int, language: str) -> None:
    coming = today + timedelta(days=ahead)
    assert answers.day(today)(shown(Text("{day}", {"day": coming}), language)) == coming
    assert answers.day(today)(coming.isoformat()) == coming


# -------------------------------------------------------------------------------------------------- weekdays


@pytest.mark.parametrize(
    ("text", "mask"),
    [
        ("Mon–Fri", 31), ("Monday to Friday", 31), ("mon-fri", 31), ("周一至周五", 31), ("周一到五", 31),
        ("lunes a viernes", 31),
        ("de lunes a viernes", 31), ("weekdays", 31), ("工作日", 31), ("Mon, Wed and Fri", 21),
        ("mon/wed/fri", 21),
        ("一三五", 21), ("周一、三、五", 21), ("每周一和周三", 5), ("lunes y jueves", 9),
        ("mar y jue", 10), ("every day", 127),
        ("每天", 127), ("todos los días", 127), ("周六、日", 96), ("weekend", 96), ("Fri-Mon", 0b1110001),
        ("Tuesdays", 2),
    ],
)  # fmt: skip
def test_weekdays_are_read_in_lists_and_ranges(text: str, mask: int) -> None:
    assert answers.weekdays(text) == mask


@pytest.mark.parametrize("text", ["", "1,3,5", "今天", "often", "Mon or maybe Tue", "27 Nov", "to"])
def test_weekdays_that_are_not_clear_are_asked_again(text: str) -> None:
    assert shown(asked(answers.weekdays, text)) == "Please write the days of the week, like Mon, Wed and Fri."


@pytest.mark.parametrize("language", LANGUAGES)
def test_weekdays_are_understood_as_we_say_them_ourselves(language: str) -> None:
    masks = range(1, 128)
    assert [
        answers.weekdays(shown(Text("{days}", {"days": Weekdays(mask)}), language)) for mask in masks
    ] == list(masks)


# ----------------------------------------------------------------------------------------------------- codes


@pytest.mark.parametrize(
    "text",
    [
        "abcdef234567",
        " ABCDEF234567\n",
        "ａｂｃｄｅｆ２３４５６７",
        "/start abcdef234567",
        "https://t.me/canteen_bot?start=abcdef234567",
        "https://canteen.example/chat/#abcdef234567",
        "https://canteen.example/chat/abcdef234567",
    ],
)
def test_a_code_is_found_in_what_was_pasted(text: str) -> None:
    assert answers.code(text) == "abcdef234567"


@pytest.mark.parametrize("text", ["", "abc", "my code is in the letter", "abcdef234567 ghijkm234567"])
def test_what_holds_no_code_is_asked_again(text: str) -> None:
    asked(answers.code, text)
