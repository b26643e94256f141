"""Writes the requests that lm-evaluation-harness builds from its own task files, as JSON lines.

Runs as a process of its own, because the harness reads its offline settings when it is imported:
    python harness_requests.py JOBS OUT
JOBS: JSON list of {task, yaml (below lm_eval/tasks), format, files {split: path}, shots, chat}.
OUT gets one line an item: {task, shots, chat, context, continuations, gold}; a chat's context: its messages.
Only where the rows lie is changed in a task's configuration; splits that are not there are taken out.
"""

import json
import sys
from functools import cache
from pathlib import Path

import lm_eval
from lm_eval.api.task import ConfigurableTask
from lm_eval.tasks._yaml_loader import load_yaml
from lm_eval.utils import env

env.from_string = cache(env.from_string)  # else it compiles the same template for every item

TASKS = Path(lm_eval.__file__).parent / "tasks"


def build(job):
    config = load_yaml(TASKS / job["yaml"], resolve_func=True, recursive=True)
    files = {split: [path] for split, path in job["files"].items()}
    config |= {"dataset_path": job["format"], "dataset_name": None, "dataset_kwargs": {"data_files": files}}
    for name in ("training_split", "validation_split"):
        if config.get(name) not in files:
            config.pop(name, None)
    task = ConfigurableTask(config=config | {"num_fewshot": job["shots"]})
    task.set_fewshot_seed(1234)
    template = {"chat_template": messages, "fewshot_as_multiturn": True} if job["chat"] else {}
    task.build_all_requests(apply_chat_template=job["chat"], **template)
    return task


def messages(turns, **_):
    return json.dumps([[turn["role"], turn["content"]] for turn in turns])


def lines(job):
    task = build(job)
    items = {}
    for request in task.instances:
        items.setdefault(request.doc_id, []).append(request)
    for requests in items.values():
        gold = task.doc_to_target(requests[0].doc)
        yield {
            "task": job["task"],
            "shots": job["shots"],
            "chat": job["chat"],
            "context": requests[0].args[0],
            "continuations": [request.args[1] for request in requests],
            "gold": task.doc_to_choice(requests[0].doc)[gold] if isinstance(gold, int) else gold,
        }


def main(jobs, out):
    with Path(out).open("w", encoding="utf-8") as file:
        for job in json.loads(jobs):
            file.writelines(json.dumps(line) + "\n" for line in lines(job))


if __name__ == "__main__":
    main(*sys.argv[1:])
