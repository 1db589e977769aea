"""Who made a picture, told from what it shows by the form of the words."""

from __future__ import annotations

import re

_AGENCY = (
    r"AP|A\.P\.|AFP|Reuters|REUTERS|EPA(?:-EFE)?|EFE|dpa|DPA|APA|ANSA|ANP|TASS|ТАСС|"
    r"РИА Новости|Sputnik|Xinhua|新华社|"
    r"Kyodo(?: News)?|共同|時事|Yonhap|연합뉴스|PA(?: Wire| Media| Images)?|AAP|CP|PTI|"
    r"ANI|IANS|UPI|"
    r"NTB|TT|Ritzau|Lehtikuva|"
    r"STT|Belga|LUSA|Lusa|PAP|ČTK|CTK|MTI|Keystone|KEYSTONE|SDA|Getty(?: Images)?|"
    r"GETTY IMAGES|Shutterstock|iStock|Alamy|imago(?: images)?|"
    r"IMAGO|picture[- ]alliance|Zuma(?: Press)?|ZUMA|Bloomberg|WireImage|FilmMagic|Corbis|"
    r"Unsplash|Pexels|Pixabay|Flickr|"
    r"Wikimedia(?: Commons)?|Anadolu(?: Agency| Ajansı)?|AA|DHA|İHA|Handout|HANDOUT|Scanpix|"
    r"NurPhoto|SIPA|Sipa|Abaca|MAXPPP|"
    r"Associated Press|Press Association|Europa Press|Agencia \w+|Agência \w+|Archivo|"
    r"AdobeStock|Adobe Stock|stock\.adobe\.com|"
    r"ddp|epd|KNA|Ukrinform|Укринформ|УНІАН|Фото|Magnum|Rex(?: Features)?|Redux|Polaris|CNN|"
    r"Facebook|Instagram|X|Twitter|YouTube"
)
_LABEL = (
    r"photos?(?:graph)?s?|pictures?|images?|credits?|photo credit|image credit|"
    r"picture credit|copyright|source|courtesy(?: of)?|"
    r"photos? by|image by|picture by|photo illustration(?: by)?|graphic|illustration|"
    r"file photo|fotos?|bild(?:er)?|grafik|quelle|bildquelle|foto(?:graf|kredit)?|"
    r"crédits?(?: photo)?|photographie|créditos?|fotografía|imagen|fuente|fotografia|imagem|"
    r"crédito|divulgação|reprodução|"
    r"credito|immagine|kuva|mynd|ljósmynd|kép|zdj(?:ęcie|\.)?|fot\.|zdroj|фото|иллюстрация|"
    r"источник|джерело|"
    r"fotoğraf|kaynak|sumber|صورة|الصورة|תמונה|צילום|קרדיט|写真|写真提供|사진|图片|图源|来源|제공|फोटो|Photo"
)
_WHOLE = re.compile(
    rf"^\W{{0,2}}(?:(?:{_LABEL})\s*(?:[:：/|©]|by\b|von\b|par\b)\s*\S.{{0,90}}|(?:©|\(c\)|"
    rf"\u24b8).{{1,100}}|"
    rf"(?:fotos?|photo|imagem|imagen)\s+(?:de|di|da|do)\s+"
    rf"(?-i:(?:[A-ZÀ-Þ][\w.'’-]+\s?){{2,4}})|"
    rf"(?:[^.!?]{{0,60}}[/|,]\s?|[^.!?]{{0,50}}\b(?:via|for|pour|für|"
    rf"/)\s+)?(?:{_AGENCY})(?:\s*[/|,]\s*[^.!?]{{1,50}}|\s+via\s+.{{1,40}})?)\W{{0,2}}$",
    re.I,
)
_BRACKETS = re.compile(
    rf"\s*[(\[（]((?:[^()\[\]（）]{{0,80}}?\b)?(?:(?:{_LABEL})\s*[:：/by ]|©|"
    rf"(?:{_AGENCY})\b)[^()\[\]（）]{{0,80}})[)\]）]\s*\.?$",
    re.I,
)
_SIGN = re.compile(r"(?:^|[\s.!?|–—-])((?:©|\(c\)\s|ⓒ|℗)\s*\S.{1,100})$", re.I)
_LABELLED = re.compile(
    rf"(?:^|[.!?…\"”»|–—]\s*|\s[-/]\s?|\s\|\s?|\s{{1,}})((?:{_LABEL})\s?(?:[:：©]|"
    rf"/ )\s*[^:]{{2,90}})$",
    re.I,
)
_SLASHED = re.compile(
    rf"(?:[.!?…\"”»)|]\s*|\s[|"
    rf"–—-]\s*)((?:[\w.'’-]+\s){{0,3}}[\w.'’-]+\s?/\s?(?:{_AGENCY})(?:[ /]\S.{{0,40}})?\.?)$"
)
_AGENCY_END = re.compile(
    rf"[.!?…”»|"
    rf"]\s*((?:[A-ZÀ-Þ][\w.'’-]+\s){{0,4}}(?:{_AGENCY})(?:\s?/\s?(?:[\w.'’-]+\s?){{1,4}}|"
    rf"\s+via\s+[\w ]{{2,30}}|\s+Images)?)\.?$"
)


def is_credit(text: str) -> bool:
    """Whether a text is a credit and nothing else: ``(J. Doe/Reuters)``, ``Photo: X``, ``© X``."""
    if len(text) > 140 or not _WHOLE.match(text):
        return False
    bracketed = _BRACKETS.search(text)
    return bracketed is None or len(text[: bracketed.start()].split()) < 3


def split_credit(text: str) -> tuple[str, str]:
    """Part a caption from the credit at its end; the credit is empty where there is none."""
    for pattern in (_BRACKETS, _SIGN, _LABELLED, _SLASHED, _AGENCY_END):
        found = pattern.search(text)
        if found:
            caption = text[: found.start(1)].rstrip(" \u00a0|/·•–—-([（")
            return caption, found[1].strip()
    return text, ""
