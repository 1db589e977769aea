from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.translate.models.inventory import known_pairs
from dragoman.translate.reading.segments import segment_article
from dragoman.translate.reading.sentences import split_sentences
from dragoman.translate.spans.assemble import assemble_blocks
from dragoman.types import Article, Block, BlockKind, Span, SpanKind, Text, TranslatedSegment

CODES = sorted({code for pair in known_pairs() for code in pair} | {"th", "no", "hy", "und"})
LANGUAGES = st.sampled_from(CODES)
HOSTILE = (
    "abc ABC é. !? \n\t\r\u2028“”\"':;,-–5 U.S. Mr. 北京。 é́ 「」』！？।۔؟؛。։።။។ «» ‹›„‚¿¡…‥ "
    "\u00a0\u202f\u200b\u200d\u2060\ufeff\u202e\u2066\u0000\ud800 ﷺ ก็ ไทย แล้ว İ ß 👨‍👩‍👧 🇵🇹 12. 3"
)
PROSE = st.text(st.sampled_from(list(HOSTILE)), max_size=200) | st.text(max_size=80)
# Sentences as a reader sees them, one bar between two; where there is white space it is kept.
HARD = """
ar وصل الوزير اليوم. |ثم غادر؟ |نعم.
ar قال د. أحمد إن الأمر انتهى. |لم يجب أحد!
ar قالت: "انتهى كل شيء." |ثم غادرت القاعة.
az O, prof. Əliyevlə görüşdü. |Sonra getdi.
be Ён жыве на вул. Багдановіча. |Потым паехаў.
bg Той живее на ул. Витоша. |После замина.
bg Срещата е с проф. Иванов. |Кога?
bn ড. রহমান আজ এসেছেন। |তিনি কী বললেন? |কেউ জানে না।
bs Stigao je dr. Hadžić. |Zatim je otišao.
ca El Sr. Puig viu a l'av. Diagonal. |Va arribar tard.
cs Přišel Ing. Novák a prof. Dvořák. |Potom odešel.
cs Stalo se to 3. října v Praze. |Nikdo nebyl zraněn.
da Han mødte f.eks. Jensen den 5. Maj. |Så gik han.
de Am 3. Oktober kam Dr. Weber z.B. nach Bonn. |Er ging bald.
de „Es ist vorbei.“ |Er ging. |»Nein!« |Dann kam er.
de Das ist eine Lüge dieser Art. |Der Minister schweigt.
de Der Zug kam um 12. |Die Leute warteten.
el Πού πήγε ο κ. Παπαδόπουλος; |Δεν ξέρω. |Ίσως έφυγε!
en He met Mr. Smith and Dr. J. K. Rowling at 3 p.m. on Friday. |Then he left.
en The U.S. President spoke. |The E.U. did not. |It may, e.g. in May.
en “It is over,” he said. |“We won!” she shouted. |Nobody answered.
en See No. 5 on p. 12. |It says so.
en Talks begin at the U.N. |The delegates waited.
en He said no. |Then he sat. |Nobody spoke.
en The blast hit the town. |12 people died in it.
en It fell by 3.5 per cent (see fig. 2). |Nobody knows why.
en "Are you ready?" she asked. |"No..." |He left.
en 1. The minister resigns. |2. The party splits.
en A headline without a stop
en He said the following:
en First line
en wrapped in the\nmiddle of a sentence.
en First line\n|Second line
en He said the following:\n|"It is over."
en The list:\n|- one thing,\n|- another thing.
en Yes... |No?! |Well.
es El Sr. García vive en EE.UU. desde ayer. |Llegó tarde.
es —¿Vienes? —preguntó él. |—No —dijo ella.
es ¿Quién es? |¡Nadie! |La Dra. Ruiz no lo sabe.
et Ta kohtus prof. Tammega 5. Mail. |Siis ta lahkus.
fa دکتر آمد. |آیا او رفت؟ |بله!
fi Hän tapasi esim. tri Virtasen 5. Toukokuuta. |Sitten hän lähti.
fr M. Dupont est parti. |Mme Durand reste.
fr Il dit : « C’est fini. » |Puis il part. |Pourquoi ? |Parce que.
fr « C’est fini ! » dit-il. |Personne ne répond.
fr « Les victimes ? », a demandé le juge. |Silence.
gu ડૉ. પટેલ આવ્યા. |તેમણે શું કહ્યું? |કોઈ જાણતું નથી.
he ד. כהן הגיע היום. |מה אמר? |איש לא יודע.
hi डॉ. सिंह आज आए। |क्या यह सच है? |कोई नहीं जानता।
hi श्री आर. के. शर्मा ने कहा। |फिर वे चले गए।
hi वह आया है. |कोई नहीं मिला.
hr Stigao je prof. Horvat 5. Svibnja. |Zatim je otišao.
hu Dr. Kovács a Kossuth u. 5. alatt lakik. |Aztán elment.
id Prof. Dr. H. Santoso tinggal di Jl. Merdeka No. 5. |Lalu ia pergi.
is Hann hitti dr. Jónsson. |Síðan fór hann.
it Il sig. Rossi vive in via Roma, n. 5. |Poi è partito.
ja 「もう終わった。」と彼は言った。|次の日、雨が降った。|本当か？|はい！
ja 彼は『行く。』と述べ、席を立った。|ところで、雨だ。
kn ಡಾ. ರಾವ್ ಬಂದರು. |ಅವರು ಏನು ಹೇಳಿದರು? |ಯಾರಿಗೂ ಗೊತ್ತಿಲ್ಲ.
ko 그는 왔다. |"끝났다."고 그가 말했다. |왜?
lt Atvyko prof. Kazlauskas. |Paskui išvyko.
lv Atbrauca dr. Bērziņš. |Tad viņš aizgāja.
ml ഡോ. നായർ വന്നു. |അദ്ദേഹം എന്തു പറഞ്ഞു? |ആർക്കും അറിയില്ല.
ms En. Ahmad tinggal di Jln. Ampang. |Kemudian dia pergi.
mt Wasal Dr. Borg. |Imbagħad telaq.
nb Han møtte prof. Hansen 5. Mai. |Så gikk han.
nl Dhr. Jansen en drs. De Vries kwamen o.a. Maandag. |Toen ging hij.
nn Han møtte prof. Hansen 5. Mai. |Så gjekk han.
pl Przyszedł prof. Kowalski z ul. Długiej. |Potem wyszedł.
pl – Idziesz? – zapytał. |Nie odpowiedziała.
pt O sr. Silva mora na av. Paulista, nº 5. |Ele chegou às 15h.
pt Exporta para os EUA. |Pequim respondeu.
ro A venit dl. Popescu de pe str. Unirii nr. 5. |Apoi a plecat.
ru Он родился в 1980 г. в Москве. |Потом уехал.
ru Он живёт на ул. Ленина, д. 5. |В 1990 г. |Он уехал.
ru Выпало 10 см. |Для людей это много.
ru «Всё кончено!» — сказал он. |Никто не ответил.
sk Prišiel Ing. Novák 3. Októbra. |Potom odišiel.
sl Prišel je prof. Kos 3. Maja. |Nato je odšel.
sq Erdhi z. Hoxha. |Pastaj iku.
sr Дошао је проф. Јовић. |Затим је отишао.
sr Došao je prof. Jović. |Zatim je otišao.
sv Han träffade t.ex. Andersson kl. 5. |Sedan gick han.
ta டாக்டர். எஸ். ராமன் வந்தார். |அவர் என்ன சொன்னார்? |யாருக்கும் தெரியாது.
te డా. రావు వచ్చారు. |ఆయన ఏమన్నారు? |ఎవరికీ తెలియదు.
th เขามาแล้ว เขาไปแล้ว
tr Prof. Dr. Yılmaz 5. Mayıs günü geldi. |Sonra gitti.
uk Він живе на вул. Шевченка. |Потім поїхав.
ur وہ آیا۔ |وہ گیا۔ |کیوں؟
vi TS. Nguyễn Văn An đã đến. |Sau đó ông đi.
zh 北京很好。|他说：“我们赢了。”|真的吗？|是的！
zh 他说：「我们赢了！」|然后离开。
hy Նա եկավ։ |Նա գնաց։
am እሱ መጣ። |እሱ ሄደ።
my သူလာသည်။ |သူသွားသည်။
km គាត់មក។ |គាត់ទៅ។
"""


