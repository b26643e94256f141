"""How a text is cut into words: once for our figures, once as the released scorers cut.

No tokeniser here fetches or writes anything; each is loaded when its first text comes. The metrics of one
item follow each other and cut the same texts, so the last few are remembered.
"""

import unicodedata
import warnings
from functools import cache, lru_cache
from typing import Any

REMEMBERED = 512  # texts
UNICODE_WORD = (
    r"(?V1)\d+(?:[.,]\d+)*"  # 3.5 and 1,000 are one word; 3.5mg is 3.5 and mg
    r"|[\p{Han}\p{Hiragana}\p{Katakana}]"  # written without blanks
    r"|[[\p{L}\p{M}\p{N}]--[\p{Han}\p{Hiragana}\p{Katakana}]]+"
)


@lru_cache(maxsize=REMEMBERED)
def words(text: str, language: str) -> tuple[str, ...]:
    """Ours: NFKC, cut, casefolded, without punctuation; () when nothing but punctuation is there.

    zh: jieba (default mode); ja: janome; every other language: runs of letters, marks and digits, where a
    Chinese or Japanese character is a word of its own.
    """
    text = unicodedata.normalize("NFKC", text)
    pieces = _cut(text, language) or _unicode_word().findall(text)
    return tuple(piece.casefold() for piece in pieces if any(map(str.isalnum, piece)))


@lru_cache(maxsize=REMEMBERED)
def released_words(text: str, language: str) -> tuple[str, ...]:
    """As MedS-Bench and MMedBench cut for BLEU: jieba, janome, else NLTK's word tokeniser; case and all kept.

    Theirs splits sentences first with Punkt, whose data are a download, so ours does not: a full stop inside
    the text stays with its word, which can move BLEU by some points.
    """
    return _cut(text, language) or tuple(_treebank().tokenize(text))


def words_name(language: str) -> str:
    """What `words` is called in a score's reason."""
    return f"{_segmenter_name(language) or 'Unicode'} words"


def released_words_name(language: str) -> str:
    """What `released_words` is called in a score's reason."""
    return f"{_segmenter_name(language) or 'NLTK'} words" + (
        "" if _segmenter_name(language) else " (Treebank, without Punkt)"
    )


def _segmenter_name(language: str) -> str:
    return {"zh": "jieba", "ja": "janome"}.get(language, "")


@lru_cache(maxsize=REMEMBERED)
def _cut(text: str, language: str) -> tuple[str, ...]:
    """Chinese and Japanese alone; () for every other language. Janome takes 20 ms for a text of 200 words."""
    if language == "zh":
        return tuple(_jieba().cut(text))
    if language == "ja":  # janome fails on half a surrogate pair
        return tuple(_janome().tokenize(text.encode("utf-8", "replace").decode()))
    return ()


@cache
def _jieba() -> Any:
    """Its default dictionary, read past its own start-up, which logs and keeps a cache in a shared folder."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an old setuptools complains about jieba's way of finding its files
        import jieba
    segmenter = jieba.Tokenizer()
    segmenter.FREQ, segmenter.total = segmenter.gen_pfdict(segmenter.get_dict_file())
    segmenter.initialized = True
    return segmenter


@cache
def _janome() -> Any:
    from janome.tokenizer import Tokenizer

    return Tokenizer(wakati=True)  # surface forms alone


@cache
def _treebank() -> Any:
    from nltk.tokenize import NLTKWordTokenizer

    return NLTKWordTokenizer()


@cache
def _unicode_word() -> Any:
    import regex

    return regex.compile(UNICODE_WORD)
