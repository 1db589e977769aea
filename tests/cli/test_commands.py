"""The command, run as people run it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from demo.press import Press
from dragoman import __version__
from dragoman.cli.setup import TEMPLATE
from tests.cli.running import dragoman
from tests.e2e.relaying import write_config

ENGLISH = """<html lang="en"><head><title>Harbour reopens | The Test Courier</title>
<meta property="og:title" content="Harbour reopens after the storm"></head><body>
<nav>Home News</nav><article><h1>Harbour reopens after the storm</h1>
<p>The harbour of Port Ellery opened again on Monday after a storm that closed it for three
days, the <a href="/authority">port authority</a> said in a statement to the press.</p>
<p>About 40 ships had waited outside. "We worked day and night," said Mara Quill, who leads the
authority, and thanked the crews of the two tugs that cleared the channel.</p>
<p>The ferry to the islands will sail again on Tuesday morning, its operator announced.</p>
</article></body></html>"""


def test_the_command_runs_as_a_program_of_its_own() -> None:
    program = Path(sys.executable).with_name("dragoman")
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"dragoman {__version__}\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with the demo's configuration: loopback allowed, nothing followed yet."""
    write_config(tmp_path)
    return tmp_path


def test_init_writes_a_configuration_once(tmp_path: Path) -> None:
    dragoman("init", str(tmp_path / "news"))
    assert (tmp_path / "news" / "dragoman.toml").is_file()
    again = dragoman("init", str(tmp_path / "news"), expected=2)
    assert "is there already" in again.stderr


def test_a_typo_in_the_configuration_is_named_and_nothing_starts(tmp_path: Path) -> None:
    (tmp_path / "dragoman.toml").write_text("editons = ['en']")
    done = dragoman("once", cwd=tmp_path, expected=2)
    assert "did you mean 'editions'" in done.stderr
    assert not (tmp_path / "data").exists()


def test_an_article_comes_out_of_a_page_as_json() -> None:
    done = dragoman("extract", "--url", "https://courier.example/a", given=ENGLISH)
    article = json.loads(done.stdout)
    assert article["title"] == "Harbour reopens after the storm"
    assert article["text"].startswith("The harbour of Port Ellery")
    assert article["text"].count("\n\n") == 2
    (link,) = article["blocks"][0]["spans"]
    assert article["blocks"][0]["text"][link["start"] : link["end"]] == "port authority"


def test_an_empty_page_is_said_to_be_none() -> None:
    done = dragoman("extract", "--url", "https://courier.example/a", given="", expected=1)
    assert "https://courier.example/a" in done.stderr


def test_a_bad_row_of_a_batch_does_not_stop_the_rest() -> None:
    rows = [
        json.dumps({"id": "a", "url": "https://courier.example/a", "html": ENGLISH}),
        "this is no JSON",
        json.dumps({"id": "c", "url": "https://courier.example/c", "html": ""}),
        json.dumps({"id": "d", "url": "https://courier.example/d", "html": ENGLISH}),
    ]
    done = dragoman("extract", "--batch", given="\n".join(rows))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["id"] for row in answers] == ["a", 2, "c", "d"]
    assert ["error" in row for row in answers] == [False, True, True, False]


def test_plain_text_is_translated(home: Path) -> None:
    done = dragoman(
        "translate", "--from", "en", "--into", "pt", "--text",
        given="The harbour opened again on Monday.\n\nThe ferry will sail on Tuesday.", cwd=home,
    )  # fmt: skip
    first, second = done.stdout.strip().split("\n\n")
    assert "segunda-feira" in first
    assert "terça-feira" in second


def test_an_extracted_article_can_be_piped_into_translation(home: Path) -> None:
    page = home / "page.html"
    page.write_text(ENGLISH)
    article = dragoman("extract", str(page), "--url", "https://courier.example/a").stdout
    done = dragoman("translate", "--into", "pt", given=article, cwd=home)
    translation = json.loads(done.stdout)
    assert len(translation["blocks"]) == len(json.loads(article)["blocks"])
    assert {segment["verdict"] for segment in translation["segments"]} <= {"publish", "mark"}
    links = [span for block in translation["blocks"] for span in block.get("spans", ())]
    assert [span["value"] for span in links] == ["https://courier.example/authority"]


def test_a_missing_model_is_named_with_the_command_that_adds_it(home: Path) -> None:
    done = dragoman(
        "translate", "--from", "is", "--into", "ar", given="Halló", cwd=home, expected=1
    )
    assert "dragoman models add is ar" in done.stderr


def test_an_unknown_language_is_named(home: Path) -> None:
    done = dragoman("translate", "--into", "klingon", given="Hello", cwd=home, expected=2)
    assert "'klingon' is no language code" in done.stderr


def test_two_reports_of_one_event_are_linked_across_languages() -> None:
    rows = [
        {"id": "1", "language": "en", "published": "2026-11-11T10:00:00Z",
         "title": "Magnitude 5.8 earthquake shakes Mexico's Pacific coast",
         "text": "An earthquake of magnitude 5.8 shook the Pacific coast of Mexico on Wednesday."},
        {"id": "2", "language": "pt", "published": "2026-11-11T12:00:00Z",
         "title": "Terremoto de magnitude 5,8 atinge a costa do Pacífico do México",
         "text": "Um terremoto de magnitude 5,8 atingiu na quarta-feira o litoral do México."},
        {"id": "3", "language": "fr", "published": "2026-11-11T13:00:00Z",
         "title": "La bibliothèque municipale rouvre ses portes",
         "text": "Fermée depuis trois ans, la bibliothèque a rouvert mercredi après les travaux."},
    ]  # fmt: skip
    done = dragoman("link", given="\n".join(json.dumps(row) for row in rows))
    one, two, three = (json.loads(line) for line in done.stdout.splitlines())
    assert one["event"] == two["event"] != three["event"]
    assert two["reasons"]


