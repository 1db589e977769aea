"""What is due is decided in pure code."""

from datetime import UTC, datetime, timedelta

from dragoman import due
from dragoman.types import Failure, FeedItem, Reading, Source, SourceState

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)


def source(id: str, *, is_paused: bool = False) -> Source:
    return Source(id, f"https://{id}.example/feed", id, is_paused=is_paused)


def failure(*, is_permanent: bool = False, retry_after: float | None = None) -> Failure:
    return Failure("a", "poll", "FetchError", "no answer", is_permanent, retry_after)


def test_it_polls_a_source_it_has_never_seen_before_one_that_is_overdue() -> None:
    states = {"old": SourceState("old", next_poll=NOW - timedelta(days=1))}
    plan = due.plan_polls([source("old"), source("new")], states, NOW)
    assert [chosen.id for chosen, _ in plan] == ["new", "old"]


def test_it_leaves_alone_what_is_not_due_paused_or_gone() -> None:
    states = {
        "later": SourceState("later", next_poll=NOW + HALF_HOUR),
        "gone": SourceState("gone", is_gone=True),
    }
    sources = [source("later"), source("gone"), source("paused", is_paused=True)]
    assert due.plan_polls(sources, states, NOW) == ()


def test_a_forced_pass_polls_what_is_not_due_but_not_what_is_gone() -> None:
    states = {
        "later": SourceState("later", next_poll=NOW + HALF_HOUR),
        "gone": SourceState("gone", is_gone=True),
    }
    plan = due.plan_polls([source("later"), source("gone")], states, NOW, is_forced=True)
    assert [chosen.id for chosen, _ in plan] == ["later"]


def test_a_good_poll_forgets_old_failures_and_remembers_validators() -> None:
    state = SourceState("a", failures=3, failure=failure())
    reading = Reading(
        "a", "https://a.example/feed", items=(FeedItem("https://a.example/1"),), etag="x"
    )
    after = due.after_reading(state, reading, NOW, HALF_HOUR)
    assert (after.failures, after.failure, after.etag) == (0, None, "x")
    assert after.next_poll == NOW + HALF_HOUR


def test_an_unchanged_feed_keeps_its_validators_though_the_304_repeats_none() -> None:
    state = SourceState("a", etag="x", last_modified="yesterday")
    reading = Reading("a", "https://a.example/feed", is_unchanged=True)
    after = due.after_reading(state, reading, NOW, HALF_HOUR)
    assert (after.etag, after.last_modified) == ("x", "yesterday")


def test_a_source_that_fails_is_asked_less_and_less_but_at_least_daily() -> None:
    state = SourceState("a")
    waits = []
    for _ in range(12):
        state = due.after_failure(state, failure(), NOW, HALF_HOUR)
        assert state.next_poll is not None
        waits.append(state.next_poll - NOW)
    assert waits[:3] == [HALF_HOUR, 2 * HALF_HOUR, 4 * HALF_HOUR]
    assert waits[-1] == timedelta(hours=24)


def test_it_waits_as_long_as_the_publisher_asks() -> None:
    state = due.after_failure(SourceState("a"), failure(retry_after=7200), NOW, HALF_HOUR)
    assert state.next_poll == NOW + timedelta(hours=2)
    assert due.retry_at(failure(retry_after=7200), 1, NOW) == NOW + timedelta(hours=2)


def test_a_permanent_failure_is_never_tried_again() -> None:
    assert due.retry_at(failure(is_permanent=True), 1, NOW) is None


def test_retries_grow_longer_and_end() -> None:
    times = [due.retry_at(failure(), attempts, NOW) for attempts in range(1, 8)]
    waits = [time - NOW for time in times if time]
    assert waits == sorted(waits)
    assert times[-1] is None
