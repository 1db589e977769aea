"""Cut a sentence into words, numbers and pauses, the numbers read as their language writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dragoman.publish.figures.lexicon import Lexicon, Role, normalise_word

NO_ROLE: frozenset[Role] = frozenset()
AND = frozenset({Role("and")})

_TOKEN = re.compile(
    r"(?P<number>(?<![^\W_])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:,\d+)?(?![^\W_])"
    r"|(?<![^\W_])\d+(?:[.,٫٬]\d+)*)"
    r"|(?P<sign>(?:(?<![^\W_])(?:US|R|A|AU|C|CA|NZ|HK))?\$|[%٪€£¥₽])"
    r"|(?P<word>[^\W\d_](?:[^\W\d_]|[\u064b-\u0652\u0670\u0640])*)"
    r"|(?P<pause>[.,;:!?…؟،؛()\[\]/]|\s[-–—]+\s|[–—])"
    r"|(?P<other>\d+)"
)
_DATE = re.compile(r"\d{1,4}[/.:]\d{1,2}(?:[/.:]\d{2,4})?(?!\d)")
_SIGNS = {"$": "USD", "US$": "USD", "R$": "BRL", "A$": "AUD", "AU$": "AUD", "C$": "CAD",
          "CA$": "CAD", "NZ$": "NZD", "HK$": "HKD", "€": "EUR", "£": "GBP", "¥": "JPY",
          "₽": "RUB"}  # fmt: skip
_DESIGNATION = re.compile(r"[^\W\d_][-–]$")  # F-16, COVID-19
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Token:
    """A word with what it may do, a number with its value, or a pause."""

    text: str
    start: int
    end: int
    roles: frozenset[Role] = NO_ROLE
    value: float | None = None  # of a number
    is_pause: bool = False
    is_year: bool = False

    def has(self, name: str) -> bool:
        """Whether it may do this."""
        return any(role.name == name for role in self.roles)

    def of(self, name: str) -> tuple[str, ...]:
        """Give what it stands for where it does this."""
        return tuple(sorted(role.value for role in self.roles if role.name == name))


def read_tokens(text: str, lexicon: Lexicon) -> list[Token]:
    """Read a sentence."""
    return _join_numbers(_join_phrases(list(_cut(text, lexicon)), lexicon), lexicon)


def _cut(text: str, lexicon: Lexicon) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if match["word"]:
            yield from _read_word(match["word"], start, end, lexicon)
        elif match["number"]:
            yield _read_digits(text, match, lexicon)
        elif match["sign"]:
            role = Role("percent-sign") if match["sign"] in "%٪" else (
                Role("currencies", _SIGNS[match["sign"]])
            )  # fmt: skip
            yield Token(match["sign"], start, end, frozenset({role}))
        elif not (match["pause"] == "." and _is_abbreviation(text, start, lexicon)):
            yield Token("", start, end, is_pause=True)


def _is_abbreviation(text: str, at: int, lexicon: Lexicon) -> bool:
    """Whether a full stop ends a scale (тыс., Mio.) and not a sentence."""
    before = re.search(r"[^\W\d_]+$", text[:at])
    return before is not None and (
        normalise_word(before.group(), lexicon.language) in lexicon.scales
    )


def _read_word(word: str, start: int, end: int, lexicon: Lexicon) -> Iterator[Token]:
    plain = normalise_word(word, lexicon.language)
    if lexicon.language == "ar" and not _is_known(plain, lexicon):
        # "and" is written with its word; in and for are too.
        if plain.startswith("و"):
            yield Token("و", start, start + 1, AND)
            start, plain = start + 1, normalise_word(plain[1:], "ar")
        if not _is_known(plain, lexicon) and plain[:1] in "بلف" and len(plain) > 3:
            plain = normalise_word(plain[1:], "ar")
    if plain:
        is_adjective = word[0].islower() and plain in lexicon.capitals
        yield Token(plain, start, end, NO_ROLE if is_adjective else lexicon.roles(plain))


def _is_known(word: str, lexicon: Lexicon) -> bool:
    return bool(
        word in lexicon.numbers
        or word in lexicon.units
        or word in lexicon.scales
        or word in lexicon.phrases
        or lexicon.roles(word)
    )


def _read_digits(text: str, match: re.Match[str], lexicon: Lexicon) -> Token:
    """Read digits; what is part of a date, a clock, an ordinal or a name is a pause."""
    start, end = match.span()
    letters = _LETTERS.match(text, end)
    is_scaled = letters and letters.group().lower() in lexicon.scales
    is_clock = _DATE.match(text, start) and text[end : end + 1] in (":", "/")
    is_date = match.group().count(".") == 2 and not re.fullmatch(
        r"\d{1,3}(?:\.\d{3})+", match.group()
    )
    is_name = _DESIGNATION.search(text[:start]) or text[:start].endswith(("#", "°", ":", "/"))
    value = _read_value(match.group(), lexicon)
    if value is None or is_clock or is_date or is_name or (letters and not is_scaled):
        return Token("", start, end, is_pause=True)
    is_year = len(match.group()) == 4 and match.group().isdigit() and 1900 <= value < 2100
    return Token(match.group(), start, end, value=value, is_year=is_year)


def _read_value(digits: str, lexicon: Lexicon) -> float | None:
    """Give the value of digits with marks; a mark before three digits parts thousands."""
    plain = re.sub(r"[ \u00a0\u202f٬]", "", digits).replace("٫", ".")
    marks = re.findall("[.,]", plain)
    if not marks:
        return float(plain)
    groups = re.split("[.,]", plain)
    last_is_thousand = len(groups[-1]) == 3 and 0 < len(groups[0]) <= 3 and groups[0] != "0"
    # One mark alone may be the decimal one: English 1.240 is no thousand.
    is_decimal = len(marks) == 1 and marks[0] == lexicon.decimal and lexicon.language not in (
        "es", "ar",
    )  # fmt: skip
    if last_is_thousand and not is_decimal and all(len(group) == 3 for group in groups[1:]):
        return float("".join(groups)) if len(set(marks)) == 1 else None
    if len(marks) == 1 or (marks[-1] not in marks[:-1] and all(len(g) == 3 for g in groups[1:-1])):
        return float("".join(groups[:-1]) + "." + groups[-1])
    return None


def _join_phrases(tokens: Sequence[Token], lexicon: Lexicon) -> list[Token]:
    """Make one token of each phrase that the tables know."""
    joined: list[Token] = []
    at = 0
    while at < len(tokens):
        size = _find_phrase(tokens, at, lexicon)
        run = tokens[at : at + size]
        if size == 1:
            joined.append(run[0])
        else:
            name = "_".join(token.text for token in run)
            joined.append(Token(name, run[0].start, run[-1].end, lexicon.roles(name)))
        at += size
    return joined


def _find_phrase(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> int:
    for phrase in lexicon.phrases.get(tokens[at].text, ()):
        run = tuple(token.text for token in tokens[at : at + len(phrase)])
        if run == phrase:
            return len(phrase)
    return 1


# -- Numbers of several words ---------------------------------------------------------


def _join_numbers(tokens: Sequence[Token], lexicon: Lexicon) -> list[Token]:
    """Make one token of each number: two hundred and twelve, 48 million, fünfundzwanzig."""
    joined: list[Token] = []
    at = 0
    while at < len(tokens):
        size = _find_number(tokens, at, lexicon)
        if size == 0:
            joined.append(tokens[at])
            at += 1
            continue
        run = tokens[at : at + size]
        value = _add_up(run, lexicon)
        text = " ".join(token.text for token in run)
        is_year = size == 1 and run[0].is_year
        joined.append(Token(text, run[0].start, run[-1].end, value=value, is_year=is_year))
        at += size
    return joined


def _find_number(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> int:
    """Count the tokens of the number that begins here; 0 where none does."""
    size = 0
    for place in range(at, len(tokens)):
        token = tokens[place]
        is_digits = token.value is not None
        is_percent = place > 0 and tokens[place - 1].value is not None and token.has("percent-sign")
        if is_percent or (is_digits and size):
            break
        # After digits only a scale goes on: 48 million.
        is_word = tokens[at].value is None and _word_value(token.text, lexicon) is not None
        if is_digits or is_word or _is_scale(tokens, place, lexicon):
            size = place - at + 1
        elif not (size and token.text in lexicon.and_words and tokens[at].value is None):
            break
    return 0 if size and _is_vague(tokens, at, size, lexicon) else size


def _is_vague(tokens: Sequence[Token], at: int, size: int, lexicon: Lexicon) -> bool:
    """Whether a word is none of the numbers: an article (un), or thousands (several thousand)."""
    first = tokens[at]
    if size > 1 or first.value is not None:
        return False
    is_many = lexicon.scales.get(first.text, 0.0) >= 1e6
    is_several = at > 0 and tokens[at - 1].has("several")
    return first.text in lexicon.units or is_many or is_several


def _is_scale(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Whether a token is a scale; a single letter is one only where it touches digits."""
    token = tokens[place]
    if token.text not in lexicon.scales:
        return False
    follows = place > 0 and tokens[place - 1].value is not None
    if len(token.text) <= 2:
        gap = token.start - tokens[place - 1].end if follows else 9
        return follows and gap <= (0 if len(token.text) == 1 else 1)
    return True


