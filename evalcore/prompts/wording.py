"""What the written prompts say, in six languages; the only place with wording that a model reads.

Every language asks for a short reasoning and a last line with the statement that the reader looks for first.
"""

from dataclasses import dataclass

from evalcore.types import Kind


@dataclass(frozen=True)
class Wording:
    """One language's words. `answer` and `question` carry their colon; `blank` stands after a colon."""

    choice: str
    several: str
    yes_no_maybe: str
    text: str
    label: str
    labels: str
    entities: str
    structured: str
    context: str
    question: str
    answer: str
    blank: str = " "
    comma: str = ", "

    def instruction(self, kind: Kind) -> str:
        """What to do, by kind; dialogues and rubric items are asked as they stand."""
        return "" if kind in (Kind.RUBRIC, Kind.DIALOGUE) else str(getattr(self, kind.value))

    def statement(self, labels: tuple[str, ...]) -> str:
        """The last line of a reply that gives these labels, such as "Answer: A, C"."""
        return f"{self.answer}{self.blank}{self.comma.join(labels)}"


_EN = Wording(
    choice="Answer the medical question below. Exactly one option is right. Give a short reasoning first, "
    'then end with a last line that holds only "Answer: " and the letter of the option, for example '
    '"Answer: B".',
    several="Answer the medical question below. One or more options are right; name all of them. Give a "
    'short reasoning first, then end with a last line that holds only "Answer: " and the letters, for '
    'example "Answer: A, C".',
    yes_no_maybe="Answer the question below from the text given. Give a short reasoning first, then end "
    "with "
    'a last line that holds only "Answer: " and one of the words yes, no or maybe, for example "Answer: '
    'yes".',
    text="Answer the medical question below in two to four sentences.",
    label="Choose exactly one of the labels offered. Reply with the label alone, spelt as it is offered.",
    labels="Choose every label that applies, out of those offered. Reply with the labels alone, spelt "
    "as offered, parted by commas.",
    entities="Reply with the entities alone, as they stand in the text, parted by commas. If there is "
    'none, reply "none".',
    structured="Answer point by point, one line a point: its name, a colon, its value; part several "
    "values with commas.",
    context="Text:",
    question="Question:",
    answer="Answer:",
)
_ZH = Wording(
    choice="请回答下面的医学问题。只有一个选项正确。请先简要说明理由，最后单独一行写“答案：”和选项字母，"
    "例如“答案：B”。",
    several="请回答下面的医学问题。正确选项可能有一个或多个，请全部选出。请先简要说明理由，"
    "最后单独一行写“答案：”和全部字母，例如“答案：A、C”。",
    yes_no_maybe="请根据所给材料回答下面的问题。请先简要说明理由，最后单独一行写“答案：”以及 yes、no、maybe "
    "三词之一，例如“答案：yes”。",
    text="请用两到四句话回答下面的医学问题。",
    label="请从给出的类别中选出唯一一个。只写该类别，写法与所给的一致。",
    labels="请选出所有适用的类别。只写类别名称，写法与所给的一致，用逗号分隔。",
    entities="只写出文中的实体，按原文写法，用逗号分隔。如没有，请写“无”。",
    structured="请分条作答，每条一行：要点名称、冒号、内容；多个内容用逗号分隔。",
    context="材料：",
    question="问题：",
    answer="答案：",
    blank="",
    comma="、",
)
_FR = Wording(
    choice="Répondez à la question médicale ci-dessous. Une seule proposition est exacte. Donnez "
    "d'abord un "
    "bref raisonnement, puis terminez par une dernière ligne contenant seulement « Réponse : » et la lettre "
    "de la proposition, par exemple « Réponse : B ».",
    several="Répondez à la question médicale ci-dessous. Une ou plusieurs propositions sont exactes ; "
    "indiquez-les toutes. Donnez d'abord un bref raisonnement, puis terminez par une dernière ligne "
    "contenant seulement « Réponse : » et les lettres, par exemple « Réponse : A, C ».",
    yes_no_maybe="Répondez à la question ci-dessous d'après le texte fourni. Donnez d'abord un bref "
    "raisonnement, puis terminez par une dernière ligne contenant seulement « Réponse : » et l'un des mots "
    "yes, no ou maybe, par exemple « Réponse : yes ».",
    text="Répondez à la question médicale ci-dessous en deux à quatre phrases.",
    label="Choisissez exactement une des étiquettes proposées. Répondez par cette étiquette seule, "
    "écrite comme proposée.",
    labels="Choisissez toutes les étiquettes qui conviennent. Répondez par ces étiquettes seules, "
    "séparées par des virgules.",
    entities="Répondez par les entités seules, telles qu'elles figurent dans le texte, séparées par des "
    "virgules. S'il n'y en a aucune, répondez « aucune ».",
    structured="Répondez point par point, une ligne par point : son nom, deux-points, sa valeur ; séparez "
    "les valeurs par des virgules.",
    context="Texte :",
    question="Question :",
    answer="Réponse :",
)
_JA = Wording(
    choice="次の医学の問題に答えてください。正しい選択肢は一つだけです。まず簡潔に理由を述べ、"
    "最後の行に「答え：」と選択肢の文字だけを書いてください。例：「答え：B」",
    several="次の医学の問題に答えてください。正しい選択肢は一つ以上あります。すべて選んでください。"
    "まず簡潔に理由を述べ、最後の行に「答え：」と文字だけを書いてください。例：「答え：A、C」",
    yes_no_maybe="次の文章に基づいて質問に答えてください。まず簡潔に理由を述べ、最後の行に「答え：」と "
    "yes、no、maybe のいずれか一語だけを書いてください。例：「答え：yes」",
    text="次の医学の質問に二文から四文で答えてください。",
    label="示されたラベルから一つだけ選び、そのラベルだけを示されたとおりに書いてください。",
    labels="当てはまるラベルをすべて選び、ラベルだけを示されたとおりに、コンマで区切って書いてください。",
    entities="本文中の用語だけを本文のとおりに、コンマで区切って書いてください。なければ「なし」と書いてください。",
    structured="項目ごとに一行で、項目名、コロン、内容の順に書いてください。内容が複数あればコンマで区切ってください。",
    context="文章：",
    question="問題：",
    answer="答え：",
    blank="",
    comma="、",
)
_RU = Wording(
    choice="Ответьте на медицинский вопрос ниже. Верен ровно один вариант. Сначала кратко обоснуйте ответ, "
    "затем последней строкой напишите только «Ответ:» и букву варианта, например «Ответ: B».",
    several="Ответьте на медицинский вопрос ниже. Верными могут быть один или несколько вариантов; укажите "
    "все. Сначала кратко обоснуйте ответ, затем последней строкой напишите только «Ответ:» и буквы, "
    "например «Ответ: A, C».",
    yes_no_maybe="Ответьте на вопрос ниже по приведённому тексту. Сначала кратко обоснуйте ответ, затем "
    "последней строкой напишите только «Ответ:» и одно из слов yes, no или maybe, например «Ответ: yes».",
    text="Ответьте на медицинский вопрос ниже двумя–четырьмя предложениями.",
    label="Выберите ровно одну из предложенных меток. Ответьте только этой меткой, как она написана.",
    labels="Выберите все подходящие метки. Ответьте только метками, как они написаны, через запятую.",
    entities="Ответьте только терминами, как они стоят в тексте, через запятую. Если их нет, напишите «нет».",
    structured="Отвечайте по пунктам, по одной строке: название, двоеточие, значение; несколько значений "
    "— через запятую.",
    context="Текст:",
    question="Вопрос:",
    answer="Ответ:",
)
_ES = Wording(
    choice="Responda a la pregunta médica siguiente. Solo una opción es correcta. Dé primero un "
    "razonamiento "
    "breve y termine con una última línea que contenga solo «Respuesta:» y la letra de la opción, por "
    "ejemplo «Respuesta: B».",
    several="Responda a la pregunta médica siguiente. Una o varias opciones son correctas; indíquelas "
    "todas. "
    "Dé primero un razonamiento breve y termine con una última línea que contenga solo «Respuesta:» y las "
    "letras, por ejemplo «Respuesta: A, C».",
    yes_no_maybe="Responda a la pregunta siguiente según el texto dado. Dé primero un razonamiento breve y "
    "termine con una última línea que contenga solo «Respuesta:» y una de las palabras yes, no o maybe, por "
    "ejemplo «Respuesta: yes».",
    text="Responda a la pregunta médica siguiente en dos a cuatro frases.",
    label="Elija exactamente una de las etiquetas ofrecidas. Responda solo con ella, escrita como se ofrece.",
    labels="Elija todas las etiquetas que correspondan. Responda solo con ellas, escritas como se "
    "ofrecen, separadas por comas.",
    entities="Responda solo con las entidades, como están en el texto, separadas por comas. Si no hay "
    "ninguna, responda «ninguna».",
    structured="Responda punto por punto, una línea por punto: su nombre, dos puntos, su valor; separe "
    "varios valores con comas.",
    context="Texto:",
    question="Pregunta:",
    answer="Respuesta:",
)

_LANGUAGES = {"en": _EN, "zh": _ZH, "fr": _FR, "ja": _JA, "ru": _RU, "es": _ES}


def wording(language: str) -> Wording:
    """The language's words; English for a language that has none here."""
    return _LANGUAGES.get(language, _EN)
