"""What the Launch form holds: kept for the session, filled from a link's codes, read as a RunSpec.

Every field lives in the session under `launch_NAME`, so that neither an error nor a visit
to another screen empties it; the address carries what differs from the defaults.
"""

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from evalcore import judge, models, runs
from evalcore.errors import RoundsError
from evalcore.models.machine import PRECISIONS
from evalcore.types import Sampling
from pages.ui import links
from pages.ui.i18n import t

KINDS = ("demo", "hf", "api")
CHOICES = {
    "precision": PRECISIONS,
    "ask": ("auto", "rank", "generate"),
    "sampler": ("auto", "first_n", "seeded", "harness_random"),
    "order": ("random", "file"),
    "chat": ("auto", "on", "off"),
    "role": ("doctor", "patient"),
}
WHOLE = {
    "n": (1, 10**7),
    "fewshot": (0, 64),
    "seed": (0, 10**9),
    "samples": (1, 1000),
    "max_tokens": (1, 32_768),
    "max_turns": (1, 100),
    "batch": (1, judge.MOST),
}
SHARES = {"temperature": (0.0, 2.0), "top_p": (0.01, 1.0)}
DEFAULTS: dict[str, Any] = {
    "kind": "",  # demo where there is one, else hf
    "demo": "",
    "hf": "",
    "endpoint": "openai",
    "api_model": "",
    "tasks": (),
    "n": 200,
    "precision": "auto",
    "ask": "auto",
    "fewshot": None,
    "sampler": "auto",
    "order": "random",
    "seed": 0,
    "chat": "auto",
    "samples": 1,
    "temperature": 0.0,
    "top_p": 1.0,
    "max_tokens": 512,
    "fresh": False,
    "partner": "",  # in dialogues: the tested model itself
    "role": "doctor",
    "max_turns": 10,
    "judges": (),
    "rubric": "mmedbench",
    "budget": None,
    "batch": 1,
}
TEXTS = ("partner", "rubric")  # in the address as they are
ALL = "all"  # in the address: every item, no limit


def key(name: str) -> str:
    """A field's name in the session; also its widget's key."""
    return f"launch_{name}"


def value(name: str) -> Any:
    return st.session_state[key(name)]


def set_value(name: str, content: Any) -> None:
    st.session_state[key(name)] = content


def settle(tasks: tuple[str, ...]) -> None:
    """Fills the fields: from the address when it is a new one, else what they held, else the defaults."""
    asked = _of_url(tasks)
    is_new = bool(asked) and asked != st.session_state.get("launch_link")
    for name, usual in DEFAULTS.items():
        if is_new or key(name) not in st.session_state:
            set_value(name, asked.get(name, list(usual) if name == "judges" else usual))
    if is_new:
        st.session_state["launch_link"] = asked
    _repair()


def _repair() -> None:
    bundled = models.demo_names()
    if value("kind") not in KINDS or (value("kind") == "demo" and not bundled):
        set_value("kind", "demo" if bundled else "hf")
    if value("demo") not in bundled:
        set_value("demo", bundled[0] if bundled else "")


def _of_url(tasks: tuple[str, ...]) -> dict[str, Any]:
    """Only what a link may set; what cannot be is left out."""
    found: dict[str, Any] = _model_fields(links.code("model"))
    for name, allowed in CHOICES.items():
        if code := links.code(name, allowed):
            found[name] = code
    for name, (low, high) in WHOLE.items():
        number = links.number(name, default=-1, low=low, high=high)
        if number >= 0:
            found[name] = number
    for name, (least, most) in SHARES.items():
        share = _share(links.code(name))
        if share is not None and least <= share <= most:
            found[name] = share
    found |= {name: code for name in TEXTS if (code := links.code(name))}
    if judges := links.codes("judge"):
        found["judges"] = [name for name in judges if _is_model(name)]
    if links.code("n") == ALL:
        found["n"] = None
    if chosen := links.codes("task", tasks):
        found["tasks"] = tuple(
            task for task in tasks if task in chosen
        )  # the order is part of a run's identity
    return found


