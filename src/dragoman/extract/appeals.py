"""What a page asks of its reader, or says of itself, in the words of many languages.

Every pattern is for short paragraphs alone: the same words inside a long one are news.
"""

from __future__ import annotations

import re

# Vowel signs of Arabic and Hebrew are written or left out at will.
_POINTS = re.compile(r"[\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0640]")
_LONGEST = 240  # characters; longer paragraphs are not judged by such words
_SHORT = 90

_APP = re.compile(
    r"^\W*(?:please |now |free |jetzt |hier )?(?:"
    r"(?:click|tap|download|get|install|try)\b.{1,50}\b(?:app|apps)\b|"
    r"(?:clique|carregue|toque|baixe|descarregue|transfira|instale|obtenha)\b.{1,60}"
    r"(?:aplicaç|aplicativo|\bapp\b)|"
    r"(?:ha[zg]a?|pulse|pulsa|pincha|toca|toque|descarg[aáu]e?|baja|bájate|instala|obtén)\b.{1,60}"
    r"(?:\bapp\b|aplicaci)|"
    r"(?:cliquez|touchez|appuyez|téléchargez|télécharger|installez|obtenez)\b.{1,60}"
    r"(?:\bappli|\bapp\b)|"
    r"(?:klick\w*|lad(?:en|e)|hol(?:en|e)|installier\w*|testen)\b.{1,50}\b\w*-?apps?\b|"
    r"(?:clicca|scarica|scaricate|installa|tocca)\b.{1,50}\b(?:app|applicazione)\b|"
    r"(?:klik|tik|download|installeer|hent|last ned|ladda ner|klicka|"
    r"klikk)\b.{1,50}\bapp(?:en|s)?\b|"
    r"(?:kliknij|pobierz|zainstaluj|klikněte|stáhněte|kattints\w*|tölts\w*|apasă|descarcă|"
    r"descărcați|unduh|klik|lataa|κατεβάστε|нажмите|скачайте|скачать|загрузите|установите|"
    r"натисніть|завантажте|встановіть|bấm|nhấn|tải)\b.{1,60}"
    r"(?:aplikac|alkalmazás|aplica|aplikasi|sovellu|εφαρμογ|приложени|застосунок|додаток|ứng dụng)"
    r")"
)
_APP_SCRIPTS = re.compile(
    r"(?:اضغط|انقر|حمل|نزل|لتحميل|لتنزيل|تحميل|تنزيل|دانلود|نصب).{0,50}(?:تطبيق|اپلیکیشن)|"
    r"(?:לחצו|הורידו|להורדת).{0,40}(?:אפליקצי|יישומון)|"
    r"アプリ.{0,20}(?:ダウンロード|インストール)|(?:点击|點擊|下载|下載).{0,20}(?:应用|應用|客户端|app)|"
    r"앱.{0,15}(?:다운로드|설치)|(?:ऐप|एप).{0,30}(?:डाउनलोड|इंस्टॉल)|"
    r"uygulama\w*.{0,40}(?:indir|tıkla)"
)
_CLICK = re.compile(
    r"^\W*(?:click (?:here|on the link)|(?:clique|carregue) aqui|ha(?:z|ga) clic (?:aquí|en)|"
    r"pincha aquí|cliquez ici|(?:hier klicken|klicken sie hier)|clicca qui|klik hier|"
    r"kliknij tutaj|нажмите (?:здесь|сюда)|натисніть тут|(?:اضغط|انقر) هنا|לחצו כאן|"
    r"こちらをクリック|点击这里|點擊這裡|여기를 클릭|यहां क्लिक|buraya tıklayın|klik di sini)"
)
_LETTER = re.compile(
    r"^\W*(?:recevez|receba|recibe|reciba|ricevi|erhalten sie|ontvang|otrzymuj|получайте|"
    r"отримуйте|assine (?:a|o|já|nossa|por)|abonniere|subscribe|suscr[ií]b\w*|abonnez|"
    r"inscri(?:vez|ption)|inscreva|iscriviti|abonne(?:r|ér)|prenumerera|tilaa|zapisz się|"
    r"подпишитесь|підпишіться|start your free trial|become a (?:member|subscriber)|"
    r"اشترك(?:وا)? (?:في|ب|الآن)|הירשמו|הצטרפו|購読|订阅|訂閱|구독)(?!\w)|"
    r"(?:نشر[ةت]).{0,20}(?:البريدية|الإخبارية).{0,30}(?:اشترك|تصلك)|"
    r"\b(?:in|into|to|direct to) your (?:inbox|mailbox|e-?mail)\b|"
    r"\b(?:no|em) seu (?:e-?mail|whatsapp)\b|\ben (?:tu|su) (?:correo|bandeja|e-?mail)\b|"
    r"dans votre (?:boîte|messagerie)|in ihr(?:em)? (?:postfach|e-?mail)|"
    r"nella tua (?:casella|mail)"
)
_CONTACT = re.compile(
    r"^\W*(?:(?:do you have|got|have you got|have) (?:a|any) (?:story|tips?|news|information)\b|"
    r"(?:get in touch|contact us|e-?mail us)\b|for more (?:stories|news|like this)\b|"
    r"here are some tips\b|haben sie (?:hinweise|informationen|fragen|einen fehler)\b|"
    r"vous avez (?:une info|des informations)|tienes (?:una historia|información)|"
    r"hat ihnen (?:dieser|der) (?:artikel|beitrag)\b|did you (?:like|enjoy) this|"
    r"(?:want|would you like) (?:to read |to see )?more\b|"
    r"hast du (?:hinweise|informationen|einen tipp)|tem (?:uma|alguma) (?:história|denúncia|dica|"
    r"sugestão)|hai una (?:storia|notizia) da|heb je een (?:tip|verhaal)|tip(?:s|sa) oss|"
    r"har du (?:et |ett )?tips?\b|(?:masz|macie) (?:temat|informacje|ciekaw)|"
    r"(?:у вас|вы) (?:есть|стали) (?:новост|тема|свидетел)|є (?:новина|тема)|"
    r"haberiniz mi var|punya (?:cerita|informasi))"
)
# A platform and an imperative, which begins a sentence or, in some languages, ends it.
_PLATFORM = re.compile(
    r"\b(?:google (?:news|haberler|discover)|whats?app|telegram|viber|facebook|instagram|youtube|"
    r"tiktok|twitter|linkedin|threads|bluesky|mastodon|line(?!\w))"
)
_PLATFORM_SCRIPTS = re.compile(
    r"تلگرام|اینستاگرام|"
    r"телеграм|телеґрам|вайбер|в[оа]тсап|вконтакте|фейсбук|ютуб|дзен|google|واتس ?[اآ]ب|"
    r"ت[يل]*[غجق]رام|فيسبوك|يوتيوب|إنستغرام|تويتر|ווא?טסאפ|טלגרם|פייסבוק|אינסטגרם|יוטיוב|"
    r"(?:व्हाट्स|वॉट्स)[एऐ]प|टेलीग्राम|फेसबुक|यूट्यूब|गूगल न्यूज|微信|微博|公众号|公眾號|抖音|"
    r"카카오톡|네이버|텔레그램|유튜브"
)
_FOLLOW = re.compile(
    r"(?:^|[.!?…:]\s+)\W*(?:also |please |und |et |y |e )?(?:"
    r"follow (?:us|our|@|[^.!?,]{1,50} on )|like us|"
    r"join (?:us|our|the (?:conversation|channel|group|whatsapp|telegram))|subscribe (?:to|on)|"
    r"folgen sie (?:uns|dem|der|unser)|folgt? uns|abonnier\w*|suivez|rejoignez|abonnez|retrouvez|"
    r"s[ií]g[ua]\w*nos|sigue (?:a |en |las |toda|nuestr)|únete|siga(?:-nos| o | a | as )|"
    r"acompanhe|entre no|participe d|segui(?:ci|te)?|unisciti|"
    r"iscriviti|volg|följ|følg|seuraa|sledujte|kövess\w*|urmăriți|obserwuj|śledź|dołącz|polub|"
    r"ακολουθήστε|ikuti|bergabung|theo dõi|"
    r"подпи(?:сывайтесь|шитесь|сывайся|шись)|присоедин(?:яйтесь|итесь)|читайте нас|следите|"
    r"стежте|підпи(?:суйтесь|шіться|суйся|шись)|приєдн(?:уйтесь|айтесь)|"
    r"تابع(?:وا|ونا|نا)|تابع (?:آخر|كل|صفح|قنا)|اشترك(?:وا)? (?:في|ب|ال)|انضموا?|עקבו|הצטרפ\w+)|"
    r"הצטרפו|takip (?:et|ed)\w*|abone ol\w*|kanalımıza katıl\w*|फॉलो|जुड़|सब्सक्राइब|"
    r"دنبال کنید|بپیوندید|ติดตาม|关注|關注|扫码|追蹤|フォロー|友だち追加|팔로우|구독|추가"
)
_LISTEN = re.compile(
    r"^\W*(?:listen to (?:our|the)|hören sie|écoutez|escuch[ae]|ouça|ascolta|luister|lyssna|lyt|"
    r"posłuchaj|слушайте|слухайте|استمع\w*)\b.{0,60}(?:podcast|podd\b|подкаст|بودكاست)|"
    r"\bwherever you (?:get|listen to) your podcasts|wo es podcasts gibt"
)
_CONTINUES = re.compile(
    r"^\W*(?:the )?(?:(?:article|story) continues (?:below|after)|"
    r"(?:der )?(?:artikel|text|beitrag) (?:geht|wird) .{0,30}(?:weiter|fortgesetzt)|"
    r"lesen sie nach der anzeige weiter|(?:la )?suite (?:de l.article )?(?:après|ci-dessous)|"
    r"(?:la noticia |el artículo )?(?:continúa|sigue) (?:después de|tras|debajo de) (?:la|el|este) "
    r"(?:publicidad|anuncio|v[ií]deo|foto)|sigue leyendo|"
    r"(?:o texto |a matéria )?continua (?:após|depois d[ao]) (?:[ao] )?(?:publicidade|anúncio)|"
    r"l.articolo (?:continua|prosegue)|"
    r"(?:het )?artikel gaat (?:verder|door)|lees verder onder|tekst gaat verder|"
    r"(?:artikk?el\w*|saken|teksten) fort(?:setter|sætter|sätter)|"
    r"(?:juttu|artikkeli) jatkuu|(?:dalsz[ay] (?:część|ciąg)|ciąg dalszy) .{0,25}pod |"
    r"(?:článek )?pokrač(?:uje|ování) .{0,20}pod|a cikk .{0,20}folytatódik|"
    r"(?:articolul|știrea) continuă|продолжение (?:после|ниже|под)|продовження (?:після|нижче)|"
    r"haber(?:in)? .{0,20}devam[ıi]|التتمة بعد|המשך הכתבה)"
)
_SHARE = re.compile(
    r"^\W*(?:share(?: (?:this|on|via|with)\b.*)?|"
    r"partager(?: (?:cet|cette|l|sur|par)\b.*)?|partagez (?:cet|sur).*|"
    r"compartil(?:he|har)(?:\W.*)?|"
    r"compart(?:e|ir|í)(?: (?:est[ae]|en|la|el|por)\b.*)?|partilh(?:e|ar)(?: .*)?|"
    r"teilen(?: (?:auf|per|sie)\b.*)?|artikel teilen|"
    r"condividi(?: .*)?|delen(?: (?:op|via)\b.*)?|deel dit .*|udostępnij(?: .*)?|"
    r"поделиться(?: .*)?|поділитися(?: .*)?|paylaş|del artikk?el\w*|dela artikel\w*|"
    r"شارك(?: (?:الخبر|المقال|هذا|عبر).*)?|مشاركة|שתפו.*|シェア.*|分享(?:到.*)?|공유(?:하기)?)\W*$"
)
_READING_TIME = re.compile(
    r"(?:temps|durée) de lecture|\b(?:reading|read) time\b|"
    r"\b\d+[ -]?min(?:ute)?s? (?:of )?read(?:ing)?\b|"
    r"\blese(?:zeit|dauer)\b|tiempo de lectura|(?:tempo|minutos?) de leitura|tempo di lettura|"
    r"\bleestijd\b|czas czytania|время (?:чтения|на чтение)|час читання|okuma süresi|"
    r"(?:وقت|مدة) القراءة|זמן קריאה|\bl[äæ]s(?:ning)?s?tid\b|\blesetid\b|\blukuaika\b|"
    r"waktu baca|読了(?:時間|目安)|阅读(?:时间|时长)|閱讀時間|읽는 시간"
)
_ERROR = re.compile(
    r"^\W*(?:if you (?:have )?|si vous (?:avez )?|wenn sie |si (?:has )?|se |если (?:вы )?|"
    r"якщо (?:ви )?)?(?:(?:report|flag) (?:an?|this) (?:error|typo|mistake)|"
    r"(?:spotted|found|see|seen|notice) (?:an?|any) (?:error|typo|mistake)|"
    r"signaler une (?:erreur|faute|coquille)|une erreur dans (?:cet|l).*|"
    r"(?:fehler (?:gefunden|melden|entdeckt))|"
    r"(?:viu|encontrou|achou|notou|detectou) (?:algum|um) erro|comunicar? (?:um )?erro|"
    r"(?:¿?(?:has visto|has encontrado|encontraste|viste) (?:un|algún) error)|"
    r"report(?:a|ar|e) (?:un )?error|segnala (?:un )?errore|нашли (?:ошибку|опечатку)|"
    r"заметили ошибку|сообщить об ошибке|знайшли помилку|помітили помилку|"
    r"(?:أبلغ|بلغ|الإبلاغ) عن خطأ|znalazłeś błąd|zgłoś błąd|hata bildir|fout gezien|"
    r"(?:fant|har) du (?:funnet )?en feil|hitta(?:t|de) (?:du )?(?:ett )?fel)"
)
_DISCLAIMER = re.compile(
    r"^\W*(?:the )?(?:views|opinions)(?: and (?:views|opinions))? (?:expressed|published|in this)"
    r".{0,120}\b(?:not|own|those of|solely)\b|"
    r"\b(?:do|does) not necessarily (?:reflect|represent|express)\b.{0,40}\b(?:view|opinion|polic|"
    r"position)|n['’e] ?(?:expriment|reflètent|engagent)\b.{0,60}(?:opinion|point|"
    r"position|rédaction)|"
    r"no necesariamente (?:reflejan|representan)\b.{0,40}(?:opinión|postura|punto|línea)|"
    r"não necessariamente (?:refletem|representam|reflectem)\b.{0,40}(?:opinião|posição)|"
    r"(?:müssen|muss) nicht (?:\w+ )?(?:die|der|mit der) (?:meinung|ansicht|haltung)\b|"
    r"(?:spiegeln|geben) nicht\b.{0,40}(?:meinung|ansicht)|"
    r"^\W*las opiniones (?:expresadas|vertidas|publicadas)|"
    r"^\W*as opiniões (?:expressas|publicadas|aqui|contidas)|"
    r"^\W*les (?:opinions|propos|points de vue|avis) (?:exprimé|publié|émis)|"
    r"^\W*le opinioni (?:espresse|pubblicate)|"
    r"^\W*(?:die )?(?:hier )?geäußerten? (?:ansicht|meinung)|"
    r"мнение (?:автора|редакции).{0,40}(?:не|может)|(?:думка|позиція) (?:автора|"
    r"редакції).{0,40}(?:не|може)|"
    r"(?:الآراء|المقالات|الأفكار).{0,50}لا (?:تعبر|تمثل|تعكس)|"
    r"לא בהכרח (?:משקפ|מייצג)|yazı(?:lar)?da.{0,40}görüş\w*.{0,40}(?:aittir|yansıtmaz)"
)
_JOBS = (
    r"(?:reporter|correspondent|journalist|columnist|writer|editor|producer|"
    r"journaliste|correspondante?|rédact\w+|chroniqueu\w+|"
    r"reporter(?:in)?|korrespondent\w*|journalist(?:in)?|redakteur\w*|"
    r"reporter[ao]|periodista|corresponsal|redactor[ae]?|columnista|"
    r"rep[óo]rter|jornalista|correspondente|redator[ae]?|editora?|colunista|"
    r"giornalista|inviat[oa]|corrispondente|redattrice|redattore)"
)
_BIO = re.compile(
    rf"^\W*(?:(?:[\w.'’-]+\s+){{1,5}}(?:is|est|ist|es|é|è)\s+(?:an?\s|the\s|une?\s|le\s|la\s|"
    rf"eine?\s|una?\s|uma?\s|o\s|a\s|el\s)?(?:[\w'’&-]+\s+){{0,5}}?{_JOBS}\b|"
    rf"{_JOBS}\s+(?:d[aoe]s?|del|de la|du|des|for|at|with|bei|der|di|della|pour|chez|"
    rf"per)\b.{{3,60}}"
    rf"\b(?:desde|since|seit|depuis|dal)\b|"
    rf"{_JOBS}\s+(?:desde|since|seit|depuis|dal|od|с)\b|"
    rf"[^.!?]{{3,80}}\breporter who covers\b|"
    r"(?:the (?:author|writer)|der autor|die autorin|l.auteure?|(?:el|la) autora?|(?:o|a) autora?|"
    r"l.autore|l.autrice|autor(?:ka)?|автор|yazar|הכותבת?) "
    r"(?:is|ist|est|es|é|è|jest|är|er|[-–—]|הוא|היא)\s|"
    r"(?:الكاتب|كاتبة?|كاتب المقال)ة? (?:هو |هي )?(?:صح[فا]|كاتب|باحث|أستاذ|محلل|أكاديمي)|"
    r"[（(]?(?:作者|筆者|著者)(?:は|是|为|為|系|係|[:：])|(?:글쓴이|필자)[는은]|लेखक\s|"
    r"(?:follow|reach|contact|e-?mail) (?:him|her|them|the author)\b)",
    re.I,
)
_REACH = re.compile(
    r"[.!?]\s+(?:you can )?(?:follow|reach|contact|e-?mail) (?:him|her|them|the author)\b.{0,80}$",
    re.I,
)
_OF_JOB = re.compile(rf"^.{{0,120}}?\b{_JOBS}\b", re.I)
_PUBLISHED = re.compile(
    r"^\W*(?:first )?(?:published|posted|updated|last (?:updated|modified)|publié|publie|"
    r"mis à jour|"
    r"modifié|publicado|publicada|actualizado|atualizado|veröffentlicht|aktualisiert|stand|"
    r"pubblicato|aggiornato|gepubliceerd|bijgewerkt|opublikowano|aktualizacja|опубликовано|"
    r"обновлено|опубліковано|оновлено|yayınlan\w*|güncelle\w*|تاريخ النشر|نشر(?:ت)? (?:في|"
    r"يوم|بتاريخ)|"
    r"آخر تحديث|publicerad|uppdaterad|publisert|oppdatert|publiceret|opdateret|julkaistu|"
    r"päivitetty|פורסם|עודכן|公開日?|更新日?|发布时间|입력|수정)(?!\w)",
    re.I,
)
_COMMENTS = re.compile(
    r"^\W*(?:\d+\s+)?(?:(?:reader|latest|all)\s+)?(?:comments?|comm?ent[áa]rios?|"
    r"commentaires?|kommentare?|leserkommentare|commenti|reacties|komentarze|kommentarer|"
    r"kommentit|комментарии|коментарі|yorumlar|(?:ال)?تعليقات|תגובות|コメント|评论|評論|댓글)"
    r"\s*[:(\[]?\s*\d*\s*[)\]]?\W*$",
    re.I,
)


