"""The common words of a hundred languages: asked for by few pages, and small in every worker."""

from __future__ import annotations

import json
import subprocess
import sys

from justext import utils

from dragoman.extract.commonwords import WordSet

SHORT = "The ferry sails at six, and nobody knows when it will come back to the island."
CHILD = """
import json, sys
import numpy
from lxml import html
from trafilatura import external
from dragoman.extract.body import choose_lines
from dragoman.runner.memory import measure_mb
page = "<html><body><div>" + sys.argv[1] + "</div></body></html>"
long = "<html><body><article>" + "<p>" + sys.argv[1] * 9 + "</p></article></body></html>"
choose_lines(html.fromstring(long))
unread, before = external.JT_STOPLIST is None, measure_mb()
lines = choose_lines(html.fromstring(page))
print(json.dumps([unread, lines, measure_mb() - before]))
"""


def test_a_page_that_asks_for_common_words_costs_its_worker_few_megabytes() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, SHORT], capture_output=True, text=True, check=True
    )
    unread, lines, grown = json.loads(done.stdout)
    assert unread, "they were read before a page asked for them"
    assert lines == [SHORT]
    assert grown < 12  # megabytes; the words themselves, twice, do not fit


def test_a_word_set_knows_its_words_and_no_others() -> None:
    english, french = utils.get_stoplist("English"), utils.get_stoplist("French")
    words = WordSet(english)
    assert all(word in words for word in english)
    others = french - english
    assert len(others) > 100
    assert not any(word in words for word in others)
    assert "the" not in WordSet([])
