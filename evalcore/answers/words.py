"""What answers sound like, as tables by language. Fragments of regular expressions, matched ignoring case.

Every repetition is bounded, so that any reply is read in linear time. Text is evened first (view.py):
full-width punctuation, quotes and dashes are already ASCII.
"""

# Before an option: "the answer is". An option must follow at once.
CUES: dict[str, tuple[str, ...]] = {
    "en": (
        r"\b(?:answers?|choices?|options?|selections?|responses?|conclusion|verdict|decision|pick)\b"
        r"(?:\s+(?:to|for|here|that|which|among|from|of|in|choice|option|letter|would"
        r"|selection)\b[^.\n:;?!]{0,80}?)?"
        r"(?:\s*\([^()\n]{0,40}\))?\"?\s*(?:\bis\b|\bare\b|\bwas\b|\b(?:would|should|will|must"
        r"|has to) be\b|'s\b|:|=|->|→|-\s)"
        r"(?:\s*(?:therefore|thus|clearly|definitely|most likely|likely|probably|indeed|simply"
        r"|actually|still|then|"
        r"hence|now|that of|:)\s){0,2}",
        r"\b(?:i|we)(?:'ll|'d| will| would| must| should| have to| can)?\s+"
        r"(?:choose|pick|select|go with|opt for|chose|picked|selected|went with|settle on|vote for"
        r"|answer|conclude)\b"
        r"(?:\s+(?:with|that it is|it is|that))?:?",
        r"\bans\b\s*[.:]",
        r"\b(?:i'm|i am|we are)\s+(?:choosing|going with|picking|selecting)\b",
        r"\bmost\s+(?:likely|appropriate|probable|suitable|accurate|plausible|effective|important"
        r"|common|consistent)\b"
        r"[^.\n?!]{0,160}?\b(?:is|are|would be)\b:?",
        r"\b(?:best|strongest|correct|right)\s+(?:\w+\s+){1,10}?(?:is|are|would be)\b:?",
        r"\b(?:leaving|leaves|left with)(?:\s+(?:us|me|only|just|with)){0,2}",
        r"<answer>|\\boxed\s?\{|\\fbox\s?\{|####",
    ),
    "zh": (
        r"(?:答案|答[：:])(?:应该|应当|应|就|只能|显然|因此|选项|选择|可能|确定|判断){0,2}(?:是|为"
        r"|选择|选|:|=|->|→)*",
        r"(?:正确|最佳|最合适|最恰当|最可能)的?(?:选项|选择|答案|一项)(?:应该|应当|应|就)?(?:是|为|:|=)+",
        r"(?:我的选择|我选择|我选|我会选择|我会选|最终选择|最终选|选择项)(?:是|为|:)?",
        r"(?<![不未误错勿别可非首])(?:故选择|故选|应选择|应选|应该选择|应该选|因此选择|因此选"
        r"|所以选择|所以选|选择|选出|选)(?:的是|:|为|了)?"
        r"(?:选项)?",
        r"结论(?:是|为|:)",
    ),
    "fr": (
        r"\b(?:réponses?|options?|propositions?|choix|solution|conclusion)\b"
        r"(?:\s+(?:(?:les? )?plus )?(?:correctes?|exactes?|justes?|finales?|attendues?|appropriées?"
        r"|adéquates?|bonnes?|"
        r"probables?|adaptées?|à retenir|à choisir)){0,2}"
        r"(?:\s+(?:à|de|pour)\s[^.\n:;?!]{0,60}?)?"
        r"\s*(?:\best\b|\bsont\b|\bserait\b|\bseraient\b|:|=|(?=\s(?:n'est|ne sont)))(?:\s*(?:donc"
        r"|clairement|ainsi|bien|:)){0,2}",
        r"\b(?:je|nous)\s+(?:choisis|choisissons|réponds|répondons|sélectionne|retiens|retenons|coche"
        r"|prends)\b",
        r"\bj'opte pour\b|\bmon choix est\b|\bmon choix :",
        r"\b(?:le|la|les)\s+plus\s+(?:probables?|appropriée?s?|adaptée?s?|proche"
        r"|fréquente?s?)[^.\n?!]{0,100}?\b(?:est|sont)\b"
        r"(?:\s+donc)?",
    ),
    "es": (
        r"\b(?:respuestas?|opci[oó]n|opciones|alternativas?|conclusi[oó]n)\b"
        r"(?:\s+(?:m[aá]s )?(?:correctas?|finale?s?|adecuadas?|acertadas?|v[aá]lidas?|verdaderas?"
        r"|apropiadas?|probables?)){0,2}"
        r"(?:\s+(?:a|para|de)\s[^.\n:;?!]{0,60}?)?"
        r"\s*(?:\bes\b|\bson\b|\bser[ií]a\b|\bser[ií]an\b|\bdebe ser\b|:|=|(?=\sno\s))(?:\s*(?:por tanto"
        r"|por lo tanto|entonces|claramente|"
        r"la|el|las|los|:)\b){0,2}",
        r"\b(?:elijo|escojo|selecciono|me quedo con|opto por|respondo|marco|elegimos|elegir[ií]a)\b",
        r"\bm[aá]s\s+(?:probable|adecuad[oa]|apropiad[oa]|acertad[oa])[^.\n?!]{0,100}?\b(?:es|ser[ií]a)\b",
    ),
    "ru": (
        r"\b(?:ответ(?:ы|ом|а)?|вариант(?:ы|ом)?(?:\s+ответа)?|выбор|заключение|вывод)\b"
        r"(?:\s+(?:на вопрос|на данный вопрос|на этот вопрос|ответа|здесь)){0,2}\s*"
        r"(?:\bэто\b|\bявляется\b|\bявляются\b|\bбудет\b|\bбудут\b|:|=|-|,)?(?:\s*(?:вариант|буква"
        r"|:)\s){0,2}",
        r"\b(?:выбираю|выбираем|выберу|следует выбрать|надо выбрать|нужно выбрать|выбран(?:а|о|ы)?"
        r"|останавливаюсь на)\b",
        r"\bнаиболее\s+(?:вероятн|подходящ|правильн|целесообразн)\w{0,6}\b[^.\n?!]{0,100}?(?:-|:"
        r"|\bявляется\b|\bбудет\b)",
    ),
    "ja": (
        r"(?:正解|答え|答|正答|解答|回答|結論)(?:の選択肢)?(?:は|:|=|が|として)[、,:\s]?(?:選択肢)?",
        r"(?:正しい|適切な|最も適切な|最適な|該当する)(?:選択肢|もの|の|答え|組合せ|記述|対応"
        r"|診断)(?:は|が|:)[、,]?",
        r"(?:私は|選択肢は|選択は)[、,]?",
    ),
}

