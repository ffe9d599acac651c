"""Set one paper: a template and its data come in, a PDF goes out.

A process of its own that ends with the paper: the setter keeps fifty megabytes, and more with each paper,
and nothing else can run in Python while it works. What it is told comes through a pipe, so that no name
shows in the list of processes.
"""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import typst

FONTS: Final = "noto_cjk_sans_otc"
TEMPLATES: Final = Path(__file__).resolve().parent.parent / "handlers" / "papers"


def pdf(template: str, title: str, language: str, data: object) -> bytes:
    """Set a paper; what is in `data` stays data, whatever it looks like. Raises TypstError."""
    spec = find_spec(FONTS)
    assert spec is not None
    assert spec.origin is not None
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[Path(spec.origin).parent]
    )
    compiler = typst.Compiler(TEMPLATES / f"{template}.typ", root=TEMPLATES, font_paths=fonts)
    told = {"title": title, "language": language, "data": json.dumps(data, ensure_ascii=False)}
    made = compiler.compile(format="pdf", sys_inputs=told)
    assert isinstance(made, bytes)
    return made


def main() -> int:
    """Read a JSON object from the standard input and write the PDF to the standard output."""
    try:
        made = pdf(**json.load(sys.stdin.buffer))
    except typst.TypstError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
