"""What a model's name says. Knows the spelling and which folders exist, nothing about what is in them.

demo:NAME                          bundled with the project
hf:ORG/NAME[@REVISION]             on the Hugging Face hub
hf:FOLDER                          a folder on this machine
hf:ADAPTER[@REV]+BASE[@REV]        an adapter and the model it sits on; each a folder or a hub id
api:ENDPOINT/MODEL                 behind a registered endpoint
"""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from evalcore.errors import UsageError

DEMO_FOLDER = Path(__file__).parent.parent / "demo" / "models"
HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*(/[\w.-]+)?")
FORMS = "demo:NAME, hf:ORG/NAME[@REVISION], hf:FOLDER, hf:ADAPTER[@REV]+BASE[@REV], api:ENDPOINT/MODEL"


@dataclass(frozen=True)
class Place:
    """Where weights are looked for. place: hub id or absolute folder; revision: as asked, may be empty."""

    place: str
    revision: str = ""

    @property
    def is_folder(self) -> bool:
        return Path(self.place).is_absolute()

    def __str__(self) -> str:
        return f"{self.place}@{self.revision}" if self.revision else self.place


@dataclass(frozen=True)
class ModelName:
    """A model's name, taken apart. kind: demo, hf, api.

    weights: the model, or the adapter where `base` is given. endpoint, model: only of `api:` names.
    """

    kind: str
    text: str
    weights: Place = Place("")
    base: Place | None = None
    endpoint: str = ""
    model: str = ""


def demo_names() -> tuple[str, ...]:
    """The bundled models, as `demo:NAME`."""
    if not DEMO_FOLDER.is_dir():
        return ()
    return tuple(f"demo:{folder.parent.name}" for folder in sorted(DEMO_FOLDER.glob("*/config.json")))


def parse(name: str) -> ModelName:
    """Take a name apart; UsageError for a spelling that cannot be, with the nearest known names."""
    kind, colon, rest = name.strip().partition(":")
    if not colon or not rest or kind not in ("demo", "hf", "api"):
        raise UsageError(f"model name '{name}' is not one of the known forms. Write one of: {FORMS}.")
    if kind == "demo":
        return _demo(rest)
    return _hub_or_folder(rest) if kind == "hf" else _api(name, rest)


def _demo(rest: str) -> ModelName:
    name = f"demo:{rest}"
    if name not in demo_names():
        near = get_close_matches(name, demo_names(), n=3, cutoff=0.3) or demo_names()
        raise UsageError(f"there is no bundled model '{name}'. There is: {', '.join(near) or 'none'}.")
    return ModelName("demo", name, Place(str(DEMO_FOLDER / rest)))


def _api(name: str, rest: str) -> ModelName:
    endpoint, slash, model = rest.partition("/")
    if not slash or not endpoint or not model:
        raise UsageError(f"model name '{name}' lacks the endpoint or the model. Write api:ENDPOINT/MODEL.")
    return ModelName("api", f"api:{endpoint}/{model}", endpoint=endpoint, model=model)


def _hub_or_folder(rest: str) -> ModelName:
    if _as_folder(rest):
        return _named(_place(rest), None)
    adapter, plus, base = rest.partition("+")
    return _named(_place(adapter), _place(base) if plus else None)


def _named(weights: Place, base: Place | None) -> ModelName:
    """Folders are named by their absolute path, so that a worker elsewhere means the same one."""
    return ModelName("hf", f"hf:{weights}" + (f"+{base}" if base else ""), weights, base)


def _place(text: str) -> Place:
    folder = _as_folder(text)
    if folder:
        return Place(str(folder))
    hub_id, at, revision = text.partition("@")
    if text.startswith((".", "/", "~")):
        raise UsageError(f"there is no folder '{text}' on this machine. Check the path.")
    if not HUB_ID.fullmatch(hub_id) or (at and not revision):
        raise UsageError(
            f"'{text}' is neither a folder here nor a hub id. Write ORG/NAME or ORG/NAME@REVISION."
        )
    return Place(hub_id, revision)


def _as_folder(text: str) -> Path | None:
    folder = Path(text).expanduser()
    return folder.resolve() if text and folder.is_dir() else None
