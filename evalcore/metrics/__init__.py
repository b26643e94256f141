"""From an answer and its key to a score, from many scores to a figure. Knows no files, clock or network."""

from evalcore.metrics.balance import (
    Average,
    ClassFigures,
    chance_level,
    class_balance,
    leaderboard_average,
    majority_level,
    per_class,
)
from evalcore.metrics.choice import DEFAULTS, FOR_RANKED, METRICS, score, summarise
from evalcore.metrics.evidence import Evidence, Scored, base_name

__all__ = [
    "DEFAULTS",
    "METRICS",
    "FOR_RANKED",
    "Average",
    "ClassFigures",
    "Evidence",
    "Scored",
    "base_name",
    "chance_level",
    "class_balance",
    "leaderboard_average",
    "majority_level",
    "per_class",
    "score",
    "summarise",
]
