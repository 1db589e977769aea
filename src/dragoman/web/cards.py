"""Draw share cards: a headline in its own script, with who wrote it and that a machine translated.

Letters come from the system's fonts, found when they are first needed. What no font can write
gets no card: boxes in the place of letters say less than nothing.
"""

from __future__ import annotations

import io
import os
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from dragoman import languages

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

WIDTH, HEIGHT = 1200, 630
MARGIN = 72
LONGEST = 300  # characters of a headline

PAPER, INK, SOFT, ACCENT, LINE = "#fdfcf9", "#1d1b18", "#5d574e", "#8c2f1b", "#dcd6ca"

_SIZES = (84, 76, 68, 60, 54, 48, 42)
_LINES = 4
_ROOM = 350  # pixels for the headline
_SMALL = 32

_FOLDERS = (
    "/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts",
    "/System/Library/Fonts", "/Library/Fonts", "C:/Windows/Fonts",
)  # fmt: skip
# In order of preference; the first that has every letter of a text writes it.
_BOLD = (
    "NotoSerif-Bold", "NotoNaskhArabic-Bold", "NotoSerifHebrew-Bold", "NotoSerifDevanagari-Bold",
    "NotoSerifBengali-Bold", "NotoSerifThai-Bold", "NotoSerifArmenian-Bold",
    "NotoSerifGeorgian-Bold", "NotoSerifTamil-Bold", "NotoSerifCJK-Bold", "NotoSansCJK-Bold",
    "DejaVuSerif-Bold", "DejaVuSans-Bold", "FreeSerifBold", "Georgia Bold", "georgiab",
    "Arial Unicode", "arialbd", "LiberationSerif-Bold",
)  # fmt: skip
_PLAIN = (
    "NotoSans-Regular", "NotoSansArabic-Regular", "NotoNaskhArabic-Regular",
    "NotoSansHebrew-Regular", "NotoSansDevanagari-Regular", "NotoSansBengali-Regular",
    "NotoSansThai-Regular", "NotoSansArmenian-Regular", "NotoSansGeorgian-Regular",
    "NotoSansTamil-Regular", "NotoSansCJK-Regular", "DejaVuSans", "FreeSans", "Arial Unicode",
    "arial", "LiberationSans-Regular",
)  # fmt: skip
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")
_PLAINLY_SET = ("LATIN", "GREEK", "CYRILLIC", "CJK", "HIRAGANA", "KATAKANA", "HANGUL", "DIGIT")

PATIENCE_S = 2.0  # then a page's card is that of its edition

