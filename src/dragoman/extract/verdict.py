"""Whether a page is an article at all, said in words that name the reason."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from dragoman.errors import ExtractError, NotAnArticle
from dragoman.extract.flow import Flow
from dragoman.extract.jsonld import Statement, is_article, types_of
from dragoman.sanitize import clean_url

if TYPE_CHECKING:
    from dragoman.extract.body import Body
    from dragoman.extract.metadata import Metas
    from dragoman.types import Page

_ERROR_TITLE = re.compile(
    r"^\W*(?:(?:error|http)\s*)?(?:40[0-9]|41[0-9]|50[0-9])\b|page not found|not found$|"
    r"access denied|just a moment|are you (?:a )?human|"
    r"attention required|seite nicht gefunden|page (?:introuvable|non trouvée)|"
    r"p[áa]gina n[ãa]o encontrada|p[áa]gina no encontrada|"
    r"pagina non trovata|service unavailable|forbidden$|الصفحة غير موجودة",
    re.I,
)
_LISTS = frozenset({"CollectionPage", "SearchResultsPage", "ItemList"})


def find_fault(
    page: Page, flow: Flow, metas: Metas, statement: Statement, body: Body, title: str
) -> ExtractError | None:
    """Give what speaks against the page being an article, or none."""
    size = sum(len(run.text) for run in body.runs)
    if page.status >= 400:
        return NotAnArticle(
            f"{page.url}: the server answered {page.status}; there is no article to read"
        )
    if _ERROR_TITLE.search(title) and size < 1500:
        return NotAnArticle(
            f"{page.url}: this is an error page (“{title[:80]}”) although the server called "
            f"it a success; check the address"
        )
    is_declared = is_article(statement.article) or metas.first("og:type").lower() in (
        "article",
        "newsarticle",
    )
    if is_declared:
        return None
    address = clean_url(page.final_url or page.url)
    if address and not urlsplit(address).path.strip("/") and size < 4000:
        return NotAnArticle(
            f"{page.url}: this is the site's front page, not an article; name an article's address"
        )
    links = sum(1 for run in flow.runs if run.link_share > 0.8 and len(run.text) > 30)
    if links >= 25 and size < 1000 and links * 40 > size:
        return NotAnArticle(
            f"{page.url}: this is a list of {links} headlines (a section front or a search "
            f"page), not an article"
        )
    kinds = {kind for node in statement.nodes for kind in types_of(node)}
    if kinds & _LISTS and size < 1500 and links >= 10:
        return NotAnArticle(
            f"{page.url}: the page calls itself a collection, not an article; it is left out"
        )
    return None
