"""The checks of the gate: each says what it found in words that a reader understands.

A check takes the original and the translation and gives its findings; those that can
repair something for certain give the repaired translation too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dragoman import languages
from dragoman.translate.detection import detect_language
from dragoman.translate.gate.numbers import (
    Figure,
    possible_values,
    read_figures,
    read_number,
    write_number,
)
from dragoman.translate.tongues import find_tongue, has_foreign_script
from dragoman.types import Check, Verdict

Found = tuple[Check, ...]

_WORDS = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_QUOTES = re.compile('[“”„«»「」]|"(?!(?<=\\w")\\w)')
_QUOTE_RUNS = re.compile(f"(?:{_QUOTES.pattern})[“”„«»\"'‘’]*")
_QUOTED = re.compile('[“„«"]([^“”„«»"]+)[”“»"]')
# A quotation of several sentences opens in the first and closes in the last.
_OPEN_SINGLE = re.compile(r"(?<![\w.,!?])['‘](?=\w[^'’]*$)|(?<=[.,!?])['’](?=\s|$)")
_SINGLE_PAIR = re.compile(r"(?<!\w)['‘‚](?=\w)[^'’‘]*['’‘](?!\w)")
_ELISION = re.compile(r"(?<!\w)['’](?=\d|em\b|til\b|cause\b|n\b)|(?<=\w)['’](?=\w)")
_IMPERIAL = re.compile(
    r"\b(?:miles?|feet|foot|ft|inch(?:es)?|yards?|pounds?|lbs?|mph|acres?|milhas?|pés|polegadas?)\b"
)
_METRIC = re.compile(r"\b(?:k?m|cm|kg|met(?:er|re|ro)s?|kilomet\w+|quil\w+|centím\w+|hectares?)\b")
_FACTORS = (1.609, 0.3048, 2.54, 0.9144, 0.4536, 0.4047)
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"“”]*[\w/]|[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")
_GLOSS = re.compile(
    r"\s*[(\[](?:em|in|en|auf|in het|på) (?:inglês|português|English|Portuguese|inglés|español|"
    r"portugués|anglais|français|portugais|Englisch|espanhol|Spanish|French|francês)[)\]]",
    re.IGNORECASE,
)
_CLOSE = frozenset({"pt", "es", "gl", "ca", "it", "fr", "oc"})  # share many words to the letter
_PERCENT = re.compile(r"%|\bper ?cent(?:age)?|\bpor cento|\bpor ciento|\bpour ?cent|\bpontos? perc")
_CURRENCIES = {
    "GBP": r"£|\bpounds?\b(?! of)|\blibras?\b|\blivres? sterling|\bpence\b|\bGBP\b|\bquid\b",
    "EUR": r"€|\beuros?\b|\bEUR\b",
    "USD": r"(?<![CAR])\$|\bUS\$|\bdollars?\b|\bd[óo]lar(?:es)?\b|\bUSD\b",
    "BRL": r"R\$|\breais\b|\bBRL\b",
    "JPY": r"¥|\byens?\b|\biene?s?\b|\bJPY\b",
    "INR": r"₹|\brupees?\b|\brupias?\b|\broupies?\b|\bINR\b",
    "RUB": r"₽|\br(?:o?u)bles?\b|\brublos?\b|\bRUB\b",
    "CHF": r"\bSwiss francs?\b|\bfrancos? suíços?\b|\bCHF\b",
}
_SURE = re.compile(r"(?<!illion )(?<!ões )(?<!ões de )\b(?:pounds?|libras?)\b", re.IGNORECASE)
_NAMES = {
    "pt": {"GBP": "libras", "EUR": "euros", "USD": "dólares", "JPY": "ienes", "INR": "rupias"},
    "en": {"GBP": "pounds", "EUR": "euros", "USD": "dollars", "JPY": "yen", "INR": "rupees"},
    "es": {"GBP": "libras", "EUR": "euros", "USD": "dólares", "JPY": "yenes", "INR": "rupias"},
    "fr": {"GBP": "livres", "EUR": "euros", "USD": "dollars", "JPY": "yens", "INR": "roupies"},
}
_SIGNS = {"GBP": "£", "EUR": "€", "USD": "$", "JPY": "¥", "INR": "₹"}


def check_numbers(source: str, target: str, language: str, into: str) -> tuple[str, Found]:
    """Compare figures as values, and write those right that were only written wrongly."""
    ours, theirs = read_figures(source, language), read_figures(target, into)
    if not ours and not theirs:
        return target, ()
    repaired = _repair_figures(source, target, language, into)
    notes: list[Check] = []
    if repaired != target:
        target, theirs = repaired, read_figures(repaired, into)
        notes.append(Check("numbers", Verdict.PUBLISH, "figures were written as the language does"))
    there, here = (
        possible_values(*args) for args in ((target, into, theirs), (source, language, ours))
    )
    lost = [f.text for f in ours if not _is_among(f, there, target)]
    added = [f.text for f in theirs if not _is_among(f, here, source)]
    if (lost or added) and _is_converted(source, target):
        lost = [text for text in lost if not _has_conversion(text, language, there)]
        added = [text for text in added if not _has_conversion(text, into, here)]
    if lost and added:
        message = f"the original has {_list(lost)}, the translation {_list(added)}"
        notes.append(Check("numbers", Verdict.MARK, message))
    elif lost or added:
        where = "only in the original" if lost else "only in the translation"
        notes.append(Check("numbers", Verdict.MARK, f"{_list(lost or added)} stands {where}"))
    elif _PERCENT.search(source) and ours and not _PERCENT.search(target):
        notes.append(Check("numbers", Verdict.MARK, "the percent sign was lost"))
    return target, tuple(notes)


def check_currencies(source: str, target: str, language: str, into: str) -> tuple[str, Found]:
    """Compare currencies; one that became another is put right where it is the only one."""
    ours, theirs = _currencies(source), _currencies(target)
    # A pound may be a weight: only what is surely money can be lost or added.
    lost, added = (
        _currencies(_SURE.sub(" ", source)) - theirs,
        _currencies(_SURE.sub(" ", target)) - ours,
    )
    if not any(char.isdigit() for char in source) or not (lost or added):
        return target, ()
    if len(lost) == len(added) == 1:
        repaired = _swap_currency(target, next(iter(added)), next(iter(lost)), into)
        if repaired != target and _currencies(repaired) == ours:
            note = f"the currency was put right: {_list(sorted(lost))}"
            return repaired, (Check("currency", Verdict.PUBLISH, note),)
    if lost:
        became = f", the translation {_list(sorted(added))}" if added else ", the translation none"
        message = f"the original speaks of {_list(sorted(lost))}{became}"
        return target, (Check("currency", Verdict.MARK, message),)
    message = f"the translation speaks of {_list(sorted(added))}, the original does not"
    return target, (Check("currency", Verdict.MARK, message),)


def check_quotes(source: str, target: str, language: str, into: str) -> tuple[str, Found]:
    """Compare quotation marks: losing them turns a claim into our own voice."""
    ours, theirs = count_quotes(source), count_quotes(target)
    if ours == theirs or re.search(r"\d\s?[\"”″](?=\s\w)", source):
        return target, ()
    # One quoted term is how translators set what they leave foreign; more is not.
    if ours == 0 and theirs > 2:
        message = "the translation has quotation marks that the original has not"
        return target, (Check("quotation marks", Verdict.MARK, message),)
    theirs += len(_OPEN_SINGLE.findall(_ELISION.sub("", target)))
    if theirs >= _count_needed(source) - _kept_terms(source, target):
        return target, ()
    message = f"the original has {ours} quotation marks, the translation {theirs}"
    return target, (Check("quotation marks", Verdict.MARK, message),)


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


def check_glosses(source: str, target: str, language: str, into: str) -> tuple[str, Found]:
    """Take out what the model invents from the encyclopedia that it learnt from."""
    if "(" in source or "[" in source:
        return target, ()
    cleaned = _GLOSS.sub("", target)
    if cleaned == target:
        return target, ()
    return cleaned, (
        Check("gloss", Verdict.PUBLISH, "an invented note on the language was taken out"),
    )


def check_links(source: str, target: str, language: str, into: str) -> tuple[str, Found]:
    """Look for every address of the original."""
    lost = [address for address in _URL.findall(source) if address not in target]
    if not lost:
        return target, ()
    return target, (Check("links", Verdict.MARK, f"{_list(lost)} was changed or lost"),)


def check_language(source: str, target: str, language: str, into: str) -> tuple[str, Found]:
    """Find a translation that is still in the original's language, whole or in part."""
    copied, share = _copied_stretch(source, target)
    if share > 0.6 and len(copied.split()) >= 3:
        return target, (Check("language", Verdict.HOLD, "the text was left untranslated"),)
    is_close = {languages.base(language), languages.base(into)} <= _CLOSE
    if len(copied.split()) >= (7 if is_close else 4) and not (share <= 0.5 and _is_title(copied)):
        message = f"left untranslated: “{copied[:80]}”"
        return target, (Check("untranslated", Verdict.MARK, message),)
    found, score = detect_language(target)
    spoken = find_tongue(target, into)
    if has_foreign_script(source, target, into):
        found, score = (
            (language, 1.0) if not has_foreign_script(source, source, language) else ("", 1)
        )
    elif not spoken and (found == "und" or languages.is_same(found, into) or score < 0.85):
        return target, ()
    name = languages.name_of(spoken or found, "en")
    if languages.is_same(spoken or found, language):
        message = f"the translation is still in {name}"
        return target, (Check("language", Verdict.HOLD, message),)
    if not spoken and ({found, languages.base(into)} <= _CLOSE or score < 0.95):
        return target, ()
    return target, (Check("language", Verdict.MARK, f"the translation seems to be in {name}"),)


