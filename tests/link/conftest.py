"""Small invented reports in several languages, for the tests of linking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dragoman.link import embed
from dragoman.types import LinkInput

REPORTS: tuple[tuple[str, str, str, str, str], ...] = (
    (
        "ferry-en", "en", "2031-03-03T08:00",
        "Ferry with 212 people runs aground off Maravel island",
        "A ferry carrying 212 passengers ran aground on Monday off the island of Maravel in "
        "Portugal after its engine failed in high waves. The coast guard said all passengers "
        "were taken off by helicopters and fishing boats. Captain Teodora Quillan said the ship "
        "had lost power at dawn. Eleven people were treated for cold.",
    ),
    (
        "ferry-pt", "pt", "2031-03-03T10:00",
        "Ferry com 212 pessoas encalha ao largo da ilha de Maravel",
        "Um ferry que transportava 212 passageiros encalhou na segunda-feira ao largo da ilha de "
        "Maravel, em Portugal, depois de uma avaria no motor com ondas altas. A guarda costeira "
        "disse que todos os passageiros foram retirados por helicópteros e barcos de pesca. A "
        "comandante Teodora Quillan disse que o navio perdeu energia de madrugada.",
    ),
    (
        "ferry-ar", "ar", "2031-03-03T13:00",
        "جنوح عبارة على متنها 212 شخصا قبالة جزيرة مارافيل",
        "جنحت عبارة تقل 212 راكبا يوم الاثنين قبالة جزيرة مارافيل في البرتغال بعد تعطل محركها "
        "وسط أمواج عالية. وقال خفر السواحل إنه تم إجلاء جميع الركاب بواسطة المروحيات وقوارب "
        "الصيد. وقالت القبطان تيودورا كويلان إن السفينة فقدت الطاقة عند الفجر.",
    ),
    (
        "probe-en", "en", "2031-03-09T09:00",
        "Maravel ferry owner charged over skipped engine checks",
        "Prosecutors in Portugal charged the owner of the Maravel ferry on Sunday, saying that "
        "the company had skipped engine checks for two years before the ship ran aground. "
        "Captain Teodora Quillan, who was on the bridge, will appear as a witness at the trial "
        "in May. The company denied the charges.",
    ),
    (
        "quake-pe", "es", "2031-03-04T06:00",
        "Un terremoto de magnitud 6,8 sacude el sur de Perú",
        "Un terremoto de magnitud 6,8 sacudió el martes el sur de Perú y dejó al menos 14 muertos "
        "en la región de Quillamarca, informaron las autoridades. El presidente Anselmo Vidrales "
        "viajó a la zona. Decenas de casas de adobe se derrumbaron en Perú.",
    ),
    (
        "quake-pe-fr", "fr", "2031-03-04T09:00",
        "Pérou : un séisme de magnitude 6,8 fait au moins 14 morts",
        "Un séisme de magnitude 6,8 a secoué mardi le sud du Pérou et fait au moins 14 morts dans "
        "la région de Quillamarca, selon les autorités. Le président Anselmo Vidrales s'est rendu "
        "sur place. Des dizaines de maisons en adobe se sont effondrées.",
    ),
    (
        "quake-jp", "en", "2031-03-04T11:00",
        "Magnitude 6.1 earthquake shakes northern Japan",
        "An earthquake of magnitude 6.1 shook northern Japan on Tuesday, the weather agency said. "
        "No tsunami warning was issued. Trains around Tokyo stopped for an hour, and 3 people "
        "were hurt by falling shelves in the town of Hanemori in Japan.",
    ),
    (
        "vote-de", "de", "2031-03-05T12:00",
        "Stadtrat von Lindenau stimmt für autofreie Innenstadt",
        "Der Stadtrat von Lindenau hat am Mittwoch für eine autofreie Innenstadt gestimmt. Die "
        "Bürgermeisterin Friederike Wolkenstein sprach von einem Durchbruch. Händler fürchten um "
        "ihre Kundschaft und wollen klagen.",
    ),
)  # fmt: skip

MakeArticle = Callable[..., LinkInput]


@pytest.fixture(scope="session")
def make_article() -> MakeArticle:
    """Give a maker of articles ready to be linked."""

    def make(
        ident: str, language: str, at: str, title: str, text: str, source: str = ""
    ) -> LinkInput:
        moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
        article = LinkInput(ident, "", language, title, text, moment, source)
        return replace(article, vector=embed([article])[0])

    return make


@pytest.fixture(scope="session")
def reports(make_article: MakeArticle) -> tuple[LinkInput, ...]:
    """Give the invented reports with their vectors."""
    return tuple(make_article(*report) for report in REPORTS)
