"""One task of a benchmark: where its data are, what guessing scores, an item as a model reads it."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from evalcore import benchmarks, data, metrics, prompts, specialties
from evalcore.errors import DataError, UsageError
from evalcore.types import Benchmark, Entry, LoadedTask, Prompt, Task, Way
from pages.ui import cards, dataset_keep, links, task_repeats, text, told
from pages.ui.cards import Card
from pages.ui.i18n import language, t

AT_HAND = ("bundled", "local")


@dataclass(frozen=True)
class Facts:
    """What a loaded task comes to. balance: share of items by gold label; subjects: items by specialty."""

    version: str
    n: int
    chance: float | None
    majority: float | None
    balance: dict[str, float]
    subjects: dict[str, int]


@st.cache_resource(max_entries=64, show_spinner=False)
def loaded(task_id: str, fingerprint: tuple[tuple[str, int, int], ...]) -> tuple[LoadedTask, Facts]:  # noqa: ARG001
    """A task read once for as long as its files stay as they are; its version is in the facts."""
    found = benchmarks.load(task_id, with_examples=False)
    kind = found.task.kind
    subjects: dict[str, int] = {}
    for entry in found.entries:
        name = str(entry.item.meta.get("subject") or "")
        subjects[name] = subjects.get(name, 0) + 1
    has_labels = any(entry.item.options for entry in found.entries)
    facts = Facts(
        version=found.version,
        n=len(found.entries),
        chance=metrics.chance_level(found.entries, kind),
        majority=metrics.majority_level(found.entries) if has_labels else None,
        balance=metrics.class_balance(found.entries) if has_labels else {},
        subjects=dict(sorted(subjects.items(), key=lambda pair: -pair[1])),
    )
    return found, facts


def fingerprint(task: Task) -> tuple[tuple[str, int, int], ...]:
    if not task.source.hub_id:
        return ((task.source.split, 0, 0),)  # an own dataset's version
    files = data.local_files(task.source, task.source.split)
    stats = ((file, file.stat()) for file in files)
    return tuple((str(file), stat.st_mtime_ns, stat.st_size) for file, stat in stats)


def summary(task: Task) -> str:
    """Items, kind and language in a line."""
    size = count(task)
    items = t("benchmarks.items", n=f"{size:,}") if size else ""
    return " · ".join(part for part in (items, t(f"kind.{task.kind}"), tongue(task)) if part)


def count(task: Task) -> int | None:
    """Items: as published, or counted where the data are bundled; None before anything was fetched."""
    return loaded(task.id, fingerprint(task))[1].n if benchmarks.where(task) == "bundled" else task.size


def tongue(task: Task) -> str:
    return t(f"tongue.{task.language}")


def badges(tasks: Sequence[Task]) -> None:
    """Where the data are, licences, and what calls for care; each once."""
    for where in dict.fromkeys(benchmarks.where(task) for task in tasks):
        icon, colour = (
            (":material/check:", "green") if where in AT_HAND else (":material/cloud_download:", "orange")
        )
        st.badge(t(f"source.{where}"), icon=icon, color=colour)  # type: ignore[arg-type]
    for licence in dict.fromkeys(task.licence for task in tasks):
        st.badge(text.label(licence), icon=":material/license:", color="gray")
    if any(task.patient_text for task in tasks):
        st.badge(t("benchmarks.patient_text"), icon=":material/privacy_tip:", color="orange")
    if any(task.credentialed for task in tasks):
        st.badge(t("benchmarks.credentialed"), icon=":material/lock:", color="orange")


def show(task_id: str) -> None:
    back = {"task": None, "at": None}
    st.button(
        t("benchmarks.all"), icon=":material/arrow_back:", type="tertiary", on_click=links.put, kwargs=back
    )
    task = benchmarks.tasks().get(task_id)
    if task is None:
        cards.heading(t("page.benchmarks"))
        cards.problem(unknown(task_id))
        return
    family = next(one for one in benchmarks.benchmarks() if one.id == task.benchmark)
    cards.heading(text.label(told.task_title(task)), summary(task))
    head(task)
    if benchmarks.where(task) in AT_HAND:
        content(task, family)
    else:
        absent(task)
        with st.container(border=True):
            about(task, family)


def unknown(task_id: str) -> UsageError:
    try:
        benchmarks.select([task_id])
    except UsageError as error:
        return error
    return UsageError(task_id)


def head(task: Task) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        badges([task])
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(t("benchmarks.launch"), type="primary", icon=":material/play_arrow:", key="task_launch"):
            links.go("launch", task=task.id)
        if st.button(t("benchmarks.records"), icon=":material/list_alt:", key="task_records"):
            links.go("items", task=task.id)
        links.copy_link()
        if task.benchmark == "mine":
            dataset_keep.controls(task.id)


def absent(task: Task) -> None:
    """No item can be shown: why, and how to bring a copy here."""
    where = benchmarks.where(task)
    folder = (data.data_dirs() or ("FOLDER",))[0]
    with st.container(border=True):
        st.markdown(f"**{t(f'benchmarks.absent.{where}')}**")
        st.markdown(t("benchmarks.fetch"))
        hub_id = task.source.hub_id
        st.code(
            text.visible(f"hf download {hub_id} --repo-type dataset --local-dir {folder}/{hub_id}"),
            language=None,
            wrap_lines=True,
        )
        st.markdown(t("benchmarks.fetch_then" if data.data_dirs() else "benchmarks.fetch_first"))


def content(task: Task, family: Benchmark) -> None:
    try:
        with st.spinner(t("benchmarks.reading")):
            found, facts = loaded(task.id, fingerprint(task))
    except DataError as error:
        cards.problem(error)
        return
    figures(task, facts)
    left, right = st.columns([5, 3], gap="medium")
    with left:
        example(found)
        spread(facts)
        task_repeats.show(task, family, tuple(fingerprint(one) for one in family.tasks), AT_HAND)
    with right, st.container(border=True):
        about(task, family)


def spread(facts: Facts) -> None:
    """How gold letters and specialties are spread, side by side."""
    shown = [
        one for one, is_there in ((balance, facts.balance), (subjects, len(facts.subjects) > 1)) if is_there
    ]
    for column, draw in zip(st.columns(len(shown)) if shown else (), shown, strict=True):
        with column:
            draw(facts)


def figures(task: Task, facts: Facts) -> None:
    fit = "" if task.size in (None, facts.n) else t("benchmarks.size_differs", n=f"{task.size:,}")
    cards.cards(
        [
            Card(t("benchmarks.size"), f"{facts.n:,}", fit or t("benchmarks.version", version=facts.version)),
            Card(t("benchmarks.chance"), cards.percent(facts.chance), t("benchmarks.chance_note")),
            Card(t("benchmarks.majority"), cards.percent(facts.majority), t("benchmarks.majority_note")),
            Card(t("benchmarks.pool"), *pool(task)),
        ]
    )


def pool(task: Task) -> tuple[str, str]:
    """Whether few-shot examples are at hand, and from where."""
    split = task.source.fewshot_split
    if not split:
        return t("benchmarks.pool_none"), t("benchmarks.pool_none_note")
    is_here = bool(data.local_files(task.source, split))
    note = t("benchmarks.pool_note", split=text.label(split))
    return (t("benchmarks.pool_here"), note) if is_here else (t("benchmarks.pool_absent"), note)


def about(task: Task, family: Benchmark) -> None:
    """Names, metrics, defects; citation and licence to copy."""
    st.subheader(t("benchmarks.about"), anchor=False)
    st.caption(t("benchmarks.id"))
    st.code(text.visible(task.id), language=None)
    shown = ", ".join(task.metrics) or t("benchmarks.metrics_none")
    st.caption(t("benchmarks.metrics"))
    text.plain(shown)
    st.caption(t("benchmarks.defects", name=text.label(told.benchmark_title(family))))
    for place, defect in enumerate(family.defects):
        text.plain(f"• {defect}", key=f"defect{place}", language="en")
    if family.url:
        st.caption(t("benchmarks.url"))
        st.code(text.visible(family.url), language=None, wrap_lines=True)
    st.caption(t("benchmarks.licence"))
    st.code(text.visible(task.licence), language=None, wrap_lines=True)
    with st.expander(t("benchmarks.citation"), icon=":material/format_quote:"):
        st.code(text.visible(family.citation), language=None, wrap_lines=True)


def balance(facts: Facts) -> None:
    with st.container(border=True):
        st.subheader(t("benchmarks.balance"), anchor=False)
        rows = [
            {t("benchmarks.gold"): text.cell(label), t("benchmarks.share"): 100 * share}
            for label, share in facts.balance.items()
        ]
        shares = st.column_config.ProgressColumn(format="%.1f%%", min_value=0, max_value=100)
        st.dataframe(rows, hide_index=True, width="stretch", column_config={t("benchmarks.share"): shares})


def subjects(facts: Facts) -> None:
    with st.container(border=True):
        st.subheader(t("benchmarks.subjects"), anchor=False)
        rows = [
            {t("benchmarks.subject"): specialty(code), t("benchmarks.size"): n}
            for code, n in facts.subjects.items()
        ]
        st.dataframe(rows, hide_index=True, width="stretch", height=min(300, 38 + 35 * len(rows)))


def specialty(code: str) -> str:
    names = specialties.CODES.get(code)
    return names[("en", "zh").index(language())] if names else t("benchmarks.no_subject")


def example(found: LoadedTask) -> None:
    """One real item with its gold, and the prompts it becomes."""
    with st.container(border=True):
        entry = chosen(found)
        options(entry)
        with st.container(key="task_prompts"):
            for way in Way:
                prompt(found.task, entry, way)


def chosen(found: LoadedTask) -> Entry:
    n = len(found.entries)
    title, number = st.columns([3, 1], vertical_alignment="bottom")
    title.subheader(t("benchmarks.example"), anchor=False)
    key = f"example_{found.task.id}"
    st.session_state[key] = links.number("at", default=1, low=1, high=n)
    number.number_input(
        t("benchmarks.example_of", n=f"{n:,}"),
        1,
        n,
        key=key,
        on_change=lambda: links.put(at=st.session_state[key]),
    )
    return found.entries[st.session_state[key] - 1]


def options(entry: Entry) -> None:
    item, gold = entry.item, {label for one in entry.key.acceptable for label in one}
    if item.context:
        with st.expander(t("benchmarks.context", n=f"{len(item.context):,}")):
            text.plain(item.context, key="context", language=item.language)
    for place, (role, words) in enumerate(item.turns):
        st.caption(t(f"benchmarks.role.{role}"))
        text.plain(words, key=f"turn{place}", language=item.language)
    text.plain(item.question, key="question", language=item.language)
    for option in item.options:
        is_gold = option.label in gold
        line = option.label if option.label == option.text else f"{option.label}. {option.text}"
        marks = [text.Mark(0, len(line), "gold", t("chart.gold"))] if is_gold else []
        text.highlighted(line, marks, key=f"option{option.label}", language=item.language)
    if not item.options:
        reference(entry)
    if entry.key.rationale:
        with st.expander(t("benchmarks.rationale"), icon=":material/school:"):
            text.plain(entry.key.rationale, key="rationale", language=item.language)
            if entry.key.source:
                st.caption(text.label(entry.key.source, 300))


def reference(entry: Entry) -> None:
    """What a reply is held against: texts, a list, or criteria with their points."""
    language = entry.item.language
    for place, one in enumerate(entry.key.acceptable):
        st.caption(t("benchmarks.reference"))
        text.plain(", ".join(one), key=f"reference{place}", language=language)
    for place, criterion in enumerate(entry.key.rubric):
        text.plain(f"{criterion.points:+g}  {criterion.text}", key=f"criterion{place}", language=language)


def prompt(task: Task, entry: Entry, way: Way) -> None:
    """As a model reads it: plain text for ranking, a chat message for writing."""
    with st.expander(t(f"benchmarks.prompt.{way}"), icon=":material/article:"):
        if not prompts.template_names(task, way):
            st.caption(t("benchmarks.prompt_cannot"))
            return
        made = prompts.render(entry.item, task=task, way=way, chat=way is Way.GENERATE)
        messages(made)
        if made.targets:
            st.caption(t("benchmarks.targets"))
            st.code(text.visible("\n".join(f"{target!r}" for target in made.targets)), language=None)
        st.caption(t("benchmarks.template", name=text.label(made.template), version=made.template_version))


def messages(made: Prompt) -> None:
    for place, (role, words) in enumerate(made.messages):
        if role:
            st.caption(t(f"benchmarks.role.{role}"))
        text.plain(words, key=f"prompt{place}", mono=True)
