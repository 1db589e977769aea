"""Whether what a language model answered is the translation, and nothing else.

A model that talks may refuse, comment, stop half-way, or do what the news text says
instead of translating it. Nothing of that may be published as an article's words. Whatever
is not certain is given up: the sentence then fails, and its original is shown.
"""

from __future__ import annotations

import re
import unicodedata

_THOUGHT = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_FENCED = re.compile(r"\A```[\w-]*\n(.*?)\n?```\Z", re.DOTALL)
_PAIRED_QUOTES = {'"': '"', "“": "”", "«": "»", "'": "'", "‘": "’", "„": "“", "「": "」"}
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+\.\w+|(?<!\w)@\w{2,}")
_MARKUP = ("```", "**", "<|", "|>", "[INST]", "###")

# Each family in the languages that models answer in most. An answer that has one where the
# source has none of the same family is the model's own remark.
_REMARKS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # about translating
        r"translat|traduc|tradu[zçt]|traduis|traduir|übersetz|перевод|перевед|переклад|ترجم"
        r"|翻译|翻譯|翻訳|번역|vertal|vertaa?l|tłumacz|çevir|terjemah",
        # about what it is
        r"\bas an? (?:ai|assistant)\b|language model|modelo de l(?:inguagem|enguaje)"
        r"|mod[eè]le de langa?ge?|sprachmodell|языков\w+ модел|نموذج لغوي|语言模型|語言模型"
        r"|\bsystem prompt\b",
        # declining
        r"\bi(?:['’]m| am) (?:sorry|afraid|unable)"
        r"|\bi (?:can(?:no|['’])t|can not|won['’]t) (?:\w+ )?"
        r"(?:assist|help(?! it\b)|comply|fulfil|provide|do that|continue|process)"
        r"|\blo siento|\bno puedo (?:ayudar|cumplir|procesar)"
        r"|\b(?:sinto|lamento) muito|\bnão posso (?:ajudar|atender|processar)"
        r"|\bje (?:suis désolée?|ne peux pas (?:aider|traiter|répondre))"
        r"|\bes tut mir leid|عذر[اًا]|آسف|لا أستطيع المساعدة|извините|не могу помочь",
    )
)
# What speaks to a model rather than to a reader.
_ORDER = re.compile(
    r"\b(?:ignor\w*|disregard\w*|forget|oubli\w+|olvid\w+|esque[çc]\w+)\b.{0,40}"
    r"\b(?:instru[çck]\w*|prompts?|consignes|orders?|anteriores|pr[ée]c[ée]dent\w*|previous)"
    r"|\bsystem prompt\b|<\|?(?:system|user|assistant|im_start|im_end)\|?>|\[/?INST\]"
    r"|تجاهل.{0,40}(?:تعليمات|أوامر)|忽略.{0,20}(?:指令|指示|提示)|игнорир\w+.{0,40}инструкци\w+",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST = 3.0
_SHORTEST = 0.2
_SLACK = 24.0  # weight that a short sentence may differ by, whatever the factor


def is_order(text: str) -> bool:
    """Whether a sentence of the news speaks to a language model, so that it may be obeyed."""
    return bool(_ORDER.search(text))


def accept_answer(source: str, answer: str, labels: tuple[str, ...] = ()) -> str:
    """Give the translation that an answer holds, or an empty string.

    Taken off are only a thought in its own marks, a fence or quotation marks around the whole,
    and a label in front such as ``Portuguese:``, one of ``labels``, and none of them where the
    source has the like.
    """
    text = _unwrap(source, answer, labels)
    if not text or any(unicodedata.category(char) in ("Cc", "Zl", "Zp") for char in text):
        return ""  # a second line is a remark
    if any(mark in text and mark not in source for mark in _MARKUP):
        return ""
    if any(family.search(text) and not family.search(source) for family in _REMARKS):
        return ""
    if any(address not in source for address in _ADDRESS.findall(text)):
        return ""
    return text if _is_of_like_length(source, text) and not _is_a_part(source, text) else ""


def _unwrap(source: str, answer: str, labels: tuple[str, ...]) -> str:
    text = answer.strip()
    if "<think>" not in source:
        text = _THOUGHT.sub("", text).strip()
    if "```" not in source and (fenced := _FENCED.match(text)):
        text = fenced[1].strip()
    for label in labels:
        start = f"{label}:"
        if text.lower().startswith(start.lower()) and label.lower() not in source.lower():
            text = text[len(start) :].strip()
            break
    closing = _PAIRED_QUOTES.get(text[:1])
    # A source with quotation marks of its own keeps them: these may be its own.
    if (
        closing
        and len(text) > 2
        and text.endswith(closing)
        and not any(quote in source for quote in '"“”«»„「」')
    ):
        inner = text[1:-1]
        if closing not in inner and text[0] not in inner:
            text = inner.strip()
    return text


def _is_of_like_length(source: str, text: str) -> bool:
    asked, given = _weigh(source), _weigh(text)
    return given <= _LONGEST * asked + _SLACK and given >= _SHORTEST * asked - _SLACK / 4


def _weigh(text: str) -> float:
    """Weigh a text by its characters; one of a script of syllables or words weighs as three."""
    return sum(3.0 if unicodedata.east_asian_width(char) in "WF" else 1.0 for char in text)


def _is_a_part(source: str, text: str) -> bool:
    """Whether the answer only repeats some of the source: a command carried out, as a rule."""
    one, other = (" ".join(part.casefold().split()).strip(" .!?\"'“”") for part in (text, source))
    return len(one) >= 12 and len(one) < len(other) and one in other
