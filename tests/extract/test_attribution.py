"""Who says so: found with its words and its place, in every language of the interface."""

from __future__ import annotations

import pytest

from dragoman.extract.attributing import CUES
from dragoman.extract.attribution import find_attributions
from dragoman.types import AttributionKind, Block, BlockKind, Text


def find(text: str, language: str) -> list[tuple[str, str]]:
    block = Block(BlockKind.PARAGRAPH, (Text(text),))
    return [(one.name, one.kind.value) for one in find_attributions([block], language)]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "He was ready to answer, according to Reuters.", [("Reuters", "agency")]),
        ("en", "Minister Paul Ekdahl claimed on Tuesday that it was over.",
         [("Minister Paul Ekdahl", "official")]),
        ("en", "“We are ready,” said Jana Novak. He said more.", [("Jana Novak", "person")]),
        ("en", "A spokesman for the ministry told The Harbour Times that it was over.",
         [("spokesman for the ministry", "official"), ("Harbour Times", "outlet")]),
        ("en", "But Maria Lopez, the mayor of the town, said the road was closed.",
         [("Maria Lopez", "person")]),
        ("en", "Court documents said otherwise.", [("Court documents", "document")]),
        ("en", "The BBC reported on Monday, citing two officials, that he left.",
         [("BBC", "outlet"), ("officials", "official")]),
        ("en", "On Friday Petrov told Radio Cove that talks would go on.",
         [("Petrov", "other"), ("Radio Cove", "outlet")]),
        ("fr", "Il a déclaré dimanche dans une interview à la chaîne Canal 9 qu’il viendrait.",
         [("Canal 9", "other")]),
        ("fr", "Selon le ministère de la Défense, rien n’a changé.",
         [("ministère de la Défense", "official")]),
        ("fr", "« Nous sommes prêts », a déclaré Jeanne Morel à l’agence AFP.",
         [("Jeanne Morel", "person"), ("AFP", "agency")]),
        ("pt", "Segundo a Lusa, o navio partiu. “Já vamos”, disse Ana Souza.",
         [("Lusa", "agency"), ("Ana Souza", "person")]),
        ("pt", "De acordo com o Ministério da Saúde, há três casos.",
         [("Ministério da Saúde", "official")]),
        ("es", "Según la agencia EFE, el barco zarpó.", [("EFE", "agency")]),
        ("es", "El ministro de Defensa dijo que no.", [("ministro de Defensa", "official")]),
        ("ar", "قالت وكالة رويترز إن المحادثات بدأت.", [("وكالة رويترز", "agency")]),
        ("ar", "وفقا لوزارة الصحة، ارتفع عدد الحالات.", [("وزارة الصحة", "official")]),
    ],
)  # fmt: skip
def test_the_source_of_a_statement_is_found(
    language: str, text: str, expected: list[tuple[str, str]]
) -> None:
    assert find(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "He said it was late. They reported nothing."),
        ("en", "The weather was fine on the coast."),
        ("fr", "Il a dit non. Elle a ajouté une chaise."),
        ("pt", "O segundo dia foi calmo. No segundo turno, venceu."),
        ("es", "Lo dijo ayer. Según convenga, volverá."),
        ("sv", "Enligt Reuters är det klart."),
        ("en", ""),
    ],
)
def test_a_pronoun_or_a_common_word_is_no_source(language: str, text: str) -> None:
    assert find(text, language) == []


def test_the_place_is_that_of_the_name_in_its_part() -> None:
    text = "It was over, according to Reuters."
    blocks = [
        Block(BlockKind.CODE, (Text(text),)),
        Block(BlockKind.LIST, (Text("Nothing."), Text(text))),
    ]
    (one,) = find_attributions(blocks, "en-GB")
    assert (one.block, one.part, one.cue) == (1, 1, "according to")
    assert text[one.start : one.end] == "Reuters"
    assert one.kind is AttributionKind.AGENCY


@pytest.mark.parametrize("language", sorted(CUES))
@pytest.mark.parametrize("piece", ["A ", "Aa Bb of the ", "said ", "X, y, ", "قال وكالة ", "“”, "])
def test_hostile_text_takes_no_time(language: str, piece: str) -> None:
    find_attributions([Block(BlockKind.PARAGRAPH, (Text(piece * 4000),))], language)
