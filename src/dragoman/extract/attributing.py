"""The words by which news attributes what it reports, by language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dragoman.types import AttributionKind


@dataclass(frozen=True, slots=True)
class Cues:
    """Regular expressions without regard to capitals."""

    before: str  # then the name: "according to"
    told: str  # then the name of whom it was told: "told"
    verbs: str  # after the name, or before it behind a quotation: "said"
    articles: str  # may stand before the name
    common: str  # sources that have no name: "police", "a spokesman for"
    openers: str  # capital words that begin a sentence, and are no part of the name after them
    no_source: str  # pronouns and the like


_NEVER = r"(?!)"

CUES: Mapping[str, Cues] = {
    "en": Cues(
        before=r"according to|citing|quoting|cited by|quoted by|as reported by|reported by"
        r"|in (?:an?|his|her|their) interview (?:with|to|on)|in (?:a )?statements? to"
        r"|interviewed by"
        r"|in comments to|in remarks to",
        told=r"told|tells",
        verbs=r"said|says|reported|reports|announced|confirmed|told|wrote|warned|added|stated"
        r"|declared|claimed|insisted|noted|estimated|found|tweeted",
        articles=r"the|a|an|its|his|her|their|several|some|two|three|unnamed|senior|local|state"
        r"|military|government|western|another|one",
        common=r"police|officials?|spokes(?:man|woman|person|people)|authorities"
        r"|ministry|government|court documents|court filings?|documents|a report|report|study"
        r"|statement|prosecutors|investigators|witnesses|sources|diplomats|researchers"
        r"|scientists|residents|analysts|the army|army|media|prime minister|president|minister"
        r"|ministry of|mayor|governor",
        openers=r"Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|But|And|On|In|At"
        r"|As|When|While|After|Before|The|A|An|Yet|Meanwhile|However|Also"
        r"|Later|Earlier|Then|Still|For|From|By|With|If|Since|So|Last|That|This|What|Since",
        no_source=r"he|she|it|they|we|i|you|who|which|that|this|there|what|one|so|as|but|and|the"
        r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april"
        r"|may|june|july|august|september|october|november|december|not|no|yes|some|many|most",
    ),
    "fr": Cues(
        before=r"selon|à l['’]agence(?: de presse)?|à la chaîne|d['’]après|citant"
        r"|citée?s? par|rapportée?s? par|interrogée?s? par"
        r"|dans (?:un|une|son) (?:entretien|interview)(?: accordée?)? (?:à la chaîne|à l['’]agence"
        r"|au journal|au quotidien|à|au|avec)(?: la| le)?|dans des déclarations à",
        told=r"(?:a|ont|avait)(?:-t-(?:il|elle|on))? (?:déclaré|affirmé|confié|dit|indiqué|assuré"
        r"|expliqué) (?:à l['’]agence|à la chaîne|au journal|à|au)",
        verbs=r"a déclaré|ont déclaré|a annoncé|ont annoncé|a affirmé|ont affirmé|a indiqué"
        r"|ont indiqué|a rapporté|ont rapporté|a dit|a ajouté|a précisé|a assuré|a expliqué"
        r"|a confirmé|a estimé|rapporte|rapportent|affirme|indique|écrit|révèle|a révélé|annonce"
        r"|explique|déclare|précise|souligne|a souligné",
        articles=r"la chaîne|l['’]agence|le journal|le quotidien|le|la|les|l['’]|un|une|des"
        r"|du|de la"
        r"|de l['’]|d['’]|son|sa|leur",
        common=r"police|autorités|porte-parole|ministère|gouvernement"
        r"|un rapport|rapport|étude|communiqué|parquet|enquêteurs|témoins|sources|diplomates"
        r"|chercheurs|experts|médias|armée|premier ministre|président|ministre|procureur|maire",
        openers=r"Mais|Et|Le|La|Les|L|Un|Une|En|À|Au|Dans|Selon|Pour|Par|Puis|Ainsi|Alors|Après"
        r"|Avant|Lundi|Mardi|Mercredi|Jeudi|Vendredi|Samedi|Dimanche|Hier|Depuis|Si|Quand",
        no_source=r"il|elle|ils|elles|on|je|nous|vous|qui|ce|cela|ça|celui-ci|celle-ci|lui|eux|moi"
        r"|toi|cette|ces|ceux|celles|tout|tous|rien",
    ),
    "pt": Cues(
        before=r"segundo|de acordo com|conforme|citando|citad[ao]s? p(?:or|el[ao])"
        r"|ouvid[ao]s? p(?:or"
        r"|el[ao])|em (?:uma )?entrevista (?:à|ao|a|para)(?: [ao])?|em declarações (?:à|ao|a)",
        told=r"(?:disse|disseram|afirmou|contou|declarou|informou|explicou) (?:à agência|à|ao|a)",
        verbs=r"disse|disseram|afirmou|afirmaram|informou|informaram|anunciou|anunciaram|declarou"
        r"|contou|relatou|relataram|noticiou|noticiaram|confirmou|confirmaram|acrescentou"
        r"|escreveu|explicou|revelou|diz|dizem|afirma|informa|garantiu|alertou",
        articles=r"a agência|o jornal|a emissora|a rede|o|a|os|as|um|uma|dos|das|do|da|ao|à",
        common=r"polícia|autoridades|porta-voz|ministério|governo|relatório|estudo"
        r"|comunicado|procuradores|promotores|investigadores|testemunhas|fontes|diplomatas"
        r"|pesquisadores|especialistas|imprensa|exército|primeiro-ministro|presidente|ministr[ao]"
        r"|prefeit[ao]|governador[a]?|documentos",
        openers=r"Mas|E|O|A|Os|As|Um|Uma|Em|No|Na|Ao|À|Para|Por|Quando|Depois|Antes|Após|Já"
        r"|Segundo|Ontem|Hoje|Também|Ainda|Então|Nesta|Neste|Se",
        no_source=r"ele|ela|eles|elas|eu|nós|você|vocês|que|quem|isso|isto|este|esta|esse|essa"
        r"|aquele|aquela|tudo|nada|dia|ano|turno|lugar|tempo|semestre|trimestre|plano|mandato",
    ),
    "es": Cues(
        before=r"según|de acuerdo con|citando a|citad[ao]s? por|conforme a|consultad[ao]s? por"
        r"|en (?:una )?entrevista (?:con|a|al|para)(?: la| el)?|en declaraciones (?:a|al)(?: la)?",
        told=r"(?:dijo|dijeron|afirmó|declaró|contó|aseguró|explicó) (?:a la agencia|a la|al|a)",
        verbs=r"dijo|dijeron|afirmó|afirmaron|informó|informaron|anunció|anunciaron|declaró"
        r"|declararon|señaló|señalaron|indicó|indicaron|aseguró|aseguraron|confirmó|confirmaron"
        r"|añadió|agregó|explicó|reportó|reportaron|escribió|reveló|dice|dicen|afirma|informa"
        r"|advirtió|sostuvo|manifestó",
        articles=r"la agencia|el diario|el periódico|la cadena|el|la|los|las|un|una|al|del|de la",
        common=r"policía|autoridades|portavo(?:z|ces)|voceros?|ministerio|gobierno"
        r"|informe|estudio|comunicado|fiscalía|fiscales|investigadores|testigos|fuentes|medios"
        r"|diplomáticos|expertos|ejército|primer ministro|presidente|presidenta|ministr[ao]"
        r"|alcalde|alcaldesa|documentos",
        openers=r"Pero|Y|El|La|Los|Las|Un|Una|En|Al|A|Para|Por|Cuando|Después|Antes|Tras|Según"
        r"|Ayer|Hoy|También|Además|Entonces|Si|Desde|Con",
        no_source=r"él|ella|ellos|ellas|yo|nosotros|usted|ustedes|que|quien|eso|esto|este|esta|ese"
        r"|esa|aquel|todo|nada|sea|lo|cómo|cuándo|las|los|el|la|convenga|corresponda",
    ),
    "ar": Cues(
        before=r"وفق(?:ا|اً|ًا) (?:لـ|ل)?|بحسب|حسب|نقل(?:ا|اً|ًا) عن|في مقابلة مع|في حوار مع"
        r"|في تصريح(?:ات)? ل|بناء على",
        told=_NEVER,
        verbs=r"قال|قالت|أعلن|أعلنت|ذكر|ذكرت|أفاد|أفادت|أكد|أكدت|صرح|صرحت|أوضح|أوضحت|أضاف"
        r"|أضافت|كشف|كشفت|أشار|أشارت|نقلت|حذر|حذرت",
        articles=_NEVER,
        common=_NEVER,
        openers=_NEVER,
        no_source=r"ذلك|هذا|هذه|هو|هي|هم|الذي|التي|له|لها|كل|بعض|إنها|إنهم",
    ),
}

# In order; the first that fits says the kind. Agencies' short names are told by their capitals.
KINDS: tuple[tuple[AttributionKind, str, bool], ...] = (
    (
        AttributionKind.AGENCY,
        r"Reuters|AP|Associated Press|AFP|Agence France-Presse|France-Presse|Xinhua|TASS|Tass"
        r"|Interfax|RIA Novosti|Ria Novosti|Bloomberg|EFE|Efe|ANSA|Ansa|DPA|dpa|APA|Lusa|LUSA"
        r"|Anadolu|Kyodo|Yonhap|PTI|ANI|IRNA|Irna|SANA|Sana|WAFA|Wafa|MENA|KCNA|NNA|SPA|WAM|QNA"
        r"|MAP|APS|TAP|Belga|ANP|NTB|TT|Ritzau|PAP|ČTK|CTK|MTI|Agerpres|Tanjug|Ukrinform|UNIAN"
        r"|Belta|Agência Brasil|Agência Estado|Télam|Telam|Notimex|Prensa Latina|Europa Press"
        r"|Press Association|PA Media|UPI|Press Trust of India|Antara|Bernama|[Aa]genc(?:y|ia)"
        r"|[Aa]gência|[Aa]gence|رويترز|فرانس برس|أسوشيتد برس|وكالة|الأناضول|شينخوا|تاس|سبوتنيك",
        True,
    ),
    (
        AttributionKind.DOCUMENT,
        r"reports?|study|statement|documents|court filings?|survey|memo|rapports?|étude|communiqué"
        r"|relatório|estudo|comunicado|documentos|informe|estudio|بيان|تقرير|دراسة|وثائق",
        False,
    ),
    (
        AttributionKind.OFFICIAL,
        r"police|officials?|authorities|minister|ministry|government|president|court"
        r"|army|mayor|governor|prosecutors?|spokes\w+|secretary|senator|ambassador|general"
        r"|commission|department|pentagon|kremlin|white house|parliament|investigators|office"
        r"|ministre|ministère|gouvernement|président\w*|porte-parole|autorités|parquet|procureur"
        r"|armée|maire|préfecture|sénat\w*|polícia|ministr[ao]|ministério|governo|presidente"
        r"|porta-voz|autoridades|promotor\w*|procurador\w*|exército|prefeit\w+|governador\w*"
        r"|policía|ministerio|gobierno|presidenta|portavo\w+|voceros?|fiscal\w*|ejército|alcald\w+"
        r"|\w*وزير|\w*وزارة|الرئيس|رئيس|الحكومة|الشرطة|الجيش|المتحدث|متحدث|السلطات|المحكمة",
        False,
    ),
    (
        AttributionKind.OUTLET,
        r"\w*(?:Times|Post|Journal|Herald|Tribune|Telegraph|Guardian|Gazette|Chronicle|Mail|News"
        r"|Today|Globe|Observer|Independent|Mirror|Radio|TV|Television|Televisión|Channel|Magazine"
        r"|Press|Media|Daily|Weekly|Zeitung|Spiegel|Bild|Welt|Monde|Figaro|Libération|Parisien|País"
        r"|Mundo|Vanguardia|Clarín|Nación|Folha|Globo|Estadão|Público|Expresso|Correio|Corriere"
        r"|Repubblica|Stampa|Pravda|Kommersant|Izvestia|Vedomosti)|BBC|CNN|CBS|NBC|ABC|NPR|PBS|RT"
        r"|MSNBC|ITV|CNBC|TF1|BFM\w*|RFI|RTL|LCI|TV5\w*|RTP|SIC|TVI|RTVE|ARD|ZDF|RAI|NHK|CCTV|CGTN"
        r"|الجزيرة|العربية|صحيفة|قناة|إذاعة|جريدة",
        True,
    ),
)
