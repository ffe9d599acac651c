"""The catalogues hold every sentence of handlers/, whole and in the right script."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from bot.i18n import CATALOGUES, LANGUAGES
from locales.update import extracted, read, updated, written
from tests import catalogues as check
from tests.source import ROOT, python_files

HANDLERS = ROOT / "handlers"
TRANSLATED = [language for language in LANGUAGES if language != "en"]

# Words that are the same in English; none may stand here in vain.
SAME_WORDS: dict[str, set[str]] = {"zh_Hans": set(), "zh_Hant": set(), "es": {"No"}}


@cache
def template() -> Catalog:
    return extracted(HANDLERS)


def path_of(language: str) -> Path:
    return CATALOGUES / language / "LC_MESSAGES" / "messages.po"


@cache
def catalogue(language: str) -> Catalog:
    return read(path_of(language), language)


def none(complaints: Iterator[str]) -> None:
    assert list(complaints) == []


def some(complaints: Iterator[str], about: str) -> None:
    found = list(complaints)
    assert len(found) == 1
    assert about in found[0]


def catalogue_of(language: str, **said: str | tuple[str, ...]) -> Catalog:
    """Make a small catalogue: "one" and "many" are a plural, anything else its own English."""
    made = Catalog(locale=language)
    for english, words in said.items():
        made.add(english.replace("_", " ") if isinstance(words, str) else ("{n} day", "{n} days"), words)
    return made


def is_in(path: Path, words: bytes) -> bool:
    """Tell whether a file holds just these words; pytest would look for minutes for where they part."""
    return path.read_bytes() == words


# ---------------------------------------------------------------------------------- sentences and catalogues


def test_every_language_has_its_catalogue_and_no_other_has() -> None:
    assert {path.parts[-3] for path in CATALOGUES.glob("*/LC_MESSAGES/messages.po")} == set(LANGUAGES)


def test_the_template_holds_what_handlers_say() -> None:
    assert is_in(CATALOGUES / "messages.pot", written(template())), "run `make messages`"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_holds_every_sentence_and_no_other(language: str) -> None:
    none(check.missing(template(), catalogue(language)))
    none(check.obsolete(template(), catalogue(language)))
    none(check.fuzzy(catalogue(language)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_bringing_a_catalogue_up_to_date_again_changes_nothing(language: str) -> None:
    again, dropped = updated(template(), catalogue(language))
    assert is_in(path_of(language), written(again)), "run `make messages`"
    assert dropped == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_is_translated(language: str) -> None:
    none(check.untranslated(catalogue(language)))


def test_english_is_said_as_it_is_written_in_the_code() -> None:
    none(check.translated(catalogue("en")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_forms_blanks_commands_and_lines_of_its_sentence(language: str) -> None:
    none(check.wrong_plurals(catalogue(language)))
    none(check.wrong_blanks(catalogue(language)))
    none(check.wrong_commands(catalogue(language)))
    none(check.wrong_edges(catalogue(language)))
    none(check.wrong_phrases(catalogue(language)))


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_still_english(language: str) -> None:
    none(check.still_english(catalogue(language), SAME_WORDS[language]))


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_word_allowed_to_stay_english_does(language: str) -> None:
    kept = {words for message in check.entries(catalogue(language)) for words in check.translations(message)}
    assert SAME_WORDS[language] - kept == set()


@pytest.mark.parametrize("language", check.NOT_HERE)
def test_no_character_of_the_other_chinese_script_is_used(language: str) -> None:
    none(check.wrong_script(catalogue(language), check.NOT_HERE[language]))


@pytest.mark.parametrize("language", check.NOT_HERE)
def test_chinese_has_chinese_commas_and_colons(language: str) -> None:
    none(check.narrow_signs(catalogue(language)))


def test_every_sentence_in_the_code_is_whole_and_filled() -> None:
    none(check.complaints_of(python_files("handlers")))


# ------------------------------------------------------------------------------------ each check can complain


def test_sentences_are_found_in_code_and_on_pages_also_within_one_another(tmp_path: Path) -> None:
    (tmp_path / "said.py").write_text(
        'say(_("Hello {a}", a=bold(_("there"))), help=_n("{n} day", "{n} days", 2))'
    )
    (tmp_path / "page.html").write_text(
        '<p title="{{ _("Today") }}">{{ _n("{n} hour", "{n} hours", n=3) }}</p>'
    )
    said = extracted(tmp_path)
    assert [check.sentences(message) for message in check.entries(said)] == [
        ("Today",), ("{n} hour", "{n} hours"), ("Hello {a}",), ("there",), ("{n} day", "{n} days")
    ]  # fmt: skip


def test_a_missing_or_superfluous_entry_is_found() -> None:
    said = catalogue_of("es", there="", many=("", ""), **{"Hello {a}": ""})
    full = catalogue_of("es", there="allí", many=("{n} día", "{n} días"))
    some(check.missing(said, full), "Hello {a}")
    none(check.obsolete(said, full))
    some(check.obsolete(full, catalogue_of("es", gone="ido", there="allí", many=("", ""))), "gone")


def test_an_old_translation_is_kept_when_the_sentence_stays_and_named_when_it_goes() -> None:
    old = catalogue_of("es", Stays="Queda", Goes="Se va", many=("{n} día", "{n} días"))
    new, dropped = updated(catalogue_of("es", Comes="", Stays="", many=("", "")), old)
    assert [check.translations(message) for message in check.entries(new)] == [
        ("",), ("Queda",), ("{n} día", "{n} días")
    ]  # fmt: skip
    assert dropped == ["Se va"]


def test_a_fuzzy_translation_is_found_and_stays_so() -> None:
    doubtful = Catalog(locale="es")
    doubtful.add("Hello", "Adiós", flags=["fuzzy"])
    some(check.fuzzy(doubtful), "Hello")
    some(check.fuzzy(updated(doubtful, doubtful)[0]), "Hello")


@pytest.mark.parametrize("said", [{"Hello": ""}, {"many": ("un día", "")}])
def test_a_sentence_without_a_translation_is_found(said: dict[str, str | tuple[str, ...]]) -> None:
    some(check.untranslated(catalogue_of("es", **said)), "not translated")
    none(check.untranslated(catalogue_of("es", Hello="Hola")))
    some(check.translated(catalogue_of("en", Hello="Hi")), "Hello")


@pytest.mark.parametrize(("language", "forms"), [("es", ("días",)), ("zh_Hans", ("天", "天"))])
def test_a_wrong_number_of_plural_forms_is_found(language: str, forms: tuple[str, ...]) -> None:
    some(check.wrong_plurals(catalogue_of(language, many=forms)), "plural forms")


@pytest.mark.parametrize(
    "words", ["Hola {nam}", "Hola", "Hola {name} {", "Hola {name!r}", "Hola {name.x}", "Hola {}"]
)
def test_a_blank_that_differs_is_found(words: str) -> None:
    some(check.wrong_blanks(catalogue_of("es", **{"Hello {name}": words})), "blanks differ")


def test_only_a_form_for_one_may_leave_its_number_out() -> None:
    none(check.wrong_blanks(catalogue_of("es", many=("un día", "{n} días"))))
    none(check.wrong_blanks(catalogue_of("zh_Hans", many=("{n}天",))))
    some(check.wrong_blanks(catalogue_of("es", many=("{n} día", "días"))), "blanks differ")
    some(check.wrong_blanks(catalogue_of("zh_Hans", many=("天",))), "blanks differ")


def test_a_command_that_was_translated_too_is_found() -> None:
    some(check.wrong_commands(catalogue_of("es", **{"See /help": "Mire /ayuda"})), "/ayuda")
    none(check.wrong_commands(catalogue_of("es", **{"and/or /help": "y/o /help"})))


def test_a_translation_that_is_still_english_is_found() -> None:
    some(check.still_english(catalogue_of("es", Hello="Hello"), set()), "Hello")
    none(
        check.still_english(catalogue_of("es", Hello="Hola", No="No", **{"✓ {choice}": "✓ {choice}"}), {"No"})
    )


@pytest.mark.parametrize(("language", "words"), [("zh_Hans", "請寫"), ("zh_Hant", "请写")])
def test_a_character_of_the_other_script_is_found(language: str, words: str) -> None:
    some(check.wrong_script(catalogue_of(language, Write=words), check.NOT_HERE[language]), words)
    other = "zh_Hant" if language == "zh_Hans" else "zh_Hans"
    none(check.wrong_script(catalogue_of(other, Write=words), check.NOT_HERE[other]))


@pytest.mark.parametrize("words", ["好,请", "电话:{phone}", "怎么样?", "{name}(A17)"])
def test_a_narrow_sign_in_chinese_is_found(words: str) -> None:
    some(check.narrow_signs(catalogue_of("zh_Hans", Write=words)), words)
    none(check.narrow_signs(catalogue_of("zh_Hans", Write="好，10:00，{starts}–{ends}")))


@pytest.mark.parametrize("words", [" Hola", "Hola\n", "Ho\nla"])
def test_stray_spaces_and_lines_are_found(words: str) -> None:
    some(check.wrong_edges(catalogue_of("es", Hello=words)), "differ")


@pytest.mark.parametrize("words", ["sí vale", "sí||vale", "sí| "])
def test_phrases_that_fell_together_are_found(words: str) -> None:
    some(check.wrong_phrases(catalogue_of("es", **{"yes|fine": words})), "phrases differ")
    some(check.wrong_phrases(catalogue_of("es", yes="sí|vale")), "phrases differ")


@pytest.mark.parametrize(
    "code",
    [
        '_("Hello {name}")', '_("Hello", name=1)', '_(f"Hello {name}")', '_("Hello" + name)', '_(name)',
        '_("{}", name=1)', '_("Hello {", name=1)', '_("{n!r}", n=1)',
        '_n("{n} day", "{n} days")', '_n("one {what}", "{n}", n=1)', '_n("{n} day", n=1)',
    ],
)  # fmt: skip
def test_a_sentence_that_cannot_be_filled_is_found(code: str) -> None:
    some(check.unfilled(code), "line 1")


@pytest.mark.parametrize(
    "code",
    [
        '_("Hello {a}" " {b}", a=1, b=2)',
        '_n("a day", "{n} days", n=1)',
        '_n("{a} day", "{n} {a} days", 1, a=2)',
        '_("{a}", **more)',
    ],
)
def test_a_sentence_that_can_be_filled_is_left_alone(code: str) -> None:
    none(check.unfilled(code))
