"""Abbreviations after which a full stop does not end a sentence, and words that begin one.

For the languages that models have. A word stands in the narrowest table that holds for it:
many abbreviations are words too (``no``, ``Art``, ``mar``), and end sentences as such.
"""

from __future__ import annotations

# Titles and the like: what follows belongs to them, whatever it is.
_FORWARD = {
    "ar": "د أ م ا ص",
    "az": "cən prof dos akad d gen",
    "be": "вул г в праф акад дац ім гл др св ген пл прасп",
    "bg": "г-н г-жа г-ца проф акад доц инж арх д-р ген полк ул бул гр с обл св др кв пл",
    "bn": "ড ডা মো মোঃ মুহা প্রফে লে ইঞ্জি অধ্যা এ বি সি ডি ই এফ জি এইচ আই জে কে এল এম এন ও পি "
    "কিউ আর এস টি ইউ ভি",
    "bs": "gosp gđa g gđica dr mr prof doc akad inž ing ul br sv gen mag dipl tzv tj npr",
    "ca": "sr sra srs sres srta dr dra drs prof profa eng arq gral cap av c pl pg st sta mn "
    "mons ntra",
    "cs": "p pp sl dr mgr ing prof doc phdr mudr judr rndr bc arch gen plk pplk mjr kpt sv ul nám "
    "tř např tzv tzn tj resp event popř mj vč",
    "da": "hr fr dr prof adv f.eks bl.a dvs ca jf sml adr sct skt gen kl",
    "de": "hr fr dr prof ing dipl z.b d.h u.a v.a i.d.r o.ä bzw vgl evtl ggf inkl sog geb gest "
    "verh hl st gen hptm",
    "el": "κ κα κκ δρ καθ αρχ στρ αγ οδ λεωφ πλ βλ π.χ δηλ λ.χ",
    "en": "mr mrs ms mx dr prof rev fr hon gen gens col maj capt lt cpl pvt cmdr adm gov govs sen "
    "sens rep reps pres supt insp det st mt ft vs v sgt e.g i.e viz messrs mmes cf dept assn bros",
    "es": "sr sra srs sres sras srta dr dra drs d dª dña prof profª ing lic arq gral gen cnel cap "
    "tte sgto excmo excma ilmo ilma mons fr sto sta av avda c pl pza ctra p.ej ej i.e cf vs ee",
    "et": "hr pr prl dr prof akad nn s.o jne näit st tn mnt pst kindr kol",
    "fa": "د م ا",
    "fi": "hra rva nti tri prof toht maist esim ns ts ks vrt mm kenr ev",
    "fr": "m mm mme mmes mlle mlles me mes dr drs pr prof gén col cap lt st ste sts bd boul "
    "p.ex c.-à-d cf vs",
    "gu": "ડો ડૉ પ્રો શ્રી સ્વ એ બી સી ડી ઈ એફ જી એચ આઈ જે કે એલ એમ એન ઓ પી ક્યુ આર એસ ટી યુ વી",
    "he": "ד מר פרופ",
    "hi": "डॉ डा प्रो श्री स्व पं मो कु ले इं न्या ए बी सी डी ई एफ एच आई जे के एल एम एन ओ पी क्यू "
    "आर एस "
    "टी यू वी डब्ल्यू",
    "hr": "gosp gđa g gđica dr mr sc prof doc akad inž ing ul br sv gen mag dipl tzv tj npr",
    "hu": "dr ifj id özv prof ún pl ill vö kb u stb.-hez szt gen",
    "id": "tn ny nn dr drs dra ir prof h hj kh ust jl gg kol jend brigjen mayjen letjen kapt a.n "
    "d.a u.p kab kec kel",
    "is": "hr fr sr dr prof t.d þ.e sbr",
    "it": "sig sigg sig.ra sig.na dott dott.ssa dr prof prof.ssa ing avv on sen gen col cap arch "
    "geom rag mons p.es es cfr vs s sta st cav comm magg ten",
    "kn": "ಡಾ ಶ್ರೀ ಪ್ರೊ ಎ ಬಿ ಸಿ ಡಿ ಇ ಎಫ್ ಜಿ ಎಚ್ ಐ ಜೆ ಕೆ ಎಲ್ ಎಂ ಎನ್ ಒ ಪಿ ಆರ್ ಎಸ್ ಟಿ ಯು ವಿ",
    "lt": "p pp dr prof doc akad inž gen plk kpt mjr šv g pr al a.a pvz vad t.y gerb kun vysk mst",
    "lv": "dr prof doc akad kgs gen plkv piem t.i t.s t.sk sv",
    "ml": "ഡോ ശ്രീ പ്രൊഫ അഡ്വ എ ബി സി ഡി ഇ എഫ് ജി എച്ച് ഐ ജെ കെ എൽ എം എൻ ഒ പി ആർ എസ് ടി യു വി",
    "ms": "tn pn en dr prof hj hjh dato ir jln jl kol lt kapt",
    "mt": "dr prof mons eċċ onor p.eż",
    "nb": "hr fr dr prof adv f.eks bl.a dvs ca jf sml st gen kl",
    "nl": "dhr mevr mw mr drs dr ir ing prof gen st bijv bv d.w.z m.b.t o.a t.a.v v.d kol ds mgr "
    "z.g",
    "nn": "hr fr dr prof adv t.d m.a dvs ca jf sml st gen kl",
    "pl": "p pan dr inż mgr prof hab gen płk ppłk mjr kpt por św ul al pl bp abp ks o s im red np "
    "tzw tzn m.in tj",
    "pt": "sr sra srs sras srta dr dra drs dras prof profa eng enga arq gen cel maj ten sgt des "
    "dep "
    "exmo exma d s sto sta fr av r pça al p.ex i.e cf v vs",
    "ro": "dl dna d-na dnii dr prof ing acad conf lect av gen col lt mr cpt sf str bd bdul bl sc "
    "ap "
    "șos jud com of ex tel",
    "ru": "им ул пр-т просп пл стр рис т.е т.н т.к проф акад доц гр гражд тов св ген полк д-р "
    "о пос дер обл корп напр",
    "sk": "p pp sl dr mgr ing prof doc phdr mudr judr rndr bc arch gen plk pplk mjr kpt sv ul nám "
    "napr tzv tzn tj resp príp",
    "sl": "g ga gdč dr mag prof doc akad inž univ dipl sv ul gen npr tj t.i oz str",
    "sq": "z znj zj dr prof ing av gjen kol rr sh p.sh dmth",
    "sr": "г-дин г-ђа г др мр проф доц акад инж ул бр св ген маг дипл тзв тј нпр g dr mr prof doc "
    "akad inž ul br sv gen mag dipl tzv tj npr",
    "sv": "hr fr dr prof t.ex bl.a d.v.s dvs ca jfr s.k fr.o.m t.o.m st kl gen",
    "ta": "டாக்டர் டாக் திரு திருமதி பேரா செல்வி ஏ பி சி டி இ எஃப் எப் ஜி எச் ஹெச் ஐ ஜே ஜெ கே "
    "கெ எல் எம் என் ஓ ஒ ஆர் எஸ் யு யூ வி டபிள்யூ எக்ஸ் ஒய் அ இரா மு கா நா",
    "te": "డా శ్రీ ప్రొ ఎ ఏ బి బీ సి సీ డి డీ ఇ ఈ ఎఫ్ జి జీ హెచ్ ఐ జె జే కె కే ఎల్ ఎం ఎన్ ఓ పి పీ ఆర్ ఎస్ టి టీ యు యూ వి వీ",
    "tr": "dr prof doç yrd av bay bn sn op müh gen alb org tuğ bşk sok cad mah apt hz örn "
    "bkz yard öğr",
    "uk": "вул просп пл буд рис див т.зв проф акад доц св ген полк д-р ім обл напр с смт корп",
    "vi": "ths ts gs pgs bs tp tx ks ks.ts gs.ts pgs.ts q p đ",
}
# Before a number alone.
_NUMBER = {
    "": "no nr n tel art vol ca p pp fig",
    "az": "səh № mad bənd",
    "be": "с стар т кн арт тэл № каля",
    "bg": "с стр т чл ал т. тел № ок",
    "bs": "str čl st tač god",
    "ca": "núm pàg pàgs aprox tel fig cap",
    "cs": "č čís str odst písm roč tel asi",
    "da": "nr s stk kap afsn tlf ca kr",
    "de": "nr s bd abs art kap abb str tel ca jan feb mär apr jun jul aug sep sept okt nov dez",
    "el": "αρ σ σελ άρθ παρ τηλ τόμ περ",
    "en": "no nos fig figs vol vols p pp sec art arts ch ed eds approx ca c est jan feb mar apr "
    "jun "
    "jul aug sept sep oct nov dec sat sun mon tue tues wed thu thurs fri op para tel ext",
    "es": "núm nº n no nos art arts pág págs p pp vol cap fig tel aprox mín máx ene feb mar abr "
    "jun jul ago sept sep oct nov dic",
    "et": "nr lk lg p ptk tel u",
    "fi": "nro s luku n puh kpl",
    "fr": "n no nos nº art arts p pp vol éd chap fig tél réf env janv févr avr juil sept oct nov "
    "déc",
    "hr": "str čl st toč god",
    "hu": "sz old tel kb bek",
    "id": "no hlm hal tgl tel telp rp ps pasal",
    "is": "nr bls gr mgr sími",
    "it": "n nn pag pagg p pp vol art artt cap fig tel ca gen feb mar apr mag giu lug ago set ott",
    "lt": "nr psl str d tel apie",
    "lv": "nr lpp p tālr apm",
    "ms": "no hlm tel rm",
    "nb": "nr s kap tlf ca kr",
    "nl": "nr blz pag p art tel ca jan feb mrt apr jun jul aug sept okt nov dec",
    "nn": "nr s kap tlf ca kr",
    "pl": "nr s str art ust poz pkt tel ok ul r",
    "pt": "nº n no núm art arts inc par pág págs p pp vol cap fig tel ref min máx aprox jan fev "
    "mar "
    "abr mai jun jul ago set out nov dez",
    "ro": "nr pag art alin vol tel cca",
    "ru": "с стр т кн рис ст п пп гл тел № ок д кв",
    "sk": "č čís str ods písm roč tel asi",
    "sl": "št str čl odst tel pribl",
    "sq": "nr fq f neni tel",
    "sr": "стр чл ст тач бр тел год str čl st tač tel god",
    "sv": "nr s kap tel ca kr",
    "tr": "no s m tel yak md",
    "uk": "с стор т кн рис ст п пп тел № бл буд кв",
    "vi": "số tr đt",
}
# May end a sentence too: the next one is told by a word that begins sentences.
_EITHER = {
    "be": "г гг ст стст н.э тыс млн млрд руб і т.д т.п інш",
    "bg": "г т.н т.е хил млн млрд лв ч и др т.н пр.хр",
    "cs": "atd apod r stol tis mil mld hod min s.r.o a.s n.l",
    "da": "m.v m.m osv mio mia kr a/s e.kr f.kr",
    "de": "usw etc u.s.w jr co mio mrd tsd str n.chr v.chr e.v",
    "el": "κ.λπ κ.ά κτλ π.χ μ.χ π.μ μ.μ εκ δισ χιλ α.ε",
    "en": "u.s u.k u.n e.u u.s.a d.c u.a.e a.m p.m etc inc ltd co corp llc plc jr sr ph.d m.d "
    "b.a m.a b.sc et al ave blvd rd",
    "es": "etc s.a s.l cía ltda jr a.c d.c ee.uu u.e p.m a.m",
    "fi": "jne ym yms milj mrd tri",
    "fr": "etc s.a s.a.r.l cie jr j.-c u.e av hab",
    "hu": "stb i.e i.sz kft rt zrt nyrt ft",
    "it": "ecc s.p.a s.r.l jr a.c d.c",
    "lt": "m mln mlrd tūkst eur val min ir kt pan",
    "lv": "g gs milj mljrd tūkst utt u.c",
    "nb": "m.m osv mill mrd kr e.kr f.kr",
    "nl": "enz etc n.v b.v jr mln mld n.chr v.chr",
    "nn": "m.m osv mill mrd kr",
    "pl": "r w tys mln mld godz itd itp zł gr n.e p.n.e sp z.o.o s.a",
    "pt": "etc ltda s.a s.a.r.l cia jr a.c d.c e.u.a p.m a.m",
    "ro": "etc ș.a mil mld s.a s.r.l d.hr î.hr",
    "ru": "г гг в вв т.д т.п др пр млн млрд тыс руб коп н.э ч мин",
    "sk": "atď apod r stor tis mil mld hod min s.r.o a.s n.l",
    "sl": "itd ipd idr l tis mio mrd d.o.o d.d n.št",
    "sr": "итд год мил млрд хиљ н.е itd god mil mlrd d.o.o a.d",
    "hr": "itd god mil mlrd tis d.o.o d.d n.e",
    "bs": "itd god mil mlrd hilj d.o.o d.d n.e",
    "sv": "m.m osv mn md kr e.kr f.kr",
    "tr": "vb vs a.ş ltd şti m.ö m.s",
    "uk": "р рр м ст т.д т.п ін млн млрд тис грн коп н.е год хв",
}
_STARTERS = {
    "be": "у на па з за ад да і а але гэта ён яна яны мы ён як калі што не пры для пасля таксама",
    "bg": "в във на по с със за от до и а но това той тя те ние как когато не при след също според",
    "bs": "u na o s sa za od do i a ali to on ona oni mi kako kada ne pri nakon prema također",
    "cs": "v ve na o s se z ze za od do k i a ale to ten ta on ona oni my jak když kdy po podle "
    "při "
    "také už není je jeho její",
    "da": "den det de en et han hun vi jeg men og i på af for til som da når efter ifølge også",
    "de": "der die das ein eine er sie es wir ich dies diese dieser aber und doch in im am als "
    "wenn nach vor für mit laut so auch bei von nicht den dem des seit zum zur an auf",
    "el": "ο η το οι τα τον την των στο στη στην στον και αλλά ένας μια ένα αυτός αυτή αυτό δεν με "
    "για από σε όταν όπως μετά επίσης",
    "en": "the a an he she it they we i you this that these those there but and however in on at "
    "when while after before as if for his her their its our my mr mrs ms dr according many some "
    "one what who how why no not now then so yet last since with by from also both under",
    "es": "el la los las un una él ella ellos ellas esto este esta ese esa pero y sin en cuando "
    "mientras después antes si para por con según ya no su sus de del hay como al",
    "fi": "se ne hän he me minä mutta ja kun jos myös tämä nämä ei on",
    "fr": "le la les un une il elle ils elles ce cet cette ces mais et cependant en dans quand "
    "lorsque après avant si pour par avec selon déjà son sa ses de du des au aux on nous vous je",
    "hr": "u na o s sa za od do i a ali to on ona oni mi kako kada ne pri nakon prema također",
    "hu": "a az egy ez ezek ő ők mi én de és ha mert amikor nem is már még szerint",
    "it": "il lo la i gli le un uno una egli lui lei essi esso questo questa ma e però in nel "
    "quando mentre dopo prima se per con secondo già non suo sua di del",
    "lt": "o bet ir jis ji jie jos tai šis ši kai jei po pagal ne taip pat kaip",
    "lv": "un bet viņš viņa viņi tas tā šis šī kad ja pēc ne arī kā no uz",
    "nb": "den det de en et han hun vi jeg men og i på av for til som da når etter ifølge også",
    "nl": "de het een hij zij ze we wij ik dit dat deze die maar en in op als wanneer na voor met "
    "volgens ook bij van niet er om",
    "nn": "den det dei ein ei eit han ho vi eg men og i på av for til som då når etter ifølgje "
    "også",
    "pl": "w we na o z ze za od do i a ale to ten ta on ona oni my jak kiedy gdy po według przy "
    "również nie jego jej",
    "pt": "o a os as um uma ele ela eles elas isso este esta esse essa mas e porém em no na nos "
    "nas quando enquanto depois antes se para por com segundo já não seu sua de do da há como",
    "ro": "un o el ea ei ele noi acest această dar și în la pe cu de din după când dacă nu "
    "potrivit",
    "ru": "в во на по с со за от до к и а но это он она они мы как когда что не при для после "
    "также "
    "его её их у из",
    "sk": "v vo na o s so z zo za od do k i a ale to ten tá on ona oni my ako keď po podľa pri "
    "tiež "
    "už nie je jeho jej",
    "sl": "v na o s z za od do k in a pa to ta on ona oni mi kako ko ne pri po tudi je njegov",
    "sr": "у на о с са за од до и а али то он она они ми како када не при након према такође "
    "u na o s sa za od do i a ali to on ona oni mi kako kada ne pri nakon prema takođe",
    "sv": "den det de en ett han hon vi jag men och i på av för till som då när efter enligt också",
    "tr": "bu şu o ve ama ancak bir biz ben onlar ise de da göre daha çok",
    "uk": "у в на по з із за від до й і а але це він вона вони ми як коли що не при для після "
    "також "
    "його її їх",
}


def _table(raw: dict[str, str]) -> dict[str, frozenset[str]]:
    table = {language: frozenset(words.split()) for language, words in raw.items()}
    return table | {"no": table["nb"]}  # Norwegian that does not say which it is


FORWARD = _table(_FORWARD)
NUMBER = _table(_NUMBER)
EITHER = _table(_EITHER)
STARTERS = _table(_STARTERS)
# In any language: titles that travel, and abbreviations before a number.
TITLES = frozenset({"dr", "mr", "mrs", "prof", "st"})
NUMBERED = NUMBER[""]
