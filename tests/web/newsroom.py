"""A small invented newsroom in a store: every state that a page can show."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from dragoman.store import Store, articles, sources, stories, translations
from dragoman.store.withdrawals import withdraw
from dragoman.types import (
    Article,
    Block,
    BlockKind,
    Check,
    Dating,
    EngineKind,
    Grouping,
    Image,
    Leg,
    Link,
    Moment,
    Precision,
    Reservations,
    Rights,
    Route,
    Segment,
    Source,
    Span,
    SpanKind,
    Text,
    TranslatedSegment,
    Translation,
    TranslationStatus,
    Verdict,
)

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

HARBOUR = Source(
    "harbour",
    "https://harbour.example/feed",
    "The Harbour Ledger",
    "en",
    "IE",
    Rights.FULL,
    is_indexable=True,
)
FOLHA = Source(
    "folha", "https://folha-do-cais.example/rss", "Folha do Cais", "pt", "PT", Rights.FULL
)
GACETA = Source(
    "gaceta", "https://gaceta.example/atom", "Gaceta de la Ría", "es", "ES", Rights.EXTRACT
)
MARSA = Source("marsa", "https://marsa.example/feed", "جريدة المرسى", "ar", "TN", Rights.FULL)
QUAI = Source("quai", "https://quai.example/feed", "Le Quai", "fr", "FR", Rights.LINK)
SOURCES = (HARBOUR, FOLHA, GACETA, MARSA, QUAI)

PT_EN = Route((Leg("firefox", EngineKind.NEURAL, "pt", "en", "pten.base-memory", "3.0"),))
EN_PT = Route((Leg("firefox", EngineKind.NEURAL, "en", "pt", "enpt.base-memory", "3.0"),))
ES_EN = Route((Leg("apertium", EngineKind.RULES, "es", "en", "spa-eng", "0.8"),))
AR_EN = Route((Leg("firefox", EngineKind.NEURAL, "ar", "en", "aren.tiny", "2.1"),))

NO_MODEL = (
    "no model leads from French (fr) to English (en); add one with `dragoman models add fr en`"
)


def paragraph(*sentences: str) -> Block:
    return Block(BlockKind.PARAGRAPH, (Text(" ".join(sentences)),))


def day(number: int, hour: int = 9, minute: int = 0) -> Dating:
    return Dating(Moment(datetime(2026, 11, number, hour, minute, tzinfo=UTC), Precision.MINUTE))


def link_in(text: str, words: str, address: str = "https://port.example/notice") -> Text:
    start = text.index(words)
    return Text(text, (Span(SpanKind.LINK, start, start + len(words), address),))


FERRY_PT = (
    "A balsa Estrela do Sul voltou a navegar na quarta-feira, após onze dias no estaleiro.",
    "A companhia anunciou que 1.240 bilhetes serão reembolsados.",
    "O comandante Anselmo Prata não quis comentar.",
)
FERRY_EN = (
    "The ferry Estrela do Sul sailed again on Wednesday, after eleven days in the yard.",
    "The company announced that 1,420 tickets will be refunded.",
    "Captain Anselmo Prata did not want to comment.",
)


def ferry_blocks(lines: tuple[str, ...], *, is_translated: bool) -> tuple[Block, ...]:
    words = ("announced", "Wednesday") if is_translated else ("anunciou", "quarta-feira")
    text = " ".join(lines[:2])
    linked = link_in(text, words[0])
    start = text.index(words[1])
    date = Span(SpanKind.DATE, start, start + len(words[1]), "2026-11-18")
    body = Text(text, tuple(sorted((*linked.spans, date), key=lambda span: span.start)))
    en = is_translated
    return (
        Block(BlockKind.PARAGRAPH, (body,)),
        Block(
            BlockKind.IMAGE,
            (Text("The ferry at quay three." if en else "A balsa no cais três."),),
            image=Image("https://folha-do-cais.example/balsa.jpg", credit="Rita Lobo / Cais Foto"),
        ),
        Block(
            BlockKind.HEADING, (Text("What comes next" if en else "O que vem a seguir"),), level=4
        ),
        Block(BlockKind.PARAGRAPH, (Text(lines[2]),)),
        Block(
            BlockKind.QUOTE,
            (
                Text(
                    "“Nobody waits for a boat that has no hour.”"
                    if en
                    else "«Ninguém espera por um barco sem hora.»"
                ),
            ),
        ),
        Block(
            BlockKind.LIST,
            tuple(
                map(
                    Text,
                    ("First boat at six", "Last boat at eleven")
                    if en
                    else ("Primeiro barco às seis", "Último barco às onze"),
                )
            ),
        ),
        Block(
            BlockKind.TABLE,
            tuple(
                map(
                    Text,
                    ("Route", "Minutes", "Islands", "40")
                    if en
                    else ("Rota", "Minutos", "Ilhas", "40"),
                )
            ),
            columns=2,
        ),
        Block(BlockKind.EMBED, (Text("Video: the crossing"),), url="https://video.example/42"),
    )


def translate(
    article: Article,
    into: str,
    route: Route,
    title: str,
    blocks: tuple[Block, ...],
    cuts: dict[int, tuple[int, int]] | None = None,
    verdicts: dict[int, tuple[Verdict, Check]] | None = None,
) -> Translation:
    """Pair an article with a translation; ``cuts`` part a block after so many characters."""
    segments = [
        TranslatedSegment(Segment("t0", -1, 0, 0, len(article.title), article.title), title)
    ]
    for index, (old, new) in enumerate(zip(article.blocks, blocks, strict=True)):
        for part, (source, target) in enumerate(zip(old.parts, new.parts, strict=True)):
            segments += pair_part(index, part, source.text, target.text, (cuts or {}).get(index))
    for number, (verdict, check) in (verdicts or {}).items():
        segments[number] = replace(segments[number], verdict=verdict, checks=(check,))
    worst = Verdict.MARK if verdicts else Verdict.PUBLISH
    return Translation(
        article.id,
        article.revision,
        article.language,
        into,
        TranslationStatus.DONE,
        title,
        blocks,
        tuple(segments),
        route,
        worst,
        made=NOW,
    )


def pair_part(
    block: int, part: int, source: str, target: str, cut: tuple[int, int] | None
) -> list[TranslatedSegment]:
    ends = (
        [(0, 0), cut, (len(source), len(target))] if cut else [(0, 0), (len(source), len(target))]
    )
    made = []
    for number, ((a, x), (b, y)) in enumerate(pairwise(ends)):
        text, words = source[a:b], target[x:y]
        start = a + len(text) - len(text.lstrip())
        segment = Segment(f"s{block}-{part}-{number}", block, part, start, b, source[start:b])
        made.append(TranslatedSegment(segment, words.strip()))
    return made


FERRY = Article(
    "ferrypt00001",
    "folha",
    "https://folha-do-cais.example/balsa-volta",
    "pt",
    "Balsa volta a ligar as ilhas após onze dias",
    ferry_blocks(FERRY_PT, is_translated=False),
    published=day(18, 9, 30),
    modified=day(18, 15, 5),
    first_seen=NOW,
    authors=("Joana Teles",),
    agencies=("Agência Maré",),
    related=(Link("https://folha-do-cais.example/outra", "Outra notícia"),),
)
FERRY_MADE = translate(
    FERRY,
    "en",
    PT_EN,
    "Ferry links the islands again after eleven days",
    ferry_blocks(FERRY_EN, is_translated=True),
    cuts={0: (len(FERRY_PT[0]), len(FERRY_EN[0]))},
    verdicts={
        2: (Verdict.MARK, Check("numbers", Verdict.MARK, "the original says 1240, this 1420")),
        5: (Verdict.HOLD, Check("names", Verdict.HOLD, "a name was lost")),
    },
)
# What the gate holds back keeps the words of the original.
FERRY_MADE = replace(
    FERRY_MADE,
    blocks=(
        *FERRY_MADE.blocks[:3],
        Block(BlockKind.PARAGRAPH, (Text(FERRY_PT[2]),)),
        *FERRY_MADE.blocks[4:],
    ),
)

FERRY_NATIVE = Article(
    "ferryen00001",
    "harbour",
    "https://harbour.example/2026/ferry",
    "en",
    "Island ferry sails again after eleven days in dock",
    (
        paragraph(
            "The ferry Estrela do Sul carried 212 people to the islands on Wednesday.",
            "It had lain in dock for eleven days with a broken shaft.",
        ),
        paragraph("The harbour office in Lagoa said the boat was inspected twice."),
    ),
    published=day(18, 11),
    first_seen=NOW,
    authors=("Mairead Quill", "Tom Farrow"),
)
FERRY_PORTUGUESE = translate(
    FERRY_NATIVE,
    "pt",
    EN_PT,
    "Balsa da ilha navega outra vez após onze dias na doca",
    (
        paragraph(
            "A balsa Estrela do Sul levou 212 pessoas às ilhas na quarta-feira.",
            "Tinha ficado onze dias na doca com um veio partido.",
        ),
        paragraph("O escritório do porto em Lagoa disse que o barco foi inspecionado duas vezes."),
    ),
)
FERRY_ARABIC = Article(
    "ferryar00001",
    "marsa",
    "https://marsa.example/a/77",
    "ar",
    "العبّارة تعود إلى الجزر بعد أحد عشر يومًا",
    (
        paragraph(
            "عادت العبّارة «إستريلا دو سول» إلى الإبحار يوم الأربعاء بعد أحد عشر يومًا في الحوض.",
            "وقالت الشركة إن 1240 تذكرة ستُرَدّ قيمتها إلى الركاب.",
        ),
        paragraph("ولم يرغب القبطان في التعليق على أسباب العطل."),
    ),
    published=day(19, 7, 15),
    first_seen=NOW,
)
FERRY_FROM_ARABIC = translate(
    FERRY_ARABIC,
    "en",
    AR_EN,
    "The ferry returns to the islands after eleven days",
    (
        paragraph(
            "The ferry “Estrela do Sul” sailed again on Wednesday after eleven days in dock.",
            "The company said that the price of 1,240 tickets would be returned to passengers.",
        ),
        paragraph("The captain did not want to comment on the causes of the failure."),
    ),
)
FERRY_SPANISH = Article(
    "ferryes00001",
    "gaceta",
    "https://gaceta.example/ferri",
    "es",
    "El ferri vuelve a unir las islas tras once días parado",
    (
        paragraph(
            "El ferri Estrela do Sul volvió a navegar el miércoles, tras once días en el dique, "
            "con doscientos doce pasajeros a bordo y la mar en calma.",
            "La compañía devolverá el importe de los billetes a quienes no pudieron viajar, "
            "según un comunicado difundido por la tarde en la capital de la isla.",
        ),
        paragraph("El capitán declinó hacer comentarios sobre las causas de la avería."),
    ),
    published=day(18, 20),
    first_seen=NOW,
)
FERRY_GIST = translate(
    FERRY_SPANISH,
    "en",
    ES_EN,
    "The ferry turns to join the islands after eleven days stopped",
    (
        paragraph(
            "The ferry Estrela do Sul turned to sail the Wednesday, after eleven days in the "
            "dock, with two hundred twelve passengers on board and the sea in calm.",
            "The company will return the amount of the tickets to those who could not travel, "
            "according to a communiqué spread by the afternoon in the capital of the island.",
        ),
        paragraph("The captain declined to do comments on the causes of the fault."),
    ),
    cuts={0: (137, 146)},
)
FERRY_COPY = replace(
    FERRY_NATIVE,
    id="ferryes00002",
    source="gaceta",
    url="https://gaceta.example/ferry-en",
    published=day(18, 13),
    authors=(),
)
BUDGET = Article(
    "budgetfr0001",
    "quai",
    "https://quai.example/budget",
    "fr",
    "Le port vote un budget de 48 millions d’euros",
    (paragraph("Le conseil du port a adopté mardi un budget de 48 millions d’euros."),),
    published=day(17, 18),
    first_seen=NOW,
)
COMET = Article(
    "cometpt00001",
    "folha",
    "https://folha-do-cais.example/cometa",
    "pt",
    "Cometa visível a olho nu até domingo",
    (paragraph("O cometa será visível a olho nu até domingo, disse o observatório."),),
    published=Dating(),
    first_seen=NOW,
)
STORM = Article(
    "stormpt00001",
    "folha",
    "https://folha-do-cais.example/temporal",
    "pt",
    "Temporal fecha a barra por dois dias",
    (paragraph("A barra esteve fechada dois dias por causa do temporal."),),
    published=Dating(Moment(datetime(2026, 11, 16, tzinfo=UTC), Precision.DAY)),
    first_seen=NOW,
    reservations=Reservations(
        no_archive=True, tdm_reserved=True, tdm_policy="https://folha-do-cais.example/tdm"
    ),
)
GONE = Article(
    "goneen000001",
    "harbour",
    "https://harbour.example/gone",
    "en",
    "A headline that was taken back",
    (paragraph("This sentence must not be shown again."),),
    published=day(15),
    first_seen=NOW,
)
ARTICLES = (
    FERRY,
    FERRY_NATIVE,
    FERRY_ARABIC,
    FERRY_SPANISH,
    FERRY_COPY,
    BUDGET,
    COMET,
    STORM,
    GONE,
)
TRANSLATIONS = (
    FERRY_MADE,
    FERRY_PORTUGUESE,
    FERRY_FROM_ARABIC,
    FERRY_GIST,
    Translation(BUDGET.id, 1, "fr", "en", TranslationStatus.PENDING, reason=NO_MODEL),
    Translation(
        COMET.id,
        1,
        "pt",
        "en",
        TranslationStatus.HELD,
        title="Comet",
        route=PT_EN,
        verdict=Verdict.HOLD,
        checks=(Check("language", Verdict.HOLD, "not written in English"),),
    ),
    Translation(
        STORM.id,
        1,
        "pt",
        "en",
        TranslationStatus.FAILED,
        reason="the engine's process ended; it is tried again",
    ),
)
GROUPINGS = (
    Grouping(FERRY.id, "ferry", "ferry-story"),
    Grouping(FERRY_NATIVE.id, "ferry", "ferry-story"),
    Grouping(FERRY_COPY.id, "ferry", "ferry-story", FERRY_NATIVE.id),
    Grouping(FERRY_SPANISH.id, "ferry", "ferry-story"),
    Grouping(FERRY_ARABIC.id, "ferry-2", "ferry-story"),
    Grouping(BUDGET.id, "budget", "budget-story"),
    Grouping(COMET.id, "comet", "comet-story"),
    Grouping(STORM.id, "storm", "storm-story"),
    Grouping(GONE.id, "gone", "gone-story"),
)


def fill_store(db: Store) -> None:
    """Write the whole newsroom into an empty store."""
    for source in SOURCES:
        sources.put_source(db, source)
    for article in ARTICLES:
        articles.put_article(db, article, "1")
    for translation in TRANSLATIONS:
        translations.put_translation(db, translation, "1", (), retry_at=NOW + timedelta(days=1))
    stories.put_links(db, (), GROUPINGS, "1", [article.id for article in ARTICLES])
    withdraw(db, GONE.id, "the publisher answers 410", NOW)
