"""What is no answer letter, what refuses, what begins another question, and yes, no, maybe in six languages.

Fragments of regular expressions, as in words.py.
"""

# A single capital that is no option letter, by what stands before or after it.
NOT_AFTER = (
    r"(?:\b(?:vitamins?|vitamine?s?|vitaminas?|витамин(?:а|ы|ов|у)?|provitamin|hepatitis|hépatites?"
    r"|гепатит(?:а|у|е|ом)?|group|groupe"
    r"|grupo|группа|группы|groups?|types?|tipos?|тип(?:а|у|ом)?|influenza|grippe|gripe|грипп(?:а|у)?"
    r"|h[ae]+mophilia|hémophilie"
    r"|hemofilia|гемофили[яией]|factor|facteur|protein|protéine|proteína|белок|class|classe|clase"
    r"|grade|stage|stade|phase|child|"
    r"pugh|killip|nyha|immunoglobulins?|immunoglobuline|inmunoglobulina|coenzyme|apolipoprotein"
    r"|lipoprotein|amphotericin|"
    r"cyclosporin|polymyxin|toxin|toxine|toxina|lymphocytes?|linfocitos?|лимфоцит(?:ы|ов)?|cells?"
    r"|célula|células|cellules?|"
    r"streptococc(?:us|i)|streptocoque|estreptococo|serotype|lewy|dr|mr|mrs|ms|plan|appendix|figure"
    r"|table|part|section|scenario|"
    r"patient|case|drug|virus|blood|sang|sangre|serogroup|sérogroupe|serogrupo)|维生素|维他命"
    r"|ビタミン|肝炎|グループ|タイプ|型)[\s-]*$"
)
NOT_BEFORE = (
    r"(?:型|群|族|超(?!出)|细胞|細胞|淋巴|反应蛋白|級|级|期(?!待)|链|鏈|环|波|線|线(?!索)|肝|因子"
    r"|组(?!合)|類|类|受体|受容体|抗原|スコア"
    r"|\s?(?:cells?|lymphocytes?|peptide|dimers?|virus|vitamins?|waves?|symptoms?|streptococc\w{1,3}"
    r"|fibers?|fibres?|antigens?"
    r"|coli|score|sections?|lines?|клет\w{1,4}|лимфоцит\w{0,4})\b"
    r"|\.\s?(?:difficile|albicans|coli|perfringens|jejuni|trachomatis|burgdorferi|pertussis|cereus"
    r"|anthracis|fragilis|henselae"
    r"|diphtheriae|botulinum|tetani|neoformans|pneumoniae|dermatitidis|dubliniensis|histolytica"
    r"|cloacae|aerogenes|faecalis"
    r"|faecium|immitis|burnetii|psittaci|glabrata|auris|abortus|melitensis|recurrentis|microti"
    r"|bacilliformis|canis)\b"
    r"|\.\s?[A-Z]\.|[+-](?=[\s).,]|$))"
)
# After A, a (article, preposition) or Cyrillic А, В, С (conjunction, prepositions) only these may follow.
CONNECTIVES = (
    r"(?:because|since|as|due|for|and|or|is|are|which|given|with|but|based|rather|not|nor|in this case"
    r"|option|choice|who|that|here|"
    r"mais|sino|pero|car|parce|puisque|et|est|ou|soit|qui|porque|ya|y|es|son|o|ni|debido|pues|que|"
    r"так|потому|поскольку|и|или|является|это|верен|верна|правильный)\b"
)

BECAUSE = (
    r"(?:because|since|due to|as|based on|given|for|which|car|parce|puisque|porque|ya que|debido|pues|"
    r"так как|потому|поскольку)\b"
)

