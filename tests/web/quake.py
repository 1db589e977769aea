"""A story in seven languages: a quake, the count of its dead two days later, and who is silent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from dragoman.store import Store, articles, sources, stories, translations
from dragoman.types import Article, Dating, Grouping, Moment, Precision, Rights, Source
from tests.web.newsroom import AR_EN, NOW, PT_EN, paragraph, translate

STORY = "quakeen00001"
START = datetime(2026, 11, 16, 6, 0, tzinfo=UTC)

OUTLETS = (
    Source("ledger", "https://ledger.example/feed", "The Ledger", "en", "IE", Rights.FULL),
    Source("folha2", "https://folha2.example/feed", "Folha da Serra", "pt", "PT", Rights.FULL),
    Source("gaceta2", "https://gaceta2.example/feed", "La Gaceta", "es", "ES", Rights.FULL),
    Source("rive", "https://rive.example/feed", "L’Autre Rive", "fr", "FR", Rights.LINK),
    Source("manara", "https://manara.example/feed", "جريدة المنارة", "ar", "TN", Rights.FULL),
    Source("vestnik", "https://vestnik.example/feed", "Вестник залива", "ru", "RU", Rights.EXTRACT),
    Source("bote", "https://bote.example/feed", "Der Hafenbote", "de", "DE", Rights.FULL),
    Source("tide", "https://tide.example/feed", "The Tide", "en", "GB", Rights.FULL),
)

# (id, source, language, hours after the start, event, title, text, copied from)
REPORTS = (
    ("quakeen00001", "ledger", "en", 0, "a", "Magnitude 6.1 quake hits the coast of Marenga",
     "At least 12 people were killed and 30 injured when a quake shook the coast.", ""),
    ("quakeen00002", "tide", "en", 1, "a", "Magnitude 6.1 quake hits the coast of Marenga",
     "At least 12 people were killed and 30 injured when a quake shook the coast.",
     "quakeen00001"),
    ("quakept00001", "folha2", "pt", 2, "a", "Sismo de magnitude 6,1 abala a costa de Marenga",
     "O sismo matou pelo menos 15 pessoas e feriu 30, disse a proteção civil.", ""),
    ("quakeru00001", "vestnik", "ru", 3, "a", "Землетрясение магнитудой 6,3 произошло в Маренге",
     "Погибли 12 человек, сообщили спасатели.", ""),
    ("quakefr00001", "rive", "fr", 4, "a", "Séisme à Marenga : au moins 19 morts",
     "Ce texte ne doit pas être montré : 40 personnes ont été tuées.", ""),
    ("quakear00001", "manara", "ar", 5, "a", "مقتل 19 شخصا في زلزال مارينغا",
     "لقي 19 شخصا حتفهم وأصيب العشرات.", ""),
    ("quakees00001", "gaceta2", "es", 60, "b", "Marenga entierra a sus muertos",
     "La ciudad entierra a los suyos; el terremoto dejó 31 muertos y 2 desaparecidos.", ""),
    ("quakede00001", "bote", "de", 61, "b", "Marenga trauert um 31 Tote",
     "Die Stadt begrub am Mittwoch ihre Toten, 4 Menschen werden vermisst.", ""),
)  # fmt: skip

WORDS = {
    "quakept00001": (PT_EN, "Magnitude 6.1 quake shakes the coast of Marenga",
                     "The quake killed at least 15 people and injured 30, civil protection said."),
    "quakear00001": (AR_EN, "19 people killed in the Marenga quake",
                     "19 people died and dozens were hurt."),
}  # fmt: skip


def put_quake(db: Store) -> None:
    """Write the quake's reports, and three earlier stories that its outlets shared."""
    for outlet in OUTLETS:
        sources.put_source(db, outlet)
    groupings = []
    for id, source, language, hours, event, title, text, original in REPORTS:
        article = make_report(id, source, language, START + timedelta(hours=hours), title, text)
        articles.put_article(db, article, "1")
        groupings.append(Grouping(id, f"quake-{event}", STORY, original))
        if id in WORDS:
            route, headline, body = WORDS[id]
            made = translate(article, "en", route, headline, (paragraph(body),))
            translations.put_translation(db, made, "1", (), retry_at=NOW)
    stories.put_links(db, (), groupings, "1", [one.article for one in groupings])


def put_company(db: Store, *outlets: str, count: int = 3) -> None:
    """Write earlier stories that these outlets told together."""
    for number in range(count):
        groupings = []
        for outlet in outlets:
            id = f"old{number}{outlet}"
            at = START - timedelta(days=3 + number)
            article = make_report(id, outlet, "en", at, f"Matter {number}", f"Text of {outlet}.")
            articles.put_article(db, article, "1")
            groupings.append(Grouping(id, f"old{number}", f"old{number}{outlets[0]}"))
        stories.put_links(db, (), groupings, "1", [])


def put_alone(db: Store, id: str, source: str, hours: float) -> None:
    """Write a report of something else, so many hours after the quake."""
    article = make_report(id, source, "en", START + timedelta(hours=hours), "Other news", "Other.")
    articles.put_article(db, article, "1")
    stories.put_links(db, (), [Grouping(id, id, id)], "1", [])


def make_report(
    id: str, source: str, language: str, at: datetime, title: str, text: str
) -> Article:
    """Make a report of one paragraph."""
    article = Article(
        id,
        source,
        f"https://{source}.example/{id}",
        language,
        title,
        (paragraph(text),),
        first_seen=at + timedelta(minutes=20),
    )
    return replace(article, published=Dating(Moment(at, Precision.MINUTE)))
