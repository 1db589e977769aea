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


def test_what_a_wrong_clock_put_off_for_years_is_polled_when_it_is_right_again() -> None:
    wrong = NOW + timedelta(days=3650)
    polled = due.after_reading(SourceState("a"), Reading("a", "x"), wrong, HALF_HOUR)
    assert due.plan_polls([source("a")], {"a": polled}, wrong) == ()
    assert due.plan_polls([source("a")], {"a": polled}, NOW)
    again = due.after_reading(polled, Reading("a", "x"), NOW, HALF_HOUR)
    assert due.plan_polls([source("a")], {"a": again}, NOW) == ()


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


def test_what_may_be_a_login_network_is_tried_for_days_and_then_given_up() -> None:
    times = [due.retry_at(failure(), attempts, NOW) for attempts in range(1, due.MAX_ATTEMPTS + 1)]
    assert None not in times[:-1] and times[-1] is None


def test_retries_grow_longer_and_end() -> None:
    times = [due.retry_at(failure(), attempts, NOW) for attempts in range(1, 8)]
    waits = [time - NOW for time in times if time]
    assert waits == sorted(waits)
    assert times[-1] is None


def dated(*ages: timedelta) -> Reading:
    items = (
        FeedItem(f"https://a.example/{number}", published=NOW - age)
        for number, age in enumerate(ages)
    )
    return Reading("a", "https://a.example/feed", items=tuple(items))


def wait_after(reading: Reading, state: SourceState | None = None) -> timedelta:
    after = due.after_reading(state or SourceState("a"), reading, NOW, HALF_HOUR)
    assert after.next_poll is not None
    return after.next_poll - NOW


def test_a_source_is_asked_as_often_as_it_publishes_within_bounds() -> None:
    hour, day = timedelta(hours=1), timedelta(days=1)
    busy = dated(*(minute * timedelta(minutes=2) for minute in range(20)))
    hourly = dated(*(hours * hour for hours in range(1, 11)))
    six_hourly = dated(*(n * 6 * hour for n in range(1, 11)))
    weekly = dated(*(n * 7 * day for n in range(1, 11)))
    waits = [wait_after(reading) for reading in (busy, hourly, six_hourly, weekly)]
    assert waits == [HALF_HOUR, HALF_HOUR, 3 * hour, due.LONGEST_INTERVAL]


def test_a_source_that_falls_silent_is_asked_less_and_one_that_speaks_again_more() -> None:
    silent = Reading("a", "https://a.example/feed", is_unchanged=True)
    state = SourceState("a", recent=tuple(NOW - timedelta(days=2, hours=n) for n in range(20)))
    assert wait_after(silent, state) > HALF_HOUR
    burst = dated(*(n * timedelta(minutes=5) for n in range(20)))
    assert wait_after(burst, state) == HALF_HOUR


def test_a_feed_without_dates_and_one_dated_ahead_are_asked_at_the_usual_interval() -> None:
    assert wait_after(Reading("a", "x", items=(FeedItem("https://a.example/1"),))) == HALF_HOUR
    assert wait_after(dated(-timedelta(days=9))) == HALF_HOUR


def test_the_publishers_own_wish_beats_its_rate() -> None:
    busy = dated(timedelta(minutes=1), timedelta(minutes=2))
    asked = Reading("a", "x", items=busy.items, retry_after=7200.0)
    assert wait_after(asked) == timedelta(hours=2)


def gone() -> Failure:
    return Failure("a", "poll", "Gone", "https://a.example/feed: the publisher answers 410")


def test_a_source_is_gone_when_it_says_so_twice_some_time_apart() -> None:
    once = due.after_failure(SourceState("a"), gone(), NOW, HALF_HOUR)
    assert not once.is_gone
    assert once.next_poll == NOW + due.GONE_AGAIN
    forced = due.after_failure(once, gone(), NOW + HALF_HOUR, HALF_HOUR)
    assert not forced.is_gone
    assert due.after_failure(once, gone(), NOW + due.GONE_AGAIN, HALF_HOUR).is_gone


def test_another_failure_in_between_makes_no_source_gone() -> None:
    state = due.after_failure(SourceState("a"), gone(), NOW, HALF_HOUR)
    state = due.after_failure(state, failure(), NOW + due.GONE_AGAIN, HALF_HOUR)
    state = due.after_failure(state, gone(), NOW + 2 * due.GONE_AGAIN, HALF_HOUR)
    assert not state.is_gone


def test_an_old_article_is_not_looked_at_again() -> None:
    assert due.next_look(NOW - timedelta(days=4), NOW) is None


def test_a_look_never_follows_a_fetch_at_once() -> None:
    born = NOW - timedelta(minutes=25)
    assert due.next_look(born, NOW) == born + timedelta(hours=2)


def test_what_is_gone_is_looked_for_for_a_week() -> None:
    at, waits = NOW, []
    while at := due.next_return(NOW, at):  # type: ignore[assignment]
        waits.append(at - NOW)
    assert waits == [timedelta(hours=1), timedelta(days=1), timedelta(days=7)]
