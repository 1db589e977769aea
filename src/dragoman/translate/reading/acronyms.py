"""Acronyms that stand in headlines, and the words that some of them look like."""

from __future__ import annotations

from dragoman.translate.words import word_set

ACRONYMS = word_set(
    "ABC ACLU AFP AIDS AP API ASEAN ATM AU BA BBC BBVA BJP BMW BNDES BP BRICS CBI CBS CDC CDU "
    "CEO CERN CFO CGT CIA CNN COO COP COVID CPI CSU DC DEA DHS DNA DOJ DRC DUI EC ECB ECHR "
    "EEUU EFE EMA EPA ESA ESPN EU EUA FAA FARC FBI FCC FDA FEMA FIFA FMI FTC GDP GM GMT GOP "
    "GPS HBO HIV HMRC HP HSBC IAEA IBM ICC ICU IDF IED IMF INS IOC IPO IRA IRS IS ISIS ISS "
    "ITV JFK JP KFC KGB KKK LA LGBT LGBTQ LGBTQIA LNG LSE MEP MEPS MI5 MI6 MIT MLB MLS MP MPS "
    "MRNA MRSA MS13 MSF MSNBC MTV NAACP NAFTA NASA NASCAR NATO NBA NBC NCAA NFL NGO NGOS NHL "
    "NHS NOAA NPR NRA NSA NSW NTSB NY NYC NYPD NYT OAS OECD OIT OMC OMS ONG ONGS ONU OPEC "
    "OSCE OTAN PA PC PCR PE PGA PIB PKK PLO PM POW PP PPE PR PSG PSOE PT PTSD QR RAF RBS RNA "
    "RNC RSPCA SAS SDF SEAL SEC SNP SOS SP SPD SSRI STF STJ SUV SWAT TSA TV TVS UAE UAW UBS "
    "UCI UCLA UE UEFA UFC UFO UFOS UK UKIP UN UNESCO UNHCR UNICEF UNSC UPS URSS USA USAID USB "
    "USMCA USSR VAR VAT VIP VIPS VPN VW WFP WHO WTA WTO WWE WWF WWI WWII XI XIV XVI YPG"
)
# In some language a word too, and a common one: never taken from the list alone.
AMBIGUOUS = {
    "en": word_set("US IT WHO AIDS IS PA LA SEAL BA PE AU SP PC PP PT UE SWAT"),
    "pt": frozenset(["UN", "LA", "IS", "AU", "PA", "SE", "IT", "US", "WHO"]),
    "es": frozenset(["UN", "UE", "LA", "PA", "SE", "US", "ES", "IT"]),
    "fr": frozenset(["UN", "AU", "LA", "PA", "SE", "PP", "US", "IS"]),
    "it": frozenset(["UN", "LA", "SE", "PA"]),
}

# "US" is the country in a headline, but after these the pronoun.
BEFORE_PRONOUN = word_set(
    "let lets tell tells told give gives gave join joins help helps helped show shows showed "
    "teach teaches taught remind reminds make makes made contact follow email among between"
)
GROUPS = word_set("all most many some none both each one two three half rest any")
AFTER_PRONOUN = frozenset(["all", "both"])
# After "WHO" these mean the organisation only where the text knows it; after "IT" the trade.
AFTER_AGENCY = word_set(
    "says said warns warned declares declared urges urged chief head director team experts "
    "expert official officials report study data spokesman spokeswoman spokesperson advises "
    "recommends approves calls guidelines announces"
)
AFTER_TRADE = word_set(
    "firm firms company companies worker workers system systems department sector outage "
    "failure failures glitch giant giants services service minister staff support security "
    "expert experts industry professionals specialist specialists consultant jobs job problem "
    "problems contract"
)

# Names of several words whose parts are common words; countries come from CLDR.
PHRASES = (
    "New York", "Los Angeles", "San Francisco", "Hong Kong", "White House", "São Paulo",
    "Rio de Janeiro", "Rio Grande do Sul", "Buenos Aires", "Wall Street", "Downing Street",
    "Middle East", "Gaza Strip", "West Bank", "Red Cross", "Premier League", "World Cup",
    "Champions League", "European Union", "United Nations", "World Bank", "Casa Branca",
    "União Europeia", "Nações Unidas", "Copa do Mundo", "Oriente Médio", "Faixa de Gaza",
    "Supreme Court", "Wall Street Journal", "New York Times", "Washington Post", "Fox News",
    "Santa Catarina", "Porto Alegre", "Belo Horizonte", "Boa Vista", "Porto Velho",
    "Estados Unidos", "Reino Unido", "Maison Blanche", "Nations Unies", "Union européenne",
    "Union Europea", "Naciones Unidas", "Casa Blanca", "Tel Aviv", "Abu Dhabi", "Cape Town",
    "Salt Lake City", "Las Vegas", "New Orleans", "New Jersey", "New Delhi", "St Petersburg",
    "Amnesty International", "Human Rights Watch", "Silicon Valley", "Air Force One",
)  # fmt: skip
