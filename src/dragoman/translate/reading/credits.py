"""Credits of pictures and bylines: names and agencies, which must never be translated."""

from __future__ import annotations

import re

_AGENCIES = (
    r"AP|AFP|Reuters|REUTERS|EFE|EPA|ANSA|DPA|dpa|TASS|Sputnik|Xinhua|Getty(?: Images)?|Lusa|LUSA"
    r"|Bloomberg|AFP/Getty|Shutterstock|iStock|Alamy|Anadolu(?: Agency)?|Agência Brasil|Estadão"
    r"|Folhapress|PA(?: Media| Wire| Images)?|Corbis|Magnum|Zuma(?: Press)?|ZUMA|SIPA|NurPhoto"
    r"|UPI|KCNA|Kyodo|Yonhap|NASA|ESA|Wikimedia(?: Commons)?|Unsplash|Pool|Handout"
)
_PICTURE = (
    r"Photo(?:graph|s|graphs)?|Picture|Pic|Image|Images|Illustration|Graphic|Video|Still|Screenshot"
    r"|Foto|Fotos|Fotografia|Fotografía|Imagem|Imagen|Ilustração|Ilustración|Arte|Vídeo|Reprodução"
    r"|Divulgação|Crédit photo|Crédits?|Crédito|Créditos|Credit|Credits|Bild|Abbildung|صورة|تصوير"
)
_LABELLED = re.compile(
    rf"(?:^|(?<=[.\s(|\[]))(?:{_PICTURE})(?: (?:by|credit|courtesy of|de|por|von|:))?\s*[:©/]\s*"
    rf"[^\s.][^\n]{{0,90}}$"
)
_COPYRIGHT = re.compile(r"(?:^|(?<=[\s(]))(?:©|\(c\)|Copyright)\s[^\n]{0,90}$", re.IGNORECASE)
_BRACKETED = re.compile(
    rf"[(\[](?=[^()\[\]]{{2,140}}[)\]])[^()\[\]]*?"
    rf"(?:\b(?:{_PICTURE})\b|\bvia (?:{_AGENCIES})\b|[/,] ?(?:{_AGENCIES})(?=[\s,/)\]]))"
    rf"[^()\[\]]*[)\]]"
)
# Small words too: (service de presse du ministère via AP). It is the end that says it.
_VIA = re.compile(rf"[(\[][^()\[\].!?]{{2,150}}(?:\bvia |/) ?(?:{_AGENCIES})\s?[)\]]\.?")
_PICTURE_BY = re.compile(
    rf"(?:{_PICTURE})(?: by| par| por| von| de| di)"
    r"(?: (?:for|para|pour|für|the|de|da|do|[A-ZÀ-Ý][\w.'’-]*))+"
)
_AGENCY_LINE = re.compile(
    rf"(?:[A-Z][\w.'’\-]+(?:[ ,/|–—-]+|$)){{0,8}}?(?:via |/|\| ?|, ?|– |- |— )?"
    rf"(?:{_AGENCIES})(?:[ ,/|–—-]+(?:[A-Z][\w.'’\-]+|via|{_AGENCIES}))*\.?"
)
_PHOTO_WORDS = re.compile(rf"\b(?:Pool|File|Handout)? ?(?:{_PICTURE})\b.*\b(?:{_AGENCIES})\b")
_BYLINE = re.compile(
    r"(?:By|By:|Por|Par|Von|Di|Da|Text by|Reporting by|Words by|Texto de) "
    r"(?:[A-ZÀ-Ý][\w.'’\-]+ ?|and |e |et |y |und |, |de |da |do |van |von |al-){1,12}"
    r"(?:[,|–—-] ?[^.\n]{1,40})?"
)


def find_credits(text: str) -> tuple[tuple[int, int], ...]:
    """Give the ranges of a text that are credits."""
    whole = text.strip()
    start = text.find(whole)
    if is_credit(whole):
        return ((start, start + len(whole)),)
    found = [match.span() for match in _BRACKETED.finditer(text) if _is_names(match.group())]
    for pattern in (_LABELLED, _COPYRIGHT):
        match = pattern.search(text)
        if match and _is_names(match.group()):
            found.append(match.span())
    return tuple(sorted(found))


def is_credit(text: str) -> bool:
    """Whether a text is a credit or a byline and nothing else."""
    text = text.strip()
    if not text or len(text) > 160:
        return False
    inner = text.strip("()[] ")
    if _VIA.fullmatch(text) or (_PICTURE_BY.fullmatch(inner) and _is_names(inner)):
        return True
    if _AGENCY_LINE.fullmatch(inner) and (len(inner.split()) > 1 or inner != text):
        return _is_names(inner)
    if _BRACKETED.fullmatch(text) or _LABELLED.fullmatch(text) or _COPYRIGHT.fullmatch(text):
        return _is_names(text)
    if _PHOTO_WORDS.search(inner) and _is_names(inner):
        return True
    return bool(_BYLINE.fullmatch(inner)) and len(inner) < 100


def _is_names(text: str) -> bool:
    """Whether most words begin with a capital, as in a list of names, and it is no sentence."""
    words = re.findall(r"[^\W\d_]+", text)
    small = {"via", "by", "of", "de", "da", "do", "e", "et", "and", "y", "for", "the", "van", "von"}
    counted = [word for word in words if word not in small]
    capital = sum(word[0].isupper() or not word[0].islower() for word in counted)
    return bool(counted) and capital >= 0.75 * len(counted)
