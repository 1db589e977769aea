"""The words of relative days, by language; regular expressions without regard to capitals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wording:
    """How a language speaks of days near the day of speaking."""

    days: Mapping[str, int]  # words, and days from today; longer ones first
    weeks: Mapping[str, int]
    months: Mapping[str, int]
    years: Mapping[str, int]
    ago: str  # with groups number… and unit…
    numbers: Mapping[str, int]
    units: Mapping[str, str]  # beginning of a word, and day, week, month or year
    weekdays: tuple[str, ...]  # Monday first
    next_before: str
    last_before: str
    next_after: str
    last_after: str
    often: str  # before a weekday: it is no single one
    to_come: str  # beside a weekday: it is still to come
    told: str  # beside a weekday: it was then that somebody spoke


_NEVER = r"(?!)"

_EN = Wording(
    days={
        "the day before yesterday": -2,
        "the day after tomorrow": 2,
        "last night|yesterday": -1,
        "tomorrow": 1,
        "today|tonight|this (?:morning|afternoon|evening)": 0,
    },
    weeks={"last week": -1, "this week": 0, "next week": 1},
    months={"last month": -1, "this month": 0, "next month": 1},
    years={"last year": -1, "this year": 0, "next year": 1},
    ago=r"(?P<number>\d{1,2}|an?|one|two|three|four|five|six|seven|eight|nine|ten) "
    r"(?P<unit>days?|weeks?|months?|years?) ago",
    numbers={"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
             "seven": 7, "eight": 8, "nine": 9, "ten": 10},
    units={"day": "day", "week": "week", "month": "month", "year": "year"},
    weekdays=("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    next_before=r"next|this coming|the coming",
    last_before=r"last",
    next_after=_NEVER,
    last_after=_NEVER,
    often=r"every|each|most|any|a|some|one",
    to_come=r"\b(?:will|shall|won['’]t|would|is to|are to|due|until|till|by|expected|scheduled"
    r"|plann?(?:s|ed|ing)?|upcoming|coming|set to|going to|deadline)\b|['’]ll\b",
    told=r"\b(?:said|says|told|announced|reported|added|warned|declared|confirmed|stated|wrote)\b",
)  # fmt: skip

_PT = Wording(
    days={
        "anteontem": -2,
        "depois de amanhã": 2,
        "ontem(?: à noite)?": -1,
        "(?<!da )(?<!de )(?<!pela )(?<!na )(?<!a )amanhã": 1,
        "hoje|esta noite|esta manhã|esta tarde|nesta manhã|nesta tarde|nesta noite": 0,
    },
    weeks={"semana passada": -1, "esta semana|nesta semana": 0,
           "semana que vem|próxima semana|semana seguinte": 1},
    months={"mês passado": -1, "este mês|neste mês": 0, "mês que vem|próximo mês": 1},
    years={"ano passado": -1, "este ano|neste ano": 0, "ano que vem|próximo ano": 1},
    ago=r"há (?P<number>\d{1,2}|uma?|dois|duas|três|quatro|cinco|seis|sete|oito|nove|dez) "
    r"(?P<unit>dias?|semanas?|mês|meses|anos?)(?: atrás)?",
    numbers={"um": 1, "uma": 1, "dois": 2, "duas": 2, "três": 3, "quatro": 4, "cinco": 5,
             "seis": 6, "sete": 7, "oito": 8, "nove": 9, "dez": 10},
    units={"dia": "day", "semana": "week", "mês": "month", "mes": "month", "ano": "year"},
    weekdays=("segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira",
              "sábado", "domingo"),
    next_before=r"próxim[ao]",
    last_before=r"últim[ao]|passad[ao]",
    next_after=r"que vem|próxim[ao]|seguinte",
    last_after=r"passad[ao]|últim[ao]",
    often=r"tod[ao]s? [ao]s?|cada|às|aos|uma?|num|numa",
    to_come=r"\b(?:vai|vão|irá|irão|deve|devem|até|previst[ao]s?|marcad[ao]s?|agendad[ao]s?"
    r"|pretende|planej\w+|próxim\w+|\w{2,}rá|\w{2,}rão)\b",
    told=r"\b(?:disse|disseram|afirmou|afirmaram|anunciou|declarou|informou|contou|escreveu)\b",
)  # fmt: skip

_FR = Wording(
    days={
        "avant-hier": -2,
        "après-demain": 2,
        "hier(?: soir)?": -1,
        "demain": 1,
        "aujourd['’]hui|ce soir|ce matin|cet après-midi": 0,
    },
    weeks={"semaine dernière|semaine passée": -1, "cette semaine": 0, "semaine prochaine": 1},
    months={"mois dernier|mois passé": -1, "ce mois-ci|ce mois": 0, "mois prochain": 1},
    years={"(?:l['’])?année dernière|l['’]an dernier|l['’]an passé": -1, "cette année": 0,
           "(?:l['’])?année prochaine|l['’]an prochain": 1},
    ago=r"il y a (?P<number>\d{1,2}|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix) "
    r"(?P<unit>jours?|semaines?|mois|ans?|années?)",
    numbers={"un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6,
             "sept": 7, "huit": 8, "neuf": 9, "dix": 10},
    units={"jour": "day", "semaine": "week", "mois": "month", "an": "year"},
    weekdays=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    next_before=r"prochain",
    last_before=r"dernier",
    next_after=r"prochain",
    last_after=r"dernier|passé",
    often=r"chaque|tous les|le|un|les",
    to_come=r"\b(?:va|vont|doit|doivent|devrait|devraient|prévue?s?|attendue?s?|d['’]ici|jusqu['’]à"
    r"|avant|prochaine?s?|\w{2,}era|\w{2,}eront|\w{2,}ira|\w{2,}iront|\w{2,}dra|\w{2,}dront)\b",
    told=r"\b(?:dit|déclaré|annoncé|affirmé|indiqué|ajouté|précisé|assuré|rapporté|expliqué)\b",
)  # fmt: skip

_ES = Wording(
    days={
        "anteayer|antes de ayer": -2,
        "pasado mañana": 2,
        "ayer|anoche": -1,
        "(?<!la )(?<!de )(?<!por )(?<!esta )(?<!una )mañana": 1,
        "hoy|esta noche|esta mañana|esta tarde": 0,
    },
    weeks={"semana pasada": -1, "esta semana": 0, "próxima semana|semana que viene": 1},
    months={"mes pasado": -1, "este mes": 0, "próximo mes|mes que viene": 1},
    years={"año pasado": -1, "este año": 0, "próximo año|año que viene": 1},
    ago=r"hace (?P<number>\d{1,2}|una?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez) "
    r"(?P<unit>días?|semanas?|mes|meses|años?)",
    numbers={"un": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6,
             "siete": 7, "ocho": 8, "nueve": 9, "diez": 10},
    units={"día": "day", "semana": "week", "mes": "month", "año": "year"},
    weekdays=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    next_before=r"próximo",
    last_before=r"pasado|último",
    next_after=r"próximo|que viene|siguiente",
    last_after=r"pasado|último",
    often=r"los|cada|todos los|un",
    to_come=r"\b(?:va|van|debe|deben|hasta|previst[ao]s?|programad[ao]s?|prevé|próxim\w+"
    r"|\w{2,}rá|\w{2,}rán)\b",
    told=r"\b(?:dijo|dijeron|afirmó|afirmaron|anunció|declaró|informó|señaló|indicó|añadió)\b",
)  # fmt: skip

_AR = Wording(
    days={
        "أول أمس|أول من أمس|أمس الأول": -2,
        "بعد غد": 2,
        "أمس|البارحة": -1,
        "غدًا|غداً|غدا": 1,
        "اليوم(?! ال)|الليلة|صباح اليوم|مساء اليوم": 0,
    },
    weeks={"الأسبوع الماضي": -1, "هذا الأسبوع|الأسبوع الجاري|الأسبوع الحالي": 0,
           "الأسبوع المقبل|الأسبوع القادم": 1},
    months={"الشهر الماضي": -1, "هذا الشهر|الشهر الجاري|الشهر الحالي": 0,
            "الشهر المقبل|الشهر القادم": 1},
    years={"العام الماضي|السنة الماضية": -1, "هذا العام|العام الجاري|العام الحالي": 0,
           "العام المقبل|العام القادم|السنة المقبلة": 1},
    ago=r"(?:قبل|منذ) (?:(?P<number>\d{1,2}|ثلاثة|أربعة|خمسة|ستة|سبعة|ثمانية|تسعة|عشرة) )?"
    r"(?P<unit>أيام|أسابيع|أشهر|سنوات|يوم|أسبوع|شهر|عام)",
    numbers={"ثلاثة": 3, "أربعة": 4, "خمسة": 5, "ستة": 6, "سبعة": 7, "ثمانية": 8, "تسعة": 9,
             "عشرة": 10},
    units={"أيام": "day", "يوم": "day", "أسابيع": "week", "أسبوع": "week", "أشهر": "month",
           "شهر": "month", "سنوات": "year", "عام": "year"},
    weekdays=("الاثنين|الإثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"),
    next_before=_NEVER,
    last_before=_NEVER,
    next_after=r"المقبل|القادم|المقبلة|القادمة",
    last_after=r"الماضي|الماضية|الفائت",
    often=r"كل|أيام",
    to_come=r"(?<!\w)(?:سوف|المقرر|المتوقع|المرتقب|حتى)(?!\w)",
    told=r"(?<!\w)(?:قال|قالت|أعلن|أعلنت|صرح|أكد|أكدت|ذكر|ذكرت|أضاف)(?!\w)",
)  # fmt: skip

WORDS: Mapping[str, Wording] = {"en": _EN, "pt": _PT, "fr": _FR, "es": _ES, "ar": _AR}
