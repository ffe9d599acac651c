"""Read a PDF as its reader does."""

from __future__ import annotations

import io

from pypdf import PdfReader


def pages(content: bytes) -> list[str]:
    """Give the words of each page, its white space evened out."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


def page_sizes(content: bytes) -> set[tuple[int, int]]:
    """Give the sizes of the pages, in points."""
    boxes = [page.mediabox for page in PdfReader(io.BytesIO(content)).pages]
    return {(round(box.width), round(box.height)) for box in boxes}


def fonts(content: bytes) -> dict[str, bool]:
    """Give the fonts and whether each is embedded."""
    found: dict[str, bool] = {}
    for page in PdfReader(io.BytesIO(content)).pages:
        for font in page["/Resources"]["/Font"].values():
            for part in font.get("/DescendantFonts", [font]):
                describes = part.get_object()["/FontDescriptor"]
                found[font["/BaseFont"]] = any(name.startswith("/FontFile") for name in describes)
    return found


def letter_sizes(content: bytes, words: str) -> set[int]:
    """Give the sizes, in points, at which some words are set."""
    sizes: set[int] = set()
    for page in PdfReader(io.BytesIO(content)).pages:

        def visit(text: str, _around: object, _matrix: object, _font: object, size: float) -> None:
            if words in text:
                sizes.add(round(size))

        page.extract_text(visitor_text=visit)
    return sizes
