"""Sections: what publishers call the parts of their papers, brought to a small common set.

Publishers name sections in their own words and languages, in the page or in its address. A name
is looked up whole first, then word by word; what is not known stays without a section.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from urllib.parse import unquote, urlsplit

# In the order in which readers see them. "other" is what no name leads to.
SECTIONS = (
    "world", "politics", "economy", "technology", "science", "health",
    "culture", "sport", "society", "local", "opinion",
)  # fmt: skip
OTHER = "other"

# Where a publisher stands, not what a report is about: any other section says more.
_VAGUE = ("world", "local")

# Words as they are folded: small, without accents. Longer names are found before their words.
_NAMES: Mapping[str, str] = {
    "world": """
        world international foreign global global-news europe asia africa americas middle-east
        mundo internacional internacionales exterior europa america-latina oriente-medio
        monde etranger proche-orient afrique amerique moyen-orient europe
        ausland welt nahost afrika amerika asien
        мир в-мире за-рубежом международные международная-панорама мировые-новости европа
        العالم دوليات دولي عالم عالمي الشرق-الاوسط اخبار-العالم عربي-ودولي عربي-دولي دولية
        mondo esteri wereld buitenland dunya swiat varlden verden utrikes 国际 世界 国際 세계 국제
        दुनिया विश्व جهان بين-الملل svijet svet lume kosmos""",
    "politics": """
        politics political government parliament congress elections election white-house policy
        politica politicas gobierno governo eleicoes elecciones congreso congresso parlamento
        politique politiques gouvernement elections
        politik bundestag wahlen wahl regierung innenpolitik
        политика власть выборы госдума
        سياسة سياسي سياسية برلمان انتخابات الحكومة
        politiek polityka siyaset политика 政治 정치 राजनीति سياست politika""",
    "economy": """
        economy business economics finance money markets market companies industry trade jobs
        real-estate property personal-finance banking energy ports shipping agriculture
        economia negocios mercados mercado dinheiro dinero empresas finanzas financas emprego
        agronegocio agro vivienda imoveis
        economie entreprises entreprise argent finances bourse conjoncture emploi immobilier
        wirtschaft finanzen geld boerse unternehmen markte maerkte boersen
        экономика бизнес финансы деньги рынки недвижимость
        اقتصاد اقتصادي اقتصادية مال مال-واعمال اعمال اسواق
        gospodarka ekonomi talous 経済 财经 经济 경제 अर्थव्यवस्था व्यापार اقتصادى ekonomika""",
    "technology": """
        technology tech digital internet gadgets ai artificial-intelligence cybersecurity computing
        software games gaming
        tecnologia tecnologias inteligencia-artificial ciberseguridad
        technologie technologies numerique high-tech pixels
        technik netzwelt digitales netz
        технологии интернет наука-и-техника гаджеты
        تكنولوجيا تقنية تقنيات علوم-وتكنولوجيا
        teknoloji teknologi 科技 技术 テクノロジー 기술 प्रौद्योगिकी فناوري""",
    "science": """
        science sciences space environment climate climate-change nature earth weather planet
        science-environment wildlife
        ciencia ciencias espaco espacio meio-ambiente ambiente medio-ambiente clima natureza
        naturaleza tiempo sustentabilidade
        environnement planete climat meteo espace
        wissenschaft wissen umwelt klima natur weltraum wetter forschung
        наука космос экология природа климат погода
        علوم بيئة مناخ فضاء طقس العلوم
        scienza wetenschap nauka bilim 科学 과학 विज्ञान دانش miljo""",
    "health": """
        health medicine wellness covid coronavirus covid-19 pandemic
        saude salud bem-estar bienestar
        sante medecine
        gesundheit medizin
        здоровье медицина здравоохранение
        صحة طب صحه الصحة
        salute gezondheid zdrowie saglik 健康 医疗 건강 स्वास्थ्य سلامت halsa""",
    "culture": """
        culture arts art books film films movies music theatre theater tv television entertainment
        celebrity style fashion design photography lifestyle travel food media
        cultura artes livros libros cine cinema musica televisao television entretenimento
        entretenimiento espectaculos famosos moda turismo viagem viajes gastronomia
        livres musique medias arts-et-spectacles divertissement voyage cuisine
        kultur feuilleton musik kino bucher buecher medien unterhaltung reise leute
        культура кино музыка книги искусство развлечения
        ثقافة فن فنون منوعات سينما ادب فن-وثقافة
        kultura cultuur 文化 娱乐 エンタメ 문화 संस्कृति मनोरंजन فرهنگ kultur""",
    "sport": """
        sport sports football soccer cricket tennis rugby basketball golf olympics formula-1 cycling
        esporte esportes desporto futebol deportes futbol baloncesto tenis olimpiadas
        ligue-1 jeux-olympiques cyclisme
        fussball bundesliga
        спорт футбол хоккей теннис
        رياضة رياضي كرة-القدم رياضه الرياضة
        voetbal urheilu spor 体育 スポーツ 스포츠 खेल ورزش sporty futbal""",
    "society": """
        society education religion crime law justice courts police social family women
        immigration human-rights
        sociedade sociedad cotidiano educacao educacion justica justicia seguranca seguridad
        policia religiao tribunales sucesos familia
        societe police-justice faits-divers religions famille
        gesellschaft panorama bildung justiz kriminalitat kriminalitaet familie leben
        общество образование происшествия право религия криминал
        مجتمع حوادث تعليم قضاء دين المجتمع
        societa maatschappij spoleczenstwo toplum 社会 사회 समाज جامعه samhalle""",
    "local": """
        local regional regions region cities city metro state nation national us uk england wales
        scotland ireland country home-news nation-world
        brasil portugal espana mexico argentina nacional cidades ciudades estados locais
        pais provincias cotidiano-local
        regions france villes
        inland lokales regionales stadt deutschland
        регионы россия москва город в-россии
        محليات محلي محلية لبنان مصر المغرب تونس الجزائر العراق سوريا السعودية اخبار-محلية
        cronaca binnenland kraj gundem 国内 地方 지역 देश राज्य""",
    "opinion": """
        opinion opinions comment commentisfree editorial editorials columns columnists analysis
        letters views blogs
        opiniao opinion-y-blogs editoriais colunas colunistas columnas tribuna analise analisis
        debats idees tribunes chroniques analyses
        meinung kommentar kommentare kolumnen
        мнения мнение колонки авторы
        راي اراء مقالات كتاب الراي
        opinioni opinie yazarlar 评论 社説 오피니언 विचार""",
}

_ADDRESS_PARTS = 6  # segments of an address that are looked at


def find_section(name: str, address: str = "", *more: str) -> str:
    """Give the section that a publisher's name for it means, or its address; empty if unknown.

    ``more`` are other names, tried after the address.
    """
    found = [*_read(name), *_read_address(address)]
    for other in more:
        found += _read(other)
    clear = [section for section in found if section not in _VAGUE]
    return next(iter(clear or found), "")


def choose_section(counts: Mapping[str, int]) -> str:
    """Give the section that most reports of a story stand in; the clear ones before the vague."""
    known = {name: count for name, count in counts.items() if name in SECTIONS and count > 0}
    clear = {name: count for name, count in known.items() if name not in _VAGUE}
    among = clear or known
    return max(among, key=lambda name: (among[name], -SECTIONS.index(name)), default="")


@lru_cache(maxsize=4096)  # a paper has few sections
def _read(name: str) -> tuple[str, ...]:
    """Read a name: whole, then what stands between its commas and bars, then its words."""
    whole = _fold(name[:120])
    if not whole:
        return ()
    table = _table()
    if whole in table:
        return (table[whole],)
    parts = [
        _fold(part) for part in re.split(r"[,;/|>&+·:«»–—]| - | and | y | e | et | und | и ", name)
    ]
    found = [table[part] for part in parts if part in table]
    return tuple(found) or tuple(_read_words(whole.split("-")))


def _read_words(words: Iterable[str]) -> Iterator[str]:
    table = _table()
    for word in words:
        if word.isascii() and len(word) < 3:  # "us" is a section by itself, not in "about us"
            continue
        # Arabic writes its article and its "and" with the word.
        for form in (word, re.sub(r"^و?ال|^و", "", word)):
            if form in table:
                yield table[form]
                break


def _read_address(address: str) -> tuple[str, ...]:
    """Read the folders of an address; the last part is the article's own name."""
    folders = [part for part in urlsplit(address).path.split("/") if part][:-1]
    table = _table()
    names = (_fold(unquote(part)) for part in folders[:_ADDRESS_PARTS])
    return tuple(table[name] for name in names if name in table)


@lru_cache(maxsize=1)
def _table() -> dict[str, str]:
    return {_fold(name): section for section, names in _NAMES.items() for name in names.split()}


def _fold(name: str) -> str:
    """Fold a name: small, without accents and vowel signs, its words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    kept = "".join(char for char in plain if unicodedata.category(char) not in ("Mn", "Cf"))
    return "-".join(re.findall(r"\w+", kept))
