"""Reading a moment from what a page writes: ISO 8601 first, then the words of a language."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from dragoman.types import Moment, Precision

_ISO = re.compile(
    r"^\s*(\d{4})(?:-?(\d{2})(?:-?(\d{2})(?:[T ]\s*(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?)?)?\s*$",
    re.I,
)
_RFC = re.compile(
    r"^\s*(?:[A-Za-z]{3,9},?\s+)?(\d{1,2})\s+([A-Za-z]{3})[a-z]*\s+(\d{4})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(Z|UTC?|GMT|[+-]\d{4})?\s*$"
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_STAMP = re.compile(r"^\s*(\d{10})(\d{3})?\s*$")
_YEARS = (1990, 2100)
# A date among other words: figures, or a month's name between day and year, in any script.
_MONTH_NAME = r"[^\W\d_]{3,12}\.?"
_SHOWN = re.compile(
    rf"(?<!\d)(?:\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}[./-]\s?\d{{1,2}}[./-]\s?\d{{4}}|"
    rf"\d{{1,2}}\.\d{{1,2}}\.\d{{2}}(?![\d.])|"
    rf"\d{{4}}[./]\s?\d{{1,2}}[./]\s?\d{{1,2}}|"
    rf"\d{{1,2}}(?:st|nd|rd|th|er|\.|º|ª)?\s+(?:de\s+|d[e'’]\s?)?{_MONTH_NAME}(?:\s+(?:de|"
    rf"del)\s+|,?\s+)\d{{4}}|"
    rf"{_MONTH_NAME}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}|"
    rf"\d{{4}}\s?[年년]\s?\d{{1,2}}\s?[月월]\s?\d{{1,2}}\s?[日일])"
    rf"(?:[\s,|–—·-]*(?:at|à|um|às|a las|alle|kl\.?|o|в|об?|ore|klo|الساعة|"
    rf"saat)?\s*\d{{1,2}}\s?[:.hH時시]\s?\d{{2}}(?::\d{{2}})?\s*(?:[ap]\.?m\.?)?(?:\s*(?:UTC|"
    rf"GMT|[+-]\d{{2}}:?\d{{2}}|Z)\b)?)?",
    re.I,
)
_MORE_LETTERS = 14  # beside a date: a weekday's name and "on"
_CLOCK_TIME = re.compile(
    r"\d{1,2}\s?[:.hH時시]\s?\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?\s*(?:UTC|GMT|[+-]\d{2}:?\d{2}|Z)?$",
    re.I,
)
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९", "012345678901234567890123456789")


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    if text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:4])
    if minutes > 15 * 60:
        return None
    return timezone(timedelta(minutes=minutes if text[0] == "+" else -minutes))


def _moment(parts: list[int], zone: timezone | None) -> Moment | None:
    kinds = [Precision.YEAR, Precision.MONTH, Precision.DAY, Precision.DAY, Precision.MINUTE]
    precision = Precision.SECOND if len(parts) == 6 else kinds[len(parts) - 1]
    year, month, day, hour, minute, second = (parts + [1, 1, 1, 0, 0, 0][len(parts) :])[:6]
    try:
        at = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone or UTC)
        at = at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    if not _YEARS[0] <= at.year < _YEARS[1]:
        return None
    return Moment(at, precision, zone is not None)


def read_iso(raw: str) -> Moment | None:
    """Read ISO 8601, RFC 5322 or a Unix time stamp; none where it is neither."""
    found = _ISO.match(raw)
    if found:
        parts = [int(group) for group in found.groups()[:6] if group]
        return _moment(parts, _zone(found[7]))
    found = _RFC.match(raw)
    if found and found[2].lower() in _MONTHS:
        parts = [int(found[3]), _MONTHS.index(found[2].lower()) + 1, int(found[1])]
        parts += [int(group) for group in found.groups()[3:6] if group]
        return _moment(parts, _zone(found[7]))
    found = _STAMP.match(raw)
    if found:
        try:
            at = datetime.fromtimestamp(int(found[1]), UTC)
        except (ValueError, OverflowError, OSError):
            return None
        return Moment(at) if _YEARS[0] <= at.year < _YEARS[1] else None
    return None


def is_date_line(text: str) -> bool:
    """Whether a line is a date and hardly anything else."""
    plain = text.translate(_DIGITS) if len(text) <= 80 else ""
    rest, count = _SHOWN.subn("", plain)
    return count > 0 and _letters(rest) <= _MORE_LETTERS


def has_date(text: str) -> bool:
    """Whether a text names a day of a year."""
    return _SHOWN.search(text.translate(_DIGITS)) is not None


def before_date(text: str) -> str:
    """Give what a text says before the first day of a year that it names."""
    found = _SHOWN.search(text.translate(_DIGITS))
    return text[: found.start()] if found else text


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def read_words(raw: str, language: str) -> Moment | None:
    """Read a date written for people; without the language, days and months would swap."""
    found = _SHOWN.search(raw.translate(_DIGITS))
    if not found:
        return None
    text = found[0].strip(" ,|")
    iso = read_iso(text)
    if iso is not None:
        return iso
    from dateparser import parse

    code = language.partition("-")[0]
    # English dates stand on pages of every language: headers are seldom translated.
    known = list(dict.fromkeys([code, "en"])) if len(code) == 2 and code != "un" else None
    order = "MDY" if language in ("en", "en-US") else "YMD" if re.match(r"\d{4}", text) else "DMY"
    settings = {"DATE_ORDER": order, "REQUIRE_PARTS": ["day", "month", "year"]}
    try:
        at = parse(re.sub(r"\s*[|·–—]\s*", " ", text), languages=known, settings=settings)
    except (ValueError, OverflowError):  # a code that dateparser does not know
        at = None
    if at is None:
        return None
    has_time = bool(_CLOCK_TIME.search(text)) and (at.hour or at.minute or "00" in text)
    parts = [at.year, at.month, at.day] + ([at.hour, at.minute] if has_time else [])
    zone = timezone(at.utcoffset() or timedelta()) if at.tzinfo else None
    return _moment(parts, zone if has_time else None)


def read_moment(raw: str, language: str = "") -> Moment | None:
    """Read a moment however it is written; none where it cannot be read."""
    raw = raw.strip()[:200]
    return read_iso(raw) or (read_words(raw, language) if raw else None)


def write_iso(moment: Moment | None) -> str | None:
    """Write a moment as ISO 8601 at its precision, with its zone where that is known."""
    if moment is None:
        return None
    at = moment.at
    if moment.precision is Precision.YEAR:
        return f"{at:%Y}"
    if moment.precision is Precision.MONTH:
        return f"{at:%Y-%m}"
    if moment.precision is Precision.DAY:
        return f"{at:%Y-%m-%d}"
    form = "%Y-%m-%dT%H:%M" if moment.precision is Precision.MINUTE else "%Y-%m-%dT%H:%M:%S"
    return at.strftime(form) + ("+00:00" if moment.is_zone_known else "")