# A conclusion or a correction: an option that follows it counts as a statement.
CONCLUSIONS: dict[str, tuple[str, ...]] = {
    "en": (
        r"\b(?:therefore|thus|hence|consequently|in conclusion|so)\b[,:]?\s*"
        r"(?:it(?:'s| is| must be| should be)|this is|that(?:'s| is)|the answer)?",
        r"\b(?:it's|it is|it must be|it should be|i (?:think|believe|guess|suspect|say|would say)(?: that)?"
        r"|(?:lean|leaning) towards?)\b",
    ),
    "zh": (
        r"(?:因此|所以|故|综上所述|综上|由此可知|可见)[,:]?(?:答案|应)?(?:是|为)?",
        r"(?:认为|觉得|应该|应当)(?:是|为|选)",
    ),
    "fr": (
        r"(?:\bdonc\b|\bainsi,|\bpar conséquent\b|\ben conclusion\b)[,:]?\s*(?:c'est|il s'agit de)?",
        r"\b(?:c'est|il s'agit de)\b",
    ),
    "es": (
        r"\b(?:por lo tanto|por tanto|entonces|as[ií] que|en conclusi[oó]n)\b[,:]?\s*(?:es)?",
        r"\bcreo que es\b",
    ),
    "ru": (
        r"\b(?:таким образом|следовательно|поэтому|значит|итак|в итоге)\b[,:]?\s*(?:это)?",
        r"\b(?:думаю|полагаю|считаю),? (?:что )?(?:это )?",
    ),
    "ja": (r"(?:したがって|従って|よって|ゆえに|以上より|以上から|そのため)[、,]?(?:答えは|正解は)?",),
}
# A mere copula states only a letter that stands with its own text ("is A. Previous suicide attempt").
COPULAS: tuple[str, ...] = (
    r"\b(?:is|are|est|es|es la|является)\b:?",
    r"(?<=\S) - ",
    r"(?:的是|就是|应为|即)",
    r"(?:のは|は)[、,]?",
    r"\bэто\b",
)
THEREFORE = (
    r"\b(?:therefore|thus|hence|consequently|in conclusion|donc|par conséquent|en conclusion|por lo tanto"
    r"|por tanto|en conclusi[oó]n|таким образом|следовательно|поэтому)\b"
    r"|因此|所以|综上|可见|したがって|従って|よって|以上より|以上から"
)
CORRECTIONS: dict[str, tuple[str, ...]] = {
    "en": (
        r"\b(?:wait|actually|correction|sorry|rather|i mean|scratch that|on second thoughts?|hmm|oops"
        r"|instead|(?<=[.?!] )no,)"
        r"[\s,.:!;-]{0,5}(?:no[\s,.:]{1,3}(?=\w))?(?:i mean|i think|it(?:'s| is)|that(?:'s| is)|(?:it|that"
        r"|this) should be|make that"
        r"|the (?:correct )?answer is)?",
    ),
    "zh": (
        r"(?:等等|不对|更正|应改为|改为|纠正|修正|重新考虑|抱歉)[,。.!:…\s]{0,4}(?:应该|应当"
        r"|应)?(?:是|为|选)?",
    ),
    "fr": (
        r"\b(?:(?<=[.?!] )non,|attendez|attends|correction|pardon|en fait|plutôt|je corrige)"
        r"[\s,.:!-]{0,4}(?:c'est)?",
    ),
    "es": (
        r"\b(?:(?<=[.?!] )no,|espera|perd[oó]n|correcci[oó]n|mejor dicho|en realidad"
        r"|rectifico)[\s,.:!-]{0,4}(?:es)?(?:\s*la)?",
    ),
    "ru": (
        r"\b(?:(?<=[.?!] )нет,|стоп|подождите|поправка|исправляю|извините|вернее|точнее)"
        r"[\s,.:!-]{0,4}(?:это)?",
    ),
    "ja": (
        r"(?:いや|待って|訂正|失礼|やはり|間違えました)[、,。.!:…\s]{0,4}(?:正しくは|正解は|答えは)?[、,]?",
    ),
}

