"""A model for CTranslate2 that is made by hand: it copies, and swaps some words.

Random weights would translate nothing, and a trained model is too large to ship. So the
weights are written: a decoder's step attends to the source's piece at its own place, and the
last layer names that piece, or the one that it is to be swapped for.
"""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import sentencepiece
from ctranslate2.specs import TransformerSpec
from numpy.typing import NDArray

TEXT = """El gato come. El perro come pan y queso. O gato come. O cão come pão e queijo.
0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 / 16 , . ; : ! ? - ' " ( )
the cat eats bread and cheese. abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ ñãçéíóúâêõ
"""
SWAPPED = {"▁El": "▁O", "▁O": "▁El"}
_HALF = 128  # half of the dimensions says which piece it is, the other half at which place
_PLACES = 600
_SHARP = 40.0  # how surely a step attends to its own place

Matrix = NDArray[np.float32]


def make_pieces(file: Path) -> list[str]:
    """Train a SentencePiece model on a few lines, and give its pieces."""
    trained = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(TEXT.splitlines() * 20),
        model_writer=trained,
        vocab_size=150,
        hard_vocab_limit=False,
        character_coverage=1.0,
        user_defined_symbols=["▁El", "▁O"],
        minloglevel=2,
    )
    file.write_bytes(trained.getvalue())
    pieces = sentencepiece.SentencePieceProcessor(model_proto=trained.getvalue())
    return [pieces.id_to_piece(at) for at in range(pieces.get_piece_size())]


def make_model(
    folder: Path, *, tokens: dict[str, str] | None = None, manifest: object = None
) -> Path:
    """Write a model as converters do: of one pair, or with tokens of one for many languages."""
    folder.mkdir(parents=True)
    if tokens is None:
        pieces = make_pieces(folder / "source.spm")
        (folder / "target.spm").write_bytes((folder / "source.spm").read_bytes())
    else:
        pieces = make_pieces(folder / "sentencepiece.bpe.model")
        pieces += tokens.values()
    spec = _write_spec(pieces)
    spec.save(str(folder))
    if tokens is not None:
        manifest = {"tokens": tokens, "version": "7"}
    if manifest is not None:
        (folder / "dragoman.json").write_text(json.dumps(manifest))
    return folder


def _write_spec(pieces: list[str]) -> TransformerSpec:
    spec = TransformerSpec.from_config(num_layers=1, num_heads=1, pre_norm=False)
    random = np.random.default_rng(7)
    words = random.choice([-1.0, 1.0], (len(pieces), _HALF)).astype(np.float32)
    places = random.choice([-1.0, 1.0], (_PLACES, _HALF)).astype(np.float32)
    nothing = np.zeros_like
    embeddings = np.concatenate([words, nothing(words)], 1)
    positions = np.concatenate([np.zeros((_PLACES, _HALF), np.float32), places], 1)
    pick_word = np.zeros((2 * _HALF, 2 * _HALF), np.float32)
    pick_word[:_HALF, :_HALF] = np.eye(_HALF)
    pick_place = np.zeros((2 * _HALF, 2 * _HALF), np.float32)
    pick_place[_HALF:, _HALF:] = np.eye(_HALF)
    for side in (spec.encoder, spec.decoder):
        side.scale_embeddings = False
        side.position_encodings.encodings = positions
        for layer in side.layer:
            _fill_self_attention(layer.self_attention)
            _fill_rest(layer.ffn)
    spec.encoder.embeddings[0].weight = embeddings
    spec.decoder.embeddings.weight = embeddings
    attention = spec.decoder.layer[0].attention
    queries, keys_values, out = attention.linear
    _set(queries, pick_place * _SHARP)
    _set(keys_values, np.concatenate([pick_place, pick_word]))
    _set(out, pick_word * 50.0)
    _normalise(attention.layer_norm)
    # Each row names a piece by the mark of the one that it stands for.
    named = [pieces.index(SWAPPED[p]) if p in SWAPPED else at for at, p in enumerate(pieces)]
    _set(spec.decoder.projection, embeddings[named], np.zeros(len(pieces), np.float32))
    spec.register_source_vocabulary(pieces)
    spec.register_target_vocabulary(pieces)
    spec.config.decoder_start_token = "</s>"
    spec.validate()
    return spec


def _fill_self_attention(attention: object) -> None:
    size = 2 * _HALF
    both, out = attention.linear  # type: ignore[attr-defined]
    _set(both, np.zeros((3 * size, size), np.float32))
    _set(out, np.zeros((size, size), np.float32))
    _normalise(attention.layer_norm)  # type: ignore[attr-defined]


def _fill_rest(ffn: object) -> None:
    size = 2 * _HALF
    _set(ffn.linear_0, np.zeros((size, size), np.float32))  # type: ignore[attr-defined]
    _set(ffn.linear_1, np.zeros((size, size), np.float32))  # type: ignore[attr-defined]
    _normalise(ffn.layer_norm)  # type: ignore[attr-defined]


def _set(linear: object, weight: Matrix, bias: Matrix | None = None) -> None:
    linear.weight = weight.astype(np.float32)  # type: ignore[attr-defined]
    linear.bias = np.zeros(len(weight), np.float32) if bias is None else bias  # type: ignore[attr-defined]


def _normalise(norm: object) -> None:
    norm.gamma = np.ones(2 * _HALF, np.float32)  # type: ignore[attr-defined]
    norm.beta = np.zeros(2 * _HALF, np.float32)  # type: ignore[attr-defined]
