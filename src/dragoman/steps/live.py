"""The live events of a store, kept in memory from pass to pass and brought up to date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from weakref import WeakKeyDictionary

from dragoman import link, store
from dragoman.store import Store

_MARGIN = timedelta(days=10)  # what is held beyond the window, so that it can move
_AT_ONCE = 500  # events whose vectors are read together: bounds memory


class Live:
    """What is known of a store's live events, as of a revision."""

    def __init__(self, since: datetime, version: str = link.VERSION) -> None:
        self.events = link.LiveEvents()
        self.since = since
        self.version = version  # of the vectors
        self.revision = 0

    def refresh(self, db: Store) -> None:
        """Read what has changed since the last look."""
        changes = store.live_events.changed_events(db, self.revision, self.since)
        for start in range(0, len(changes), _AT_ONCE):
            some = changes[start : start + _AT_ONCE]
            kept = [one for one in some if one.members and one.newest >= self.since]
            members = store.live_events.members_of_events(db, [one.id for one in kept])
            ids = [member.article for group in members.values() for member in group]
            vectors = store.stories.vectors(db, ids, self.version)
            found = []
            for one in kept:
                reports = [m for m in members.get(one.id, ()) if m.article in vectors]
                if reports:
                    span = one.oldest.timestamp(), one.newest.timestamp()
                    found.append(
                        link.LiveEvent(
                            one.id,
                            [vectors[report.article] for report in reports],
                            [report.language for report in reports],
                            span,
                        )
                    )
            for gone in {one.id for one in some} - {one.id for one in found}:
                self.events.drop(gone)
            self.events.put_all(found)
        if changes:
            self.revision = changes[-1].revision


_KNOWN: WeakKeyDictionary[Store, Live] = WeakKeyDictionary()


def live_events(db: Store, since: datetime, version: str = link.VERSION) -> link.LiveEvents:
    """Give the events of a store that had a report since a time, as they are now.

    They are read whole once, and again where older ones are asked for or too many old ones
    are held; otherwise only what has changed is read.
    """
    since = since.astimezone(UTC)
    known = _KNOWN.get(db)
    if known is not None and known.version != version:
        known = None
    if known is None or since < known.since or since - known.since > 3 * _MARGIN:
        known = _KNOWN[db] = Live(since - _MARGIN, version)
    known.refresh(db)
    return known.events
