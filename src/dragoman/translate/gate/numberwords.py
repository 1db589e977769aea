"""Words for numbers, so that "three" and "3", "2.8bn" and "2,8 bilhões" are the same.

Of a language that has no table here, small numbers are taken to be written in words.
"""

from __future__ import annotations

import re
from functools import lru_cache

from dragoman import languages
from dragoman.translate.words import word_set

_UNITS = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen",
    "pt": "zero um dois três quatro cinco seis sete oito nove dez onze doze treze quatorze quinze "
    "dezesseis dezessete dezoito dezenove",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce "
    "quince dieciséis diecisiete dieciocho diecinueve",
    "fr": "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze "
    "seize dix-sept dix-huit dix-neuf",
    "it": "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici "
    "quattordici quindici sedici diciassette diciotto diciannove",
    "de": "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn "
    "fünfzehn sechzehn siebzehn achtzehn neunzehn",
    "nl": "nul één twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien "
    "vijftien zestien zeventien achttien negentien",
    "ru": "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать "
    "тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать",
    "ar": "صفر واحد اثنان ثلاث أربع خمس ست سبع ثمان تسع عشر",
}
_TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "pt": "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "fr": "vingt trente quarante cinquante soixante soixante-dix quatre-vingts quatre-vingt-dix",
    "it": "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
    "de": "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "nl": "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
    "ru": "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто",
    "ar": "عشرين ثلاثين أربعين خمسين ستين سبعين ثمانين تسعين",
}
_MORE = {
    "en": "first=1 second=2 third=3 fourth=4 fifth=5 sixth=6 seventh=7 eighth=8 ninth=9 tenth=10 "
    "eleventh=11 twelfth=12 once=1 twice=2 both=2 pair=2 couple=2 half=0.5 quarter=0.25 dozen=12 "
    "dozens=12 single=1 double=2 triple=3 a=1 an=1 score=20 thirteenth=13 fourteenth=14 "
    "fifteenth=15 sixteenth=16 eighteenth=18 nineteenth=19 twentieth=20 noon=12 midday=12 "
    "midnight=0 fortnight=15 decade=10 century=100 nil=0 teenage=13 hundreds=100 thousands=1000 "
    "hat-trick=3 halves=0.5 thirds=3 quarters=4 doubled=2 trio=3 quartet=4 twin=2 twins=2",
    "pt": "uma=1 duas=2 catorze=14 dezasseis=16 dezassete=17 dezanove=19 primeiro=1 primeira=1 "
    "segundo=2 segunda=2 terceiro=3 terceira=3 quarto=4 quarta=4 quinto=5 quinta=5 sexto=6 sexta=6 "
    "sétimo=7 sétima=7 oitavo=8 oitava=8 nono=9 nona=9 décimo=10 décima=10 ambos=2 ambas=2 dupla=2 "
    "par=2 meio=0.5 meia=0.5 metade=0.5 dúzia=12 dúzias=12 único=1 dobro=2 triplo=3 cem=100 "
    "cento=100 duzentos=200 duzentas=200 trezentos=300 trezentas=300 quatrocentos=400 "
    "quinhentos=500 quinhentas=500 seiscentos=600 setecentos=700 oitocentos=800 novecentos=900 "
    "centenas=100 milhares=1000 meio-dia=12 meia-noite=0 quinzena=15 década=10 século=100 casal=2 "
    "quarteto=4 trio=3 sexagenário=60 vigésimo=20 dezena=10 dezenas=10 dobrar=2 gémeos=2 gêmeos=2",
    "es": "un=1 una=1 veintiún=21 veintiuno=21 veintidós=22 veintitrés=23 veinticuatro=24 "
    "veinticinco=25 veintiséis=26 veintisiete=27 veintiocho=28 veintinueve=29 primer=1 primero=1 "
    "primera=1 segundo=2 segunda=2 tercer=3 tercero=3 tercera=3 cuarto=4 cuarta=4 quinto=5 "
    "quinta=5 sexto=6 sexta=6 séptimo=7 séptima=7 octavo=8 octava=8 noveno=9 décimo=10 ambos=2 "
    "ambas=2 par=2 medio=0.5 media=0.5 mitad=0.5 docena=12 docenas=12 cien=100 ciento=100 "
    "doscientos=200 doscientas=200 trescientos=300 cuatrocientos=400 quinientos=500 "
    "seiscientos=600 setecientos=700 ochocientos=800 novecientos=900 mediodía=12 medianoche=0 "
    "década=10 siglo=100 dieciseis=16 pareja=2 trío=3 decena=10 decenas=10",
    "fr": "une=1 premier=1 première=1 second=2 seconde=2 deuxième=2 troisième=3 quatrième=4 "
    "cinquième=5 sixième=6 septième=7 huitième=8 neuvième=9 dixième=10 demi=0.5 demie=0.5 "
    "moitié=0.5 douzaine=12 dizaine=10 vingtaine=20 trentaine=30 quarantaine=40 cinquantaine=50 "
    "centaine=100 centaines=100 quinzaine=15 couple=2 paire=2 midi=12 minuit=0 décennie=10 "
    "siècle=100 quatre-vingt=80 quatre=4 tiers=3 quart=4 millier=1000 milliers=1000 dix=10",
    "it": "un=1 una=1 primo=1 prima=1 secondo=2 seconda=2 terzo=3 terza=3 quarto=4 quarta=4 "
    "quinto=5 sesto=6 settimo=7 ottavo=8 nono=9 decimo=10 entrambi=2 coppia=2 paio=2 metà=0.5 "
    "mezzo=0.5 mezza=0.5 dozzina=12 decina=10 decine=10 ventina=20 centinaia=100 migliaia=1000 "
    "mezzogiorno=12 mezzanotte=0 decennio=10 secolo=100",
    "de": "ein=1 eine=1 einen=1 einem=1 einer=1 erste=1 zweite=2 dritte=3 vierte=4 fünfte=5 "
    "sechste=6 siebte=7 achte=8 neunte=9 zehnte=10 beide=2 paar=2 halb=0.5 hälfte=0.5 dutzend=12 "
    "jahrzehnt=10 jahrhundert=100 mittag=12 mitternacht=0 zwo=2 doppel=2 zweit=2 dreißiger=30 "
    "hunderte=100 tausende=1000 drittel=3 viertel=4 dreissig=30",
    "nl": "een=1 eerste=1 tweede=2 derde=3 vierde=4 vijfde=5 zesde=6 zevende=7 achtste=8 "
    "negende=9 tiende=10 beide=2 paar=2 half=0.5 helft=0.5 dozijn=12 decennium=10 eeuw=100",
    "ru": "одна=1 одно=1 одн=1 две=2 двух=2 двум=2 дву=2 трех=3 трёх=3 трем=3 трём=3 тремя=3 тро=3 "
    "четыр=4 четвер=4 пят=5 шест=6 сем=7 восем=8 восьм=8 девят=9 десят=10 одиннадцат=11 "
    "двенадцат=12 тринадцат=13 четырнадцат=14 пятнадцат=15 шестнадцат=16 семнадцат=17 "
    "восемнадцат=18 девятнадцат=19 двадцат=20 тридцат=30 сорока=40 пятидесят=50 шестидесят=60 "
    "семидесят=70 восьмидесят=80 девяност=90 сто=100 ста=100 двести=200 двухсот=200 триста=300 "
    "пятьсот=500 перв=1 втор=2 трет=3 седьм=7 полтора=1.5 полов=0.5 пол=0.5 дюжин=12 оба=2 обе=2 "
    "обои=2 пар=2 полдень=12 полдня=12 полночь=0 полуноч=0 десятилет=10 век=100 сот=100 двое=2 "
    "двойн=2 дважды=2 трижды=3 однажды=1 един=1 четверо=4 пятеро=5",
    "ar": "واحدة=1 أحد=1 إحدى=1 اثن=2 اثنت=2 اثنين=2 كلا=2 كلتا=2 مرتين=2 ثمانية=8 ثماني=8 أول=1 "
    "أولى=1 ثاني=2 ثانية=2 ثالث=3 رابع=4 خامس=5 سادس=6 سابع=7 ثامن=8 تاسع=9 عاشر=10 نصف=0.5 ربع=4 "
    "ثلث=3 عشرات=10 مئات=100 آلاف=1000 مائة=100 مئة=100 مائتي=200 مئتي=200 مائتين=200 "
    "ثلاثمائة=300 أربعمائة=400 خمسمائة=500 ستمائة=600 عشرون=20 ثلاثون=30 أربعون=40 خمسون=50 "
    "ستون=60 سبعون=70 ثمانون=80 تسعون=90 عقد=10 قرن=100 زوج=2 ثنائي=2 مليوني=2000000 "
    "مليونين=2000000 مليارين=2000000000 ملياري=2000000000 ألفي=2000 ألفين=2000",
}
_SCALE = {
    "en": "hundred=2 thousand=3 million=6 billion=9 trillion=12 k=3 m=6 mn=6 mln=6 bn=9 bln=9 "
    "tn=12 trn=12 millions=6 billions=9 trillions=12 b=9 mil=6",
    "pt": "mil=3 milhão=6 milhões=6 bilhão=9 bilhões=9 bilião=12 biliões=12 trilhão=12 trilhões=12 "
    "mi=6 bi=9 tri=12",
    "es": "mil=3 millón=6 millones=6 millardo=9 billón=12 billones=12",
    "fr": "cent=2 cents=2 mille=3 million=6 millions=6 milliard=9 milliards=9 billion=12 md=9 "
    "mds=9",
    "it": "cento=2 mille=3 mila=3 milione=6 milioni=6 miliardo=9 miliardi=9 mln=6 mld=9",
    "de": "hundert=2 tausend=3 million=6 millionen=6 milliarde=9 milliarden=9 billion=12 "
    "billionen=12 mio=6 mrd=9",
    "nl": "honderd=2 duizend=3 miljoen=6 miljard=9 biljoen=12 mln=6 mld=9",
    "ru": "тысяча=3 тысячи=3 тысяч=3 тысячам=3 тыс=3 миллион=6 миллиона=6 миллионов=6 миллионам=6 "
    "млн=6 миллиард=9 миллиарда=9 миллиардов=9 млрд=9 триллион=12 триллиона=12 трлн=12",
    "uk": "тисяча=3 тисячі=3 тисяч=3 тис=3 мільйон=6 мільйони=6 мільйонів=6 млн=6 мільярд=9 "
    "мільярда=9 мільярдів=9 млрд=9 трлн=12",
    "pl": "tysiąc=3 tysiące=3 tysięcy=3 tys=3 milion=6 miliony=6 milionów=6 mln=6 miliard=9 "
    "miliardy=9 miliardów=9 mld=9 bln=12",
    "sv": "hundra=2 tusen=3 miljon=6 miljoner=6 miljard=9 miljarder=9",
    "da": "hundrede=2 tusind=3 million=6 millioner=6 milliard=9 milliarder=9",
    "ar": "ألف=3 ألفا=3 ألفاً=3 آلاف=3 الف=3 مليون=6 مليونا=6 مليوناً=6 ملايين=6 مليار=9 مليارا=9 "
    "ملياراً=9 مليارات=9 بليون=9 تريليون=12",
    "zh": "千=3 万=4 萬=4 百万=6 亿=8 億=8", "ja": "千=3 万=4 百万=6 億=8 兆=12",
    "ko": "천=3 만=4 백만=6 억=8 조=12",
}  # fmt: skip
# Words that are mostly something else: "segundo" is also "according to".
_COMMON = word_set("um uno un una uma une ein eine einen een one a an zero one eins uno one один "
                   "одна واحد واحدة ст sei sette elf six")  # fmt: skip
