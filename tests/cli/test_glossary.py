"""The commands of the glossary, the translation memory and campaigns, as people run them."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from dragoman import store
from dragoman.types import Article, Block, BlockKind, Text
from tests.cli.running import dragoman

CSV = """language,into,term,translation,case,note
en,pt,train,comboio,,
en,pt,Met Office,,yes,a name
en,xx,train,x,,
"""
WIRE = "The train was late because of snow on the line."
TMX = """<tmx version="1.4"><header srclang="en"/><body><tu>
<tuv xml:lang="en"><seg>The train was late because of snow on the line.</seg></tuv>
<tuv xml:lang="pt"><seg>O comboio atrasou-se por causa da neve na linha.</seg></tuv>
</tu></body></tmx>"""


@pytest.fixture
def home(relayed: Path, tmp_path: Path) -> Path:
    """A relay of one's own with two articles in English, both translated into Portuguese."""
    return Path(shutil.copytree(relayed, tmp_path / "home"))


@pytest.fixture(scope="module")
def relayed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("relayed")
    config = 'data = "."\neditions = ["pt"]\n[translate]\nengines = ["firefox"]\n'
    (folder / "dragoman.toml").write_text(config)
    seen = datetime(2026, 3, 4, tzinfo=UTC)
    with store.open_store(folder / "relay.db") as db:
        for id, text in (("a1", WIRE), ("a2", "The harbour opened again on Monday.")):
            block = Block(BlockKind.PARAGRAPH, (Text(text),))
            url = f"https://tide.example/{id}"
            article = Article(id, "tide", url, "en", "", (block,), first_seen=seen)
            store.articles.put_article(db, article, "1")
    dragoman("once", cwd=folder)
    (folder / "terms.csv").write_text(CSV)
    (folder / "house.tmx").write_text(TMX)
    return folder


def text_of(home: Path, id: str) -> str:
    with store.open_store(home / "relay.db") as db:
        made = store.translations.translation(db, id, "pt")
        assert made is not None
        return made.blocks[0].text


def test_a_glossary_is_imported_and_the_next_step_is_said(home: Path) -> None:
    done = dragoman("glossary", "import", "terms.csv", cwd=home)
    assert "terms.csv, line 4: 'xx' is no language" in done.stderr
    assert "2 terms read" in done.stdout
    assert "1 translations of 1 articles" in done.stdout
    assert "`dragoman retranslate --language en --into pt`" in done.stdout
    terms = json.loads(dragoman("glossary", "list", "--json", cwd=home).stdout)
    assert [term["term"] for term in terms] == ["Met Office", "train"]
    again = json.loads(dragoman("glossary", "import", "terms.csv", "--json", cwd=home).stdout)
    assert (again["imported"], again["changed"], again["translations"]) == (2, 0, 0)
    assert [row["line"] for row in again["bad_rows"]] == [4]


def test_an_imported_term_reaches_readers_by_a_campaign(home: Path) -> None:
    assert "comboio" not in text_of(home, "a1")
    dragoman("glossary", "import", "terms.csv", "--retranslate", cwd=home)
    assert "comboio" not in text_of(home, "a1")
    assert "1 translations made" in dragoman("once", cwd=home).stdout
    assert "comboio" in text_of(home, "a1")
    dragoman("glossary", "remove", "train", cwd=home)
    report = dragoman("retranslate", "--term", "train", "--now", "--json", cwd=home)
    found = json.loads(report.stdout)
    assert found["editions"] == {"pt": 1}
    assert (found["marked"], found["translated"], found["changed"]) == (1, 1, 1)
    assert "comboio" not in text_of(home, "a1")


def test_a_campaign_that_changes_nothing_says_so(home: Path) -> None:
    counted = dragoman("retranslate", "--dry-run", cwd=home).stdout
    assert "2 translations of 2 articles (2 into pt) are affected" in counted
    done = dragoman("retranslate", "--now", cwd=home).stdout
    assert "2 were made again, 0 of them read otherwise" in done
    nothing = dragoman("retranslate", "--since", "2026-03-05", cwd=home).stdout
    assert "0 translations of 0 articles are affected" in nothing
    wrong = dragoman("retranslate", "--since", "yesterday", cwd=home, expected=2)
    assert "write it like 2026-03-31" in wrong.stderr


