"""What stands in an article's column and is no part of it, told by form and by words.

Words are kept to those that news pages of many languages share; form comes first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from dragoman.extract.appeals import fold_case, is_appeal, is_disclaimer, strip_points
from dragoman.extract.closings import is_label
from dragoman.extract.flow import Place, Run
from dragoman.sanitize import clean_url
from dragoman.types import SpanKind

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LEAD_IN = re.compile(
    r"^\W{0,3}(?:read (?:more|also|next|now|on)|see also|also (?:read|on|see)|"
    r"related(?: (?:stories|articles?|story|content|news|coverage|topics|reading))?|"
    r"more (?:on|from|about) (?:this|the)\b|more from|recommended|you (?:may|"
    r"might) (?:also )?like|don'?t miss|watch(?: (?:also|now|live))?|listen(?: now)?|"
    r"lire (?:aussi|également|la suite|encore)|à lire(?: aussi| également)?|a lire aussi|"
    r"voir aussi|sur le même (?:sujet|thème)|"
    r"lesen sie (?:auch|mehr|hier|dazu)|lesen sie auch|mehr (?:zum thema|dazu|lesen)|"
    r"auch interessant|siehe auch|weiterlesen|das könnte sie auch interessieren|"
    r"(?:lea|leer|lee|ver|vea) (?:también|además|más)|te puede interesar|(?:más|"
    r"mas) (?:sobre|información|noticias)|"
    r"(?:leia|veja|saiba) (?:também|mais|ainda)|leia|veja|confira(?: também)?|"
    r"leggi anche|(?:per approfondire|approfondisci)|potrebbe interessarti|"
    r"lees (?:ook|meer|verder)|bekijk ook|les også|les mer|læs også|läs (?:också|mer|även)|"
    r"lue myös|lestu (?:líka|meira)|"
    r"czytaj (?:też|także|więcej|również)|zobacz (?:też|także|również)|przeczytaj(?: też|"
    r" także)?|čtěte (?:také|též|i)|přečtěte si|olvass(?:on)? tovább|"
    r"читайте (?:также|ещё|еще)|читати також|читайте також|смотрите также|(?:по|на эту) тем[еу]|"
    r"ayrıca (?:okuyun|bakınız)|ilgili haber(?:ler)?|devamını oku|baca juga|simak juga|"
    r"[اإ]قر[أاؤ] (?:[أا]يضا|المزيد|كذلك)|شاهد [أا]يضا|مواضيع ذات صلة|أخبار ذات صلة|"
    r"מאמרים נוספים|קראו (?:גם|עוד)|"
    r"यह भी पढ़ें|ये भी पढ़ें|इसे भी पढ़ें|関連記事|あわせて読みたい|相关(?:新闻|阅读|报道)|延伸閱讀|"
    r"관련\s?기사)\s*(?:[:：|>»›\-–—】\]]|$|(?=\w))",
    re.I,
)
_CLOSED_LEAD_IN = re.compile(r"[:：|>»›\-–—]|[】\]]$")
_PROMOTION = re.compile(
    r"\b(?:click here to (?:get|read|sign|subscribe|join|download|learn)|"
    r"get the \S+(?: \S+)? app\b|download (?:the|our) (?:\S+ ){0,3}app\b|"
    r"sign up (?:for|to) (?:our|the|receive|get)|subscribe (?:to|for|now|today)|(?:our|free|"
    r"daily|weekly) (?:\S+ ){0,2}newsletters?\b|"
    r"follow (?:us|\S+(?: \S+)?) on (?:facebook|twitter|x|instagram|telegram|whatsapp|"
    r"google)|join (?:us on|our) (?:whatsapp|telegram|\S+ channel)|"
    r"all rights reserved|(?:may|must) not be (?:published|reproduced)|our standards|"
    r"trust principles|"
    r"abonnez-vous|inscrivez-vous|téléchargez (?:l'|notre )app|cliquez ici pour|"
    r"tous droits réservés|suivez-nous|"
    r"jetzt (?:abonnieren|anmelden|kostenlos|testen)|newsletter (?:abonnieren|bestellen)|"
    r"alle rechte vorbehalten|folgen sie uns|"
    r"suscr[ií]b[ae](?:te|se)|s[ií]guenos|síganos|descarga (?:la|nuestra) app|"
    r"haga clic aquí para|todos los derechos reservados|"
    r"assine (?:já|a|o|nossa)|inscreva-se|siga(?:-nos| o | a )|baixe o (?:nosso )?app|"
    r"clique aqui para|todos os direitos reservados|"
    r"whatsapp[- ]?(?:channel|kanal|canal)|\bnews-app\b|empfohlener redaktioneller inhalt|"
    r"(?:damit )?einverstanden, dass mir|an dieser stelle finden sie|"
    r"kostenlos testen|newsletter (?:richtig|an|bestellen)|log in or create an account|"
    r"thank you for visiting|using a browser version|"
    r"(?:like|enjoy(?:ed|ing)?) this (?:story|article)\?|share it with|"
    r"join (?:the conversation|our commenting)|bookmark your favou?rite|"
    r"iscriviti (?:alla|al)|seguici su|tutti i diritti riservati|zapisz się|"
    r"wszelkie prawa zastrzeżone|"
    r"подпис(?:ывайтесь|аться на)|все права защищены|підписуйтесь|abone ol(?:un)?|"
    r"tüm hakları saklıdır)"
)
_PROMOTION_SCRIPTS = re.compile(
    r"اشترك (?:في|الآن)|جميع الحقوق محفوظة|تابعونا|"
    r"無断転載|禁じます|무단\s?전재|재배포\s?금지|版权所有|未经授权"
)


_LABEL, _HEADLINE = 30, 15  # characters of "read also" in any language, and of what follows
_ASIDE = re.compile(
    r"(?:^|[\W_])(?:related|recommend\w*|more-?(?:from|news|stories|on|in)|read-?(?:more|"
    r"next|also)|also-?read|most-?(?:read|popular|viewed)|popular|trending|"
    r"newsletter\w*|subscri\w*|signup|sign-up|promo\w*|adverti\w*|ads?|adslot|sponsor\w*|"
    r"share\w*|sharing|social\w*|comments?|disqus|footer|nav|navigation|menu|"
    r"breadcrumbs?|cookie\w*|consent|gdpr|author-?(?:bio|box|info|card|desc\w*)|bio|"
    r"biography|about-?(?:the-?)?authors?|tags?|tag-?(?:list|cloud)|topics?|"
    r"paywall|teasers?|sidebar|outbrain|taboola|widget|pull-?quote\w*|toc|table-of-contents|"
    r"copyright|disclaimer|donat\w*|contribut\w*|"
    r"correction-?form|feedback|poll|quiz|playlist|carousel|gallery|slideshow|modal|popup|"
    r"overlay|tooltip|login|registration|placeholder\w*|byline|dateline|timestamp|kicker|"
    r"rubric)(?:$|[\W_])"
)


PARAGRAPHS = frozenset(
    {"p", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "blockquote", "pre", "dl", "dd", "dt"}
)


def find_home(run: Run) -> HtmlElement | None:
    """Give the container that a paragraph stands in: its siblings are of the same text."""
    place = run.place
    if place.home is None:
        element: HtmlElement | None = place.element
        while element is not None and element.tag in PARAGRAPHS:
            element = element.getparent()
        if element is place.element and element is not None:
            element = element.getparent()
        place.home = element
    return place.home


def is_aside(place: Place) -> bool:
    """Whether a place calls itself something beside the article, in its nearest elements."""
    current: Place | None = place
    for _ in range(4):
        if current is None or current.tag in ("article", "main", "body"):
            return False
        if current.tag in ("aside", "nav", "footer", "form", "header", "address"):
            return True
        if current.names and _ASIDE.search(current.names):
            return True
        current = current.parent
    return False


_EXTRA = re.compile(
    r"(?:^|[\W_])(?:newsletter\w*|sign-?up|subscri\w*|promo\w*|native-?ad|adverti\w*|sponsor\w*|"
    r"author-?(?:bio|box|info|card|desc\w*)|bio|biography|about-?(?:the-?)?authors?|disclaimer|"
    r"donat\w*|app-?(?:promo|banner|cta|line))(?:$|[\W_])"
)


def calls_itself_extra(place: Place) -> bool:
    """Whether a place or the one around it has the name of a box, whatever its words."""
    parent = place.parent
    around = parent.names if parent is not None and parent.tag not in ("body", "article") else ""
    return bool(_EXTRA.search(place.names) or _EXTRA.search(around))


def leads_home(run: Run, base: str) -> bool:
    """Whether the links of a run lead to pages of the site it stands on."""
    own = (urlsplit(base).hostname or "").split(".")[-2:]
    links = [span.value for span in run.spans if span.kind is SpanKind.LINK]
    hosts = [urlsplit(clean_url(link, base)).hostname or "" for link in links]
    return any(host.split(".")[-2:] == own for host in hosts)


def leads_on(run: Run, base: str) -> bool:
    """Whether a link of a run leads to another page of the site it stands on."""
    links = [span.value for span in run.spans if span.kind is SpanKind.LINK]
    paths = {urlsplit(clean_url(link, base)).path.rstrip("/") for link in links}
    return leads_home(run, base) and bool(paths - {urlsplit(base).path.rstrip("/")})


def is_cross_link(run: Run, base: str) -> bool:
    """Whether a run is nothing but the way to another article."""
    found = _LEAD_IN.match(strip_points(run.text))
    if run.link_share >= 0.9 and run.place.item is None and run.place.cell is None:
        # A paragraph that is one link into another site may be what the article is about.
        return leads_home(run, base) or found is not None
    if len(run.text) > 300:
        return False
    if _is_labelled_link(run) and leads_on(run, base):
        return True
    return bool(
        found and (_CLOSED_LEAD_IN.search(found[0]) or len(run.text) < 40 or run.link_share > 0.4)
    )


def _is_labelled_link(run: Run) -> bool:
    """Whether a run is a few words, a colon or a dash, and a headline that is a link."""
    links = [span for span in run.spans if span.kind is SpanKind.LINK]
    if len(links) != 1 or run.place.item is not None or run.place.cell is not None:
        return False
    label, rest = run.text[: links[0].start].rstrip(), run.text[links[0].end :]
    return (
        2 <= len(label) <= _LABEL
        and label[-1] in ":：|>»›–—】]"
        and links[0].end - links[0].start >= _HEADLINE
        and not any(map(str.isalnum, rest))
        and not any(map(str.isdigit, label))
    )


def is_lead_in(text: str) -> bool:
    """Whether a line is nothing but "read also"."""
    found = _LEAD_IN.match(strip_points(text)) if len(text) <= 40 else None
    return found is not None and found.end() >= len(text.rstrip()) - 2


_BYLINE = re.compile(
    r"^(?:by|von|par|por|di|door|av|af|od|автор|текст|text|"
    r"foto)\s*:?\s+(?:[A-ZÀ-ÞА-ЯÄÖÜ][\w.'’-]*\s*(?:(?:and|und|et|y|e|,|/)\s+)?){1,8}$"
)


def is_byline(run: Run) -> bool:
    """Whether a run only says who wrote it."""
    return len(run.text) <= 80 and bool(_BYLINE.match(run.text[:1].lower() + run.text[1:]))


def is_noise(run: Run) -> bool:
    """Whether a run asks something of the reader instead of telling news."""
    if len(run.text) > 350:
        return False
    if is_appeal(run.text) or is_disclaimer(run.text) or is_label(run.text):
        return True
    return bool(_PROMOTION.search(fold_case(run.text)) or _PROMOTION_SCRIPTS.search(run.text))
