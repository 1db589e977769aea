"""Two reports of one story, five days apart, with the faults that real pages have."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Of Wednesday, 12 March 2025. Its page has what a relay once made nonsense of: a capital line
# that is a link to another article, a pool photo's credit, a caption twice, linked verbs.
ENGLISH = """<!doctype html><html lang="en"><head>
<title>Norway will hold herring talks with Denmark as quarrel over quotas grows</title>
<meta property="og:type" content="article">
<meta property="article:published_time" content="2025-03-12T15:20:00Z">
</head><body>
<nav><a href="/">Home</a> <a href="/sea">Sea</a></nav>
<article>
<h1>Norway will hold herring talks with Denmark as quarrel over quotas grows</h1>
<p>By Anna Smith</p>
<p>Norway said Wednesday that it would open talks with Denmark at the beginning of next month
to discuss the herring quotas that both countries want for their fishermen.</p>
<p>“We have agreed on the first round of talks in Bergen,” the Norwegian fisheries minister,
Ingrid Solberg, said at a press <a href="/events/7">event</a>, according to Reuters.</p>
<figure><img src="/solberg.jpg" alt="The Norwegian minister Ingrid Solberg speaks in Bergen.">
<figcaption>The Norwegian minister Ingrid Solberg speaks in Bergen. (Harbour Pool Photo via AP)
</figcaption></figure>
<p><a href="/guarantee">DENMARK WANTS US AND ALLIES TO GUARANTEE NORWAY WON'T FISH EAST</a></p>
<p>The announcement comes one day after the Danish minister Lars Jensen
<a href="/threat">threatened</a> to close the harbour of Hirtshals to Norwegian ships.</p>
<p>Smith Brothers, a company that <a href="/claim">claimed</a> large losses, asked both
governments to find an agreement before the summer.</p>
<p>“Norway has not sent one ship too many,” she added. “It has kept to the treaty every year.”</p>
<p><a href="/app">CLICK HERE TO GET THE HARBOUR NEWS APP</a></p>
<p>The European Commission <a href="/said">said</a> on Tuesday that it would watch the talks
between Norway and Denmark closely.</p>
</article></body></html>"""

# Of Monday, 17 March 2025, which it does not say; the clock in its header is the reader's.
FRENCH = """<!doctype html><html lang="fr"><head>
<title>La Norvège et le Danemark parleront du hareng le mois prochain</title>
</head><body>
<header><p>VOIX DU PORT INTERNATIONAL</p><p>| 20 March 2025, Thursday |</p></header>
<article>
<h1>La Norvège et le Danemark parleront du hareng le mois prochain</h1>
<p>La Norvège a confirmé lundi qu’elle tiendrait le mois prochain à Bergen des pourparlers avec
le Danemark sur les quotas de hareng.</p>
<p>La ministre norvégienne de la Pêche, Ingrid Solberg, a déclaré que son pays parlerait
d’abord avec le Danemark, puis avec la <a href="/commission">Commission européenne</a>.</p>
<p>« Nous voulons un accord avant l’été », a ajouté Ingrid Solberg dans un entretien à la
radio publique.</p>
<p>Le ministre danois Lars Jensen avait menacé de fermer le port de Hirtshals aux bateaux
norvégiens.</p>
<p>Il y a une semaine, les deux gouvernements ont échangé des propositions sur le nombre de
bateaux qui pourront pêcher le hareng dans le Skagerrak.</p>
<p>Les pêcheurs de Hirtshals attendent le résultat des pourparlers de Bergen avec inquiétude.</p>
</article></body></html>"""


@contextmanager
def served(address: str, pages: Mapping[str, str]) -> Iterator[str]:
    """Serve pages, and a feed that lists them by their addresses alone."""
    items = "".join(f'{{"id": "{path}", "url": "HOME{path}"}},' for path in pages).rstrip(",")
    feed = f'{{"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": [{items}]}}'

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/feed.json":
                self.answer("application/feed+json", feed.replace("HOME", home))
            elif self.path in pages:
                self.answer("text/html; charset=utf-8", pages[self.path])
            else:
                self.send_error(404)

        def answer(self, media_type: str, text: str) -> None:
            body = text.encode()
            self.send_response(200)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer((address, 0), Site) as server:
        home = f"http://{address}:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield home
        server.shutdown()
