"""How a letter is set for Telegram."""

from hypothesis import given
from hypothesis import strategies as st

from bot.channels import Key, Letter
from bot.channels.telegram.letters import LIMIT, keyboard, pieces, shares, units

YES_NO = [[Key("Yes", "yes:1"), Key("No", "no:1")], [], [Key("Back", "/back")]]


def utf16(text: str, offset: int, length: int) -> str:
    """Take a part of a text as Telegram counts it."""
    return text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le")


def test_a_short_text_is_one_message_with_its_bold_in_utf_16() -> None:
    (piece,) = pieces("👵🏻 Mrs Chan 11:30", [(3, 8)])
    (bold,) = piece.bold
    assert (bold.type, utf16(piece.text, bold.offset, bold.length)) == ("bold", "Mrs Chan")


def test_a_long_text_is_cut_at_line_ends() -> None:
    text = "\n".join(f"{number}. {'x' * 50}" for number in range(200))
    parts = pieces(text)
    assert len(parts) == 3
    assert all(piece.text.endswith("x\n") for piece in parts[:-1])


def test_a_line_that_is_too_long_is_cut_at_a_space_and_a_word_anywhere() -> None:
    assert [piece.text for piece in pieces("one two three", limit=8)] == ["one two ", "three"]
    assert [piece.text for piece in pieces("送餐送餐送", limit=2)] == ["送餐", "送餐", "送"]
    assert [piece.text for piece in pieces("👵👵", limit=3)] == ["👵", "👵"]


def test_a_stretch_of_nothing_is_no_message() -> None:
    assert [piece.text for piece in pieces("a" + "\n" * 9 + "b", limit=3)] == ["a\n\n", "\nb"]


TEXTS = st.text(st.sampled_from("ab \n餐👵"), max_size=200)


@given(TEXTS, st.lists(st.tuples(st.integers(0, 200), st.integers(1, 50)), max_size=4), st.integers(2, 40))
def test_cutting_loses_no_word_and_no_bold(text: str, bold: list[tuple[int, int]], limit: int) -> None:
    parts = pieces(text, bold, limit)
    assert all(units(piece.text) <= limit for piece in parts)
    assert "".join("".join(piece.text.split()) for piece in parts) == "".join(text.split())
    wanted = "".join(text[start : start + length] for start, length in bold)
    shown = "".join(utf16(piece.text, one.offset, one.length) for piece in parts for one in piece.bold)
    assert sorted("".join(shown.split())) == sorted("".join(wanted.split()))


def test_units_are_counted_as_telegram_does() -> None:
    assert units("a餐👵") == 4
    assert LIMIT == 4096


def test_keys_are_laid_out_in_rows_below_the_message() -> None:
    markup = keyboard(Letter(1, "7", "Coming?", keys=YES_NO))
    assert markup is not None
    assert markup.to_dict() == {
        "inline_keyboard": [
            [{"text": "Yes", "callback_data": "yes:1"}, {"text": "No", "callback_data": "no:1"}],
            [{"text": "Back", "callback_data": "/back"}],
        ]
    }


def test_a_question_for_a_contact_brings_telegrams_own_button() -> None:
    keys = [[Key("Share my number", "share")], [Key("Cancel", "/cancel")]]
    letter = Letter(1, "7", "Your number?", keys=keys, want="contact")
    markup = keyboard(letter)
    assert shares(letter)
    assert markup is not None
    assert markup.to_dict() == {
        "keyboard": [[{"text": "Share my number", "request_contact": True}], [{"text": "Cancel"}]],
        "resize_keyboard": True,
        "one_time_keyboard": True,
    }


def test_a_question_for_a_place_asks_for_the_location() -> None:
    markup = keyboard(Letter(1, "7", "Where?", keys=[[Key("Here", "share")]], want="location"))
    assert markup is not None
    assert markup.to_dict()["keyboard"] == [[{"text": "Here", "request_location": True}]]


def test_nothing_is_shared_in_a_group() -> None:
    assert not shares(Letter(1, "-7", "Where?", keys=[[Key("Here", "share")]], want="location"))


def test_a_letter_without_keys_has_no_keyboard() -> None:
    assert keyboard(Letter(1, "7", "Thank you.")) is None
    assert keyboard(Letter(1, "7", "Thank you.", keys=[[]])) is None
