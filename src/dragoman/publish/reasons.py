"""Say in the reader's language why a sentence is marked or a translation is missing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dragoman import languages
from dragoman.publish.views import ArticleView, Note, Showing
from dragoman.publish.wording import Wording

_COMMAND = re.compile(r"`([^`]{1,200})`")


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "to be translated later"
    """Mark a message for the catalogues and give it back."""
    return message


# By the gate's names of its checks; an unknown check shows its own message.
CHECKS = {
    "case": N_("Capital letters may have changed the meaning."),
    "body": N_("Much of the text is held back."),
    "currency": N_("An amount of money differs from the original."),
    "dates": N_("A date or time differs from the original."),
    "empty": N_("The machine gave no translation."),
    "gloss": N_("The translation adds words that the original does not have."),
    "glossary": N_("A term of the glossary is missing."),
    "language": N_("It may not be in the right language."),
    "length": N_("It is much longer or shorter than the original."),
    "links": N_("A link of the original is missing."),
    "names": N_("A name may have been changed."),
    "negation": N_("A “not” may have been lost or added."),
    "numbers": N_("The numbers differ from those of the original."),
    "quotation marks": N_("Quotation marks of the original are missing."),
    "repetition": N_("Words are repeated."),
    "tail": N_("The end of the sentence may be missing."),
    "title": N_("The translation of the headline is held back."),
    "untranslated": N_("Part of it was not translated."),
    "untranslated words": N_("Words that the dictionary does not know were left as they were."),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason in words; ``language`` is set where they are not the reader's."""

    text: str
    language: str = ""


def explain_checks(note: Note, words: Wording) -> tuple[Reason, ...]:
    """Say why a sentence is marked: each reason once."""
    reasons: dict[str, Reason] = {}
    for check in note.checks:
        reason = _explain(check.name, check.message, words)
        reasons.setdefault(reason.text, reason)
    return tuple(reasons.values())


def _explain(name: str, message: str, words: Wording) -> Reason:
    is_english = languages.is_same(words.language, "en")
    if message and (is_english or name not in CHECKS):
        return Reason(message, "" if is_english else "en")
    return Reason(words.gettext(CHECKS.get(name, name)))


def explain_state(view: ArticleView, words: Wording) -> tuple[Reason, ...]:
    """Say why an article is shown in the original, with what the records say of it."""
    article, into = view.article, words.language
    names = {"language": words.name(article.language), "into": words.name(into)}
    detail = view.translation.reason if view.translation else ""
    if view.showing is Showing.HELD:
        first = words.gettext(
            "The automatic check found too much to doubt in the translation and held it back."
        )
    elif view.showing is Showing.FAILED:
        first = words.gettext("The translation could not be made.")
    elif find_command(detail):
        # Named formatting: translators move the languages to where they belong.
        template = words.gettext("No translation model leads from %(language)s into %(into)s here.")
        return (Reason(template % names),)
    else:
        first = words.gettext("The translation is still to be made.")
    reasons = [Reason(first)]
    if view.showing is Showing.HELD and view.translation:
        reasons += explain_checks(Note("", "", view.translation.checks), words)
    elif detail:
        reasons.append(Reason(detail, "" if languages.is_same(into, "en") else "en"))
    return tuple(reasons)


def find_command(reason: str) -> str:
    """Give the command that a reason names in backticks, or nothing."""
    found = _COMMAND.search(reason)
    return found[1] if found else ""
