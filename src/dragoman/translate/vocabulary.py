"""What a model can read and write, from its SentencePiece vocabulary.

A model spells with the pieces of its vocabulary: a character that is in none of them
becomes ``<unk>`` and is lost or replaced by something invented. The vocabularies of the
oldest models know 102 characters, not one curly quotation mark among them; newer ones
spell anything by bytes. So it is decided per model, from its own file.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from dragoman.errors import ModelError

_WORD_MARK = "\u2581"  # SentencePiece writes a space as this block
_NORMAL, _BYTE = 1, 6  # SentencePiece: ModelProto.SentencePiece.Type
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5  # Protocol Buffers wire types


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The characters that a model can write, and how common its words are.

    ``characters`` empty means: any but those ``missing``. ``words`` maps a whole-word piece
    to its log probability, which also tells ``Paris`` from ``market`` without a dictionary.
    """

    characters: frozenset[str] = frozenset()
    words: dict[str, float] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()

    def has(self, char: str) -> bool:
        """Whether the model can write a character."""
        if not self.characters:
            return char not in self.missing
        return char in self.characters or char.isspace()

    def lacks(self, text: str) -> bool:
        """Whether a text holds a character that the model cannot write."""
        return bool(self.characters or self.missing) and not all(map(self.has, text))


def read_vocabulary(data: bytes) -> Vocabulary:
    """Read a SentencePiece model file.

    Raises `ModelError` where the bytes are no such file.
    """
    characters: set[str] = set()
    words: dict[str, float] = {}
    has_bytes = False
    for piece, score, kind in _pieces(data):
        has_bytes = has_bytes or kind == _BYTE
        if kind != _NORMAL:
            continue
        characters.update(piece)
        if piece.startswith(_WORD_MARK) and piece[1:].isalpha():
            words[piece[1:]] = score
    if len(characters) < 10:
        raise ModelError("the vocabulary holds no pieces; it is no SentencePiece file")
    characters.discard(_WORD_MARK)
    return Vocabulary(frozenset() if has_bytes else _with_composed(characters), words)


def read_pieces(data: bytes) -> dict[str, float]:
    """Give all pieces of a SentencePiece model file, in order, with their log probabilities.

    Raises `ModelError` where the bytes are no such file.
    """
    return {piece: score for piece, score, _ in _pieces(data)}


def _with_composed(characters: set[str]) -> frozenset[str]:
    # The files' normaliser is NFKC-like: a letter may be stored in either form.
    return frozenset(characters | {unicodedata.normalize("NFC", char) for char in characters})


def _pieces(data: bytes) -> Iterator[tuple[str, float, int]]:
    """Walk ModelProto.pieces (field 1): piece (1), score (2), type (3)."""
    try:
        for number, value in _fields(data):
            if number != 1 or not isinstance(value, bytes):
                continue
            piece, score, kind = "", 0.0, _NORMAL
            for inner, content in _fields(value):
                if inner == 1 and isinstance(content, bytes):
                    piece = content.decode("utf-8")
                elif inner == 2 and isinstance(content, bytes):
                    (score,) = struct.unpack("<f", content)
                elif inner == 3 and isinstance(content, int):
                    kind = content
            yield piece, score, kind
    except (IndexError, ValueError, struct.error) as error:
        raise ModelError(f"the vocabulary is no SentencePiece file: {error}") from error


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == _VARINT:
            value, at = _varint(data, at)
            yield number, value
            continue
        if wire == _BYTES:
            size, at = _varint(data, at)
        elif wire in (_FIXED32, _FIXED64):
            size = 4 if wire == _FIXED32 else 8
        else:
            raise ValueError(f"wire type {wire} at byte {at}")
        if at + size > len(data):
            raise ValueError(f"cut off at byte {len(data)}")
        yield number, data[at : at + size]
        at += size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError(f"number too long at byte {at}")
