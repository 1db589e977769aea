"""Lines that close an article, or stand in it as labels: whose copy it is, who else wrote.

They tell of the page and of its making, and nothing of the news; in the languages of the press.
"""

from __future__ import annotations

import re

from dragoman.extract.credits import is_credit

_SHORT = 160
_AGENCY = (
    r"(?:AFP|APA|A?NSA|AP|dpa(?:-\w+)?|Reuters|rtr|sda|ats|KNA|epd|EFE|Lusa|Belga|ANP|PAP|NTB|TT|"
    r"Ritzau|STT|AAP|PA|PTI|ANI|IANS|TASS|ТАСС|Xinhua|Yonhap|Kyodo|SID|sid|Europa Press|"
    r"Agence France-Presse|Associated Press|Keystone-SDA)"
)
_LABEL = re.compile(
    r"^\W*(?:advertis?e?ment|sponsored content|article continues (?:after|below).{0,40}|"
    r"story continues (?:after|below).{0,40}|anzeige|werbung|publicit[éeà]|pubblicità|publicidade?|"
    r"publicidad|annonce|reklama?|reklame|annons|mainos|advertentie|hirdetés|реклама|διαφήμιση|"
    r"(?:ال)?إعلان|إعلانات|פרסומת|広告|[广廣]告|광고|विज्ञापन|iklan|quảng cáo|"
    r"scroll to continue.{0,40}|copy link|copied|कॉपी लिंक|loading(?: \.*)?|image|"
    r"(?:link )?kopiert|video player|play video|null|undefined)\W*$|"
    r"^\[[^\[\]]{0,20}\b(?:video|gallery|galeri|photo|foto|image|embed|caption|audio)\b"
    r"[^\[\]]{0,30}\]$|"
    r"^(?:\$\$|\{\{|%%)[\w .-]{1,40}(?:\$\$|\}\}|%%)$",
    re.I,
)
_CODE = re.compile(r"^(?:[a-z]+(?:[A-Z][a-z]+)+:|true|false)$")  # what a template left behind
_CLOSING = re.compile(
    rf"^\W*(?:©|\(c\)|copyright\b)|"
    rf"^\W*(?:quelle|source|fuente|fonte|kilde|källa|lähde|bron|źródło|zdroj|forrás|kaynak|"
    rf"источник|джерело|sumber|(?:ال)?مصدر|מקור|出典|来源|來源|출처)\s*[:：]\s*\S.{{0,80}}$|"
    rf"^[(\[–—/-]*\s*{_AGENCY}(?:\s*[/,;|+&-]\s*[\w.]{{1,20}})*\s*[)\]]?\.?$|"
    rf"^[(\[][\w.]{{2,12}}(?:\s?[/,;|-]\s?[\w.-]{{2,12}}){{0,4}}[)\]]$|"
    rf"^\W*(?:责任编辑|責任編輯|编辑|編輯|记者|校对|審核|审核|编审)\s*[:：]?\s*\S.{{0,40}}$|"
    rf"^\W*(?:editors?|edited by|redaktion|redakcja|redaktör|editor(?:ial)?|penulis|pewarta|"
    rf"reporter|desk|sendung|beitrag von|bearbeitet von|übersetzung|"
    rf"aus dem [A-ZÄÖÜ]\w+ (?:von|übersetzt)|translated (?:from|by)|"
    rf"traduit (?:de|par)|traducción|tradução|traduzione)\s*(?:[:：]|(?<=von)|(?<=by)|(?<=par)|"
    rf"(?<=from)|(?<=de)|(?<=übersetzt))\s*\S.{{0,110}}$|"
    rf"\bcontributed (?:to|reporting|to reporting)\b.{{0,60}}$|^\W*(?:additional )?reporting by\b|"
    rf"^\W*(?:avec|con información de|com informações d[aeo]s?|mit (?:material|informationen)|"
    rf"con agencias|com agências)\b.{{0,60}}$|"
    rf"기자\s+\S+@\S+$|^\W*\S+@\S+\.\w+\W*$",
    re.I,
)
# Topics under the text, an account alone, and what becomes of comments.
_FILED = re.compile(
    r"^\W*(?:(?:filed under|posted in|tagged(?: (?:with|in|as))?|topics? in this story)\b|"
    r"(?:tags?|topics|categor(?:y|ies)|keywords?|schlagw[oö]rte?r?|schlagworte|stichw[oö]rte?r?|"
    r"themen|mots[- ]clés?|étiquettes?|thèmes?|rubriques?|etiquetas?|palabras clave|temas?|"
    r"palavras-chave|argomenti|parole chiave|trefwoorden|onderwerpen|tagi|štítky|címkék|etichete|"
    r"emner|ämnen|avainsanat|теги|метки|ключевые слова|теми|etiketler|anahtar kelimeler|"
    r"(?:ال)?وسوم|(?:ال)?كلمات (?:ال)?(?:مفتاحية|دلالية)|תגיות|标签|關鍵字|关键词|タグ|태그|टैग)"
    r"\s*[:：])[^.!?]{0,150}$|"
    r"^\W*(?:https?://)?(?:www\.)?(?:twitter|x|facebook|instagram|threads)\.(?:com|net)/\S+$|"
    r"^@\w{2,30}$|^\W*(?:ends|end of (?:story|article)|انتهای پیام|انتهى|끝|完)\W*$|"
    r"^\W*(?:note:? )?(?:we are (?:temporarily )?moderating (?:all )?comments|"
    r"comments (?:are|have been) (?:now )?(?:closed|disabled|moderated|turned off)|"
    r"die kommentar(?:e|funktion) (?:sind|ist|wurde)|les commentaires (?:sont|ont été)|"
    r"los comentarios (?:están|han sido)|os comentários (?:estão|foram)|i commenti sono|"
    r"комментарии (?:закрыты|отключены)|التعليقات مغلقة|yorumlar kapal[ıi])",
    re.I,
)
_INITIALS = re.compile(r"^[(\[]\s*[A-Za-z][\w.]{1,9}(?:\s?[/,]\s?[\w.-]{2,12}){1,4}\s*[)\]]$")


def is_label(text: str) -> bool:
    """Whether a line is the label of an advertisement, a button or a player."""
    return len(text) <= 60 and bool(_LABEL.match(text) or _CODE.match(text))


def is_closing(text: str) -> bool:
    """Whether a line says whose copy this is or who helped; to be asked of the last ones alone."""
    return len(text) <= _SHORT and bool(
        _CLOSING.search(text) or _FILED.match(text) or _INITIALS.match(text) or is_credit(text)
    )
