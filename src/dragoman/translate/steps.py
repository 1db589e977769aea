"""Take sentences through an engine: shielded and rewritten before it, restored after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dragoman.translate.characters import Written, restore_text, write_text
from dragoman.translate.engine import Engine, engine_for
from dragoman.translate.shields import (
    Shielded,
    form_count,
    has_words,
    lift_masks,
    place_masks,
    shield,
)
from dragoman.translate.vocabulary import Vocabulary
from dragoman.types import EngineSpec, Leg, Route


@dataclass(frozen=True, slots=True)
class Sentence:
    """What to translate: its text, ranges of it to keep as they are, and how it is set."""

    text: str
    keep: tuple[tuple[int, int], ...] = ()
    is_typographic: bool = False


def translate_sentences(
    sentences: Sequence[Sentence], route: Route, specs: Sequence[EngineSpec]
) -> list[str]:
    """Translate sentences along a route; an empty string stands for one that failed."""
    current = list(sentences)
    for leg in route.legs:
        targets = _take_leg(current, engine_for(leg, specs), leg)
        # Ranges to keep are of the source text; what they held is shielded by its form later on.
        current = [
            Sentence(target, (), sentence.is_typographic)
            for target, sentence in zip(targets, current, strict=True)
        ]
    return [sentence.text for sentence in current]


def _take_leg(sentences: Sequence[Sentence], engine: Engine, leg: Leg) -> list[str]:
    vocabulary = engine.vocabulary(leg)
    shields = [shield(s.text, vocabulary, s.keep) for s in sentences]
    targets: list[str] = ["" for _ in sentences]
    open_ones = [at for at, s in enumerate(shields) if has_words("".join(s.pieces))]
    for at in set(range(len(sentences))) - set(open_ones):
        targets[at] = sentences[at].text
    for form in range(form_count()):
        open_ones = _try_form(open_ones, form, shields, sentences, targets, engine, leg, vocabulary)
    for at in open_ones:
        targets[at] = _translate_pieces(shields[at], sentences[at], engine, leg, vocabulary)
    return targets


def _try_form(
    places: list[int],
    form: int,
    shields: list[Shielded],
    sentences: Sequence[Sentence],
    targets: list[str],
    engine: Engine,
    leg: Leg,
    vocabulary: Vocabulary,
) -> list[int]:
    """Translate with one form of placeholders, and give the places where one was damaged."""
    asked: list[tuple[int, Written, tuple[str, ...]]] = []
    failed: list[int] = []
    for at in places:
        masked = place_masks(shields[at], form)
        if masked is None:
            failed.append(at)
            continue
        text, used = masked
        curly = sentences[at].is_typographic
        asked.append((at, write_text(text, vocabulary, leg.language, curly=curly), used))
    answers = engine.translate([written.text for _, written, _ in asked], leg) if asked else []
    for (at, written, used), answer in zip(asked, answers, strict=True):
        whole = lift_masks(restore_text(answer, written, leg.into), used, shields[at].kept)
        if whole is None:
            failed.append(at)
        else:
            targets[at] = shields[at].head + whole + shields[at].tail if whole else ""
    return failed


def _translate_pieces(
    shielded: Shielded, sentence: Sentence, engine: Engine, leg: Leg, vocabulary: Vocabulary
) -> str:
    """Translate what stands between the shielded stretches: wording suffers, nothing is lost."""
    parts = [shielded.head]
    for piece, kept in zip(shielded.pieces, (*shielded.kept, ""), strict=True):
        core = piece.strip()
        if has_words(core):
            written = write_text(core, vocabulary, leg.language, curly=sentence.is_typographic)
            answer = engine.translate([written.text], leg)[0]
            if not answer:
                return ""
            done = restore_text(answer, written, leg.into)
            parts += [piece[: len(piece) - len(piece.lstrip())], done]
            parts += [piece[len(piece.rstrip()) :]]
        else:
            parts.append(piece)
        parts.append(kept)
    return "".join([*parts, shielded.tail])
