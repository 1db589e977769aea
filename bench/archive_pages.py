"""An archive of invented news pages: outlets with layouts of their own, events that several report.

Sentences are put together from lists, so that no two texts are alike unless one is a copy; pages
have mastheads, menus, teasers and footers around the article, as real ones have.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

BEGAN = datetime(2025, 3, 1, tzinfo=UTC)
_HOSTS = ("harbour-post", "valley-times", "diario-do-porto", "island-wire", "folha-do-vale",
          "the-northern", "correio-novo", "city-ledger")  # fmt: skip
_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "who": ("the council", "the harbour authority", "a group of farmers", "the minister",
                "the railway company", "residents of the old town", "the regional court",
                "a team of engineers", "the teachers' union", "the coast guard"),
        "did": ("has approved", "rejected", "postponed", "defended", "criticised", "announced",
                "reopened", "inspected", "abandoned", "agreed to pay for"),
        "what": ("the new bridge", "a plan for the river", "the repair of the dam",
                 "the fishing quota", "the night trains", "the school reform",
                 "a loan for the port", "the museum's budget", "the closure of the mine",
                 "the hospital's extension"),
        "where": ("in {place}", "near {place}", "on the outskirts of {place}", "north of {place}"),
        "more": ("after a debate that lasted {n} hours", "at a cost of {n} million euros",
                 "against the advice of {n} experts", "because of the storm in which {n} were hurt",
                 "following protests by {n} people", "with {n} votes to spare"),
        "said": ("\u201cThis is what we have waited for,\u201d said {name}.",
                 "{name} called the decision a mistake.", "It is not known when work will begin.",
                 "Officials did not answer questions on {day}.", "A report is expected on {day}."),
    },
    "pt": {
        "who": ("a câmara municipal", "a autoridade do porto", "um grupo de agricultores",
                "o ministro", "a companhia ferroviária", "os moradores do centro histórico",
                "o tribunal regional", "uma equipa de engenheiros", "o sindicato dos professores"),
        "did": ("aprovou", "rejeitou", "adiou", "defendeu", "criticou", "anunciou", "reabriu",
                "inspecionou", "abandonou", "aceitou pagar"),
        "what": ("a nova ponte", "um plano para o rio", "a reparação da barragem",
                 "a quota de pesca", "os comboios noturnos", "a reforma das escolas",
                 "um empréstimo para o porto", "o orçamento do museu", "o fecho da mina"),
        "where": ("em {place}", "perto de {place}", "nos arredores de {place}"),
        "more": ("depois de um debate de {n} horas", "por {n} milhões de euros",
                 "contra o parecer de {n} peritos", "após protestos de {n} pessoas"),
        "said": ("«É o que esperávamos», disse {name}.", "{name} falou de um erro.",
                 "Não se sabe quando começam as obras.", "Espera-se um relatório na {day}."),
    },
}  # fmt: skip
_THINGS = {
    "en": ("bridge", "harvest", "strike", "island", "budget", "railway", "hospital", "treaty",
           "engine", "museum", "factory", "airport", "election", "forest", "library", "pipeline",
           "prison", "castle", "theatre", "reactor", "satellite", "vaccine", "orchestra", "archive",
           "lighthouse", "ferry", "vineyard", "glacier", "market", "stadium", "canal", "tunnel"),
    "pt": ("ponte", "colheita", "greve", "ilha", "verba", "ferrovia", "clínica", "aliança",
           "máquina", "galeria", "fábrica", "pista", "eleição", "floresta", "biblioteca", "conduta",
           "prisão", "muralha", "peça", "central", "antena", "vacina", "orquestra", "coleção",
           "torre", "balsa", "vinha", "geleira", "feira", "bancada", "represa", "galeria nova"),
}  # fmt: skip
_PLACES = ("Almora", "Brantwick", "Caldeira", "Dunmore", "Estrela", "Farnholt", "Granja", "Helmsey",
           "Ilhavo", "Jarrowby", "Kelvedon", "Lagoa", "Marvila", "Nortown", "Oakhaven")  # fmt: skip
_NAMES = ("Maria Sousa", "Peter Holm", "Ana Ribeiro", "John Carver", "Rita Lopes", "Tom Ashby")
_DAYS = {
    "en": ("Monday", "Tuesday", "Friday"),
    "pt": ("segunda-feira", "terça-feira", "sexta-feira"),
}


def make_archive(file: Path, records: int, seed: int = 1, repeated: int = 0) -> None:
    """Write an archive of pages; the last ``repeated`` are captures of the first ones again."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as opened:
        for number in range(records):
            of = number - (records - repeated) if number >= records - repeated else number
            opened.write(pack_record(number, *make_page(of, seed), BEGAN + timedelta(hours=number)))


