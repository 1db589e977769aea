"""Names, places, figures and copies: what linking reads in a text."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dragoman.link.copies import cut_shingles, find_copies, measure_containment
from dragoman.link.judge import compare, prepare
from dragoman.link.model import load_model
from dragoman.link.names import find_names, is_same_sound, respell, shared_names, sound_key
from dragoman.link.places import find_places
from dragoman.link.rarity import Rarity
from dragoman.link.traits import count_words, read_format, read_numbers, read_traits
from dragoman.types import LinkInput

NOON = datetime(2031, 3, 3, 12, tzinfo=UTC)
SHOIGU = [("Shoigu", "en"), ("Choïgou", "fr"), ("Schoigu", "de"), ("Szojgu", "pl"),
          ("Şoygu", "tr"), ("Шойгу", "ru"), ("شويغو", "ar"), ("ショイグ", "ja")]  # fmt: skip


@pytest.mark.parametrize(("name", "language"), SHOIGU)
def test_one_name_sounds_the_same_in_every_script(name: str, language: str) -> None:
    here, there = respell("Shoigu", "en"), respell(name, language)
    assert sound_key(here) == sound_key(there)
    assert is_same_sound(here, there)


def test_names_that_only_share_consonants_are_not_one() -> None:
    assert not is_same_sound(respell("Sage", "en"), respell("Zico", "pt"))


def test_names_meet_in_two_scripts_and_cases() -> None:
    french = find_names("Le ministre Choïgou a rencontré Valentina Tchernychenko.", "fr")
    russian = find_names("Переговоры с Чернышенко провёл Шойгу.", "ru")
    assert {word for _, word in shared_names(french, russian)} == {"Choïgou", "Tchernychenko"}


def test_a_word_at_the_head_of_a_sentence_is_no_name_if_it_is_also_written_small() -> None:
    found = find_names("Trains stopped. The trains of Marstal stood still.", "en")
    assert {name.word for name in found.values()} == {"Marstal"}


@pytest.mark.parametrize(
    ("text", "language", "places"),
    [
        ("La Russie et les États-Unis en parlent à Tokyo", "fr", ("RU", "US", "JP")),
        ("Российский министр прилетел в Турцию", "ru", ("RU", "TR")),
        ("زلزال في المغرب واليابان", "ar", ("MA", "JP")),
        ("俄罗斯外长在美国", "zh", ("RU", "US")),
        ("Trzęsienie ziemi w Turcji", "pl", ("TR",)),
        ("South Korean ship leaves North Korea", "en", ("KR", "KP")),
        ("They told us that nothing had happened", "en", ()),
    ],
)
def test_countries_are_the_same_codes_in_every_language(
    text: str, language: str, places: tuple[str, ...]
) -> None:
    assert find_places(text, language) == places


def test_figures_are_read_alike_in_every_script() -> None:
    assert read_numbers("magnitude 6,8, 1.350 homes") == read_numbers("٦٫٨ درجات و١٣٥٠ منزلا")
    assert read_numbers("in 2031, 3 people") == frozenset()


def test_a_columns_title_is_the_same_without_its_day() -> None:
    monday = read_format("Weather forecast for Monday 3 March", "en")
    assert monday == read_format("Weather forecast for Friday 11 April", "en") != ""


def _article(ident: str, hour: int, text: str, language: str = "en") -> LinkInput:
    return LinkInput(ident, "", language, "", text, datetime(2031, 3, 3, hour, tzinfo=UTC))


WIRE = (
    "The harbour of Brenholm will be closed for nine weeks while divers remove a sunken crane, "
    "the port authority said. Ships will be sent to Marstal instead, and dockers will be paid in "
    "full, the authority added in a statement late in the evening."
)


def test_the_earliest_print_is_the_original_of_all_copies() -> None:
    prints = [
        _article("b", 9, "By our staff. " + WIRE),
        _article("a", 12, WIRE + " A long local reaction follows here from the town of Marstal."),
        _article("c", 7, WIRE),
    ]
    assert {(copy.article, copy.original) for copy in find_copies(prints)} == {
        ("a", "c"), ("b", "c")
    }  # fmt: skip


def test_two_reports_in_their_own_words_are_no_copies() -> None:
    own = (
        "Divers need more than two months to lift the crane that sank in Brenholm harbour. Until "
        "then Marstal takes the ships, and the dockers keep their wages, officials announced."
    )
    assert find_copies([_article("a", 7, WIRE), _article("b", 8, own)]) == ()


def test_a_short_text_is_never_a_copy() -> None:
    assert measure_containment(cut_shingles("one two three four five six"), cut_shingles(WIRE)) == 0
    assert (
        find_copies([_article("a", 7, "Read more here"), _article("b", 8, "Read more here")]) == ()
    )


def test_copies_are_found_where_words_are_not_parted() -> None:
    text = "港务局星期一晚间宣布布伦霍尔姆港将关闭九个星期以便潜水员打捞沉没的起重机"
    copies = find_copies([_article("a", 7, text, "zh"), _article("b", 8, "本报讯" + text, "zh")])
    assert [copy.original for copy in copies] == ["a"]


def test_an_arabic_word_is_the_same_with_its_article_and_whatever_its_alef() -> None:
    one, other = count_words("والإسعاف وزير المستشفى"), count_words("إسعاف الوزير مستشفي")
    assert one.keys() == other.keys()


def test_accents_do_not_part_two_spellings_of_a_word() -> None:
    assert count_words("Erdoğan ténor") == count_words("Erdogan tenor")


def test_a_text_without_a_title_has_its_first_words_for_one() -> None:
    text = "The harbour of Brenholm is closed. " * 20
    whole = read_traits(LinkInput("a", "", "en", text, "", NOON))
    plain = read_traits(LinkInput("b", "", "en", "The harbour of Brenholm is closed", text, NOON))
    assert whole.head == plain.head
    assert sum(whole.words.values()) < 160


def test_telling_what_the_others_title_says_makes_one_story_likelier() -> None:
    told = LinkInput("a", "", "en", "Crane sinks in Brenholm", "Ships go to Marstal.", NOON)
    telling = LinkInput("b", "", "en", "Ships wait", "A crane that sinks shuts Brenholm.", NOON)
    silent = LinkInput("c", "", "en", "Ships wait", "A storm that rages shuts Nakskov.", NOON)
    traits = [read_traits(article) for article in (told, telling, silent)]
    rarity = Rarity(traits)
    a, b, c = (prepare(one, rarity, 0.0, "") for one in traits)
    near, far = (compare(a, other, 0.3, load_model()) for other in (b, c))
    assert near.head > far.head
    assert near.story > far.story
