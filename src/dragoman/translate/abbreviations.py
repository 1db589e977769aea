"""Abbreviations after which a full stop does not end a sentence, and words that begin one."""

from __future__ import annotations

# Always followed by what they belong to: a title, a number, an example.
_FORWARD = {
    "en": "mr mrs ms mx dr prof rev fr hon gen col maj capt lt sgt cpl pvt cmdr adm gov sen rep "
    "pres supt insp det st mt ft vs v no nos fig figs vol pp sec art ch ed eds approx ca cf e.g "
    "i.e viz messrs mmes jan feb mar apr jun jul aug sept sep oct nov dec mon tue tues wed thu "
    "thur thurs fri sat sun p op est ave blvd rd dept assn bros",
    "pt": "sr sra srs sras srta dr dra drs dras prof profa eng enga arq gen cel maj cap ten sgt "
    "des min dep sen gov exmo exma d s sto sta fr pe av r pça al lg nº n no núm art arts inc par "
    "pág págs p pp vol ed cap fig tel ref obs ex p.ex i.e cf v vs jan fev mar abr mai jun jul ago "
    "set out nov dez aprox min máx",
    "es": "sr sra srs sres sras srta dr dra drs d dª dña prof profª ing lic arq gral gen cnel cap "
    "tte sgto excmo excma ilmo ilma mons fr sto sta av avda c pl pza ctra núm nº n no art arts "
    "pág págs p pp vol ed cap fig tel ref p.ej ej i.e cf vs ee ene feb mar abr may jun jul ago "
    "sept sep oct nov dic aprox mín máx",
    "fr": "m mm mme mmes mlle mlles me mes dr drs pr prof gén col cap lt st ste sts av bd boul "
    "n no nos art p pp vol éd chap fig tél réf ex p.ex c.-à-d cf vs env janv févr avr juil sept "
    "oct nov déc max min",
    "de": "hr fr dr prof ing dipl st str nr bd s z.b d.h u.a v.a i.d.r o.ä bzw ca vgl evtl ggf "
    "inkl abs art kap abb mio mrd tel jan feb mär apr jun jul aug sept okt nov dez geb gest "
    "verh hl",
    "it": "sig sigg sig.ra sig.na dott dott.ssa dr prof prof.ssa ing avv on sen gen col cap arch "
    "geom rag mons p.es es ecc cfr pag pagg p pp vol art artt n nn tel v vs s sta st",
    "nl": "dhr mevr mr drs dr ir ing prof gen st nr blz bijv d.w.z m.b.t o.a t.a.v v.d ca jan "
    "feb mrt apr jun jul aug sept okt nov dec",
    "pl": "p pan dr inż mgr prof gen płk ul al pl św nr str tzn tzw np m.in ok godz r w tys mln "
    "mld",
    "ru": "г гг в вв им ул пр пл д кв стр рис см т.е т.к т.д т.п т.н проф акад доц гр гражд тов "
    "св млн млрд тыс руб коп ок янв февр апр авг сент окт нояб дек",
    "uk": "м вул просп пл буд кв стор рис див т.зв проф акад св млн млрд тис грн січ лют",
}
# May end a sentence too: merged unless a word that begins sentences follows.
_EITHER = {
    "en": "u.s u.k u.n e.u u.s.a d.c u.a.e a.m p.m etc inc ltd co corp llc plc jr sr ph.d m.d "
    "b.a m.a b.sc et al",
    "pt": "etc ltda s.a s.a.r.l cia jr a.c d.c e.u.a eua p.m a.m",
    "es": "etc s.a s.l cía ltda jr a.c d.c ee.uu u.e p.m a.m",
    "fr": "etc s.a s.a.r.l cie jr av j.-c u.e",
    "de": "usw etc u.s.w jr co",
    "it": "ecc s.p.a s.r.l jr a.c d.c",
}
_STARTERS = {
    "en": "the a an he she it they we i you this that these those there but and however in on at "
    "when while after before as if for his her their its our my mr mrs ms dr according many some "
    "one what who how why no not now then so yet last since with by from also both under",
    "pt": "o a os as um uma ele ela eles elas isso este esta esse essa mas e porém em no na nos "
    "nas quando enquanto depois antes se para por com segundo já não seu sua de do da há como",
    "es": "el la los las un una él ella ellos ellas esto este esta ese esa pero y sin en cuando "
    "mientras después antes si para por con según ya no su sus de del hay como al",
    "fr": "le la les un une il elle ils elles ce cet cette ces mais et cependant en dans quand "
    "lorsque après avant si pour par avec selon déjà son sa ses de du des au aux on nous vous je",
    "de": "der die das ein eine er sie es wir ich dies diese dieser aber und doch in im am als "
    "wenn nach vor für mit laut so auch bei von nicht",
    "it": "il lo la i gli le un uno una egli lui lei essi esso questo questa ma e però in nel "
    "quando mentre dopo prima se per con secondo già non suo sua di del",
}


def _table(raw: dict[str, str]) -> dict[str, frozenset[str]]:
    return {language: frozenset(words.split()) for language, words in raw.items()}


FORWARD = _table(_FORWARD)
EITHER = _table(_EITHER)
STARTERS = _table(_STARTERS)