def _is_model(name: str) -> bool:
    try:
        return bool(models.parse(name))
    except RoundsError:
        return False


def _share(code: str) -> float | None:
    try:
        return float(code) if code else None
    except ValueError:
        return None


def _model_fields(name: str) -> dict[str, str]:
    kind, _, rest = name.partition(":")
    if kind == "demo" and name in models.demo_names():
        return {"kind": "demo", "demo": name}
    if kind == "hf" and rest:
        return {"kind": "hf", "hf": rest}
    if kind == "api" and "/" in rest:
        endpoint, _, model = rest.partition("/")
        return {"kind": "api", "endpoint": endpoint, "api_model": model}
    return {}


def keep_in_url() -> None:
    """Writes what differs from the defaults to the address, and remembers that it came from here."""
    differing = {
        name: value(name)
        for name in (*CHOICES, *WHOLE, *SHARES, *TEXTS)
        if value(name) != DEFAULTS[name] and value(name) is not None
    }
    if value("n") is None:
        differing["n"] = ALL
    shown = {name: str(content) for name, content in differing.items()}
    names = dict.fromkeys((*CHOICES, *WHOLE, *SHARES, *TEXTS))
    several = {"task": tuple(value("tasks")), "judge": tuple(value("judges"))}
    links.put(**{**names, **shown, **several, "model": model_name()})
    st.session_state["launch_link"] = _of_url(tuple(value("tasks")))


def model_name() -> str:
    """The model as the command line spells it; "" while it is not complete."""
    if value("kind") == "demo":
        return str(value("demo"))
    if value("kind") == "hf":
        return f"hf:{value('hf').strip().removeprefix('hf:')}" if value("hf").strip() else ""
    model = value("api_model").strip()
    return f"api:{value('endpoint')}/{model}" if model else ""


def spec() -> runs.RunSpec:
    """What the fields ask for, as `evalcore.runs` wants it."""
    seed = int(value("seed"))
    sampling = Sampling(
        temperature=float(value("temperature")),
        top_p=float(value("top_p")),
        max_tokens=int(value("max_tokens")),
        seed=seed,
    )
    return runs.RunSpec(
        model=model_name(),
        tasks=tuple(value("tasks")),
        precision="auto" if value("kind") == "api" else value("precision"),
        ask=value("ask"),
        fewshot=None if value("fewshot") is None else int(value("fewshot")),
        sampler=value("sampler"),
        order=value("order"),
        seed=seed,
        chat=value("chat"),
        samples=int(value("samples")),
        sampling=sampling,
        partner=value("partner").strip(),
        role=value("role"),
        max_turns=int(value("max_turns")),
    )


def limit() -> int | None:
    """Items per task; None for all."""
    return None if value("n") is None else int(value("n"))


def codes_of(spec: runs.RunSpec) -> dict[str, Any]:
    """The address that fills the form with a run's settings."""
    whole = ("fewshot", "seed", "samples", "max_turns", "partner")
    fields = {name: getattr(spec, name) for name in (*CHOICES, *whole)}
    fields |= {name: getattr(spec.sampling, name) for name in ("max_tokens", *SHARES)}
    shown = {name: str(content) for name, content in fields.items() if content != DEFAULTS[name]}
    return {"model": spec.model, **shown}


def choice(column: DeltaGenerator, name: str, help: str = "") -> None:
    column.selectbox(
        t(f"launch.{name}"),
        CHOICES[name],
        format_func=lambda code: t(f"launch.{name}.{code}"),
        key=key(name),
        persist_state="session",
        help=help or None,
    )


def number(column: DeltaGenerator, name: str, **more: Any) -> None:
    low, high = (WHOLE | SHARES)[name]
    column.number_input(t(f"launch.{name}"), low, high, key=key(name), persist_state="session", **more)
