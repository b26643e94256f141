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
    context: str
    question: str
    answer: str
    blank: str = " "
    comma: str = ", "

    def instruction(self, kind: Kind) -> str:
        return {
            Kind.CHOICE: self.choice,
            Kind.SEVERAL: self.several,
            Kind.YES_NO_MAYBE: self.yes_no_maybe,
            Kind.TEXT: self.text,
        }[kind]

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
    yes_no_maybe="Answer the question below from the text given. Give a short reasoning first, then end with "
    'a last line that holds only "Answer: " and one of the words yes, no or maybe, for example "Answer: '
    'yes".',
    text="Answer the medical question below in two to four sentences.",
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
    context="材料：",
    question="问题：",
    answer="答案：",
    blank="",
    comma="、",
)
_FR = Wording(
    choice="Répondez à la question médicale ci-dessous. Une seule proposition est exacte. Donnez d'abord un "
    "bref raisonnement, puis terminez par une dernière ligne contenant seulement « Réponse : » et la lettre "
    "de la proposition, par exemple « Réponse : B ».",
    several="Répondez à la question médicale ci-dessous. Une ou plusieurs propositions sont exactes ; "
    "indiquez-les toutes. Donnez d'abord un bref raisonnement, puis terminez par une dernière ligne "
    "contenant seulement « Réponse : » et les lettres, par exemple « Réponse : A, C ».",
    yes_no_maybe="Répondez à la question ci-dessous d'après le texte fourni. Donnez d'abord un bref "
    "raisonnement, puis terminez par une dernière ligne contenant seulement « Réponse : » et l'un des mots "
    "yes, no ou maybe, par exemple « Réponse : yes ».",
    text="Répondez à la question médicale ci-dessous en deux à quatre phrases.",
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
    context="Текст:",
    question="Вопрос:",
    answer="Ответ:",
)
_ES = Wording(
    choice="Responda a la pregunta médica siguiente. Solo una opción es correcta. Dé primero un razonamiento "
    "breve y termine con una última línea que contenga solo «Respuesta:» y la letra de la opción, por "
    "ejemplo «Respuesta: B».",
    several="Responda a la pregunta médica siguiente. Una o varias opciones son correctas; indíquelas todas. "
    "Dé primero un razonamiento breve y termine con una última línea que contenga solo «Respuesta:» y las "
    "letras, por ejemplo «Respuesta: A, C».",
    yes_no_maybe="Responda a la pregunta siguiente según el texto dado. Dé primero un razonamiento breve y "
    "termine con una última línea que contenga solo «Respuesta:» y una de las palabras yes, no o maybe, por "
    "ejemplo «Respuesta: yes».",
    text="Responda a la pregunta médica siguiente en dos a cuatro frases.",
    context="Texto:",
    question="Pregunta:",
    answer="Respuesta:",
)

_LANGUAGES = {"en": _EN, "zh": _ZH, "fr": _FR, "ja": _JA, "ru": _RU, "es": _ES}


def wording(language: str) -> Wording:
    """The language's words; English for a language that has none here."""
    return _LANGUAGES.get(language, _EN)