def strip_points(text: str) -> str:
    """Give a text without the vowel signs of Arabic and Hebrew."""
    return text if text.isascii() else _POINTS.sub("", text)


def fold_case(text: str) -> str:
    """Give a text in small letters, the dotted İ as an i: patterns read it much sooner."""
    return text.lower().replace("i\u0307", "i")


def is_appeal(text: str) -> bool:
    """Whether a paragraph only asks something of the reader, or speaks of the page itself."""
    if len(text) > _LONGEST:
        return False
    text = fold_case(strip_points(text))
    if _APP.search(text) or _APP_SCRIPTS.search(text) or _ERROR.search(text):
        return True
    if len(text) <= 2 * _SHORT and (
        _CONTINUES.search(text) or _LISTEN.search(text) or _is_invitation(text)
    ):
        return True
    if _CLICK.search(text) or _LETTER.search(text) or _CONTACT.search(text):
        return len(text) <= 2 * _SHORT
    return bool(
        len(text) <= _SHORT
        and (_SHARE.match(text) or (_READING_TIME.search(text) and _has_figure(text)))
    )


def _is_invitation(text: str) -> bool:
    """Whether a paragraph asks its reader to follow the publisher somewhere else."""
    is_named = _PLATFORM.search(text) or (not text.isascii() and _PLATFORM_SCRIPTS.search(text))
    return bool(is_named and _FOLLOW.search(text))


def _has_figure(text: str) -> bool:
    return any(char.isdigit() for char in text)


def is_disclaimer(text: str) -> bool:
    """Whether a paragraph says whose opinions these are not."""
    return len(text) <= 2 * _LONGEST and bool(_DISCLAIMER.search(fold_case(strip_points(text))))


def is_publication_line(text: str) -> bool:
    """Whether a line only says when the page was published, or how long it takes to read."""
    return len(text) <= 120 and _has_figure(text) and bool(_PUBLISHED.match(strip_points(text)))


def is_biography(text: str) -> bool:
    """Whether a paragraph tells who the author is; to be asked of the last ones alone."""
    return len(text) <= 2 * _LONGEST and bool(_BIO.match(text) or _REACH.search(text))


def names_job(text: str) -> bool:
    """Whether a paragraph names a job of the press: in a box at the end, its author's."""
    return len(text) <= 2 * _LONGEST and bool(_OF_JOB.match(text))


def is_comments_label(text: str) -> bool:
    """Whether a line is the heading over readers' comments."""
    return len(text) <= 40 and bool(_COMMENTS.match(strip_points(text)))
