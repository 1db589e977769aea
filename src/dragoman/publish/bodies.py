"""Write the text of an article as plain HTML for feeds: translated where it is, no pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from dragoman import languages
from dragoman.publish.prose import write_text
from dragoman.publish.views import Piece, Row


def write_body(rows: Sequence[Row], article_language: str, into: str) -> str:
    """Write rows as HTML; parts that stay in the original's language say so."""
    return "\n".join(
        _write_row(row, row.language or article_language, into) for row in rows if _has_text(row)
    )


def _has_text(row: Row) -> bool:
    return bool(row.url) or any(piece.text.text for piece in row.source)


def _write_row(row: Row, own: str, into: str) -> Markup:
    language = into if row.target or row.target_alt else own
    attributes = Markup("")
    if not languages.is_same(language, into):
        attributes = Markup(' lang="{}" dir="{}"').format(language, languages.direction(language))
    write = _WRITERS.get(row.kind, _write_paragraphs)
    return write(row, row.target or row.source, attributes)


def _write_paragraphs(row: Row, pieces: Sequence[Piece], attributes: Markup) -> Markup:
    # Not with `format`, which takes ten times the time: all three parts are escaped already.
    written = "".join(f"<p{attributes}>{write_text(piece.text)}</p>" for piece in pieces)
    return Markup(written)  # noqa: S704


def _write_heading(row: Row, pieces: Sequence[Piece], attributes: Markup) -> Markup:
    words = Markup("").join(write_text(piece.text) for piece in pieces)
    return Markup("<h{0}{1}>{2}</h{0}>").format(row.level, attributes, words)


def _write_quote(row: Row, pieces: Sequence[Piece], attributes: Markup) -> Markup:
    inner = _write_paragraphs(row, pieces, Markup(""))
    return Markup("<blockquote{}>{}</blockquote>").format(attributes, inner)


def _write_list(row: Row, pieces: Sequence[Piece], attributes: Markup) -> Markup:
    items = Markup("").join(Markup("<li>{}</li>").format(write_text(p.text)) for p in pieces)
    return Markup("<{0}{1}>{2}</{0}>").format("ol" if row.level else "ul", attributes, items)


def _write_table(row: Row, pieces: Sequence[Piece], attributes: Markup) -> Markup:
    columns = max(row.columns, 1)
    lines = Markup("")
    for start in range(0, len(pieces), columns):
        cells = (write_text(piece.text) for piece in pieces[start : start + columns])
        line = Markup("").join(Markup("<td>{}</td>").format(cell) for cell in cells)
        lines += Markup("<tr>{}</tr>").format(line)
    return Markup("<table{}>{}</table>").format(attributes, lines)


def _write_picture(row: Row, pieces: Sequence[Piece], attributes: Markup) -> Markup:
    words = write_text(pieces[0].text) if pieces else Markup("{}").format(row.target_alt or row.alt)
    credit = Markup(" <small>{}</small>").format(row.credit) if row.credit else Markup("")
    return Markup("<p{}><em>{}</em>{}</p>").format(attributes, words, credit)


def _write_embed(row: Row, pieces: Sequence[Piece], attributes: Markup) -> Markup:
    words = pieces[0].text.text if pieces and pieces[0].text.text else row.url
    if not row.url:
        return Markup("<p{}>{}</p>").format(attributes, words)
    return Markup('<p{}><a href="{}">{}</a></p>').format(attributes, row.url, words)


def _write_code(row: Row, pieces: Sequence[Piece], attributes: Markup) -> Markup:
    return Markup("<pre>{}</pre>").format("\n".join(piece.text.text for piece in pieces))


_WRITERS: dict[str, Callable[[Row, Sequence[Piece], Markup], Markup]] = {
    "heading": _write_heading,
    "quote": _write_quote,
    "list": _write_list,
    "table": _write_table,
    "image": _write_picture,
    "embed": _write_embed,
    "code": _write_code,
}
