"""Pages of an archive into the store, each with the publisher whose page it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from dragoman import ingest, store
from dragoman.store import Store
from dragoman.types import Page, Source


@dataclass(slots=True)
class ArchiveTally:
    """What an archive gave."""

    pages: int = 0  # stored, to be extracted by the next pass
    known: int = 0  # had already, as old or newer, or withdrawn
    others: int = 0  # of hosts that no followed publisher has
    faults: list[str] = field(default_factory=list)


def keep_archive(
    db: Store,
    archive: Iterable[ingest.Archived],
    source: Source | None,
    report: Callable[[int, str], None],
) -> ArchiveTally:
    """Store the pages of an archive; all as one publisher's, or each as its host's.

    ``report`` is told the position in the archive and, where there is one, a fault.
    """
    tally = ArchiveTally()
    owners = {} if source else _find_owners(db)
    for step in archive:
        if isinstance(step.found, ingest.ArchiveFault):
            tally.faults.append(step.found.message)
            report(step.position, step.found.message)
            continue
        owner = source.id if source else owners.get(_plain_host(step.found.url), "")
        if not owner:
            tally.others += 1
        elif store.pages.put_archived(db, _own(step.found, owner)):
            tally.pages += 1
        else:
            tally.known += 1
        report(step.position, "")
    return tally


def _own(page: Page, source: str) -> Page:
    return replace(page, source=source, id=ingest.article_id(source, page.url))


def _find_owners(db: Store) -> dict[str, str]:
    """Say whose pages a host serves: those it served before, and the source's own address."""
    followed = {source.id: _plain_host(source.url) for source in store.sources.sources(db)}
    known = store.pages.hosts(db).items()
    owners = {_plain(host): source for host, source in known if source in followed}
    return {host: source for source, host in followed.items()} | owners


def _plain_host(url: str) -> str:
    return _plain(store.pages.host_of(url))


def _plain(host: str) -> str:
    return host.removeprefix("www.")