# Endings and compounds: what begins like a number word may be one ("zwanzigjährige").
_STEMMED = word_set("de nl ru ar it")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_ARABIC = re.compile(r"^[وفبلك]?(?:ال)?(?=\w{2})")


def _table(raw: str) -> dict[str, float]:
    pairs = (pair.split("=") for pair in raw.split())
    return {word: float(value) for word, value in pairs}


def _cardinals(language: str) -> dict[str, float]:
    ones = _UNITS[language].split()
    tens = _TENS[language].split()
    table = {word: float(value) for value, word in enumerate(ones)}
    table |= {word: 10.0 * (at + 2) for at, word in enumerate(tens)}
    for at, ten in enumerate(tens):
        for one in range(1, 10):
            value = 10.0 * (at + 2) + one
            if language == "de":
                table[f"{'ein' if one == 1 else ones[one]}und{ten}"] = value
            elif language == "nl":
                table[f"{ones[one]}{'ën' if ones[one][-1] == 'e' else 'en'}{ten}"] = value
            elif language == "it":
                table[(ten[:-1] if one in (1, 8) else ten) + ones[one]] = value
    return table


_CARDINALS = {language: _cardinals(language) for language in _UNITS}
WORDS = {language: table | _table(_MORE[language]) for language, table in _CARDINALS.items()}
SCALES = {
    language: {word: 10.0**power for word, power in _table(raw).items()}
    for language, raw in _SCALE.items()
}


