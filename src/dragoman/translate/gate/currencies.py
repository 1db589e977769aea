"""Sums of money: pounds stay pounds, by their sign, their code or their name."""

from __future__ import annotations

import re
from functools import lru_cache

from dragoman import languages
from dragoman.types import Check, Verdict

_SIGN = re.compile(
    r"(?:\b(?:US|CA|AU|NZ|HK|[RCA]))?\$|[£€¥₹₽₩₺₪₴₦₫฿]|(?<![a-z])[A-Z]{3}(?![A-Za-z])"
)
_BY_SIGN = {"£": "GBP", "€": "EUR", "$": "USD", "US$": "USD", "R$": "BRL", "C$": "CAD",
            "CA$": "CAD", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "HK$": "HKD", "¥": "JPY",
            "₹": "INR", "₽": "RUB", "₩": "KRW", "₺": "TRY", "₪": "ILS", "₴": "UAH", "₦": "NGN",
            "₫": "VND", "฿": "THB"}  # fmt: skip
_CODES = frozenset(["GBP", "EUR", "USD", "BRL", "JPY", "INR", "RUB", "CHF", "CNY"])
# The first letters of the words; ``$`` closes what must be the whole word.
_STEMS = {
    "en": "pound GBP pounds GBP sterling GBP quid$ GBP pence$ GBP euro$ EUR euros$ EUR dollar USD "
    "yen$ JPY rupee INR rouble RUB ruble RUB reais$ BRL yuan$ CNY",
    "pt": "libra$ GBP libras$ GBP esterlin GBP euro$ EUR euros$ EUR dólar USD iene JPY rupia INR "
    "rublo RUB reais$ BRL yuan CNY",
    "es": "libra$ GBP libras$ GBP esterlin GBP euro$ EUR euros$ EUR dólar USD yen$ JPY yenes$ JPY "
    "rupia INR rublo RUB reales$ BRL yuan CNY",
    "fr": "livre$ GBP livres$ GBP sterling GBP euro$ EUR euros$ EUR dollar USD yen$ JPY yens$ JPY "
    "roupie INR rouble RUB reais$ BRL yuan CNY",
    "it": "sterlin GBP euro$ EUR dollar USD yen$ JPY rupi INR rubl RUB yuan$ CNY",
    "de": "pfund$ GBP pfunds$ GBP euro$ EUR euros$ EUR eurobetrag EUR dollar USD yen$ JPY rupie "
    "INR rubel RUB yuan$ CNY",
    "nl": "pond$ GBP euro$ EUR euro's$ EUR dollar USD yen$ JPY roepie INR roebel RUB yuan$ CNY",
    "sv": "pund$ GBP euro$ EUR dollar USD yen$ JPY rupier INR rubel RUB rubler RUB",
    "pl": "funt GBP euro$ EUR dolar USD jen$ JPY jenów$ JPY rupi INR rubl RUB juan CNY",
    "ru": "фунт GBP евро$ EUR долл USD иен$ JPY иена$ JPY рупи INR рубл RUB юан CNY",
    "uk": "фунт GBP євро$ EUR дол USD ієн JPY рупі INR рубл RUB юан CNY",
    "ar": "جنيه GBP إسترليني GBP استرليني GBP يورو EUR دولار USD ين$ JPY روبية INR روبل RUB "
    "يوان CNY",
}
# These are weights or measures too, or other countries' money: alone they prove no loss.
_UNSURE = re.compile(
    r"(?<!illion )(?<!ões )(?<!ões de )(?<!lones de )(?<!lliards de )"
    r"\b(?:pounds?|libras?|livres?|pfund|pond|pund|фунт\w*|funt\w*|\w*جنيه\w*)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_PREFIXES = re.compile(r"^(?:[وبلكف]?ال|[وبلكف])(?=\w{3})")
_NAMES = {
    "pt": {"GBP": "libras", "EUR": "euros", "USD": "dólares", "JPY": "ienes", "INR": "rupias"},
    "en": {"GBP": "pounds", "EUR": "euros", "USD": "dollars", "JPY": "yen", "INR": "rupees"},
    "es": {"GBP": "libras", "EUR": "euros", "USD": "dólares", "JPY": "yenes", "INR": "rupias"},
    "fr": {"GBP": "livres", "EUR": "euros", "USD": "dollars", "JPY": "yens", "INR": "roupies"},
}
_SIGNS = {"GBP": "£", "EUR": "€", "USD": "$", "JPY": "¥", "INR": "₹"}


def check_currencies(
    source: str, target: str, language: str, into: str
) -> tuple[str, tuple[Check, ...]]:
    """Compare currencies; one that became another is put right where it is the only one."""
    ours, theirs = _read(source, language), _read(target, into)
    if ours == theirs:
        return target, ()
    # A pound may be a weight: only what is surely money can be lost or added.
    lost = _read(_UNSURE.sub(" ", source), language) - theirs
    added = _read(_UNSURE.sub(" ", target), into) - ours
    # Where a language's words are not known, only a sign can have been added.
    lost = lost if languages.base(into) in _STEMS else frozenset()
    added = added if languages.base(language) in _STEMS else frozenset()
    if not (lost and added) and not any(char.isdigit() for char in source):
        return target, ()
    if len(lost) == len(added) == 1:
        repaired = _swap(target, next(iter(added)), next(iter(lost)), into)
        if repaired != target and _read(repaired, into) == ours:
            note = f"the currency was put right: {', '.join(sorted(lost))}"
            return repaired, (Check("currency", Verdict.PUBLISH, note),)
    if lost:
        became = f"the translation {', '.join(sorted(added)) or 'none'}"
        message = f"the original speaks of {', '.join(sorted(lost))}, {became}"
        return target, (Check("currency", Verdict.MARK, message),)
    if added:
        message = f"the translation speaks of {', '.join(sorted(added))}, the original does not"
        return target, (Check("currency", Verdict.MARK, message),)
    return target, ()


def _read(text: str, language: str) -> frozenset[str]:
    """Give the codes of the currencies that a text speaks of."""
    found = {_BY_SIGN.get(sign, sign) for sign in _SIGN.findall(text)}
    found &= {*_BY_SIGN.values(), *_CODES}
    base = languages.base(language)
    if base in _STEMS:
        # Raheem Sterling and Mr Yuan are no money; German writes all nouns with a capital.
        words = [w for w in _WORD.findall(text) if base == "de" or not w[0].isupper()]
        found.update(code for word in words if (code := _currency(word.lower(), base)))
    return frozenset(found)


@lru_cache(maxsize=4096)
def _currency(word: str, base: str) -> str:
    """Give the code of the currency that a word names, or nothing."""
    parts = _STEMS[base].split()
    stems = zip(parts[::2], parts[1::2], strict=True)
    word = _PREFIXES.sub("", word) if base == "ar" else word
    last = word.rpartition("-")[2]  # "Milliarden-Dollar", "multi-million-pound"
    for stem, code in stems:
        whole = stem.rstrip("$")
        for form in (word, last, word.partition("-")[0]):
            if form == whole or (whole == stem and form.startswith(stem)):
                return code
    return ""


def _swap(target: str, wrong: str, right: str, into: str) -> str:
    names = _NAMES.get(languages.base(into), {})
    if wrong not in names or right not in names:
        return target
    sign, name = _SIGNS[wrong], names[wrong]
    if len(re.findall(rf"{re.escape(sign)}|\b{name}\b", target)) != 1:
        return target
    swapped = re.sub(rf"\b{name}\b", names[right], target)
    return re.sub(rf"(?:\bUS ?)?{re.escape(sign)}", _SIGNS[right], swapped)
