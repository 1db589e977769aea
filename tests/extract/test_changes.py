"""What a later reading of an article changed, and what only the site changed."""

from __future__ import annotations

import pytest

from dragoman.extract import (
    find_changes,
    has_other_pictures,
    is_same_article,
    recurring_shapes,
)
from dragoman.types import Article, Block, BlockKind, Change, Image, Text

LEAD = "The ferry left the harbour at noon with forty passengers on board."
SECOND = "Two of them had come from the islands for the market on the quay."
LAST = "The port expects another crossing before the storm."


def make(*texts: str, title: str = "Ferry sails again", picture: str = "") -> Article:
    blocks = [Block(BlockKind.PARAGRAPH, (Text(text),)) for text in texts]
    if picture:
        blocks.append(Block(BlockKind.IMAGE, (), image=Image(picture)))
    return Article("a", "s", "https://a.example/1", "en", title, tuple(blocks))


def changes(before: Article, after: Article, *others: Article) -> tuple[Change, ...]:
    return find_changes(before, after, recurring_shapes(others))


def test_the_same_text_has_no_changes_though_it_is_typeset_otherwise() -> None:
    before = make('The port said: "We wait - and see".', LEAD)
    after = make("The port said: “We wait – and see”.", f" {LEAD.replace(' ', chr(0xA0))} ")
    assert changes(before, after) == ()


def test_a_correction_stands_with_what_it_corrects() -> None:
    corrected = LEAD.replace("forty", "fifty")
    assert changes(make(LEAD, SECOND), make(corrected, SECOND)) == (Change(LEAD, corrected),)


def test_additions_and_removals_are_told_apart() -> None:
    found = changes(make(LEAD, SECOND), make(LEAD, LAST))
    assert set(found) == {Change(SECOND, ""), Change("", LAST)}


def test_a_new_headline_is_a_change() -> None:
    found = changes(make(LEAD), make(LEAD, title="Ferry sails at last"))
    assert found == (Change("Ferry sails again", "Ferry sails at last"),)


def test_a_paragraph_that_moved_is_no_change() -> None:
    assert changes(make(LEAD, SECOND, LAST), make(LAST, LEAD, SECOND)) == ()


def test_a_single_figure_in_a_short_line_is_a_correction() -> None:
    """Nothing but the figure differs, and a death toll is no counter."""
    assert changes(make(LEAD, "Dead: 12"), make(LEAD, "Dead: 14")) == (
        Change("Dead: 12", "Dead: 14"),
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("1,204 comments", "1,380 comments"),
        ("Actualizado a las 14:05", "Actualizado a las 15:10"),
        ("تحديث 14:05", "تحديث 18:30"),
    ],
)
def test_what_stands_on_other_articles_with_other_figures_is_the_sites(
    before: str, after: str
) -> None:
    digits = str.maketrans("0123456789", "9876543210")
    others = [make(f"Something else {n}.", before.translate(digits)) for n in range(3)]
    assert changes(make(LEAD, before), make(LEAD, after), *others) == ()
    assert changes(make(LEAD, before), make(LEAD, after), *others[:2]) != ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("A quake of magnitude 5.6 was felt.", "A quake of magnitude 5.8 was felt."),
        ("震度5.6を観測した。", "震度5.8を観測した。"),
    ],
)
def test_a_figure_in_a_sentence_counts_though_other_reports_are_worded_alike(
    before: str, after: str
) -> None:
    others = [make(f"Something else {n}.", before.replace("5.6", f"{n}.1")) for n in range(5)]
    assert changes(make(LEAD, before), make(LEAD, after), *others) == (Change(before, after),)


def test_a_figure_in_a_list_counts_though_every_report_has_the_list() -> None:
    def boxed(magnitude: str) -> Article:
        box = Block(BlockKind.LIST, (Text(f"Magnitude: {magnitude}"), Text("Depth: 10 km")))
        return Article("a", "s", "u", "en", "Quake", (box,))

    found = changes(boxed("5.6"), boxed("5.8"), *(boxed(f"{n}.1") for n in range(5)))
    assert found == (Change("Magnitude: 5.6", "Magnitude: 5.8"),)


def test_an_advertisement_that_comes_and_goes_is_no_change() -> None:
    promotion = "Subscribe to our newsletter for more from the coast."
    others = [make(f"Something else {n}.", promotion) for n in range(3)]
    assert changes(make(LEAD), make(LEAD, promotion), *others) == ()


def test_a_picture_from_another_server_is_the_same_and_another_picture_is_not() -> None:
    before = make(LEAD, picture="https://i1.example/w600/quay.jpg?w=600")
    assert not has_other_pictures(before, make(LEAD, picture="https://i2.example/w900/quay.jpg"))
    assert has_other_pictures(before, make(LEAD, picture="https://i1.example/w600/storm.jpg"))
    assert has_other_pictures(before, make(LEAD))


def test_a_stub_that_grew_into_a_report_is_the_same_article() -> None:
    stub = make("A ferry has left the harbour, the port says. More follows.", title="Ferry leaves")
    full = make(LEAD, SECOND, LAST, title="Forty passengers reach islands as ferry leaves harbour")
    assert is_same_article(stub, full)


@pytest.mark.parametrize(
    "after",
    [
        make(
            "To use the network of this hotel, accept its terms, enter your room number and name.",
            title="Welcome, guest",
        ),
        make("酒店网络使用条款：请输入房间号和姓名以继续使用。", title="欢迎"),
    ],
)
def test_a_login_page_is_not_the_article(after: Article) -> None:
    before = make(LEAD, SECOND, LAST)
    assert not is_same_article(before, after)
    # What stood there before may have been the wrong one: the feed's title knows.
    assert is_same_article(after, before, "Ferry sails again")


def test_a_report_in_a_script_without_spaces_is_known_again() -> None:
    before = make("渡轮中午离开港口，船上有四十名乘客，港口方面表示。", title="渡轮再次启航")
    after = make("港口方面表示，渡轮中午离开港口，船上有五十名乘客。", title="渡轮最终启航了")
    assert is_same_article(before, after)


def test_thousands_of_blocks_are_compared_and_few_changes_kept() -> None:
    before = make(*(f"Post number {n} of the long evening at the quay." for n in range(3000)))
    after = make(*(f"Post number {n} of the long evening on the pier." for n in range(3000)))
    assert len(changes(before, after)) == 50
