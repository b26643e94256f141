"""Whether judge and judged come from the same house: a judge favours its own kind."""

import re

_FAMILIES = {
    "gpt": r"(?<![a-z])gpt-?(?:[345]|oss)|chatgpt|^o[1-9](?![a-z0-9])|text-davinci",
    "claude": r"claude",
    "gemini": r"gemini|gemma|(?<![a-z])palm-?2?(?![a-z])|medpalm",
    "llama": r"llama|vicuna|alpaca|meditron|openbiollm|ultramedical|clinicalcamel|(?<![a-z])med42|tulu",
    "qwen": r"qwen|qwq|qvq|tongyi|通义",
    "mistral": r"mistral|mixtral|ministral|magistral|codestral|zephyr",
    "deepseek": r"deepseek",
    "glm": r"(?<![a-z])(?:chat)?glm",
    "internlm": r"internlm|mmedlm",
    "baichuan": r"baichuan|百川",
    "yi": r"(?:^|/)yi-",
    "phi": r"(?:^|/|-)phi-?[1-9]",
    "grok": r"grok",
    "command": r"command-(?:r|a)|(?<![a-z])aya(?![a-z])",
    "nova": r"nova-(?:micro|lite|pro|premier)",
    "kimi": r"kimi|moonshot",
    "minimax": r"minimax|abab",
    "ernie": r"ernie|文心",
    "hunyuan": r"hunyuan|混元",
    "doubao": r"doubao|豆包|seed-oss",
    "spark": r"(?:^|/)spark|星火",
    "falcon": r"falcon",
    "olmo": r"olmo",
    "granite": r"granite",
    "demo": r"^demo:",
}


def families(name: str) -> frozenset[str]:
    """Families a model's name tells of: none when unknown, two for a model distilled into another's weights.

    name: as in cli.md (`api:ENDPOINT/MODEL`, `hf:...`, `demo:...`) or bare; the endpoint's name says nothing.
    """
    bare = re.sub(r"^api:[^/]*/|^hf:", "", name.casefold())
    last = bare.rsplit("/", 1)[-1]
    return frozenset(
        family for family, words in _FAMILIES.items() if re.search(words, bare) or re.search(words, last)
    )


def same_family(judge_name: str, model_name: str) -> bool:
    """Whether both names tell of one family, or are the same name; unknown names are not taken as related."""
    return judge_name == model_name or bool(families(judge_name) & families(model_name))
