"""The address of the API that searches."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response

from dragoman.publish.search import SearchAsked
from dragoman.web.found import SearchRecord, find_records
from dragoman.web.settings import SiteSettings

if TYPE_CHECKING:
    from dragoman.store import Store

_ID = r"^[A-Za-z0-9][A-Za-z0-9._~-]{0,99}$"

Words = Annotated[
    str,
    Query(min_length=1, description='Words, "exact phrases", and -words; a long query is cut'),
]
Section = Literal[
    "world",
    "politics",
    "economy",
    "technology",
    "science",
    "health",
    "culture",
    "sport",
    "society",
    "local",
    "opinion",
    "other",
]


def take_asked(
    q: Words,
    language: Annotated[str, Query(max_length=35, description="Language of the originals")] = "",
    source: Annotated[str | None, Query(pattern=_ID, description="Id of a source")] = None,
    country: Annotated[
        str | None, Query(pattern=r"^[A-Z]{2}$", description="Country of the sources")
    ] = None,
    section: Annotated[Section | None, Query(description="Section of the articles")] = None,
    since: Annotated[date | None, Query(description="Listed on this day or later")] = None,
    until: Annotated[date | None, Query(description="Listed on this day or earlier")] = None,
    sort: Annotated[
        Literal["relevance", "date"], Query(description="What comes first")
    ] = "relevance",
) -> SearchAsked:
    """Read what is searched for."""
    return SearchAsked(
        words=q,
        language=language,
        source=source or "",
        country=country or "",
        section=section or "",
        since=since.isoformat() if since else "",
        until=until.isoformat() if until else "",
        is_by_date=sort == "date",
    )


def add_search(
    router: APIRouter,
    db: Store,
    site: SiteSettings,
    choose: Callable[[SiteSettings, str | None], str],
    give: Callable[[Request, object], Response],
    responses: dict[int | str, dict[str, Any]],
) -> None:
    """Add the search to the API."""

    @router.get("/search", response_model=SearchRecord, responses=responses)
    def search(
        request: Request,
        asked: Annotated[SearchAsked, Depends(take_asked)],
        edition: Annotated[
            str | None,
            Query(max_length=35, description="Language of the edition; the first by default"),
        ] = None,
        offset: Annotated[int, Query(ge=0, le=1000, description="`next` of the page before")] = 0,
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
    ) -> Response:
        """Search originals and translations: what fits best first.

        An article is given once, with the text in which it matched; no more than 200 are given.
        """
        chosen = choose(site, edition)
        return give(request, find_records(db, site, chosen, asked, offset, limit))
