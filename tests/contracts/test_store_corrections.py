"""Reports and corrections: written whole or not at all, and gone with their article."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from dragoman import store
from dragoman.store import Store, doubts, open_store
from dragoman.store.columns import encode
from dragoman.store.corrections import Change, Correction, find_equal, put_changes
from dragoman.store.doubts import DoubtKind, Wanted
from dragoman.store.opening import MIGRATIONS
from dragoman.store.reports import Report, dismiss, take_report
from dragoman.store.withdrawals import withdraw
from dragoman.types import MemoryUnit, ReportKind, TranslationStatus, Verdict
from tests.contracts.store_samples import NOW, make_article, make_translation, put_articles

REPORT = Report("a1", "pt", ReportKind.NAME, "s1", "Wrong \x00 name", "Barco", "Ferry", "Balsa")
UNIT = MemoryUnit("k1", "Ferry", "Barco", "en", "pt", "reviewed by Ana")

OLD_ROWS = (
    "INSERT INTO articles (id, source, url_key, language, at, first_seen, revision, digest, record)"
    " VALUES (:id, 'harbour', :id, 'en', :at, :at, 1, '', :article)",
    'INSERT INTO translations (article, "into", revision, language, status, record)'
    " VALUES (:id, 'pt', 1, 'en', :status, :record)",
)


def change_of(db: Store) -> Change:
    before = store.translations.translation(db, "a1", "pt")
    assert before is not None
    after = replace(before, title="O barco parte", corrected=NOW)
    log = Correction("a1", "pt", "s1", ReportKind.NAME, "Ana", "Ferry", "Balsa", "Barco", NOW)
    return Change(before, after, (log,), ("s1",))


def relay(db: Store, *ids: str) -> None:
    put_articles(db, *ids)
    for id in ids:
        store.translations.put_translation(db, make_translation(id), "1")


def test_a_correction_is_written_with_its_log_memory_and_reports(db: Store) -> None:
    relay(db, "a1")
    assert take_report(db, REPORT, "192.0.2.1", NOW)
    change = change_of(db)
    assert put_changes(db, [change], [UNIT], "Ana", NOW)
    assert store.translations.translation(db, "a1", "pt") == change.after
    (logged,) = store.corrections.corrections(db, "pt")
    assert replace(logged, id="") == change.log[0]
    assert store.corrections.count_corrections(db, "pt") == 1
    assert store.corrections.state_of(db, "pt") == (1, NOW)
    assert store.memory.reviewers(db, ["k1", "k2"]) == {"k1": "Ana"}
    assert store.reports.reports(db) == ()


def test_a_correction_of_what_changed_meanwhile_writes_nothing(db: Store) -> None:
    relay(db, "a1")
    change = change_of(db)
    newer = make_translation(title="Outra", made=NOW)
    store.translations.put_translation(db, newer, "2")
    assert not put_changes(db, [change], [UNIT], "Ana", NOW)
    assert store.translations.translation(db, "a1", "pt") == newer
    assert store.corrections.corrections(db, "pt") == ()
    assert store.memory.remembered(db, ["k1"]) == {}


def test_what_a_person_settled_is_overwritten_by_a_person_alone(db: Store) -> None:
    store.memory.put_units(db, [UNIT])
    store.memory.put_units(db, [replace(UNIT, target="Batel", origin="tmx:old.tmx")])
    assert store.memory.remembered(db, ["k1"]) == {"k1": "Barco"}
    store.memory.put_units(db, [replace(UNIT, target="Navio", origin="reviewed by Rui")])
    assert store.memory.reviewers(db, ["k1"]) == {"k1": "Rui"}


def test_an_equal_sentence_is_found_to_the_letter_and_only_whole(db: Store) -> None:
    relay(db, "a1", "a2")
    assert find_equal(db, "en", ["Ferry"]) == (("a1", "pt"), ("a2", "pt"))
    assert find_equal(db, "en", ["Ferr"]) == find_equal(db, "en", ["%"]) == ()
    assert find_equal(db, "fr", ["Ferry"]) == ()
    withdraw(db, "a2", "asked", NOW)
    assert find_equal(db, "en", ["Ferry"]) == (("a1", "pt"),)


def test_reports_are_listed_closed_and_counted(db: Store) -> None:
    relay(db, "a1")
    assert take_report(db, REPORT, "192.0.2.1", NOW)
    assert take_report(db, REPORT, "192.0.2.2", NOW)
    (found,) = store.reports.reports(db, article="a1", into="pt")
    assert (found.times, found.words, found.kind) == (2, "Wrong  name", ReportKind.NAME)
    assert store.reports.count_open(db) == 1
    assert dismiss(db, found.id, "Ana", "It is right.", NOW)
    assert not dismiss(db, found.id, "Ana", "Twice.", NOW)
    closed = store.reports.report(db, found.id)
    assert closed is not None
    assert (closed.state, closed.by, closed.reason) == ("dismissed", "Ana", "It is right.")


def test_a_takedown_takes_reports_corrections_and_reviewed_sentences_along(db: Store) -> None:
    put_articles(db, "a1")
    source = make_article().blocks[0].text
    store.translations.put_translation(db, make_translation(), "1")
    take_report(db, REPORT, "192.0.2.1", NOW)
    put_changes(db, [change_of(db)], [replace(UNIT, source=source)], "Ana", NOW)
    withdraw(db, "a1", "asked", NOW, block=True)
    assert store.corrections.corrections(db, "pt") == ()
    assert store.memory.remembered(db, ["k1"]) == {}
    with db.read() as connection:
        for table in ("reports", "corrections"):
            assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0


def test_doubts_are_listed_reported_ones_first(db: Store) -> None:
    relay(db, "a1", "a2", "a3")
    held = make_translation("a2", status=TranslationStatus.HELD, verdict=Verdict.HOLD)
    marked = make_translation("a3", verdict=Verdict.MARK)
    for one in (held, marked):
        store.translations.put_translation(db, one, "2")
    take_report(db, REPORT, "192.0.2.1", NOW)
    assert [one.article for one in doubts.doubts(db)] == ["a1", "a2", "a3"]
    assert doubts.count_doubts(db) == 3
    for kind, ids in ((DoubtKind.HELD, ["a2"]), (DoubtKind.MARKED, ["a3"]), (DoubtKind.GIST, [])):
        assert [one.article for one in doubts.doubts(db, Wanted(kind=kind))] == ids
    assert doubts.count_doubts(db, Wanted(source="another")) == 0
    assert doubts.pairs(db) == (("en", "pt"),)
    withdraw(db, "a2", "asked", NOW)
    assert doubts.count_doubts(db) == 2


def test_an_older_store_learns_what_the_gate_said(tmp_path: Path) -> None:
    place = tmp_path / "relay.db"
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(f"sqlite:///{place}")
    records = {
        "fine": make_translation("fine", segments=(), title='"verdict":"mark"'),
        "held": make_translation("held", status=TranslationStatus.HELD, verdict=Verdict.HOLD),
        "marked": make_translation("marked", verdict=Verdict.MARK),
        "waits": make_translation("waits", status=TranslationStatus.PENDING, segments=()),
    }
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
        for id, record in records.items():
            values = {"id": id, "status": record.status.value, "record": encode(record)}
            values |= {
                "article": encode(make_article(id)),
                "at": "2026-11-20T12:00:00.000000+00:00",
            }
            for sql in OLD_ROWS:
                connection.execute(text(sql), values)
    engine.dispose()
    with open_store(place) as db, db.read() as connection:
        rows = connection.execute(text("SELECT article, verdict FROM translations ORDER BY 1"))
        found = {row.article: row.verdict for row in rows}
    assert found == {"fine": "publish", "held": "hold", "marked": "mark", "waits": ""}