def pack_record(number: int, url: str, page: str, fetched: datetime) -> bytes:
    """Pack a page as a record of a WARC file, in a gzip member of its own."""
    body = page.encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    lines = (
        "WARC/1.0",
        "WARC-Type: response",
        f"WARC-Record-ID: <urn:uuid:{number:032x}>",
        f"WARC-Date: {fetched:%Y-%m-%dT%H:%M:%SZ}",
        f"WARC-Target-URI: {url}",
        "Content-Type: application/http;msgtype=response",
        f"Content-Length: {len(head) + len(body)}",
    )
    record = "\r\n".join(lines).encode() + b"\r\n\r\n" + head + body + b"\r\n\r\n"
    return gzip.compress(record, 6, mtime=0)


def make_page(number: int, seed: int) -> tuple[str, str]:
    """Make a page: one of the reports of an event, three to each."""
    event, outlet = number // 3, _HOSTS[(number % 3 * 3 + number // 3) % len(_HOSTS)]
    language = "pt" if outlet in ("diario-do-porto", "folha-do-vale", "correio-novo") else "en"
    facts = Random(f"{seed} {event}")
    place, name = facts.choice(_PLACES), facts.choice(_NAMES)
    topic = facts.randrange(9)
    random = Random(f"{seed} {number}")
    words = _WORDS[language]
    title = f"{words['who'][topic]} {words['did'][topic]} {words['what'][topic]} "
    title = (title + words["where"][0].format(place=place)).capitalize().replace(
        place.lower(), place
    )  # fmt: skip
    thing = facts.randrange(len(_THINGS[language]))
    title = f"{title}: {_THINGS[language][thing]}"
    paragraphs = list(_write(random, language, place, name, (topic, thing)))
    at = BEGAN + timedelta(hours=number, minutes=7)
    url = f"https://{outlet}.example/{at:%Y/%m}/{number}-{event}.html"
    return url, _lay_out(outlet, language, title, paragraphs, at, random)


def _write(
    random: Random, language: str, place: str, name: str, about_what: tuple[int, int]
) -> Iterator[str]:
    words, (topic, thing) = _WORDS[language], about_what
    for paragraph in range(random.randint(9, 16)):
        sentences = []
        things = [thing, random.randrange(len(_THINGS[language]))]
        for sentence in range(random.randint(3, 5)):
            about = topic if not paragraph and not sentence else random.randrange(9)
            parts = [
                words["who"][about], words["did"][random.randrange(9) if paragraph else topic],
                f"{words['what'][about]} ({_THINGS[language][things[sentence % 2]]})",
                random.choice(words["where"]), random.choice(words["more"]),
            ]  # fmt: skip
            text = " ".join(parts).format(place=place, n=random.randint(2, 900))
            sentences.append(text[0].upper() + text[1:] + ".")
        said = random.choice(words["said"])
        sentences.append(said.format(name=name, day=random.choice(_DAYS[language])))
        yield " ".join(sentences)


def _lay_out(
    outlet: str, language: str, title: str, paragraphs: list[str], at: datetime, random: Random
) -> str:
    name = outlet.replace("-", " ").title()
    data = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": title,
        "datePublished": at.isoformat(), "author": {"@type": "Person", "name": "Rosa Lind"},
    }  # fmt: skip
    menu = "".join(f'<li><a href="/s{n}">Section {n}</a></li>' for n in range(24))
    teasers = "".join(
        f'<div class="teaser"><a href="/t{n}"><img src="/t{n}.jpg" alt=""><span>More {n} '
        f"{random.choice(_PLACES)}</span><time>{n % 24}:00</time></a></div>"
        for n in range(160)
    )
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    style = "".join(f".c{n}{{margin:{n}px;padding:{n}px}}" for n in range(900))
    return (
        f'<!doctype html><html lang="{language}"><head><title>{title} | {name}</title>'
        f'<meta charset="utf-8"><meta property="og:site_name" content="{name}">'
        f'<script type="application/ld+json">{json.dumps(data)}</script><style>{style}</style>'
        f'</head><body><header><a href="/">{name}</a><ul>{menu}</ul></header>'
        f'<main><article><h1>{title}</h1><p class="by">Rosa Lind</p>{body}</article></main>'
        f"<aside>{teasers}</aside><footer>{name}, all rights reserved.</footer></body></html>"
    )