def _is_title(words: str) -> bool:
    """Whether a stretch is set as the title of a work or the name of a body."""
    small = [word for word in words.split() if word[0].islower()]
    capital = [word for word in words.split() if word[0].isupper()]
    return len(capital) >= len(small) > 0 and max(map(len, small)) <= 4


def _is_among(figure: Figure, values: frozenset[float], other: str) -> bool:
    """Whether a figure is said in the other text, as a value or, with spaces, to the letter."""
    if values & set(figure.values):
        return True
    return (" " in figure.text and re.sub(r"\D", "", figure.text) in re.sub(r"\D", "", other)) or (
        figure.text in re.split(r"[^\d]", other)
    )


def _is_converted(source: str, target: str) -> bool:
    pairs = ((source, target), (target, source))
    return any(_IMPERIAL.search(one) and _METRIC.search(other) for one, other in pairs)


def _has_conversion(text: str, language: str, values: frozenset[float]) -> bool:
    """Whether a figure was converted between miles and kilometres, pounds and kilograms."""
    value = read_number(text, language)
    if value is None:
        return False
    factors = (*_FACTORS, *(1 / factor for factor in _FACTORS))
    return any(
        abs(value * factor - other) <= 0.12 * other for factor in factors for other in values
    )


def _repair_figures(source: str, target: str, language: str, into: str) -> str:
    """Write a figure right that has the original's digits but not the language's separators."""
    wanted = {}
    ours = read_figures(source, language)
    said = {value for figure in ours for value in figure.values}
    for figure in ours:
        value = read_number(figure.text, language)
        if value is not None and re.search("[.,]", figure.text):
            wanted[re.sub(r"\D", "", figure.text)] = (figure.text, value)
    for figure in reversed(read_figures(target, into)):
        original = wanted.get(re.sub(r"\D", "", figure.text))
        if original is None:
            continue
        text, value = original
        decimals = 0 if value == int(value) else len(re.split("[.,]", text)[-1])
        right = write_number(value, decimals, into)
        is_said = set(figure.values) & said and re.sub("[^.,]", "", figure.text) != re.sub(
            "[^.,]", "", text
        )
        if not is_said and not _is_clock(source, text) and read_number(right, into) == value:
            target = target[: figure.start] + right + target[figure.end :]
    return target


