"""Bring messages.pot and every language's messages.po up to date with the sentences in handlers/.

Run it as `python locales/update.py`. Sentences stand in the order of the files and lines where they are
said, without line numbers and dates, so that a diff shows words alone. A translation whose sentence is gone
is dropped and printed: a sentence that was only reworded can have it back.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

LOCALES = Path(__file__).resolve().parent
SENTENCES_IN = {"_": 1, "_n": 2}
Sentence = str | tuple[str, ...]
HEADER = """\
# Sentences of the canteen's bot.
msgid ""
msgstr ""
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""


def extracted(handlers: Path) -> Catalog:
    """Collect every sentence that is said in a folder, with the files that say it."""
    template = Catalog()
    for path in sorted(handlers.rglob("*")):
        place = [(path.relative_to(handlers.parent).as_posix(), 1)]
        for sentence in SAID_IN.get(path.suffix, lambda _: ())(path):
            template.add(sentence, locations=place)
    return template


def said_in_code(path: Path) -> Iterator[Sentence]:
    """Find the sentences of a module; Babel's own finder misses those inside another one's blanks."""
    calls = [node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        wanted = SENTENCES_IN.get(call.func.id, 0) if isinstance(call.func, ast.Name) else 0
        words = [argument.value for argument in call.args[:wanted] if isinstance(argument, ast.Constant)]
        if wanted and len(words) == wanted:
            yield words[0] if wanted == 1 else tuple(words)


def said_on_page(path: Path) -> Iterator[Sentence]:
    """Find the sentences of a page's template."""
    with path.open("rb") as source:
        for _line, sentence, _comments, _context in extract("jinja2", source, {"_": None, "_n": (1, 2)}):
            yield sentence


SAID_IN = {".py": said_in_code, ".html": said_on_page}


def updated(template: Catalog, old: Catalog) -> tuple[Catalog, list[str]]:
    """Carry the old translations over to the template's sentences; name those that no longer fit."""
    new = Catalog(locale=old.locale)
    for message in template:
        if message.id:
            known = old.get(message.id)
            kept = known is not None and known.id == message.id
            new.add(
                message.id,
                known.string if known and kept else None,
                locations=message.locations,
                user_comments=known.user_comments if known else (),
                flags=known.flags & {"fuzzy"} if known else (),
            )
    dropped = [message for message in old if message.id and any(_strings(message.string))]
    return new, [
        " | ".join(_strings(message.string))
        for message in dropped
        if (kept_as := new.get(message.id)) is None or kept_as.id != message.id
    ]


def written(catalogue: Catalog) -> bytes:
    """Write a catalogue under a header that never changes by itself."""
    header = HEADER
    if catalogue.locale is not None:
        header += f'"Language: {catalogue.locale}\\n"\n"Plural-Forms: {catalogue.plural_forms}\\n"\n'
    body = BytesIO()
    write_po(body, catalogue, width=0, omit_header=True, ignore_obsolete=True, include_lineno=False)
    return header.encode() + b"\n" + body.getvalue()


def read(path: Path, language: str | None = None) -> Catalog:
    """Read a catalogue file."""
    with path.open("rb") as source:
        return read_po(source, locale=language, abort_invalid=True)


def main() -> None:
    """Write the template and every language's catalogue."""
    template = extracted(LOCALES.parent / "handlers")
    (LOCALES / "messages.pot").write_bytes(written(template))
    for path in sorted(LOCALES.glob("*/LC_MESSAGES/messages.po")):
        language = path.parts[-3]
        new, dropped = updated(template, read(path, language))
        path.write_bytes(written(new))
        missing = sum(1 for message in new if message.id and not all(_strings(message.string)))
        sys.stdout.write(f"{language}: {len(new)} sentences, {missing} without a translation\n")
        sys.stdout.writelines(f"  dropped: {words}\n" for words in dropped)


def _strings(string: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (string or "",) if isinstance(string, str | None) else tuple(string)


if __name__ == "__main__":
    main()