def sentences(text: str, language: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, language)]


@pytest.mark.parametrize("case", HARD.strip().split("\n"))
def test_sentences_end_where_a_reader_would_say(case: str) -> None:
    language, _, marked = case.replace("\\n", "\n").partition(" ")
    wanted = [part.strip() for part in marked.split("|")]
    assert sentences(marked.replace("|", ""), language) == wanted


def test_every_language_of_the_models_has_a_hard_case() -> None:
    cases = {case.partition(" ")[0] for case in HARD.strip().split("\n")}
    assert {code for pair in known_pairs() for code in pair} <= cases


@settings(max_examples=400, deadline=None)
@given(PROSE, LANGUAGES)
def test_joining_what_was_split_gives_the_text_back(text: str, language: str) -> None:
    block = Block(BlockKind.PARAGRAPH, (Text(text),))
    article = Article("split", "", "", language, "", (block,))
    same = [TranslatedSegment(one, one.text) for one in segment_article(article)]
    assert assemble_blocks((block,), same, language)[0].text == text


@settings(max_examples=100, deadline=None)
@given(PROSE, LANGUAGES)
def test_sentences_are_ordered_and_do_not_overlap(text: str, language: str) -> None:
    ranges = split_sentences(text, language)
    assert all(start < end for start, end in ranges)
    assert all(one[1] <= other[0] for one, other in pairwise(ranges))


def article(*texts: str) -> Article:
    blocks = tuple(Block(BlockKind.PARAGRAPH, (Text(text),)) for text in texts)
    return Article("a", "s", "u", "en", "A title", blocks)


def test_ids_stay_when_other_sentences_come_or_go() -> None:
    before = {s.text: s.id for s in segment_article(article("One is here. Two is there."))}
    after = {
        s.text: s.id for s in segment_article(article("New one. One is here.", "Two is there."))
    }
    assert after["One is here."] == before["One is here."]
    assert after["Two is there."] == before["Two is there."]


def test_a_sentence_said_twice_has_two_ids() -> None:
    ids = [s.id for s in segment_article(article("He left. He left."))]
    assert len(set(ids)) == 3


def test_the_title_comes_first_and_code_not_at_all() -> None:
    code = Block(BlockKind.CODE, (Text("x = 1"),))
    found = segment_article(Article("a", "s", "u", "en", "A title", (code,)))
    assert [(s.block, s.text) for s in found] == [(-1, "A title")]


def test_a_span_over_two_sentences_is_in_both() -> None:
    text = "One is here. Two is there."
    span = Span(SpanKind.BOLD, 4, 16)
    block = Block(BlockKind.PARAGRAPH, (Text(text, (span,)),))
    found = segment_article(Article("a", "s", "u", "en", "", (block,)))
    assert [s.text[x.start : x.end] for s in found for x in s.spans] == ["is here.", "Two"]
