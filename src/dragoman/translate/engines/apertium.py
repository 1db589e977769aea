"""Apertium, the rule-based translator of the system's packages, where it is installed.

Its translations of close languages are a gist: 20 BLEU below a neural model's, 10 to 40
times faster. What it does not know it passes on as it was, and says so.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Sequence
from functools import lru_cache

import structlog

from dragoman import languages
from dragoman.errors import EngineDied, ModelError, UnknownLanguage
from dragoman.translate.counting import read_number
from dragoman.translate.engine import mark_unknown
from dragoman.translate.vocabulary import Vocabulary
from dragoman.types import EngineKind, Leg

_MODE = re.compile(r"([a-z]{2,3})(?:_([A-Za-z]+))?-([a-z]{2,3})(?:_([A-Za-z]+))?")
# "*" an unknown word, "@" one without a translation, "#" one whose form could not be made.
_MARKED = re.compile(r"[*@#]([^\W\d_][\w'’-]*\w|[^\W\d_])")
_MARKS = "*@#"
# A text's own private-use characters mean nothing to anybody, and would be taken for ours.
_OWN_MARKS: dict[int, str | None] = dict.fromkeys(range(0xE000, 0xE020))
_OWN_MARKS |= {ord(mark): chr(0xE010 + at) for at, mark in enumerate(_MARKS)}
_READ_MARKS = {0xE010 + at: mark for at, mark in enumerate(_MARKS)}
_DEADLINE_S = 60.0
_ALONE_S = 5.0  # for a sentence whose batch was lost
_BATCH = 200  # sentences; the pipeline's start costs 0.1 s
# Currency signs it parts from their numbers; quotation marks it leaves in the source's style.
_MISPLACED = frozenset("£€¥₹₽₩₺“”„‟«»")
# Of what bare rules scored on 400 lines of NTREX, in BLEU: pt>es 23.5, es>pt 20.4, fr>es 18.1,
# en>es and es>fr 15.9, es>en 15.0. About 3 points of quality for 1 of BLEU, which orders the
# chains as they measured: en>pt>es 26.8 before en>es 15.9, es>pt>en 27.4 before es>en 15.0,
# fr>es>pt>en 16.2 before fr>es>en 9.8, pt>es 23.5 before pt>en>es 14.8
# (`python -m quality.chains`). A pair that nobody measured counts less than the worst of these.
_QUALITY = {
    ("pt", "es"): 85.0, ("es", "pt"): 75.0, ("fr", "es"): 67.0,
    ("en", "es"): 61.0, ("es", "fr"): 58.0, ("es", "en"): 58.0,
}  # fmt: skip
_UNMEASURED = 55.0
_SPACE = re.compile(r"\s+")
# "a-t-il déclaré" becomes "hadeclarado"; Spanish says no pronoun there.
_ASIDE = re.compile(r"(?<=\ba)-t-(?:il|elle|on)(?=\s)")
# Quotation marks are blanks to the rules, which move words out of them.
_EMPTIED = re.compile(r"\s*\"\s*\"")

_log = structlog.get_logger(__name__)


class ApertiumEngine:
    """Runs the command ``apertium`` once a batch, with a deadline."""

    name = "apertium"
    kind = EngineKind.RULES

    def __init__(self, command: str, deadline_s: float = _DEADLINE_S) -> None:
        self._command = command
        self._deadline_s = deadline_s

    def legs(self) -> tuple[Leg, ...]:
        """List one leg for each installed mode; none where Apertium is not installed."""
        path = shutil.which(self._command)
        return _list_legs(path, self._deadline_s) if path else ()

    def translate(self, sentences: Sequence[str], leg: Leg) -> list[str]:
        """Translate sentences; one that fails alone is given back empty."""
        done: list[str] = []
        for at in range(0, len(sentences), _BATCH):
            done += self._translate_batch(sentences[at : at + _BATCH], leg)
        return done

    def vocabulary(self, leg: Leg) -> Vocabulary:
        """Give all characters but those that it does not set as its target language does."""
        return Vocabulary(missing=_MISPLACED)

    def _translate_batch(self, sentences: Sequence[str], leg: Leg) -> list[str]:
        lines = [_write(sentence, leg) for sentence in sentences]
        # A blank line ends a sentence for Apertium even where no full stop does.
        try:
            answer = self._run("\n\n".join(lines) + "\n", leg, self._deadline_s)
        except EngineDied:
            if len(lines) == 1:
                raise
            return self._translate_alone(lines, leg)
        targets = answer.strip("\n").split("\n\n")
        if len(targets) != len(lines):
            _log.warning("apertium changed the number of lines", mode=leg.model)
            return self._translate_alone(lines, leg)
        return [_read(*pair) for pair in zip(targets, lines, strict=True)]

    def _translate_alone(self, lines: Sequence[str], leg: Leg) -> list[str]:
        """Translate one by one, so that a poisonous sentence does not cost the others."""
        done: list[str] = []
        lost = 0
        for line in lines:
            try:
                answer = self._run(line + "\n", leg, min(_ALONE_S, self._deadline_s))
                done.append(_read(answer, line))
            except EngineDied:
                lost += 1
                if lost == len(done) + 1 == 3 or lost == len(lines):
                    raise  # it is not the sentences
                done.append("")
        return done

    def _run(self, text: str, leg: Leg, deadline_s: float) -> str:
        path = shutil.which(self._command)
        if path is None:
            raise ModelError(
                "the command 'apertium' is gone; install the system's packages again, "
                "for example `apt install apertium apertium-es-pt`"
            )
        code, out, error = _run([path, "-f", "txt", leg.model], text, deadline_s)
        if code != 0:
            raise EngineDied(
                f"apertium {leg.model} ended with status {code}: {error.strip()[:200]}"
            )
        return out


def load_engine(command: str = "apertium", deadline_s: str = "") -> ApertiumEngine:
    """Make the engine; ``command`` is its name or path, ``deadline_s`` the seconds of a batch.

    Raises `PluginError` where these are no number.
    """
    seconds = read_number("apertium", "deadline_s", deadline_s)
    return ApertiumEngine(command, seconds or _DEADLINE_S)


@lru_cache(maxsize=4)
def _list_legs(path: str, deadline_s: float) -> tuple[Leg, ...]:
    code, out, error = _run([path, "-l"], "", deadline_s)
    if code != 0:
        _log.warning("apertium cannot list its modes", status=code, error=error.strip()[:200])
        return ()
    legs = (_read_mode(line.strip()) for line in out.splitlines())
    return tuple(leg for leg in legs if leg is not None)


def _read_mode(mode: str) -> Leg | None:
    """Read a mode such as ``eng-spa`` or ``es-pt_BR``; None for a variant we cannot name."""
    match = _MODE.fullmatch(mode)
    if not match:
        return None
    try:
        language, into = (_code(match[1], match[2]), _code(match[3], match[4]))
    except UnknownLanguage:
        return None
    return Leg(
        "apertium",
        EngineKind.RULES,
        language,
        into,
        model=mode,
        quality=_QUALITY.get((languages.base(language), languages.base(into)), _UNMEASURED),
    )


def _code(language: str, region: str | None) -> str:
    from babel.core import get_global

    # CLDR's aliases lead from ISO 639-3 ("eng") to the code that BCP 47 asks for ("en").
    short = get_global("language_aliases").get(language, language)
    return languages.normalise(f"{short}-{region}" if region else str(short))


def _write(sentence: str, leg: Leg) -> str:
    """Write a sentence as one line in which no sign can be taken for a mark of Apertium's."""
    line = _SPACE.sub(" ", sentence.replace("\x00", " ")).strip().translate(_OWN_MARKS)
    if languages.is_same(leg.language, "fr") and languages.is_same(leg.into, "es"):
        line = _ASIDE.sub("", line)
    return line


def _read(answer: str, line: str) -> str:
    """Read a line of an answer: its marks become those of our engines, the text's own return."""
    if not line:
        return ""
    answer = _SPACE.sub(" ", answer).strip()
    if not _EMPTIED.search(line):
        answer = _EMPTIED.sub("", answer)  # lost marks are looked for and put back; empty ones not
    return _MARKED.sub(lambda match: mark_unknown(match[1]), answer).translate(_READ_MARKS)


def _run(command: list[str], text: str, deadline_s: float) -> tuple[int, str, str]:
    """Run a command and everything that it starts; all of it is killed at the deadline.

    Raises `EngineDied`.
    """
    with subprocess.Popen(  # noqa: S603 - a fixed command; the text goes through its standard input
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,  # `apertium` is a shell script with a pipeline of children
    ) as process:
        try:
            out, error = process.communicate(text.encode("utf-8", "replace"), timeout=deadline_s)
        except subprocess.TimeoutExpired as late:
            os.killpg(process.pid, signal.SIGKILL)
            raise EngineDied(
                f"apertium passed its deadline of {deadline_s:g} s on {len(text)} characters"
            ) from late
    return process.returncode, out.decode("utf-8", "replace"), error.decode("utf-8", "replace")
