"""The defects of the page that this project starts from: none of them may happen."""

from __future__ import annotations

from itertools import pairwise

import pytest

from dragoman.translate import available_legs, find_route, translate_article
from dragoman.translate.reading.credits import is_credit
from dragoman.types import (
    Article,
    Block,
    BlockKind,
    EngineSpec,
    Image,
    Span,
    SpanKind,
    Text,
    Translation,
    TranslationStatus,
    Verdict,
)

SPECS = (EngineSpec("firefox"),)


def paragraph(text: str, *links: str, kind: BlockKind = BlockKind.PARAGRAPH) -> Block:
    spans = [
        Span(SpanKind.LINK, text.index(words), text.index(words) + len(words), f"https://a.b/{at}")
        for at, words in enumerate(links)
    ]
    return Block(kind, (Text(text, tuple(spans)),))


def translate(title: str, *blocks: Block, language: str = "en", into: str = "pt") -> Translation:
    article = Article("a1", "source", "https://example.org/1", language, title, blocks)
    route = find_route(available_legs(SPECS), language, into)
    return translate_article(article, into, route, SPECS)


def linked(block: Block) -> list[str]:
    return [part.text[s.start : s.end] for part in block.parts for s in part.spans]


def test_case_1_capitals_do_not_hide_the_united_states() -> None:
    body = paragraph(
        "Russian diplomats said the US would answer within a week. NATO did not comment."
    )
    done = translate("PUTIN WANTS US AND ALLIES TO GUARANTEE NATO WON'T EXPAND EAST", body)
    assert done.title.startswith("Putin quer que os EUA e")
    assert "OTAN" in done.title
    assert "nós" not in done.title.lower().split()


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        ("UN CHIEF SAYS IT HAS NO MONEY", ["ONU", "dinheiro"]),
        (
            "BREAKING: 12 DEAD AS 7.1 EARTHQUAKE HITS WESTERN TURKEY",
            ["12 mortos", "7,1", "Turquia"],
        ),
        ("WHO SAYS MALARIA CASES ARE RISING", ["OMS", "malária"]),
        ("THE TEACHER TELLS US ALL TO READ MORE", [" nos "]),
    ],
)
def test_case_1_capital_headlines_keep_their_meaning(headline: str, expected: list[str]) -> None:
    title = translate(headline, paragraph("The report came out this morning.")).title
    for words in expected:
        assert words in title


def test_case_2_a_picture_credit_is_never_translated() -> None:
    credit = "(Mikhail Tereshchenko, Sputnik, Kremlin Pool Photo via AP)"
    image = Image("https://example.org/i.jpg")
    caption = Block(
        BlockKind.IMAGE, (Text(f"The president speaks in Moscow. {credit}"),), image=image
    )
    alone = paragraph("Kremlin Pool Photo via AP")
    done = translate("Talks begin in Geneva", caption, alone)
    assert done.blocks[0].text.endswith(credit)
    assert "presidente" in done.blocks[0].text
    assert done.blocks[1].text == "Kremlin Pool Photo via AP"


@pytest.mark.parametrize(
    "credit",
    [
        "(Ana Prado, Faro, photo de la piscine du port via AP)",
        "(Service de presse du ministère des Ports via AFP)",
        "(ANA PRADO/AFP via Getty Images)",
        "Photograph by Ana Prado for the Evening Post",
    ],
)
def test_case_2_a_credit_line_is_known_in_every_language(credit: str) -> None:
    assert is_credit(credit)


@pytest.mark.parametrize(
    "text", ["Photo of the harbour", "Image of the year", "(He said it was over via AP.)"]
)
def test_case_2_what_only_speaks_of_a_picture_is_no_credit(text: str) -> None:
    assert not is_credit(text)


def test_case_3_a_link_inside_a_sentence_does_not_split_it() -> None:
    text = "The president said it during a press event, according to Reuters."
    block = translate("Talks", paragraph(text, "event")).blocks[0]
    assert block.text.count("imprensa") == 1
    assert linked(block) == ["evento"]


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Vladimir Putin threatened to take military measures.", "threatened", "ameaçou"),
        ("The minister claimed that contractors were there.", "claimed", "afirmou"),
        ("Reuters reported the news on Tuesday.", "reported", "informou"),
        ("The presentation was over, he said.", "said", "disse"),
    ],
)
def test_case_4_linked_verbs_are_translated_in_their_sentence(
    text: str, words: str, expected: str
) -> None:
    block = translate("Talks", paragraph(text, words)).blocks[0]
    assert expected in block.text
    assert len(linked(block)) == 1
    assert expected in linked(block)[0]


