"""Negations: a “not” that was lost or added turns a sentence into its opposite.

What negates outright is compared only with what may negate in any way: a translator writes
“failed to” for “did not” and “sem” for “not any”. So a finding means that one side denies
something and the other side holds no word that could.
"""

from __future__ import annotations

import re
from functools import lru_cache

from dragoman import languages
from dragoman.types import Check, Verdict

# What negates outright.
_STRONG = {
    "en": r"not|cannot|never|no|nobody|none|nothing|neither|nor|nowhere|\w+n['’]t|ain['’]t",
    "pt": r"não|nunca|jamais|ninguém|nenhum(?:a|as)?|nenhuns|nem|nada|tampouco",
    "es": r"no|nunca|jamás|nadie|ning(?:ún|uno|una|unos|unas)|ni|nada|tampoco",
    "fr": r"ne|n(?=['’])|pas|jamais|aucune?|rien|ni|non|nul(?:le)?",
    "it": r"non|mai|nessun[oa]?|niente|nulla|né|neanche|nemmeno|neppure",
    "de": r"nicht|kein(?:e|en|em|er|es)?|nie|niemals|niemand(?:en|em)?|nichts|weder|nein|nirgends",
    "ru": r"не|нет|ни|никогда|никто|никого|никому|ничего|ничто|нельзя|никак\w*|нигде",
    "ar": r"[وف]?(?:لا|لم|لن|ليس\w*|لست|كلا|ألا|بلا)",
}
# What may stand for a negation in a free translation.
_WEAK = {
    "en": r"without|unable|fail\w*|refus\w+|den(?:y|ie[sd]|ying|ial)|lack\w*|hardly|barely"
    r"|scarcely|rarely|seldom|unless|only|impossible|reject\w*|avoid\w*|prevent\w*|except"
    r"|un(?!der|i[a-z]|til|less|able)\w{3,}|\w{3,}less|in(?:accura|elig|capab|abil|correct|suffic)\w+"
    r"|non-\w+|than|dis(?:agree|approv|like|allow|appoint)\w*|instead|may",
    "pt": r"sem|incap\w+|imposs\w+|falh\w+|recus\w+|neg(?:a|ar|ou|am|aram|ando)|falt[aoe]\w*"
    r"|dificilmente|raramente|exceto|senão|deix(?:ar|ou|aram) de|imped\w+|evit\w+|apenas|só"
    r"|i[nm]\w+[áí]ve(?:l|is)|rejeit\w+|ausên\w+|sequer|pouc[oa]s?|em vez|ao invés|somente|do que",
    "es": r"sin|incap\w+|imposib\w+|fall(?:ó|ar|aron)|rechaz\w+|neg(?:ó|ar|aron)|falt[aeó]\w*"
    r"|apenas|excepto|salvo|solo|sólo|solamente|evit\w+|imp(?:edi|id)\w+|dej(?:ó|ar|aron) de|sino"
    r"|i[nm]\w+bles?|en vez|en lugar",
    "fr": r"sans|incap\w+|impossib\w+|refus\w+|ni(?:er|é|ait)|manqu\w+|guère|sauf|hormis|seul\w*"
    r"|évit\w+|empêch\w+|i[nm]\w+bles?|échou\w+|absen\w+|non-\w+|au lieu|plutôt",
    "it": r"senza|incap\w+|impossib\w+|rifiut\w+|neg(?:a|are|ato|ò)|mancat?\w*|solo|tranne|evit\w+"
    r"|imped\w+|i[nm]\w+bil[ei]|invece",
    "de": r"ohne|un(?!d|s|te|ge|i)\w{4,}|kaum|selten|\w*weiger\w+|fehl\w+|abgelehnt|lehn\w+|nur"
    r"|statt|anstatt|außer|\w*hinder\w+|vermeid\w+|mangel\w*|\w+los\w*|scheiter\w+|leugn\w+|erst",
    "ru": r"без|не(?!т|го|й|ё|е|м)\w{4,}|отказ\w+|отриц\w+|отсутств\w+|едва|редко|только|лишь"
    r"|кроме|вместо|невозможн\w+|опров\w+|избе[гж]\w+",
    "ar": r"[وفبل]?(?:غير|عدم|دون|بدون|سوى|إلا|ما|فقط|يتعذر|مستحيل|بلا)|\w*رفض\w*|\w*فشل\w*"
    r"|\w*نف[ىيت]\w*|\w*منع\w*|\w*مستحيل\w*",
}
# These deny on their own; the others go with them: “não … nada” and “ne … pas” deny once.
_HEADS = {
    "en": re.compile(r"not|cannot|\w+n['’]t"), "pt": re.compile("não"), "es": re.compile("no"),
    "fr": re.compile("ne|n"), "it": re.compile("non"), "de": re.compile(r"nicht|kein\w*"),
    "ru": re.compile("не|нет"), "ar": re.compile(".+"),
}  # fmt: skip
# “sem dizer nada” denies with its first word, which is a soft one.
_AFTER_WITHOUT = re.compile(
    r"\b(sem|sin|sans|senza|без)\b[^,.;:]{0,30}?"
    r"\b(?:nada|nenhum\w*|ninguém|nadie|ning[uú]n\w*|rien|aucune?|nessun\w*|niente)\b"
)
# Set phrases that deny nothing.
_IDLE = {
    "en": r"\bnot only\b|\bno\.? \d|\bno doubt\b|\bnot least\b|\bor not\b|\bno matter\b",
    "pt": r"\bnão só\b|\bnão apenas\b|\bnão somente\b|\bnada mais\b|\bou não\b"
    r"|\bnão (?:par|deix)\w+ de\b|\bnada menos\b",
    "es": r"\bno s[oó]lo\b|\bno solamente\b|\bo no\b|\bno (?:par|dej)\w+ de\b",
    "fr": r"\bnon seulement\b|\bpas seulement\b|\bou non\b|\bne \w+ que\b|\bn['’]\w+ que\b",
    "it": r"\bnon solo\b|\bo no\b",
    "de": r"\bnicht nur\b|\bnicht zuletzt\b|\boder nicht\b",
    "ru": r"\bне только\b|\bили нет\b",
    "ar": r"\bليس فقط\b|\bلا سيما\b|\bلا يزال\b|\bلا تزال\b|\bما زال\w*",
}