def _is_clock(source: str, figure: str) -> bool:
    return bool(re.search(rf"{re.escape(figure)}\s?(?:[ap]\.?m\b|h\b)", source, re.IGNORECASE))


def _currencies(text: str) -> set[str]:
    return {
        code for code, pattern in _CURRENCIES.items() if re.search(pattern, text, re.IGNORECASE)
    }


def _swap_currency(target: str, wrong: str, right: str, into: str) -> str:
    names = _NAMES.get(languages.base(into), {})
    if wrong not in names or right not in names:
        return target
    if len(re.findall(_CURRENCIES[wrong], target, re.IGNORECASE)) != 1:
        return target
    swapped = re.sub(rf"\b{names[wrong]}\b", names[right], target)
    sign = _SIGNS[wrong]
    return re.sub(rf"(?:US ?)?{re.escape(sign)}", _SIGNS[right], swapped)


def _copied_stretch(source: str, target: str) -> tuple[str, float]:
    """Give the longest run of the original's own small words in the translation, and its share."""
    words = _WORDS.findall(source)
    padded = f" {' '.join(_WORDS.findall(target))} "
    best: Sequence[str] = ()
    at = 0
    while at < len(words):
        end = at
        while end < len(words) and f" {' '.join(words[at : end + 1])} " in padded:
            end += 1
        run = words[at:end]
        small = [word for word in run if word[0].islower() and len(word) > 2]
        if len(small) >= 2 and len(run) > len(best):
            best = run
        at = max(end, at + 1)
    return " ".join(best), len(best) / max(1, len(words))


def _list(items: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(items))
