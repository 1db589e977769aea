"""A LibreTranslate server, one's own or somebody's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dragoman import languages
from dragoman.errors import TranslateError, UnknownLanguage
from dragoman.translate.counting import add_cost, read_number
from dragoman.translate.remote.batches import Remembered, ask_in_batches, read_text
from dragoman.translate.remote.pairs import Pairs, is_wanted, read_pairs
from dragoman.translate.remote.wire import Ask, Refused, Service, ask, read_key, read_service
from dragoman.translate.vocabulary import Vocabulary
from dragoman.types import EngineKind, Leg

KEY = "DRAGOMAN_LIBRETRANSLATE_KEY"
# What a server allows is its own affair, and it does not say; what it refuses is halved.
_MOST_TEXTS = 32
_MOST_BYTES = 16 * 1024
# It answers 500 where one text of a batch cannot be translated.
_TEXT_AT_FAULT = frozenset({500})
_OWN_CODES = {"zt": "zh-Hant", "pb": "pt-BR"}  # that are no BCP 47

_NO_LEGS: tuple[Leg, ...] = ()


class LibreTranslateEngine:
    """Asks the server which languages it has, and translates in batches."""

    name = "libretranslate"
    kind = EngineKind.NEURAL

    def __init__(self, service: Service, pairs: Pairs | None, price: float, quality: float) -> None:
        self._service = service
        self._pairs = pairs
        self._price = price
        self._quality = quality
        self._legs = Remembered(self.name, self._find_legs, default=_NO_LEGS)

    def legs(self) -> tuple[Leg, ...]:
        """List the pairs of the server; none where it cannot be asked."""
        return self._legs.get()

    def translate(self, sentences: Sequence[str], leg: Leg) -> list[str]:
        """Translate sentences; one that the server refuses is given back empty."""
        source, _, target = leg.model.partition(">")

        def make(batch: list[str]) -> Ask:
            body = {"q": batch, "source": source, "target": target, "format": "text"}
            return Ask("/translate", body | self._authorise())

        def read(batch: list[str], answer: Any) -> list[str]:
            add_cost(self.name, sum(map(len, batch)) * self._price / 1e6)
            texts = answer.get("translatedText") if isinstance(answer, dict) else None
            if not isinstance(texts, list) or len(texts) != len(batch):
                raise Refused(f"libretranslate: the answer holds no {len(batch)} translations")
            return [read_text(text) for text in texts]

        return ask_in_batches(
            self._service,
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

    def _authorise(self) -> dict[str, str]:
        key = read_key(self._service, is_needed=False)
        return {"api_key": key} if key else {}

    def _find_legs(self) -> tuple[Leg, ...]:
        rows = ask(self._service, Ask("/languages"))
        if not isinstance(rows, list):
            raise TranslateError(f"{self._service.host} answers /languages with no list")
        targets = {
            row["code"]: [target for target in row.get("targets") or () if isinstance(target, str)]
            for row in rows
            if isinstance(row, dict) and isinstance(row.get("code"), str)
        }
        legs = (self._leg(source, target) for source in targets for target in targets[source])
        return tuple(leg for leg in legs if leg is not None)

    def _leg(self, source: str, target: str) -> Leg | None:
        """Make a leg of the server's own codes, which it is asked with; None if unknown."""
        try:
            language, into = (
                languages.normalise(_OWN_CODES.get(code, code)) for code in (source, target)
            )
        except UnknownLanguage:
            return None
        if languages.is_same(language, into) or not is_wanted((language, into), self._pairs):
            return None
        model = f"{source}>{target}"
        return Leg(self.name, self.kind, language, into, model=model, quality=self._quality)


def load_engine(
    url: str = "http://127.0.0.1:5000",
    pairs: str = "",
    languages: str = "",
    price_per_million: str = "",
    quality: str = "",
    deadline_s: str = "60",
    total_s: str = "180",
) -> LibreTranslateEngine:
    """Make the engine; the price is for a million characters of the source.

    Without ``pairs`` and ``languages`` it is used for all that the server translates.
    """

    def number(option: str, text: str) -> float:
        return read_number("libretranslate", option, text)

    deadlines = number("deadline_s", deadline_s), number("total_s", total_s)
    service = read_service("libretranslate", url, KEY, *deadlines, _TEXT_AT_FAULT)
    return LibreTranslateEngine(
        service,
        read_pairs("libretranslate", pairs, languages),
        number("price_per_million", price_per_million),
        number("quality", quality),
    )
