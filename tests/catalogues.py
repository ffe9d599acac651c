"""What can be wrong with a catalogue: each check yields its complaints."""

import ast
import re
from collections.abc import Iterable, Iterator, Set
from itertools import zip_longest
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from zhon import cedict

SIMPLIFIED_ONLY = frozenset(cedict.simp) - frozenset(cedict.trad)
TRADITIONAL_ONLY = frozenset(cedict.trad) - frozenset(cedict.simp)
NOT_HERE = {"zh_Hans": TRADITIONAL_ONLY, "zh_Hant": SIMPLIFIED_ONLY}

# Between digits ("10:00") and in web addresses they stay as they are.
NARROW_SIGN = re.compile(r"[\u4e00-\u9fff}”」）][,:;?!(](?![/\d])")

Complaints = Iterator[str]


def sentences(message: Message) -> tuple[str, ...]:
    """Return a message's English: one sentence, or its singular and plural."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def translations(message: Message) -> tuple[str, ...]:
    if message.string is None or isinstance(message.string, str):
        return (message.string or "",)
    return tuple(message.string)


def entries(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def missing(template: Catalog, catalogue: Catalog) -> Complaints:
    known = {sentences(message) for message in entries(catalogue)}
    return (
        f"missing: {sentences(message)[0]}"
        for message in entries(template)
        if sentences(message) not in known
    )


def obsolete(template: Catalog, catalogue: Catalog) -> Complaints:
    yield from (complaint.replace("missing", "obsolete", 1) for complaint in missing(catalogue, template))
    yield from (f"obsolete: {message.id}" for message in catalogue.obsolete.values())


def fuzzy(catalogue: Catalog) -> Complaints:
    return (f"fuzzy: {message.id}" for message in entries(catalogue) if message.fuzzy)


def untranslated(catalogue: Catalog) -> Complaints:
    return (
        f"not translated: {message.id}" for message in entries(catalogue) if not all(translations(message))
    )


def translated(catalogue: Catalog) -> Complaints:
    return (f"translated: {message.id}" for message in entries(catalogue) if any(translations(message)))


def narrow_signs(catalogue: Catalog) -> Complaints:
    for message in entries(catalogue):
        for words in translations(message):
            if NARROW_SIGN.search(words):
                yield f"a sign that is half as wide as the words around it: {words}"


def wrong_plurals(catalogue: Catalog) -> Complaints:
    for message in entries(catalogue):
        expected = catalogue.num_plurals if message.pluralizable else 1
        if len(translations(message)) != expected:
            yield f"{expected} plural forms needed: {message.id}"


def blanks(sentence: str) -> frozenset[str] | None:
    """Name the blanks of a sentence; None when it is no template."""
    try:
        pieces = list(Formatter().parse(sentence))
    except ValueError:
        return None
    names = [piece[1] for piece in pieces if piece[1] is not None]
    if any(spec or how for _, name, spec, how in pieces if name is not None):
        return None
    return frozenset(names) if all(name.isidentifier() for name in names) else None


def wrong_blanks(catalogue: Catalog) -> Complaints:
    for message in entries(catalogue):
        english = sentences(message)
        said = [words for words in translations(message) if words]
        # A language without plurals says the plural; one with more forms says it in all but the first.
        models = english[-1:] if len(said) == 1 else english
        for words, model in zip_longest(said, models[: len(said)], fillvalue=english[-1]):
            optional = {"n"} if message.pluralizable and words != said[-1] else set()
            found, wanted = blanks(words), blanks(model)
            if found is None or wanted is None or found - optional != wanted - optional:
                yield f"blanks differ: {model!r} → {words!r}"


def wrong_commands(catalogue: Catalog) -> Complaints:
    for message in entries(catalogue):
        wanted = commands(" ".join(sentences(message)))
        for words in filter(None, translations(message)):
            if commands(words) != wanted:
                yield f"commands differ: {sentences(message)[0]!r} → {words!r}"


def commands(words: str) -> frozenset[str]:
    return frozenset(re.findall(r"(?<![\w/])/[a-z]+", words))


def still_english(catalogue: Catalog, allowed: Set[str]) -> Complaints:
    for message in entries(catalogue):
        for words in translations(message):
            if words in sentences(message) and has_words(words) and words not in allowed:
                yield f"still English: {words}"


def has_words(sentence: str) -> bool:
    """Tell whether anything but blanks and signs is left to translate."""
    return any(char.isalpha() for char in re.sub(r"\{\w*\}", "", sentence))


def wrong_script(catalogue: Catalog, not_here: Set[str]) -> Complaints:
    for message in entries(catalogue):
        for words in translations(message):
            if strange := sorted(set(words) & not_here):
                yield f"{''.join(strange)} in {words!r}"


def wrong_edges(catalogue: Catalog) -> Complaints:
    for message in entries(catalogue):
        for words in filter(None, translations(message)):
            if words != words.strip() or words.count("\n") != sentences(message)[-1].count("\n"):
                yield f"spaces or lines differ: {sentences(message)[0]!r} → {words!r}"


def wrong_phrases(catalogue: Catalog) -> Complaints:
    for message in entries(catalogue):
        english = sentences(message)[0]
        for words in filter(None, translations(message)):
            if ("|" in english) != ("|" in words) or not all(part.strip() for part in words.split("|")):
                yield f"phrases differ: {english!r} → {words!r}"


def unfilled(source: str) -> Complaints:
    """Find sentences in code that no catalogue can know, or whose blanks are not the ones that are filled."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    for call in calls:
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        if name not in ("_", "_n"):
            continue
        # `_n` takes two sentences, and its number by place or by name.
        counted = {"n"} if name == "_n" else set()
        said = 1 + len(counted)
        words = [part.value for part in call.args[:said] if isinstance(part, ast.Constant)]
        if len(words) != said or len(call.args) > said + len(counted):
            yield f"line {call.lineno}: a sentence is written out where it is said"
            continue
        given = {keyword.arg for keyword in call.keywords} | (counted if len(call.args) > said else set())
        wanted = [blanks(sentence) for sentence in words]
        if None in wanted or (None not in given and given != counted.union(*filter(None, wanted))):
            yield f"line {call.lineno}: {words[0]!r} is filled with {sorted(map(str, given))}"


def complaints_of(paths: Iterable[Path]) -> Complaints:
    for path in paths:
        yield from (f"{path.name}, {complaint}" for complaint in unfilled(path.read_text(encoding="utf-8")))