def test_a_source_is_added_tested_listed_and_removed(home: Path) -> None:
    with Press(0) as press:
        harbour = next(outlet for outlet in press.outlets if outlet.id == "harbour")
        added = dragoman("source", "add", harbour.address + harbour.follow, "--json", cwd=home)
        source = json.loads(added.stdout)
        assert source["name"] == harbour.name
        report = json.loads(dragoman("source", "test", source["id"], "--json", cwd=home).stdout)
        assert report["title"]
        twice = dragoman("source", "add", source["url"], cwd=home, expected=1)
        assert "followed already" in twice.stderr
    dragoman("source", "remove", source["id"], cwd=home)
    assert json.loads(dragoman("source", "list", "--json", cwd=home).stdout) == []


def test_a_feed_that_is_none_is_named_and_not_added(home: Path) -> None:
    with Press(0) as press:
        dead = next(outlet for outlet in press.outlets if outlet.id == "semaphore")
        done = dragoman("source", "add", dead.address + dead.follow, cwd=home, expected=1)
    assert dead.address in done.stderr


def test_a_private_address_is_refused_unless_allowed(tmp_path: Path) -> None:
    dragoman("init", str(tmp_path))
    with Press(0) as press:
        done = dragoman("source", "add", press.outlets[0].address, cwd=tmp_path, expected=1)
        assert press.hits == []
    assert "allow_networks" in done.stderr


def test_once_with_nothing_to_do_says_so(home: Path) -> None:
    assert "Nothing to do" in dragoman("once", cwd=home).stdout


def test_status_names_what_is_dead(home: Path) -> None:
    with Press(0) as press:
        dead = next(outlet for outlet in press.outlets if outlet.id == "semaphore")
        dragoman("source", "add", dead.address + dead.follow, "--no-check", "--name", "Semaphore",
                 cwd=home)  # fmt: skip
        dragoman("once", cwd=home, expected=3)
    status = dragoman("status", cwd=home).stdout
    assert "FAILED once" in status
    assert "404" in status
    (source,) = json.loads(dragoman("status", "--json", cwd=home).stdout)["sources"]
    assert source["state"]["failures"] == 1


def test_the_doctor_finds_a_sound_installation(home: Path) -> None:
    dragoman("once", cwd=home)
    findings = json.loads(dragoman("doctor", "--json", cwd=home).stdout)
    assert all(finding["is_well"] for finding in findings)


def test_the_doctor_names_a_broken_database(home: Path) -> None:
    (home / "relay.db").write_bytes(b"this is no database" * 100)
    done = dragoman("doctor", cwd=home, expected=1)
    assert "FAULT" in done.stdout
    assert "relay.db" in done.stdout


def test_a_data_folder_that_cannot_be_made_is_named(home: Path) -> None:
    (home / "taken").write_text("a file")
    config = (home / "dragoman.toml").read_text().replace('data = "."', 'data = "taken/data"')
    (home / "dragoman.toml").write_text(config)
    done = dragoman("once", cwd=home, expected=1)
    assert "taken" in done.stderr


def test_a_demo_never_deletes_what_is_no_demo(home: Path) -> None:
    (home / "keep.txt").write_text("mine")
    (home / "dragoman.toml").write_text(TEMPLATE)
    done = dragoman("demo", "--folder", str(home), "--once", expected=2)
    assert "holds something else than a demo" in done.stderr
    assert (home / "keep.txt").read_text() == "mine"
    assert (home / "dragoman.toml").read_text() == TEMPLATE


def test_a_removed_publishers_id_is_never_given_to_another(home: Path) -> None:
    first = ("source", "add", "https://one.example/feed", "--name", "Daily News", "--no-check")
    second = ("source", "add", "https://two.example/feed", "--name", "Daily News", "--no-check")
    assert json.loads(dragoman(*first, "--json", cwd=home).stdout)["id"] == "daily-news"
    dragoman("source", "remove", "daily-news", cwd=home)
    assert json.loads(dragoman(*second, "--json", cwd=home).stdout)["id"] == "daily-news-2"


def test_a_date_that_cannot_be_and_a_line_that_is_no_json_cost_their_rows_alone() -> None:
    rows = [
        json.dumps(
            {"id": "a", "title": "Ferry sails again", "published": "0001-01-01T00:00:00+05:00"}
        ),
        "no JSON",
        json.dumps({"id": "c", "title": "Ferry sails again"}),
    ]
    done = dragoman("link", given="\n".join(rows))
    one, two, three = (json.loads(line) for line in done.stdout.splitlines())
    assert "is no ISO 8601 date" in one["error"]
    assert "is no JSON" in two["error"]
    assert three["event"]


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    rows = [
        json.dumps({"id": str(n), "html": ENGLISH, "url": "https://a.example/"}) for n in range(40)
    ]
    (tmp_path / "rows.jsonl").write_text("\n".join(rows))
    command = f"{sys.executable} -m dragoman extract --batch rows.jsonl; echo $? >code"
    with subprocess.Popen(
        ["sh", "-c", command], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as program:
        assert program.stdout and program.stderr
        program.stdout.readline()
        program.stdout.close()
        complaint = program.stderr.read()
    assert (complaint, (tmp_path / "code").read_text()) == (b"", "0\n")