def _word_value(word: str, lexicon: Lexicon) -> float | None:
    value = lexicon.numbers.get(word, lexicon.units.get(word))
    return value if value is not None else _read_compound(word, lexicon)


def _read_compound(word: str, lexicon: Lexicon) -> float | None:
    """Read a number written as one word: fünfundzwanzig, zweihundert, dreitausend."""
    if not lexicon.joins_words or len(word) < 7:
        return None
    for scale, factor in (("tausend", 1000.0), ("hundert", 100.0)):
        left, found, right = word.partition(scale)
        if found:
            many = _word_value(left, lexicon) if left else 1.0
            rest = _word_value(right.removeprefix(lexicon.joins_words), lexicon) if right else 0.0
            return None if many is None or rest is None else many * factor + rest
    one, _, ten = word.partition(lexicon.joins_words)
    few, many = lexicon.numbers.get(one, lexicon.units.get(one)), lexicon.numbers.get(ten)
    return few + many if few is not None and many is not None and few < 10 else None


def _add_up(run: Sequence[Token], lexicon: Lexicon) -> float:
    total = current = 0.0
    for token in run:
        value = token.value if token.value is not None else _word_value(token.text, lexicon)
        if token.text in lexicon.scales and token.value is None:
            factor = lexicon.scales[token.text]
            if factor < 1e3:
                current = (current or 1.0) * factor
            elif total and not current:  # dos mil millones
                total *= factor
            else:
                total, current = total + (current or 1.0) * factor, 0.0
        elif value is not None:
            is_score = lexicon.language == "fr" and value == 20.0 and current == 4.0
            current = 80.0 if is_score else current + value
    return total + current
