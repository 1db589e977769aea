"""Negations: a “not” that was lost or added turns a sentence into its opposite.

What negates outright is compared only with what may negate in any way: a translator writes
“failed to” for “did not” and “sem” for “not any”. So a finding means that one side denies
something and the other side holds no word that could.
"""

from __future__ import annotations

import re
from functools import lru_cache

from dragoman import languages
from dragoman.translate.words import word_set
from dragoman.types import Check, Verdict

# What negates outright.
_STRONG = {
    "en": r"not|cannot|never|no|nobody|none|nothing|neither|nor|nowhere|\w+n['’]t|ain['’]t"
    r"|hardly|barely|scarcely|rarely|seldom|unless",
    "pt": r"não|nem (?:tod[oa]s?|tudo|sempre)|nunca|jamais|ninguém|nenhum(?:a|as)?|nenhuns|nem"
    r"|nada|tampouco"
    r"|dificilmente|raramente|sequer|a (?:menos|não ser) que|(?:exceto|salvo) se",
    "es": r"no|nunca|jamás|nadie|ning(?:ún|uno|una|unos|unas)|ni|nada|tampoco"
    r"|difícilmente|raramente|siquiera|a (?:menos|no ser) que|(?:excepto|salvo) que",
    "fr": r"ne|n(?=['’])|pas|jamais|aucune?|rien|ni|nul(?:le)?|guère|rarement"
    r"|à moins (?:que|de)|sauf si",
    "it": r"non|mai|nessun[oa]?|niente|nulla|né|neanche|nemmeno|neppure",
    "de": r"nicht|kein(?:e|en|em|er|es)?|nie|niemals|niemand(?:en|em)?|nichts|weder|nein|nirgends",
    "ru": r"не|нет|ни|никогда|никто|никого|никому|ничего|ничто|нельзя|никак\w*|нигде",
    "ar": r"[وف]?(?:لا|لم|لن|ليس\w*|لست|كلا|ألا|بلا)",
}
# What may stand for a negation in a free translation.
_WEAK = {
    "en": r"without|unable|fail\w*|refus\w+|den(?:y|ie[sd]|ying|ial)|lack\w*|yet to|out of|outside"
    r"|ban(?:s|ned|ning)?|forb[ai]d\w*|prohibit\w*|contest(?:s|ed|ing)?|disput(?:es?|ed|ing)"
    r"|impossible|reject\w*|avoid\w*|prevent\w*|except"
    r"|un(?!der|it|iv|iq|ion|til|less|able)\w{3,}|\w{3,}less"
    r"|in(?:accura|elig|capab|abil|correct|suffic)\w+"
    r"|non-\w+|dis(?:agree|approv|like|allow|appoint|regard)\w*"
    r"|instead|rather|ever|short of|trouble|far from",
    "pt": r"sem(?!-)|incap\w+|imposs\w+|falh\w+|recus\w+|neg(?:a|ar|ou|am|aram|ando)|falt[aoe]\w*"
    r"|exceto|senão|deix\w+ de|imped\w+|evit\w+"
    r"|fora d\w+|pro[ií]b\w+|contest\w+"
    r"|i[nm]\w+[áí]ve(?:l|is)|rejeit\w+|ausên\w+|pouc[oa]s?|em vez|ao invés",
    "es": r"sin(?!-)|incap\w+|imposib\w+|fall(?:ó|ar|aron)|rechaz\w+|neg(?:ó|ar|aron)|falt[aeó]\w*"
    r"|excepto|salvo|evit\w+|imp(?:edi|id)\w+|dej\w+ de|sino|fuera de\w*|proh[ií]b\w+"
    r"|i[nm]\w+bles?|en vez|en lugar",
    "fr": r"sans(?!-)|incap\w+|impossib\w+|refus\w+|ni(?:er|é|ait)|manqu\w+|non|sauf|hormis"
    r"|évit\w+|empêch\w+|i[nm]\w+bles?|échou\w+|absen\w+|non-\w+|au lieu|plutôt"
    r"|hors d\w+|interdi\w+|cess\w+ de",
    "it": r"senza|incap\w+|impossib\w+|rifiut\w+|neg(?:a|are|ato|ò)|mancat?\w*|tranne|evit\w+"
    r"|imped\w+|i[nm]\w+bil[ei]|invece",
    "de": r"ohne|un(?!d|s|te|ge|i)\w{4,}|kaum|selten|\w*weiger\w+|fehl\w+|abgelehnt|lehn\w+|nur"
    r"|statt|anstatt|außer|\w*hinder\w+|vermeid\w+|mangel\w*|\w+los\w*|scheiter\w+|leugn\w+|erst",
    "ru": r"без|не(?!т|го|й|ё|е|м)\w{4,}|отказ\w+|отриц\w+|отсутств\w+|едва|редко|только|лишь"
    r"|кроме|вместо|невозможн\w+|опров\w+|избе[гж]\w+",
    "ar": r"[وفبل]?(?:غير|عدم|دون|بدون|سوى|إلا|ما|فقط|يتعذر|مستحيل|بلا)|\w*رفض\w*|\w*فشل\w*"
    r"|\w*نف[ىيت]\w*|\w*منع\w*|\w*مستحيل\w*",
}
# What has to be said in some denying word or other.
_FIRM = {
    "en": r"unable|without(?! doubt)|incapable|(?:clue|power|help|use|worth)less"
    r"|unimpressed|unaware|unhappy|neither",
    "pt": r"sem(?! dúvida| parar)|incapaz\w*",
    "es": r"sin(?! embargo| duda| parar)|incapa\w+",
    "fr": r"sans(?! doute| cesse)|incapable\w*",
}
# These deny on their own; the others go with them: “não … nada” and “ne … pas” deny once.
_HEADS = {
    "en": re.compile(r"not|cannot|unless|\w+n['’]t"),
    "pt": re.compile(r"não|nem \w+|\w.* (?:que|se)"),
    "es": re.compile(r"no|\w.* que"),
    "fr": re.compile(r"ne|n|à moins \w+|sauf si"), "it": re.compile("non"),
    "de": re.compile(r"nicht|kein\w*"), "ru": re.compile("не|нет"), "ar": re.compile(".+"),
}  # fmt: skip
# “Ninguém viu” denies, “viu ninguém” without a “não” before it is a sentence that lost one.
_AFTER_VERB = {
    "pt": re.compile(r"nada|ninguém|nenhum\w*|nenhuns|nem|tampouco"),
    "es": re.compile(r"nada|nadie|ning[uú]n\w*|ni|tampoco"),
    "it": re.compile(r"niente|nulla|nessun\w*|né|neanche|nemmeno|neppure"),
}
_BEFORE_VERB = word_set(
    "que e mas se quando porque como ou de em a com para por quase praticamente o os "
    "y pero si cuando o con al casi prácticamente el la los las lo muy "
    "che ma quando perché di in con per quasi ed"
)
# There a word that denies stands with “ne” or “не”, wherever in the clause.
_DOUBLED = word_set("fr ru uk pl")
# “sem dizer nada” denies with its first word, which is a soft one.
_AFTER_WITHOUT = re.compile(
    r"\b(sem|sin|sans|senza|без)\b[^,.;:]{0,30}?"
    r"\b(?:nada|nenhum\w*|ninguém|nadie|ning[uú]n\w*|rien|aucune?|nessun\w*|niente)\b"
)
# Set phrases that deny nothing.
_IDLE_PHRASES = {
    "en": r"\bnot only\b|\bno\.? \d|\bno doubt\b|\bnot least\b|\bor not\b|\bno matter\b"
    r"|\bno (?:later|less|more|fewer|earlier|sooner) than\b|\bnot to mention\b"
    r"|\bwhy not\b|\bnever more so\b",
    "pt": r"\bnão só\b|\bnão apenas\b|\bnão somente\b|\bnada mais\b|\bou não\b"
    r"|\bnão (?:par|deix)\w+ de\b|\bnada menos\b|\bnão obstante\b"
    r"|\bnão (?:é|são|era|eram) (?:nada )?mais (?:do )?que\b|\bnão pass\w+ de\b"
    r"|\bpor que não\b",
    "es": r"\bno s[oó]lo\b|\bno solamente\b|\bo no\b|\bno (?:par|dej)\w+ de\b|\bno obstante\b"
    r"|\bno es más que\b|\bpor qué no\b|\bnada m[aá]s\b|\bnada menos\b",
    "fr": r"\bnon seulement\b|\bpas seulement\b|\bou non\b"
    r"|\bn(?:e |['’])(?:(?!pas\b|plus\b|jamais\b|rien\b|point\b|aucun|personne\b)[\w’'-]+ ){1,7}?"
    r"qu(?=e\b|['’])|(?<=\bavant que )[^.;,]{0,60}?\bn(?:e\b|['’])|\bn['’]importe\b",
    "it": r"\bnon solo\b|\bo no\b|\bnon appena\b",
    "de": r"\bnicht nur\b|\bnicht zuletzt\b|\boder nicht\b",
    "ru": r"\bне только\b|\bили нет\b|\bтем не менее\b|\bне менее\b|\bне более\b|\bкак бы ни\b",
    "ar": r"\bليس فقط\b|\bلا سيما\b|\bلا يزال\b|\bلا تزال\b|\bما زال\w*|\bلا يزالون\b",
}
_IDLE = {base: re.compile(phrases) for base, phrases in _IDLE_PHRASES.items()}
# “Not until Tuesday” is “only on Tuesday” elsewhere.
_UNTIL = re.compile(
    r"\b(?:until|till|before|até|antes|hasta|jusqu\w*|avant|bis|fino|prima|до|пока|حتى|قبل)\b"
)
_ONLY = re.compile(
    r"\b(?:only|just|apenas|só|somente|s[oó]lo|solamente|seul\w*|qu['’]\w+|nur|erst|soltanto|только"
    r"|лишь|فقط|إلا)\b"
)
_CLAUSE_END = re.compile(r"[.;:!?–—]")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_LAST_WORD = re.compile(r"([^\W\d_]+) $")


