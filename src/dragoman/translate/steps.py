"""Take sentences through an engine: shielded and rewritten before it, restored after it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from dragoman.translate.counting import ask_engine
from dragoman.translate.engine import Engine, engine_for, lift_unknown
from dragoman.translate.reading.foreign import find_foreign
from dragoman.translate.vocabulary import Vocabulary
from dragoman.translate.wording.terms import Found
from dragoman.translate.writing.characters import Written, restore_text, write_text
from dragoman.translate.writing.kept import (
    find_half_translated,
    find_lost,
    find_names,
    find_ranges,
    find_sure_names,
    is_common,
    share_words,
)
from dragoman.translate.writing.shields import (
    Shielded,
    form_count,
    has_words,
    lift_masks,
    place_masks,
    shield,
)
from dragoman.types import EngineKind, EngineSpec, Leg, Route


@dataclass(frozen=True, slots=True)
class Sentence:
    """What to translate: its text, ranges of it to keep as they are, and how it is set."""

    text: str
    keep: tuple[tuple[int, int], ...] = ()
    is_typographic: bool = False
    begins: int = 0  # with which leg; those before it have been gone
    names: frozenset[str] = frozenset()  # words that the legs before it left as they were
    terms: tuple[Found, ...] = ()  # of the glossary, that stand in it


@dataclass(frozen=True, slots=True)
class Answer:
    """A translated sentence, and the common words in it that a leg did not know."""

    text: str  # empty: it failed
    left: tuple[tuple[str, str], ...] = ()  # a word and its language


def translate_sentences(
    sentences: Sequence[Sentence], route: Route, specs: Sequence[EngineSpec]
) -> list[str]:
    """Translate sentences along a route; an empty string stands for one that failed."""
    return [answer.text for answer in trace_sentences(sentences, route, specs)]


def trace_sentences(
    sentences: Sequence[Sentence], route: Route, specs: Sequence[EngineSpec]
) -> list[Answer]:
    """Translate sentences along a route, and say which words were left as they were."""
    current = list(sentences)
    left: list[dict[str, str]] = [{} for _ in sentences]
    kept = [sentence.names for sentence in sentences]
    names = [sentence.names or find_names(sentence.text) for sentence in sentences]
    for number, leg in enumerate(route.legs):
        places = [at for at, sentence in enumerate(sentences) if sentence.begins <= number]
        crossing = _Crossing([current[at] for at in places], engine_for(leg, specs), leg)
        crossing.take([kept[at] for at in places])
        sure = find_sure_names(current[at].text for at in places)
        # A capital that a model left as it was, at a sentence's beginning too, is a name's.
        is_chosen = any(one.kind is not EngineKind.RULES for one in route.legs[:number])
        for place, at in enumerate(places):
            for word in sorted(crossing.unknown[place]):
                if is_common(word, sure | kept[at] if is_chosen else sure):
                    left[at].setdefault(word, leg.language)
            for word in crossing.vocabulary.words.keys() & left[at].keys():
                del left[at][word]  # the next model has it: it is a word of its languages
            target = crossing.targets[place]
            names[at] -= find_lost(names[at], target)
            kept[at] = names[at] | left[at].keys()
            # Ranges to keep are of the source text; what they held is found again by its form.
            keep = find_foreign(target, leg.into)
            current[at] = Sentence(target, keep, current[at].is_typographic)
    return [
        Answer(sentence.text, _still_there(words, sentence.text))
        for sentence, words in zip(current, left, strict=True)
    ]


def _still_there(words: dict[str, str], target: str) -> tuple[tuple[str, str], ...]:
    lost = find_lost(words, target)
    return tuple((word, language) for word, language in words.items() if word not in lost)


@dataclass(slots=True)
class _Crossing:
    """Sentences on their way over one leg."""

    sentences: Sequence[Sentence]
    engine: Engine
    leg: Leg
    vocabulary: Vocabulary = field(init=False)
    shields: list[Shielded] = field(init=False)
    targets: list[str] = field(init=False)
    unknown: list[set[str]] = field(init=False)  # words of each sentence

    def __post_init__(self) -> None:
        self.vocabulary = self.engine.vocabulary(self.leg)
        self.shields = [shield(s.text, self.vocabulary, s.keep) for s in self.sentences]
        self.targets = ["" for _ in self.sentences]
        self.unknown = [set() for _ in self.sentences]

    def take(self, kept: Sequence[frozenset[str]]) -> None:
        """Translate; rules that changed one of the words to keep, or a name, try once more."""
        self._translate(range(len(self.sentences)))
        if self.leg.kind is EngineKind.RULES:
            changed = self._find_changed(kept)
            for at, words in changed.items():
                sentence = self.sentences[at]
                ranges = find_ranges(sentence.text, words)
                self.shields[at] = shield(sentence.text, self.vocabulary, (*sentence.keep, *ranges))
                self.unknown[at].clear()
            self._translate(changed)

    def _find_changed(self, kept: Sequence[frozenset[str]]) -> dict[int, frozenset[str]]:
        pairs = list(zip((s.text for s in self.sentences), self.targets, strict=True))
        is_shared = share_words(self.leg.language, self.leg.into)
        halves: set[str] = set()
        for (source, target), unknown in zip(pairs, self.unknown, strict=True):
            is_kept = unknown.__contains__ if is_shared else bool
            halves |= find_half_translated(source, target, is_kept)
        changed: dict[int, frozenset[str]] = {}
        for at, (source, target) in enumerate(pairs):
            words = kept[at] | (halves & find_names(source))
            if lost := find_lost(words, target):
                changed[at] = lost
        return changed

    def _translate(self, places: Iterable[int]) -> None:
        open_ones: list[int] = []
        for at in places:
            if has_words("".join(self.shields[at].pieces)):
                open_ones.append(at)
            else:
                self.targets[at] = self.sentences[at].text
        for form in range(form_count()):
            open_ones = self._try_form(open_ones, form)
        for at in open_ones:
            self.targets[at] = self._translate_pieces(at)

    def _try_form(self, places: list[int], form: int) -> list[int]:
        """Translate with one form of placeholders; give the places where one was damaged."""
        asked: list[tuple[int, Written, tuple[str, ...]]] = []
        failed: list[int] = []
        for at in places:
            masked = place_masks(self.shields[at], form)
            if masked is None:
                failed.append(at)
                continue
            text, used = masked
            asked.append((at, self._write(text, at), used))
        answers = self._ask([(at, written) for at, written, _ in asked])
        for (at, written, used), answer in zip(asked, answers, strict=True):
            shielded = self.shields[at]
            restored = restore_text(answer, written, self.leg.into)
            whole = lift_masks(restored, used, shielded.kept)
            if whole is None:
                failed.append(at)
            else:
                self.targets[at] = shielded.head + whole + shielded.tail if whole else ""
                self.unknown[at] -= set(used)
        return failed

    def _translate_pieces(self, at: int) -> str:
        """Translate what stands between the shielded stretches: wording suffers alone."""
        shielded = self.shields[at]
        parts = [shielded.head]
        for piece, kept in zip(shielded.pieces, (*shielded.kept, ""), strict=True):
            core = piece.strip()
            if has_words(core):
                written = self._write(core, at)
                answer = self._ask([(at, written)])[0]
                if not answer:
                    return ""
                parts.append(piece[: len(piece) - len(piece.lstrip())])
                parts.append(restore_text(answer, written, self.leg.into))
                parts.append(piece[len(piece.rstrip()) :])
            else:
                parts.append(piece)
            parts.append(kept)
        return "".join([*parts, shielded.tail])

    def _write(self, text: str, at: int) -> Written:
        curly = self.sentences[at].is_typographic
        return write_text(text, self.vocabulary, self.leg.language, curly=curly)

    def _ask(self, asked: Sequence[tuple[int, Written]]) -> list[str]:
        """Ask the engine, and note the words of each sentence that it did not know."""
        answers: list[str] = []
        texts = [written.text for _, written in asked]
        marked = ask_engine(self.engine, texts, self.leg) if asked else []
        for (at, _), one in zip(asked, marked, strict=True):
            answer, unknown = lift_unknown(one)
            answers.append(answer)
            self.unknown[at].update(unknown)
        return answers
