"""What is read of an article once is read back alike."""

from __future__ import annotations

from dataclasses import replace

from dragoman.link import count_stream, is_current, keep_features, link_stories
from dragoman.link.copies import cut_shingles
from dragoman.link.features import read_features
from dragoman.link.formats import read_head
from dragoman.link.traits import read_traits
from dragoman.types import LinkInput


def _keep(articles: tuple[LinkInput, ...]) -> list[LinkInput]:
    """Give articles as the store gives them: without their texts."""
    kept = keep_features(articles)
    return [replace(a, text="", links=(), features=f) for a, f in zip(articles, kept, strict=True)]


def test_what_was_kept_reads_back_as_it_was_read(reports: tuple[LinkInput, ...]) -> None:
    linked = replace(reports[0], links=("https://www.wire.example/a/?utm_source=x",))
    (kept,) = _keep((linked,))
    features = read_features(kept)
    assert features is not None
    assert features.traits == read_traits(linked)
    assert features.head == read_head(linked.title, linked.language)
    assert features.shingles == b"".join(sorted(cut_shingles(linked.text)))
    assert features.links == frozenset({"wire.example/a"})


def test_known_reports_are_judged_alike_without_their_texts(
    reports: tuple[LinkInput, ...],
) -> None:
    copy = replace(reports[0], id="copy", at=reports[1].at)
    articles = (*reports, copy)
    rarity, counts = count_stream(b"", articles)
    kept_rarity, kept_counts = count_stream(b"", _keep(articles))
    assert kept_counts == counts
    plain = link_stories(articles[4:], articles[:4], (), rarity=rarity)
    kept = _keep(articles)
    assert link_stories(kept[4:], kept[:4], (), rarity=kept_rarity) == plain
    assert any(judged.relation.value == "copy" for judged in plain)


def test_what_another_version_kept_or_damage_left_is_read_anew(
    reports: tuple[LinkInput, ...],
) -> None:
    (kept,) = keep_features(reports[:1])
    older = b"0" + kept[1:]
    assert is_current(kept) and not is_current(older) and not is_current(b"")
    for broken in (b"", older, kept[:40], kept[:1] + b"no zlib"):
        assert read_features(replace(reports[0], features=broken)) is None
        whole = [replace(reports[0], features=broken), *reports[1:3]]
        assert link_stories(whole, (), ()) == link_stories(reports[:3], (), ())
