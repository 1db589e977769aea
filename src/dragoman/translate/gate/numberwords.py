"""Words for numbers, so that "three" and "3", "2.8bn" and "2,8 bilhões" are the same."""

from __future__ import annotations

_UNITS = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen",
    "pt": "zero um dois três quatro cinco seis sete oito nove dez onze doze treze quatorze quinze "
    "dezesseis dezessete dezoito dezenove",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce "
    "quince dieciséis diecisiete dieciocho diecinueve",
    "fr": "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze "
    "seize dix-sept dix-huit dix-neuf",
}
_TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "pt": "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "fr": "vingt trente quarante cinquante soixante soixante-dix quatre-vingts quatre-vingt-dix",
}
_MORE = {
    "en": "first=1 second=2 third=3 fourth=4 fifth=5 sixth=6 seventh=7 eighth=8 ninth=9 tenth=10 "
    "eleventh=11 twelfth=12 once=1 twice=2 both=2 pair=2 couple=2 half=0.5 quarter=0.25 dozen=12 "
    "dozens=12 single=1 double=2 triple=3 a=1 an=1 score=20 thirteenth=13 fourteenth=14 "
    "fifteenth=15 sixteenth=16 eighteenth=18 nineteenth=19 twentieth=20 noon=12 midday=12 "
    "midnight=0 fortnight=15 decade=10 century=100 nil=0 teenage=13 hundreds=100 thousands=1000",
    "pt": "uma=1 duas=2 catorze=14 dezasseis=16 dezassete=17 dezanove=19 primeiro=1 primeira=1 "
    "segundo=2 segunda=2 terceiro=3 terceira=3 quarto=4 quarta=4 quinto=5 quinta=5 sexto=6 sexta=6 "
    "sétimo=7 sétima=7 oitavo=8 oitava=8 nono=9 nona=9 décimo=10 décima=10 ambos=2 ambas=2 dupla=2 "
    "par=2 meio=0.5 meia=0.5 metade=0.5 dúzia=12 dúzias=12 único=1 dobro=2 triplo=3 cem=100 "
    "cento=100 duzentos=200 duzentas=200 trezentos=300 trezentas=300 quatrocentos=400 "
    "quinhentos=500 quinhentas=500 seiscentos=600 setecentos=700 oitocentos=800 novecentos=900 "
    "centenas=100 milhares=1000 meio-dia=12 meia-noite=0 quinzena=15 década=10 século=100 casal=2 "
    "quarteto=4 trio=3 sexagenário=60 vigésimo=20 dezena=10 dezenas=10",
    "es": "un=1 una=1 veintiuno=21 veintidós=22 veintitrés=23 veinticuatro=24 veinticinco=25 "
    "veintiséis=26 veintisiete=27 veintiocho=28 veintinueve=29 primer=1 primero=1 primera=1 "
    "segundo=2 segunda=2 tercer=3 tercero=3 tercera=3 cuarto=4 cuarta=4 quinto=5 sexto=6 ambos=2 "
    "ambas=2 par=2 medio=0.5 media=0.5 mitad=0.5 docena=12 docenas=12 cien=100 ciento=100 "
    "doscientos=200 trescientos=300 quinientos=500 mediodía=12 medianoche=0 década=10 siglo=100",
    "fr": "une=1 premier=1 première=1 second=2 seconde=2 deuxième=2 troisième=3 quatrième=4 "
    "cinquième=5 sixième=6 demi=0.5 demie=0.5 moitié=0.5 douzaine=12 dizaine=10 vingtaine=20 "
    "trentaine=30 centaine=100 quinzaine=15 couple=2 paire=2 midi=12 minuit=0 décennie=10 "
    "siècle=100 quatre-vingt=80",
}
_SCALE = {
    "en": "hundred=2 thousand=3 million=6 billion=9 trillion=12 k=3 m=6 mn=6 mln=6 bn=9 bln=9 "
    "tn=12 trn=12 millions=6 billions=9 trillions=12 b=9",
    "pt": "mil=3 milhão=6 milhões=6 bilhão=9 bilhões=9 bilião=12 biliões=12 trilhão=12 trilhões=12 "
    "mi=6 bi=9 tri=12",
    "es": "mil=3 millón=6 millones=6 millardo=9 billón=12 billones=12",
    "fr": "cent=2 cents=2 mille=3 million=6 millions=6 milliard=9 milliards=9 billion=12 md=9 "
    "mds=9",
}


def _table(raw: str) -> dict[str, float]:
    pairs = (pair.split("=") for pair in raw.split())
    return {word: float(value) for word, value in pairs}


def _words(language: str) -> dict[str, float]:
    table = {word: float(value) for value, word in enumerate(_UNITS[language].split())}
    table |= {word: 10.0 * (at + 2) for at, word in enumerate(_TENS[language].split())}
    return table | _table(_MORE[language])


WORDS = {language: _words(language) for language in _UNITS}
SCALES = {
    language: {word: 10.0**power for word, power in _table(raw).items()}
    for language, raw in _SCALE.items()
}
