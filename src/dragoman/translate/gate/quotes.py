"""Quotation marks: losing them turns somebody's claim into our own voice."""

from __future__ import annotations

import re

from dragoman import languages
from dragoman.translate.words import word_set
from dragoman.types import Check, Verdict

Found = tuple[Check, ...]

_QUOTES = re.compile('[“”„«»「」]|"(?!(?<=\\w")\\w)')
_QUOTE_RUNS = re.compile(f"(?:{_QUOTES.pattern})[“”„«»\"'‘’]*")
_QUOTED = re.compile('[“„«"]([^“”„«»"]+)[”“»"]')
# A quotation of several sentences opens in the first and closes in the last.
_OPEN_SINGLE = re.compile(r"(?<![\w.,!?])['‘](?=\w[^'’]*$)|(?<=[.,!?])['’](?=\s|$)")
_PART = re.compile(r"^['\"“”„«»‘’]|[:,;] ?['\"“„«‘]|['\"”»’][.,!?]?$|[.,!?]['\"”»’]")
_SINGLE_PAIR = re.compile(r"(?<!\w)['‘‚](?=\w)[^'’‘]*['’‘](?!\w)")
# Russian and its neighbours put the names of firms, teams and works in quotation marks.
_QUOTED_NAMES = word_set("ru uk be bg kk")
_NAMED = re.compile(r"[«„“\"](\w*[A-ZА-ЯЁІЇЄ][^«»„“”\".!?]{0,60})[»“”\"](?!\s*[—–-])")
_QUOTED_WORD = re.compile(r'[“„«»][^\s“”„«»"]+["”“»«]')
# A straight mark after a space or bracket opens; any other closes.
_STRAIGHT_OPENS = re.compile(r'(?:(?<=[\s(\[—–-])|^)"(?=\S)')
# The apostrophe of a plural (the students' vote) may be taken for a mark that closes.
_PLURAL = re.compile(r"(?<=\ws)['’](?= [a-z])")
_ELISION = re.compile(r"(?<!\w)['’](?=\d|em\b|til\b|cause\b|n\b)|(?<=\w)['’](?=\w)")


def check_quotes(source: str, target: str, language: str, into: str) -> tuple[str, Found]:
    """Compare quotation marks: losing them turns a claim into our own voice."""
    source, plain = _without_names(source, language), _without_names(target, into)
    if languages.base(language) == "en" and count_quotes(plain) < count_quotes(source):
        source = _PLURAL.sub("", source)
    ours, theirs = count_quotes(source), count_quotes(plain)
    if ours == 1 and not _PART.search(source):
        return target, ()  # a stray mark
    if ours == theirs or re.search(r"\d\s?[\"”″](?=\s\w)", source):
        return target, ()
    # One quoted term is how translators set what they leave foreign; more is not.
    if ours == 0 and theirs > 2:
        message = "the translation has quotation marks that the original has not"
        return target, (Check("quotation marks", Verdict.MARK, message),)
    theirs += len(_OPEN_SINGLE.findall(_ELISION.sub("", plain)))
    needed = _count_needed(source) - _kept_terms(source, target)
    if theirs >= needed or (needed - theirs == 2 and theirs % 2 == 0 and _has_term(source)):
        return target, ()
    message = f"the original has {ours} quotation marks, the translation {theirs}"
    return target, (Check("quotation marks", Verdict.MARK, message),)


def _has_term(text: str) -> bool:
    """Whether a single word stands in marks: a term, which translators often set without.

    What somebody claims is longer, and its marks are missed; the engine's are put back first.
    """
    whole = _SINGLE_PAIR.sub(lambda match: f'"{match.group()[1:-1]}"', _ELISION.sub("", text))
    return bool(_QUOTED_WORD.search(_STRAIGHT_OPENS.sub("“", whole)))


def _without_names(text: str, language: str) -> str:
    """Take the marks from names of teams, firms and works, where the language sets them so."""
    return _NAMED.sub(r"\1", text) if languages.base(language) in _QUOTED_NAMES else text


def count_quotes(text: str) -> int:
    """Count the marks that open or close a quotation, double or single; apostrophes are none."""
    text = _ELISION.sub("", text)
    return len(_QUOTES.findall(text)) + 2 * len(_SINGLE_PAIR.findall(text))


def _count_needed(text: str) -> int:
    """Count the marks, those that follow each other as one: a quotation in another ends so."""
    text = _SINGLE_PAIR.sub(lambda match: f'"{match.group()[1:-1]}"', _ELISION.sub("", text))
    return len(_QUOTE_RUNS.findall(re.sub(r"(?<=[\"”»])[.,](?=[\"'”’»])", "", text)))


def _kept_terms(source: str, target: str) -> int:
    """Count the marks around foreign terms that stand in the translation to the letter."""
    terms = [term.strip() for term in _QUOTED.findall(source)]
    small = target.lower()
    return 2 * sum(len(term.split()) <= 4 and term.lower() in small for term in terms if term)