_pen = threading.Lock()  # one card at a time, so that drawing leaves the pages their processor
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on a card."""

    site: str
    title: str
    language: str  # of the title
    line: str = ""  # below it: who wrote it, and how it came here
    line_language: str = "en"


@lru_cache(maxsize=64)
def can_draw(language: str) -> bool:
    """Whether there are fonts for a language; its own name stands for its letters."""
    name = languages.autonym(language)
    return bool(_find_font(name, _BOLD) and _find_font(name, _PLAIN))


def draw_card(card: Card) -> bytes | None:
    """Draw a card as PNG; None where no font has its letters, or too many are asked for at once."""
    if not _pen.acquire(timeout=PATIENCE_S):
        return None
    try:
        return _draw_known(card)
    finally:
        _pen.release()


@lru_cache(maxsize=128)
def _draw_known(card: Card) -> bytes | None:
    title = " ".join(card.title.split())[:LONGEST]
    heading = _find_font(title, _BOLD)
    small = _find_font(card.line, _PLAIN) if card.line else None
    if not title or heading is None or (card.line and small is None):
        return None
    try:
        return _draw(card, title, heading, small)
    except (OSError, ValueError, KeyError) as error:  # a font that cannot be used after all
        _log.warning("card.not_drawn", reason=str(error))
        return None


def _draw(card: Card, title: str, heading: Path, small: Path | None) -> bytes:
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, WIDTH, 14), fill=ACCENT)
    site_font = _find_font(card.site, _BOLD)
    if site_font:
        _write(pen, 58, card.site[:60], card.line_language, _load(site_font, 36), ACCENT)
    font, lines = _fit(title, card.language, heading)
    top = 150 + max(0, (_ROOM - len(lines) * _height(font)) // 3)
    for number, line in enumerate(lines):
        _write(pen, top + number * _height(font), line, card.language, font, INK)
    if small:
        pen.line((MARGIN, 530, WIDTH - MARGIN, 530), fill=LINE, width=2)
        words = _shorten(card.line, card.line_language, _load(small, _SMALL))
        _write(pen, 548, words, card.line_language, _load(small, _SMALL), SOFT)
    out = io.BytesIO()
    image.quantize(32, method=Image.Quantize.FASTOCTREE).save(out, "PNG", compress_level=6)
    return out.getvalue()


def _write(
    pen: ImageDraw, top: int, text: str, language: str, font: FreeTypeFont, colour: str
) -> None:
    is_rtl = languages.direction(language) == "rtl"
    place = (WIDTH - MARGIN if is_rtl else MARGIN, top)
    anchor = "ra" if is_rtl else "la"
    direction, code = _setting(language)
    pen.text(place, text, fill=colour, font=font, anchor=anchor, direction=direction, language=code)


def _setting(language: str) -> tuple[str | None, str | None]:
    """Give what HarfBuzz is told of a text; nothing where Pillow was built without it."""
    if not _can_shape():
        return None, None
    return languages.direction(language), languages.base(language)


def _fit(title: str, language: str, file: Path) -> tuple[FreeTypeFont, list[str]]:
    """Choose the largest letters that leave the headline whole; cut it where none do."""
    for size in _SIZES:
        font = _load(file, size)
        lines = _wrap(title, language, font)
        if len(lines) <= _LINES and len(lines) * _height(font) <= _ROOM:
            return font, lines
    lines = lines[: _ROOM // _height(font)]
    lines[-1] = _shorten(f"{lines[-1]} …", language, font)
    return font, lines


def _wrap(text: str, language: str, font: FreeTypeFont) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in _break(text):
        longer = line + word
        if line and _length(longer.rstrip(), language, font) > WIDTH - 2 * MARGIN:
            lines.append(line.rstrip())
            longer = word.lstrip()
        line = longer
    return [*lines, line.rstrip()] if line.strip() else lines


def _break(text: str) -> Iterator[str]:
    """Part a text where a line may end: behind spaces, and between signs of unspaced scripts."""
    part = ""
    for char in text:
        is_unspaced = _script(char) in _UNSPACED and not unicodedata.combining(char)
        if part and is_unspaced and unicodedata.category(char)[0] == "L":
            yield part
            part = ""
        part += char
        if char == " ":
            yield part
            part = ""
    if part:
        yield part


def _shorten(text: str, language: str, font: FreeTypeFont) -> str:
    """Cut a line to the width of the card, with an ellipsis."""
    short = text
    while short and _length(short, language, font) > WIDTH - 2 * MARGIN:
        short = f"{short.rstrip(' …')[:-1].rstrip()} …"
    return short


def _length(text: str, language: str, font: FreeTypeFont) -> float:
    direction, code = _setting(language)
    return font.getlength(text, direction=direction, language=code)


def _height(font: FreeTypeFont) -> int:
    ascent, descent = font.getmetrics()
    return round((ascent + descent) * 1.04)


@lru_cache(maxsize=64)
def _load(file: Path, size: int) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(str(file), size)


@lru_cache(maxsize=1)
def _can_shape() -> bool:
    from PIL import features

    return bool(features.check("raqm"))


@lru_cache(maxsize=1)
def _fonts() -> dict[str, Path]:
    """Find the files of the system's fonts by their plain names."""
    found: dict[str, Path] = {}
    wanted = {*_BOLD, *_PLAIN}
    for folder in _FOLDERS:
        for place, _, names in os.walk(Path(folder).expanduser()):
            for name in names:
                stem, _, kind = name.rpartition(".")
                if stem in wanted and kind.lower() in ("ttf", "otf", "ttc"):
                    found.setdefault(stem, Path(place) / name)
    return found


def _find_font(text: str, names: tuple[str, ...]) -> Path | None:
    """Give the first font that has every letter of a text, and that can be set here."""
    letters = frozenset(char for char in text if _is_letter(char))
    scripts = {_script(char) for char in letters if char.isalpha()}
    if not _can_shape() and any(script not in _PLAINLY_SET for script in scripts):
        return None
    files = (_fonts()[name] for name in names if name in _fonts())
    return next((file for file in files if _has(file, letters)), None)


def _is_letter(char: str) -> bool:
    return not char.isspace() and unicodedata.category(char) not in ("Cf", "Cc", "Mn", "Me")


@lru_cache(maxsize=2048)
def _script(char: str) -> str:
    return unicodedata.name(char, "").partition(" ")[0]


def _has(file: Path, letters: frozenset[str]) -> bool:
    known = _known_letters(file)
    return all(_has_letter(file, known, char) for char in letters)


@lru_cache(maxsize=64)
def _known_letters(file: Path) -> dict[str, bool]:
    return {}


def _has_letter(file: Path, known: dict[str, bool], char: str) -> bool:
    """Whether a font has a letter: it draws something else than for a sign that nobody has."""
    if char not in known:
        font = _load(file, 24)
        known[char] = bytes(font.getmask(char)) != bytes(font.getmask("\U0010fffd"))
    return known[char]