REFUSALS: dict[str, tuple[str, ...]] = {
    "en": (
        r"\b(?:i(?:'m| am) sorry|i apologi[sz]e|as an ai|i(?:'m| am) (?:not able|unable)|i (?:can't"
        r"|cannot|can not|won't|will not)\s+"
        r"(?:answer|provide|give|help|assist|offer|determine|make|diagnose|select|choose|respond"
        r"|recommend)|i must decline"
        r"|i(?:'m| am) not (?:a doctor|able|qualified)|consult (?:a|your) (?:doctor|physician|healthcare))",
    ),
    "zh": (
        r"(?:无法(?:回答|提供|给出|判断|作答|确定)|不能(?:回答|提供|给出)|抱歉|对不起"
        r"|作为(?:一个)?(?:人工智能|AI|语言模型)|我不是医生|请咨询)",
    ),
    "fr": (
        r"\b(?:je (?:suis désolée?|ne (?:peux|suis) pas|regrette)|désolée?,|en tant qu'(?:ia"
        r"|intelligence))",
    ),
    "es": (
        r"\b(?:lo siento|no puedo|como (?:una )?(?:ia|inteligencia)|no estoy (?:capacitad|autorizad)"
        r"|consulte a)",
    ),
    "ru": (
        r"\b(?:извините|к сожалению|я не могу|не могу (?:ответить|дать|помочь)|как (?:ии"
        r"|языковая модель)|обратитесь к врачу)",
    ),
    "ja": (
        r"(?:申し訳|お答えできません|回答できません|お答えすることはできません|AIとして|医師に(?:ご)?相談)",
    ),
}
RUN_ON = (
    r"\n[ \t]{0,8}(?:#{1,4} ?)?(?:question|q\d{1,3}|instruction|input|human|user|问题|題目|题目"
    r"|pregunta|вопрос|質問|问|<\|im_start\|>|<\|user\|>)"
    r" ?\d{0,3} ?[:.]"
)
# Questions that ask for the wrong one: "C is incorrect" is then the answer.
ASKS_WRONG = (
    r"\b(?:except|incorrect|false|not true|is not|are not|least|fauss?e?s?|inexacte?s?|sauf"
    r"|incorrect[oa]s?|fals[oa]s?|excepto|"
    r"no es|неверн\w{1,4}|неправильн\w{1,4}|кроме|не является)\b|错误|不正确|不是|不属于|不符合"
    r"|不包括|除外|不应|不宜|誤って|誤り|"
    r"適切でない|正しくない|でないのは|しないのは|ないもの"
)
WRONG_ONE: tuple[str, ...] = (
    r"\b(?:the )?(?:incorrect|false|wrong) (?:option|answer|statement|one) is\b",
    r"(?:错误|不正确|不符合|不属于)的?(?:选项|说法|一项|描述)?(?:应)?(?:是|为|:)",
    r"\b(?:proposition|réponse|option) (?:fausse|inexacte|incorrecte) est\b(?: la\b| le\b)?",
    r"\b(?:opci[oó]n|respuesta|afirmaci[oó]n) (?:incorrecta|falsa) es(?: la)?\b",
    r"\b(?:неверн|неправильн)\w{1,4} (?:вариант|ответ|утверждение)\s*(?:-|:|это)",
    r"(?:誤っている|誤り|不適切な|正しくない)(?:もの|選択肢|の|な選択肢)?は",
)

YES_NO_MAYBE: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {"yes": ("yes",), "no": ("no",), "maybe": ("maybe", "perhaps", "uncertain")},
    "zh": {
        "yes": ("是", "是的", "肯定", "肯定的", "能", "可以", "会", "有"),
        "no": ("否", "不是", "不", "否定", "否定的", "不能", "不会", "没有"),
        "maybe": ("可能", "也许", "不确定", "或许", "不一定", "尚不确定"),
    },
    "fr": {"yes": ("oui",), "no": ("non",), "maybe": ("peut-être", "peut être", "incertain")},
    "es": {
        "yes": ("sí", "si"),
        "no": ("no",),
        "maybe": ("tal vez", "quizás", "quizá", "posiblemente", "a lo mejor"),
    },
    "ru": {
        "yes": ("да",),
        "no": ("нет",),
        "maybe": ("возможно", "может быть", "неизвестно", "не определено"),
    },
    "ja": {
        "yes": ("はい", "そうです", "ええ"),
        "no": ("いいえ", "いえ"),
        "maybe": ("たぶん", "多分", "おそらく", "不明", "どちらとも言えない", "分からない", "わからない"),
    },
}
