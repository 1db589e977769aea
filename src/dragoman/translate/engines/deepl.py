"""DeepL's service, for those who have a key. The text leaves this machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dragoman import languages
from dragoman.errors import TranslateError
from dragoman.translate.counting import add_cost, read_number
from dragoman.translate.remote.batches import Remembered, ask_in_batches, read_text
from dragoman.translate.remote.pairs import Pairs, read_pairs
from dragoman.translate.remote.wire import Ask, Refused, Service, ask, read_key, read_service
from dragoman.translate.route import variant_of
from dragoman.translate.vocabulary import Vocabulary
from dragoman.translate.words import word_set
from dragoman.types import EngineKind, Leg

KEY = "DRAGOMAN_DEEPL_KEY"
_PAID, _FREE = "https://api.deepl.com", "https://api-free.deepl.com"
_MOST_TEXTS = 50
_MOST_BYTES = 120 * 1024  # of the 128 KiB that a request may have, the other fields aside

# What DeepL reads, by its codes in small letters; it writes these too, but by the variants
# below. Languages that it added later than these can be named in the options.
_LANGUAGES = word_set(
    "ar bg cs da de el en es et fi fr he hu id it ja ko lt lv nb nl pl pt ro ru sk sl sv th tr "
    "uk vi zh"
)
# Where it writes variants, the plain code means the one that most of its readers read.
_TARGETS = {
    "en": "EN-US", "en-GB": "EN-GB", "en-US": "EN-US",
    "pt": "PT-BR", "pt-BR": "PT-BR", "pt-PT": "PT-PT",
    "zh": "ZH-HANS", "zh-Hans": "ZH-HANS", "zh-Hant": "ZH-HANT",
    "es-419": "ES-419", "no": "NB",
}  # fmt: skip


class DeepLEngine:
    """Asks DeepL for up to fifty sentences at a time."""

    name = "deepl"
    kind = EngineKind.NEURAL

    def __init__(self, service: Service, pairs: Pairs | None, price: float, quality: float) -> None:
        self._service = service
        self._legs = tuple(self._leg(pair, quality) for pair in sorted(_offered(pairs)))
        self._price = price
        self._is_open = Remembered(self.name, self._check, default=False)

    def legs(self) -> tuple[Leg, ...]:
        """List the pairs; none without a key, or while its quota is used up."""
        return self._legs if self._is_open.get() else ()

    def translate(self, sentences: Sequence[str], leg: Leg) -> list[str]:
        """Translate sentences; one that DeepL refuses is given back empty."""

        def make(batch: list[str]) -> Ask:
            body = {
                "text": batch,
                "source_lang": _source(leg.language),
                "target_lang": _target(leg.into),
                "split_sentences": "0",  # they are sentences already
                "preserve_formatting": True,
            }
            return Ask("/v2/translate", body, self._headers())

        def read(batch: list[str], answer: Any) -> list[str]:
            # Billed by code points of the source, and by nothing else.
            add_cost(self.name, sum(map(len, batch)) * self._price / 1e6)
            rows = answer.get("translations") if isinstance(answer, dict) else None
            if not isinstance(rows, list) or len(rows) != len(batch):
                raise Refused(f"deepl: the answer holds no {len(batch)} translations")
            return [read_text(row.get("text") if isinstance(row, dict) else None) for row in rows]

        return ask_in_batches(
            self._place(),
            leg,
            sentences,
            make,
            read,
            most=_MOST_TEXTS,
            most_bytes=_MOST_BYTES,
        )

    def vocabulary(self, leg: Leg) -> Vocabulary:
        """Give no limits: it writes everything."""
        return Vocabulary()

    def _leg(self, pair: tuple[str, str], quality: float) -> Leg:
        return Leg(self.name, self.kind, *pair, model="deepl", version="v2", quality=quality)

    def _check(self) -> bool:
        """Ask for the account, which costs nothing and tells a wrong key and a used quota."""
        account = ask(self._place(), Ask("/v2/usage", None, self._headers()))
        if isinstance(account, dict):
            used, limit = account.get("character_count"), account.get("character_limit")
            if isinstance(used, int) and isinstance(limit, int) and used >= limit > 0:
                raise TranslateError(f"the quota of {limit} characters is used up")
        return True

    def _place(self) -> Service:
        """Give the service; keys of free accounts end so, and are taken at another address."""
        if self._service.url == _PAID and read_key(self._service).endswith(":fx"):
            return replace(self._service, url=_FREE)
        return self._service

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"DeepL-Auth-Key {read_key(self._service)}"}


def load_engine(
    url: str = _PAID,
    pairs: str = "",
    languages: str = "",
    price_per_million: str = "",
    quality: str = "",
    deadline_s: str = "60",
    total_s: str = "180",
) -> DeepLEngine:
    """Make the engine; the price is for a million characters of the source.

    Without ``pairs`` and ``languages`` it is used for all that DeepL translates.
    """

    def number(option: str, text: str) -> float:
        return read_number("deepl", option, text)

    deadlines = number("deadline_s", deadline_s), number("total_s", total_s)
    return DeepLEngine(
        read_service("deepl", url, KEY, *deadlines),
        read_pairs("deepl", pairs, languages),
        number("price_per_million", price_per_million),
        number("quality", quality),
    )


def _offered(wanted: Pairs | None) -> set[tuple[str, str]]:
    if wanted is not None:
        return set(wanted)
    targets = _LANGUAGES | set(_TARGETS)
    pairs = {(one, other) for one in {*_LANGUAGES, "no"} for other in targets}
    return {(one, other) for one, other in pairs if _source(one) != _target(other)[:2]}


def _source(code: str) -> str:
    """Write a source language as DeepL does: without a region."""
    base = languages.base(code)
    return "NB" if base == "no" else base.upper()


def _target(code: str) -> str:
    """Write a target language as DeepL does: with a variant where it knows some."""
    base = languages.base(code)
    return _TARGETS.get(code) or _TARGETS.get(variant_of(code)) or base.upper()
