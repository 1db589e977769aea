"""Where a translation comes from, for machines: one account for pages, feeds and the API."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from dragoman import languages
from dragoman.publish.views import ArticleView, Publisher, Showing
from dragoman.sanitize import clean_url
from dragoman.types import Article, EngineKind, Moment, Precision, Translation, Verdict

# IPTC digital source types (cv.iptc.org/newscodes/digitalsourcetype), by schema.org's names.
_TRAINED = "TrainedAlgorithmicMediaDigitalSource"
_ALGORITHMIC = "AlgorithmicMediaDigitalSource"


def describe_translation(article: Article, translation: Translation | None) -> dict[str, Any]:
    """Give the provenance of a text: languages, engines, models, verdict; who checked it."""
    if translation is None:
        return {"from": article.language, "into": None, "status": "original", "machine": False}
    route = translation.route
    return {
        "from": translation.language,
        "into": translation.into,
        "tag": f"{translation.into}-t-{languages.base(translation.language)}-t0-und",  # RFC 6497
        "status": translation.status.value,
        "machine": True,
        "reviewed": bool(translation.reviewer),
        "reviewed_by": translation.reviewer or None,
        "reviewed_segments": translation.reviewed,
        "gist": bool(route and route.is_gist),
        "route": route.name if route else None,
        "engines": [
            {
                "name": leg.engine,
                "kind": leg.kind.value,
                "from": leg.language,
                "into": leg.into,
                "model": leg.model,
                "version": leg.version,
            }
            for leg in (route.legs if route else ())
        ],
        "verdict": translation.verdict.value,
        "marked": sum(1 for item in translation.segments if item.verdict is Verdict.MARK),
        "segments": len(translation.segments),
        "made": translation.made.isoformat() if translation.made else None,
        "corrected": translation.corrected.isoformat() if translation.corrected else None,
        "reason": translation.reason or None,
        "digital_source_type": source_type(translation),
        "original": article.url,
    }


def source_type(translation: Translation) -> str:
    """Give the IPTC digital source type of a machine translation.

    That a person checked it makes it no less a machine's.
    """
    legs = translation.route.legs if translation.route else ()
    is_trained = any(leg.kind is EngineKind.NEURAL for leg in legs)
    return _TRAINED if is_trained or not legs else _ALGORITHMIC


def iso(moment: Moment | None) -> str:
    """Write a moment for machines, only as exactly as it is known; empty if it is not."""
    if moment is None:
        return ""
    at = moment.at
    if moment.precision in (Precision.YEAR, Precision.MONTH, Precision.DAY):
        return at.strftime({"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d"}[moment.precision])
    text = at.strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}Z" if moment.is_zone_known else text


def modified_at(view: ArticleView) -> str:
    """Say for machines when a page's text changed last: by its publisher, or by a correction."""
    moment = view.article.modified.moment
    corrected = [entry.at for entry in view.corrections]
    if corrected and (moment is None or max(corrected) > moment.at):
        return iso(Moment(max(corrected)))
    return iso(moment)


def linked_data(view: ArticleView) -> Markup:
    """Give the page's JSON-LD: a `NewsArticle` that says what it was translated from, and how."""
    from jinja2.utils import htmlsafe_json_dumps

    return htmlsafe_json_dumps(_without_empty(news_article(view)))


def news_article(view: ArticleView) -> dict[str, Any]:
    """Describe the article of a page by schema.org."""
    article, publisher, frame = view.article, view.report.publisher, view.frame
    original = {
        "@type": "NewsArticle",
        "url": clean_url(article.url),
        "headline": article.title,
        "inLanguage": article.language,
        "datePublished": iso(article.published.moment),
        "dateModified": iso(article.modified.moment),
        "author": [{"@type": "Person", "name": name} for name in article.authors],
        "publisher": _organization(publisher),
    }
    page = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "url": frame.address,
        "mainEntityOfPage": frame.address,
        "headline": view.report.headline.text,
        "inLanguage": view.report.headline.language,
        "datePublished": iso(article.published.moment),
        "dateModified": modified_at(view),
        "isBasedOn": clean_url(article.url),
        "sourceOrganization": _organization(publisher),
        "copyrightHolder": _organization(publisher),
        "image": f"{frame.site.base_url}{frame.root}{frame.card}" if frame.card else "",
        "publisher": {
            "@type": "Organization",
            "name": frame.site.title,
            "url": f"{frame.site.base_url}/",
        },
    }
    if view.showing is not Showing.TRANSLATED or view.translation is None:
        return {**page, "author": original["author"]}
    return {
        **page,
        "translationOfWork": original,
        "translator": page["publisher"],
        "digitalSourceType": f"https://schema.org/{source_type(view.translation)}",
        "creditText": credit_line(publisher, view.translation),
    }


def credit_line(publisher: Publisher, translation: Translation) -> str:
    """Give the credit of a translation in one line, for machines that show it as it is."""
    route = translation.route.name if translation.route else translation.into
    review = "reviewed in part" if translation.reviewed else "not reviewed"
    if translation.reviewer:
        review = f"reviewed by {translation.reviewer}"
    return f"{publisher.name}; machine translation, {review}: {route}"


def _organization(publisher: Publisher) -> dict[str, Any]:
    return {
        "@type": "NewsMediaOrganization",
        "name": publisher.name,
        "url": clean_url(publisher.url),
    }


def _without_empty(value: dict[str, Any]) -> dict[str, Any]:
    return {
        key: _without_empty(item) if isinstance(item, dict) else item
        for key, item in value.items()
        if item not in ("", [], None)
    }
