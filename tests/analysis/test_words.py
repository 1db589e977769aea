"""How texts and queries are cut into words, whatever the language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.analysis import (
    analyse,
    common_words,
    excerpt,
    mark_hits,
    parse_query,
    plan_query,
    split_words,
)
from dragoman.analysis.folding import fold, fold_all
from dragoman.analysis.queries import LONGEST
from dragoman.analysis.words import find_words


def stems_of(word: str, language: str) -> set[str]:
    return {stem for one in split_words(word, language) for stem in one.stems or (one.exact,)}


def exact(text: str, language: str) -> list[str]:
    return [word.exact.removeprefix("=") for word in split_words(text, language)]


def found(text: str, language: str, query: str) -> list[str]:
    """Give what is marked in a text."""
    plan = plan_query(parse_query(query), language)
    return [part.text for part in mark_hits(text, language, plan) if part.is_hit]


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "ferries", "ferry"),
        ("fr", "élections", "ELECTION"),
        ("pt", "eleições", "eleicao"),
        ("pt", "reuniões", "reunião"),
        ("es", "elecciones", "elección"),
        ("es", "canción", "cancion"),
        ("de", "Häuser", "Haus"),
        ("de", "Muenchen", "München"),
        ("de", "Straße", "STRASSE"),
        ("ru", "выборов", "выборы"),
        ("ru", "приём", "прием"),
        ("ru", "островами", "остров"),
        ("ru", "паромы", "паром"),
        ("ar", "والحكومة", "حكومة"),
        ("ar", "بغزة", "غزة"),
        ("ar", "لفرنسا", "فرنسا"),
        ("ar", "وللعبّارة", "العبارة"),
        ("ar", "كالبحر", "بحر"),
        ("ar", "فالرئيس", "رئيس"),
        ("tr", "evlerde", "ev"),
        ("hi", "समाचारों", "समाचार"),
        ("pt-BR", "notícias", "noticia"),
    ],
)
def test_two_forms_of_a_word_share_a_stem(language: str, one: str, other: str) -> None:
    assert stems_of(one, language) & stems_of(other, language)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [("en", "island", "ferry"), ("ar", "مصر", "غزة"), ("ru", "мой", "мои"), ("hi", "दिन", "दान")],
)
def test_other_words_share_none(language: str, one: str, other: str) -> None:
    assert not {word.exact for word in split_words(one, language)} & {
        word.exact for word in split_words(other, language)
    }


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("fr", "L’économie d'aujourd’hui", ["l", "economie", "d", "aujourd", "hui"]),
        ("en", "O'Brien won't; the company’s", ["obrien", "wont", "the", "company"]),
        ("en", "1,240 people, 3.14 metres, U.S.A.", ["1240", "people", "3", "14", "metres", "usa"]),
        ("ar", "٢٠٢٦ عـــام", ["2026", "عام"]),
        ("en", "covid-19 a_b x@y", ["covid", "19", "a", "b", "x", "y"]),
        ("hi", "हिन्दी में", ["हिन्दी", "में"]),
        ("vi", "tiếng Việt", ["tieng", "viet"]),
        ("en", "ｆｅｒｒｙ e\u0301te\u0301", ["ferry", "ete"]),
        ("zh", "渡轮复航", ["渡轮", "轮复", "复航", "航"]),
        ("ja", "港のABC号", ["港の", "の", "abc", "号"]),
        ("th", "เรือ", ["เร", "รื", "ือ", "อ"]),
        ("ko", "여객선", ["여객", "객선", "선"]),
    ],
)
def test_words_end_where_the_script_says(language: str, text: str, words: list[str]) -> None:
    assert exact(text, language) == words


def test_a_language_without_stems_is_indexed_once() -> None:
    assert analyse("паром ходить", "uk").exact == ()
    assert analyse("The ferries", "en").exact == ("=the", "=ferries")


@pytest.mark.parametrize(
    ("language", "text", "query", "marked"),
    [
        ("en", "The ferries met a fishing boat.", "ferry boats", ["ferries", "boat"]),
        ("en", "two fishing boats; a boat fishing", '"fishing boats"', ["fishing boats"]),
        ("en", "A ferry", "-ferry", []),
        ("ja", "今日の天気予報です", "天気予報", ["天気予報"]),
        ("ja", "今日の天気予報です", "天", ["天"]),
        ("zh", "渡轮明天复航", '"明天复航"', ["明天复航"]),
        ("th", "พยากรณ์อากาศวันนี้", "อากาศ", ["อากาศ"]),
        ("ar", "عادت العبّارة إلى الجزر", "عبارة", ["العبّارة"]),
        ("pt", "As eleições de domingo", "eleicao", ["eleições"]),
    ],
)
def test_what_was_asked_for_is_marked_where_it_stands(
    language: str, text: str, query: str, marked: list[str]
) -> None:
    assert found(text, language, query) == marked


def test_an_excerpt_shows_the_place_where_most_is_found() -> None:
    text = f"ferry {'word ' * 200}the ferry to the islands {'word ' * 200}"
    plan = plan_query(parse_query("ferry islands"), "en")
    parts = excerpt(text, "en", plan, 120)
    assert [part.text for part in parts if part.is_hit] == ["ferry", "islands"]
    assert parts[0].text == "… "
    assert parts[-1].text == " …"
    assert len("".join(part.text for part in parts)) < 200


def test_a_query_is_words_phrases_and_what_must_not_stand_there() -> None:
    query = parse_query('ferry “eleven days” -captain -"dry dock" «el mar» - ""')
    assert [(t.text, t.is_phrase, t.is_excluded) for t in query.terms] == [
        ("ferry", False, False),
        ("eleven days", True, False),
        ("captain", False, True),
        ("dry dock", True, True),
        ("el mar", True, False),
    ]
    assert str(parse_query('a "b c" -d')) == 'a "b c" -d'
    assert parse_query("-ferry").is_empty


def test_a_query_is_cut_after_a_word() -> None:
    query = parse_query("longish " * 2000)
    assert query.is_cut
    assert len(str(query)) <= LONGEST
    assert {term.text for term in query.terms} == {"longish"}


@given(st.text(max_size=400), st.sampled_from(["en", "ar", "fr", "zh", "th", "xx", ""]))
def test_no_text_and_no_query_fails(text: str, language: str) -> None:
    plan = plan_query(parse_query(text), language)
    tokens = [token for group in plan.required for phrase in group for token in phrase.tokens]
    for token in (*tokens, *analyse(text, language).stems):
        assert token
        assert not set(token) & set(" \t\n\r\"'()*:^\0-")
    whole = "".join(part.text for part in mark_hits(text, language, plan))
    assert whole == text
    excerpt(text, language, plan, 20)
    common_words(text, language)


CHUNKS = ["ferry", "ferries", "FERRY,", "l'heure", "d’été,", "O'Brien's", "U.S.A.", "3.14", "a.a"]
CHUNKS += [
    "1,240",
    "a",
    "ok-ok",
    "東京で地震",
    "東",
    "ของไทย",
    "الكتاب",
    "والكتاب،",
    "كتاب",
    "٣٬١٤",
]
CHUNKS += ["x\u2028y", "\x1c", "\u00a0", "“été”", "\u200b"]


@given(
    st.lists(st.sampled_from(CHUNKS), max_size=12),
    st.sampled_from(["en", "fr", "ar", "ja", "und"]),
    st.data(),
)
def test_words_are_found_as_if_all_had_been_cut(
    chunks: list[str], language: str, data: st.DataObject
) -> None:
    text = " ".join(chunks)
    words = list(split_words(text, language))
    every = sorted({token for word in words for token in (word.exact, *word.stems)})
    tokens = data.draw(st.sets(st.sampled_from(every), max_size=3)) if every else set()
    wanted = [w for w in words if w.exact in tokens or not tokens.isdisjoint(w.stems)]
    assert [(w.start, w.end, w.exact, w.stems) for w in find_words(text, language, tokens)] == [
        (w.start, w.end, w.exact, w.stems) for w in wanted
    ]


@given(st.lists(st.text(st.characters(exclude_characters="\n", codec="utf-8"), max_size=8)))
def test_words_that_are_folded_at_once_are_folded_alike(words: list[str]) -> None:
    assert fold_all(words) == [fold(word) for word in words]