def check_negation(
    source: str, target: str, language: str, into: str
) -> tuple[str, tuple[Check, ...]]:
    """Find a negation that one side has and the other cannot have."""
    one, other = languages.base(language), languages.base(into)
    if one not in _STRONG or other not in _STRONG:
        return target, ()
    source, theirs_text = source.lower(), target.lower()
    ours, theirs = _count(source, one), _count(theirs_text, other)
    if ours == theirs:
        if not ours and _has_lost_firm(source, theirs_text, one, other):
            message = "the original has a negation that the translation has not"
            return target, (Check("negation", Verdict.MARK, message),)
        return target, ()
    # A softer word stands for a negation only where the other side has none like it.
    spare = _count_soft(theirs_text, source, other) - _count_soft(source, theirs_text, one)
    if ours > theirs + max(0, spare):
        message = "the original has a negation that the translation has not"
    elif theirs > ours + max(0, -spare):
        message = "the translation has a negation that the original has not"
    else:
        return target, ()
    return target, (Check("negation", Verdict.MARK, message),)


def _count(text: str, base: str) -> int:
    """Count the clauses that are denied, in a text in small letters."""
    text = _AFTER_WITHOUT.sub(r"\1 ", _IDLE[base].sub(" ", text))
    count, last, was_head, heads = 0, -1, False, 0
    for match in _pattern(base, is_weak=False).finditer(text):
        between = text[last : match.start()] if last >= 0 else "."
        is_head = bool(_HEADS[base].fullmatch(match.group()))
        is_echo = not _LETTERS.search(between)  # "no, no and no"
        may_bind = not is_head or (base in _DOUBLED and not was_head)
        is_bound = may_bind and not _CLAUSE_END.search(between)
        is_orphan = not heads and _is_orphan(match, base)
        count += not (last >= 0 and (is_echo or is_bound)) and not is_orphan
        heads += not is_orphan
        if not is_orphan:
            last, was_head = match.end(), is_head
    return count


def _has_lost_firm(source: str, target: str, one: str, other: str) -> bool:
    if one not in _FIRM or other not in _FIRM or not _firm(one).search(source):
        return False
    return not _count_soft(target, source, other)


@lru_cache(maxsize=16)
def _firm(base: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_FIRM[base]})(?!\w)")


def _is_orphan(match: re.Match[str], base: str) -> bool:
    """Whether a word that denies only with a “não” before it stands after a verb without one."""
    if base not in _AFTER_VERB or not _AFTER_VERB[base].fullmatch(match.group()):
        return False
    if match.group() in ("nem", "ni", "né") and match.string[: match.start()].endswith(
        (", ", "- ")
    ):
        return True
    before = _LAST_WORD.search(match.string, max(0, match.start() - 30), match.start())
    return before is not None and before[1] not in _BEFORE_VERB


def _count_soft(text: str, other: str, base: str) -> int:
    text = _IDLE[base].sub(" ", text)
    found = len(_pattern(base, is_weak=True).findall(text))
    return found + bool(_UNTIL.search(other) and _ONLY.search(text))


@lru_cache(maxsize=64)
def _pattern(base: str, *, is_weak: bool) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{(_WEAK if is_weak else _STRONG)[base]})(?!\w)")