def test_case_7_an_app_promotion_that_slipped_through_is_at_least_translated() -> None:
    done = translate("Talks", paragraph("CLICK HERE TO GET THE FOX NEWS APP"))
    assert "Fox News" in done.blocks[0].text
    assert "GET THE" not in done.blocks[0].text


def test_case_8_a_quotation_that_opens_also_closes() -> None:
    text = "“We won’t wait for them,” the minister said. He called the plan “a very bad idea”."
    done = translate("Talks", paragraph(text)).blocks[0].text
    assert done.count("“") == done.count("”") == 2
    assert '"' not in done


def test_dashes_currencies_and_foreign_letters_come_back() -> None:
    text = "The firm – based in Łódź – paid £2.8bn to Müller in 2010–2015."
    done = translate("Talks", paragraph(text)).blocks[0].text
    assert done.count("–") == 3
    assert "2,8 bilhões de libras" in done
    assert "Łódź" in done
    assert "Müller" in done
    assert "2010–2015" in done


def test_addresses_handles_and_other_scripts_pass_unharmed() -> None:
    kept = ["press@example.org", "https://example.org/a?b=1&at=2", "@desk_one", "北京", "#news"]
    text = "Write to {} or read {} by {} from {} today. \U0001f600 {}".format(*kept)
    done = translate("Talks", paragraph(text)).blocks[0].text
    for word in (*kept, "\U0001f600"):
        assert done.count(word) == 1


def test_every_link_of_the_article_is_in_the_translation() -> None:
    text = "The mayor of Lisbon met the union, the teachers and the press on Monday in the old hall"
    words = ("mayor", "Lisbon", "union", "teachers", "press", "Monday", "old hall")
    block = translate("Talks", paragraph(text, *words)).blocks[0]
    assert sorted(s.value for s in block.parts[0].spans) == [f"https://a.b/{n}" for n in range(7)]
    ends = [(s.start, s.end) for s in block.parts[0].spans]
    assert all(one[1] <= other[0] for one, other in pairwise(ends))


def test_what_is_in_the_target_language_already_is_left_as_it_is() -> None:
    text = (
        "O ministro disse nesta sexta-feira que a reunião acabou sem acordo entre os dois países."
    )
    done = translate("Talks in Geneva", paragraph(text), paragraph("The talks went on."))
    assert done.blocks[0].text == text
    assert [s.is_untouched for s in done.segments if s.segment.block == 0] == [True]
    assert done.blocks[1].text != "The talks went on."


def test_every_block_comes_back_with_its_kind_and_parts() -> None:
    blocks = (
        paragraph("What happened", kind=BlockKind.HEADING),
        Block(BlockKind.LIST, (Text("The first point"), Text("The second point"))),
        Block(BlockKind.TABLE, (Text("Country"), Text("5"), Text(""), Text("Year")), columns=2),
        Block(BlockKind.CODE, (Text("print('the end')"),)),
        Block(BlockKind.EMBED, (Text("A post by somebody"),), url="https://example.org/p"),
        Block(BlockKind.IMAGE, (), image=Image("https://example.org/i.jpg", credit="Ana Sol")),
    )
    done = translate("Talks", *blocks)
    assert [b.kind for b in done.blocks] == [b.kind for b in blocks]
    assert [len(b.parts) for b in done.blocks] == [len(b.parts) for b in blocks]
    assert done.blocks[2].parts[0].text == "País"
    assert done.blocks[3] == blocks[3]
    assert done.blocks[4] == blocks[4]
    assert done.blocks[5] == blocks[5]


def test_a_translation_says_how_it_was_made() -> None:
    done = translate("O presidente fala hoje", paragraph("Ele chegou."), language="pt", into="en")
    assert done.status is TranslationStatus.DONE
    assert done.verdict is Verdict.PUBLISH
    assert done.route is not None
    assert done.route.name == "pt>en (firefox)"
    assert done.made is not None
    assert done.segments[0].segment.block == -1


def test_a_sentence_keeps_its_own_kind_of_quotation_marks_where_the_page_mixes_both() -> None:
    blocks = tuple(
        Block(BlockKind.PARAGRAPH, (Text(text),))
        for text in (
            'The minister called it "a good day" and "a good start" for the "whole country".',
            "The newspaper spoke of “very serious” leaks.",
        )
    )
    article = Article("a", "s", "https://a.example/", "en", "Leaks at the ministry", blocks)
    route = find_route(available_legs(SPECS), "en", "pt")
    done = translate_article(article, "pt", route, SPECS)
    straight, curly = (block.text for block in done.blocks)
    assert straight.count('"') == 6
    assert "“" in curly and "”" in curly and '"' not in curly
