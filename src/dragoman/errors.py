"""Every exception of Dragoman.

The tree, broad parents to catch and narrow leaves to recover from::

    DragomanError
    ├── ConfigError             the configuration cannot be used; nothing was started
    ├── UnknownLanguage         a code that is no BCP 47 language
    ├── PluginError             an engine or another extension cannot be loaded
    ├── ExchangeError           a glossary or memory file cannot be read or written
    ├── CorrectionError         a correction names what is not there, or says nothing
    ├── StageError              one item failed in one stage; the others go on
    │   ├── FetchError          a page or feed could not be had
    │   │   ├── Forbidden       the address or robots.txt does not allow it
    │   │   ├── Gone            the publisher withdrew it (404, 410)
    │   │   ├── TooLarge        a cap on size, headers, redirects or inflation was exceeded
    │   │   └── TooSlow         the stall time or the total deadline passed
    │   ├── FeedError           what came is no feed that we can read
    │   ├── ExtractError        no article could be taken out of the page
    │   │   ├── NotAnArticle    a section front, a gallery, an error page with status 200
    │   │   └── EmptyBody       a paywall, a stub, a page that scripts would fill
    │   ├── TranslateError      an engine did not give a usable answer
    │   │   ├── NoRoute         no engine leads from the one language to the other
    │   │   ├── ModelError      a model is missing, broken or does not fit its vocabulary
    │   │   └── EngineDied      the engine's process ended or passed its deadline
    │   └── LinkError           an article could not be compared with others
    ├── StoreError              the database could not be opened, read or written
    │   ├── StoreBusy           another writer holds it; trying again helps
    │   ├── StoreFull           the disk is full; nothing acknowledged was lost
    │   └── DamagedRow          one stored row cannot be read; the others can
    └── RunnerError             the workers could not be started

A `StageError` says whether trying again can help (``permanent``) and when
(``retry_after``, seconds). Messages name the thing and the next step.
"""

from typing import Any


class DragomanError(Exception):
    """Base of every error that Dragoman raises on purpose."""


class ConfigError(DragomanError):
    """The configuration cannot be used; the message names the key and the remedy."""


class UnknownLanguage(DragomanError):
    """A language code that BCP 47 does not know."""


class PluginError(DragomanError):
    """An extension named in the configuration is missing or cannot be loaded."""


class ExchangeError(DragomanError):
    """A file of a glossary or a translation memory cannot be read or written."""


class CorrectionError(DragomanError):
    """A correction of a translation that cannot be made; the message says what it lacks."""


class StageError(DragomanError):
    """One item failed in one stage.

    ``permanent`` is true where trying again cannot help; ``retry_after`` is the
    number of seconds that the other side asked us to wait, if it did.
    """

    permanent: bool = False

    def __init__(
        self, message: str, *, permanent: bool | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        if permanent is not None:
            self.permanent = permanent


class FetchError(StageError):
    """A page, feed or other file could not be fetched."""


class Forbidden(FetchError):
    """The address is not public, or robots.txt asks us not to fetch it."""

    permanent = True


class Gone(FetchError):
    """The publisher answers 404 or 410: what was there is withdrawn."""

    permanent = True


class TooLarge(FetchError):
    """A cap on body, headers, redirects or decompressed size was exceeded."""

    permanent = True


class TooSlow(FetchError):
    """The other side stalled, or the total deadline passed."""


class FeedError(StageError):
    """What was fetched is no feed that we can read."""


class ExtractError(StageError):
    """No article could be taken out of a page."""

    permanent = True


class NotAnArticle(ExtractError):
    """The page is something else: a section front, a gallery, an error page."""


class EmptyBody(ExtractError):
    """The page holds no article text: a paywall, a stub, a page filled by scripts."""


class TranslateError(StageError):
    """An engine did not give a usable answer.

    ``engine`` names the engine where it cannot be used at all now, by this article or
    another; ``spent`` is the `Usage` of the engines before the failure.
    """

    engine: str = ""
    spent: tuple[Any, ...] = ()


class NoRoute(TranslateError):
    """No engine leads from one language to the other; the message says how to add one."""


class ModelError(TranslateError):
    """A model is missing, broken, or does not fit its vocabulary."""

    permanent = True


class EngineDied(TranslateError):
    """The process that held the engine ended, or passed its deadline and was killed."""


class LinkError(StageError):
    """An article could not be compared with the others."""


class StoreError(DragomanError):
    """The database could not be opened, read or written."""


class StoreBusy(StoreError):
    """Another process is writing; trying again in a moment helps."""


class StoreFull(StoreError):
    """The disk is full. What was acknowledged is safe; free space and run again."""


class DamagedRow(StoreError):
    """One stored row cannot be read; the message names it, and the others go on."""


class RunnerError(DragomanError):
    """The workers that do the heavy stages could not be started."""