@lru_cache(maxsize=4096)
def word_value(word: str, base: str) -> float | None:
    """Give the number that a small word stands for; in some languages by how it begins."""
    table = WORDS.get(base, {})
    if base == "ar" and word not in table:
        word = _ARABIC.sub("", word).removesuffix("ة").removesuffix("ا")
    if word in table or base not in _STEMMED:
        return table.get(word)
    # The longest that fits: "шестнадцат" before "шест".
    stems = (word[:size] for size in range(len(word), 2, -1))
    return next((table[stem] for stem in stems if stem in table), None)


def read_cardinals(text: str, language: str) -> dict[float, str]:
    """Read the numbers from two that are written in words, whole runs of words as one."""
    base = languages.base(language)
    table, scales = _CARDINALS.get(base, {}), SCALES.get(base, {})
    found: dict[float, str] = {}
    if not table:
        return found
    words = _WORD.findall(text.lower())
    if table.keys().isdisjoint(words):
        return found
    for at, word in enumerate(words):
        value = table.get(word)
        around = (*words[max(0, at - 1) : at], *words[at + 1 : at + 3])
        if value is None or word in _COMMON or value < 2:
            continue
        # A number of several words is left to the figures' own reading.
        if not any(near in scales or near in WORDS[base] for near in around):
            found[value] = word
    return found