def test_a_memory_of_people_is_imported_used_and_exported(home: Path) -> None:
    assert "1 translations" in dragoman("memory", "import", "house.tmx", cwd=home).stdout
    dragoman("retranslate", "--now", cwd=home)
    assert text_of(home, "a1") == "O comboio atrasou-se por causa da neve na linha."
    done = dragoman("memory", "export", "all.tmx", "--into", "pt", "--json", cwd=home)
    assert json.loads(done.stdout) == {"exported": 3}
    origins = {
        unit.findtext("prop[@type='x-dragoman-origin']"): unit.findtext("tuv[2]/seg")
        for unit in etree.parse(str(home / "all.tmx")).iterfind(".//tu")
    }
    assert set(origins) == {"en>pt (firefox)", "tmx:house.tmx"}
    assert json.loads(dragoman("memory", "import", "all.tmx", "--json", cwd=home).stdout) == {
        "imported": 3
    }


def test_a_file_that_is_no_memory_is_named(home: Path) -> None:
    done = dragoman("memory", "import", "terms.csv", cwd=home, expected=1)
    assert "terms.csv is no sound XML" in done.stderr


def test_a_glossary_is_exported_for_spreadsheets_and_other_tools(home: Path) -> None:
    dragoman("glossary", "import", "terms.csv", cwd=home)
    assert "2 terms in out.csv" in dragoman("glossary", "export", "out.csv", cwd=home).stdout
    assert "en,pt,Met Office,,yes,a name" in (home / "out.csv").read_text()
    dragoman("glossary", "export", "out.tbx", cwd=home)
    assert etree.parse(str(home / "out.tbx")).getroot().get("type") == "TBX-Basic"
    wrong = dragoman("glossary", "export", "out.xls", cwd=home, expected=2)
    assert "written as .csv or .tbx" in wrong.stderr


def test_terms_are_removed_one_by_one_or_by_their_pair(home: Path) -> None:
    dragoman("glossary", "import", "terms.csv", cwd=home)
    removed = dragoman("glossary", "remove", "train", cwd=home).stdout
    assert "`dragoman retranslate --language en --into pt --term train`" in removed
    missing = dragoman("glossary", "remove", "train", cwd=home, expected=2)
    assert "holds no such term" in missing.stderr
    assert "name a term" in dragoman("glossary", "remove", cwd=home, expected=2).stderr
    dragoman("glossary", "remove", "--language", "en", "--into", "pt", cwd=home)
    assert json.loads(dragoman("glossary", "list", "--json", cwd=home).stdout) == []


def test_replacing_removes_what_the_file_does_not_hold(home: Path) -> None:
    dragoman("glossary", "import", "terms.csv", cwd=home)
    (home / "terms.csv").write_text("language,into,term,translation\nen,pt,lorry,camião\n")
    dragoman("glossary", "import", "terms.csv", "--replace", cwd=home)
    terms = json.loads(dragoman("glossary", "list", "--json", cwd=home).stdout)
    assert [term["term"] for term in terms] == ["lorry"]


def test_a_sentence_is_put_right_from_the_command_line(home: Path) -> None:
    listed = json.loads(dragoman("correct", "a1", "--into", "pt", "--json", cwd=home).stdout)
    (sentence,) = listed
    assert sentence["segment"]["text"] == WIRE
    id, words = sentence["segment"]["id"], "O comboio chegou tarde, por causa da neve."
    options = ("--into", "pt", "--segment", id, "--by", "Ana", "--kind", "style")
    done = dragoman("correct", "a1", words, *options, "--json", cwd=home)
    assert json.loads(done.stdout)["changed"] == [id]
    assert text_of(home, "a1") == words
    dragoman("retranslate", "--now", cwd=home)
    assert text_of(home, "a1") == words


def test_a_correction_that_lacks_something_says_what(home: Path) -> None:
    for arguments, message in (
        (("a1",), "--into"),
        (("a1", "Palavras", "--into", "pt"), "--segment"),
        (("a1", "--into", "pt", "--segment", "x"), "how the sentence should read"),
        (("a1", "--into", "pt", "--kind", "odd"), "--kind odd is none"),
    ):
        refused = dragoman("correct", *arguments, cwd=home, expected=2)
        assert message in refused.stderr
