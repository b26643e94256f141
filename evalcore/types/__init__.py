"""The nouns of the project, as frozen records with their keys. This room knows no files, clock or database.

A question travels as Item -> Prompt -> Response -> Answer -> Score; its truth, the Key, travels apart
from it, so that no model and no reader can see it.
"""

from evalcore.types.content import content_hash, normalised
from evalcore.types.item import Item, Option
from evalcore.types.key import Criterion, Key
from evalcore.types.model import Endpoint, ModelIdentity, Request, Sampling, Way, judge_name
from evalcore.types.prompt import Part, Prompt
from evalcore.types.response import Failure, Finish, Response
from evalcore.types.score import Answer, AnswerState, Outcome, Score, Summary
from evalcore.types.task import RANKABLE, Benchmark, Entry, Kind, LoadedTask, Source, Task

__all__ = [
    "Answer",
    "AnswerState",
    "Benchmark",
    "Criterion",
    "Endpoint",
    "Entry",
    "Failure",
    "Finish",
    "Item",
    "Key",
    "Kind",
    "LoadedTask",
    "ModelIdentity",
    "Option",
    "Outcome",
    "Part",
    "Prompt",
    "RANKABLE",
    "Request",
    "Response",
    "Sampling",
    "Score",
    "Source",
    "Summary",
    "Task",
    "Way",
    "content_hash",
    "judge_name",
    "normalised",
]