def check_negation(
    source: str, target: str, language: str, into: str
) -> tuple[str, tuple[Check, ...]]:
    """Find a negation that one side has and the other cannot have."""
    one, other = languages.base(language), languages.base(into)
    if one not in _STRONG or other not in _STRONG:
        return target, ()
    ours, theirs = _count(source, one), _count(target, other)
    if ours == theirs:
        return target, ()
    # A softer word stands for a negation only where the other side has none like it.
    spare = _count_weak(target, other) - _count_weak(source, one)
    if ours > theirs + max(0, spare):
        message = "the original has a negation that the translation has not"
    elif theirs > ours + max(0, -spare):
        message = "the translation has a negation that the original has not"
    else:
        return target, ()
    return target, (Check("negation", Verdict.MARK, message),)


def _count(text: str, base: str) -> int:
    """Count the clauses that are denied."""
    text = _AFTER_WITHOUT.sub(r"\1 ", re.sub(_IDLE[base], " ", text.lower()))
    count, last = 0, -1
    for match in _pattern(base, is_weak=False).finditer(text):
        between = text[last : match.start()] if last >= 0 else "."
        is_echo = not re.search(r"[^\W\d_]{2,}", between)  # "no, no and no"
        is_bound = not re.search(r"[.;:!?–—]", between) and not _HEADS[base].fullmatch(
            match.group()
        )
        count += not (last >= 0 and (is_echo or is_bound))
        last = match.end()
    return count


def _count_weak(text: str, base: str) -> int:
    return len(_pattern(base, is_weak=True).findall(re.sub(_IDLE[base], " ", text.lower())))


@lru_cache(maxsize=64)
def _pattern(base: str, *, is_weak: bool) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{(_WEAK if is_weak else _STRONG)[base]})(?!\w)")