# After an option: "is the correct answer" states it, "is correct" only judges it.
STATES: dict[str, tuple[str, ...]] = {
    "en": (
        r",?\s*(?:is|are|was|would be|seems(?: to be)?|appears(?: to be)?|remains|must be"
        r"|should be)\s+(?:therefore |thus |clearly "
        r"|still |by far )?(?:the |my )?(?:only |single |final )?(?:correct|right|best|most|answer"
        r"|proper|optimal|preferred)"
        r"(?!\s+(?:that|in (?:stating|saying)|about|but))(?=[^.\n]{0,40}\b(?:answers?|options?"
        r"|choices?|likely|appropriate"
        r"|step|diagnosis|treatment|agent|cause|management|suitable|finding|explanation|probable"
        r"|accurate|one)\b|\s*[.!,]?\s*$)",
        r",?\s+(?:as )?the (?:correct|right|best|most)\b(?!\s+common)",
        r"\s+best\s+(?:fits|explains|describes|matches|answers)\b",
    ),
    "zh": (
        r"(?:项|选项)?[,，]?(?:就|才)?(?:是|为)?(?:最佳|正确|最合适的?|最恰当的?|最可能的?)的?(?:答案"
        r"|选项|选择)",
        r"(?:项|选项)?(?:就|才)?(?:是|为)(?:本题的?)?答案",
    ),
    "fr": (
        r",?\s*(?:est|sont)\s+(?:donc )?(?:la|les|le)\s+(?:bonnes?|meilleure?s?"
        r"|seule?s?)?\s*(?:réponses?|options?|propositions?|choix)",
        r",?\s*(?:est|sont)\s+(?:donc )?(?:la|les)\s+(?:plus |bonnes?\b|correctes?\b|exactes?\b)",
    ),
    "es": (
        r",?\s*(?:es|son)\s+(?:por tanto |entonces )?(?:la|las|el|los)\s+(?:respuestas?|opci[oó]n"
        r"|correctas?|m[aá]s|mejor|acertada)",
    ),
    "ru": (
        r",?\s*(?:-|является|являются|это)\s*(?:единственн\w{0,4}\s+)?(?:наиболее\s+)?(?:правильн"
        r"|верн|корректн|лучш)\w{0,5}",
    ),
    "ja": (
        r"(?:選択肢|オプション|の選択肢)?(?:が|は)(?:最も)?(?:正解|正答|答え|最適|適切な選択"
        r"|正しい答え|正しい選択肢)",
        r"(?:選択肢)?(?:が|は)最も(?:適切|適当|妥当|可能性が高|考えられ|疑わ)",
        r"(?:だと|であると|と)(?:思|考え|判断)",
        r"(?:の選択肢)?(?:を|に)(?:選択|選び|選ぶ|選ん|決定)",
    ),
}
JUDGES: dict[str, tuple[str, ...]] = {
    "en": (
        r",?\s*(?:is|are)\s+(?:also |indeed |clearly |therefore )?(?:correct|right|true)\b",
        r"\s*-?\s*[✓✔✅]",
        r"\s*[:(-]\s*(?:correct|true)\b",
    ),
    "zh": (
        r"(?:项|选项)?(?:也|均|都|的?说法|的?描述)?(?:是|为)?(?:正确|对的|符合)",
        r"(?:项|选项)?更为?(?:精准|合适|恰当|符合)",
    ),
    "fr": (
        r",?\s*(?:est|sont)\s+(?:aussi |donc |également )?(?:correcte?s?|exacte?s?|vraie?s?|justes?)\b",
        r"\s*[:(-]\s*(?:vrai|exact)\b",
    ),
    "es": (
        r",?\s*(?:es|son)\s+(?:tambi[eé]n )?(?:correct[oa]s?|verdader[oa]s?|ciert[oa]s?)\b",
        r"\s*[:(-]\s*(?:correct[oa]|verdader[oa])\b",
    ),
    "ru": (
        r",?\s*(?:-|является|являются)?\s*(?:тоже |также )?(?:верн|правильн)\w{1,5}",
        r"\s*[:(-]\s*(?:верно|правильно)\b",
    ),
    "ja": (
        r"(?:選択肢|の選択肢|も|の記述)?(?:が|は|も)?(?:正しい|適切(?!で(?:は|な))|正解)",
        r"\s*[:(]?\s*[○◯〇]",
    ),
}
# After an option (or before it, DENIALS): it is not the one.
REJECTS: dict[str, tuple[str, ...]] = {
    "en": (
        r",?\s*(?:is|are|was|were|would be|seems|can be|could be|should be|may be|does|do|can|would"
        r"|have been|has been)"
        r"\s*(?:also |therefore |clearly |both |all )?"
        r"(?:not|n't|incorrect|wrong|false|less|un|ruled out|excluded|eliminated|inappropriate"
        r"|contraindicated|out\b)",
        r"\s*(?:isn't|aren't|wasn't|doesn't|don't|can't|cannot|wouldn't)\b",
        r"\s*-?\s*[✗✘❌]",
        r"\s*[:(-]\s*(?:incorrect|wrong|false)\b",
        r"\s+(?:can|could) be",
    ),
    "zh": (
        r"(?:项|选项)?[,，]?(?:均|都|也|则|的?说法|的?描述|显然|并|明显|可以?|可能)*"
        r"(?:是|为)?(?:不(?!仅|但|只|存在)|错|误|排除|并非|非(?!常)|无关|无直接|少见|应排除)",
    ),
    "fr": (
        r",?\s*(?:est|sont)\s+(?:donc |aussi )?(?:pas|incorrecte?s?|inexacte?s?|fauss?e?s?|erronée?s?"
        r"|exclue?s?|à exclure|moins)",
        r",?\s*(?:n'est|ne sont|ne)\b",
        r"\s*[:(-]\s*(?:faux|inexact)\b",
    ),
    "es": (
        r",?\s*(?:es|son|est[aá]n?|se|queda)\s+(?:tambi[eé]n )?(?:incorrect|fals|err[oó]ne|descart|menos)",
        r",?\s*no\s+(?:es|son|se|est)",
        r"\s*[:(-]\s*(?:fals[oa]|incorrect[oa])\b",
    ),
    "ru": (
        r",?\s*(?:-|является|являются)?\s*(?:не\s|неверн|неправильн|ошибочн|ложн|исключа|менее)",
        r"\s*[:(-]\s*(?:неверно|неправильно)\b",
    ),
    "ja": (
        r"(?:選択肢|の選択肢|の記述)?(?:が|は|も|では|じゃ)?(?:ない|なく|ありません|誤|不正解|不適切"
        r"|間違|違い|違う|除外|正しくな|適切で(?:は)?な)",
        r"\s*[:(]?\s*[×✕]",
    ),
}
DENIALS: dict[str, tuple[str, ...]] = {
    "en": (
        r"\b(?:not|n't|neither|nor|never|rule out|ruled out|ruling out|exclude|excludes|excluded"
        r"|eliminate|eliminated|eliminates"
        r"|eliminating|reject|rejected|dismiss|unlike|instead of|rather than|besides|except)\s+(?:be "
        r"|it's |it is |either |both |out |as )?",
        r"\b(?:the )?(?:other|remaining|rest of the)\s+(?:options|choices|answers)?[\s,:(]*(?:such as"
        r"|like)?\s*",
    ),
    "zh": (
        r"(?:不选择|不选|不是|并非|而非|排除|不应选|不能选|不考虑|排除了|除了|而不是)(?:选项)?",
        r"(?:其他|其余|其它|另外)(?:的)?(?:选项|几项|各项)?(?:如|中|:|\()*",
    ),
    "fr": (
        r"\b(?:n'est pas|ne sont pas|ni|pas|exclure|éliminer|on élimine|j'élimine|plutôt que"
        r"|sauf)\s+(?:la |les )?",
        r"\b(?:éliminant|écartant|excluant|rejetant)\s+(?:ainsi |donc )?(?:la |les )?",
        r"\b(?:autres)\s+(?:options|propositions|réponses|choix)?[\s,:(]*(?:comme)?\s*",
    ),
    "es": (
        r"\b(?:no es|no son|ni|descarto|descartar|descartamos|se descartan?|excluir|en lugar de"
        r"|excepto|no)\s+(?:la |las )?",
        r"\b(?:otras|dem[aá]s)\s+(?:opciones|respuestas|alternativas)?[\s,:(]*(?:como)?\s*",
    ),
    "ru": (
        r"\b(?:не|ни|исключаем|исключить|исключаю|кроме|а не)\s+",
        r"\b(?:остальные|другие)\s+(?:варианты|ответы)?[\s,:(]*",
    ),
    "ja": (
        r"(?:除外するのは|除いて)",
        r"(?:他|その他|ほか)の(?:選択肢|オプション)?(?:の中で|である|は|、|\()*",
    ),
}
# In the same clause before an option that is named by its text alone.
NEGATIONS: tuple[str, ...] = (
    r"\b(?:not|n't|never|no|without|cannot|unlikely|excludes?|pas|jamais|sans|sin|nunca|не|нет"
    r"|без)\b[^.;:,\n。]{0,30}$",
    r"(?:不|没有|无|并非|未)[^。,;:\n]{0,10}$",
)
# "not B but C": between the two.
BUT: tuple[str, ...] = (
    r"[\s,;.\"]*(?:but(?: rather)?|rather|it is|it's|instead)\b:?",
    r"[\s,;.\"]*(?:而应该是|而应是|而应选|而应为|而是|而为|应该是|应为|应是|是)",
    r"[\s,;.\"]*(?:mais(?: plutôt)?|c'est)\b",
    r"[\s,;.\"]*(?:sino(?: que es)?|es)\b(?:\s+la\b)?",
    r"[\s,;.\"]*(?:а|но|это)\b",
    r"\"?\s*(?:の)?(?:では|じゃ)なくて?[、,]?",
)
# Just before a statement: it is doubted, asked, or only supposed.
DOUBTS: tuple[str, ...] = (
    r"\b(?:do not|don't|does not|doesn't|cannot|can't|wouldn't|not|never)\s+"
    r"(?:think|believe|say|saying|agree|conclude|mean|imply|true|the case|certain|sure|know|tell"
    r"|clear|possible)\b[^.;,\n]{0,30}$",
    r"\b(?:if|whether|unless|suppose|assuming|why|when|doubt|is it that|is|could|might|may)\s+(?:the "
    r"|this |that |my |our )?"
    r"(?:correct |right |best |final )?$",
    r"\b(?:if|whether|unless|suppose|assuming)\b[^.,;\n]{0,40}$",
    r"\b(?:initially|first|at first|originally|previously|earlier)\b[^.,;\n]{0,30}$",
    r"(?:如果|假如|若|假设|是否|难道|不认为|并不是说|为什么|起初|最初|一开始)[^。,;\n]{0,12}$",
    r"\b(?:si|ne (?:pense|crois) pas que|d'abord)\b[^.,;\n]{0,30}$",
    r"\b(?:no creo que|no pienso que|al principio|si)\b[^.,;\n]{0,30}$",
    r"\b(?:если|не думаю,? что|не считаю,? что|сначала)\b[^.;\n]{0,30}$",
    r"(?:もし|最初は|初めは)[^。、\n]{0,12}$",
)
QUESTION = r"[\s\"')\]]*(?:吗|嗎|呢|か)?\s*\?"
OR = r"[\s\"')\]]*(?:\bor\b|\bou\b|\bили\b|或者?|または|もしくは|あるいは|\bo\b|(?<=[A-Z]) ?/)[\s\"'(\[]*"
AND = (
    r"[\s\"')\]]*(?:,\s*(?:and|et|y|и)\b|,|、|;|&|\+|\band\b|\bet\b|\by\b|\be\b|\bи\b"
    r"|和|及|与|以及|、?と|\bas well as\b)[\s\"'(\[]*"
)
NOUN = (
    r"(?:(?:the|la|le|les|el|l')\s?)?(?:correct |right )?(?:options?|choices?|letters?|answers?"
    r"|statements?|选项|选擇|選項|réponses?|"
    r"propositions?|lettres?|opci[oó]n(?:es)?|respuestas?|letras?|вариант(?:ы|а|у|ом)?(?: ответа)?"
    r"|буква|ответ|опци[яию]|"
    r"選択肢|オプション|记号|記号)\s*(?:is\s|:)?"
)


def joined(table: dict[str, tuple[str, ...]] | tuple[str, ...]) -> str:
    """One alternation of a table over all languages: a Chinese item may be answered in English."""
    fragments = table if isinstance(table, tuple) else tuple(f for row in table.values() for f in row)
    return bounded("(?:" + "|".join(fragments) + ")")


def bounded(pattern: str) -> str:
    """The pattern with its runs of blanks and brackets bounded: two side by side cost their square."""
    pattern = pattern.replace(r"\s*", r"\s{0,6}").replace(r"\s+", r"\s{1,6}")
    return pattern.replace("]*", "]{0,16}")
