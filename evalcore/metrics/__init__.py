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
from evalcore.metrics.evidence import UNCLIPPED, YES_NO, Evidence, Scored, base_name, figure_names
from evalcore.metrics.families import DEFAULTS, FOR_RANKED, is_share, names, outcome_of, score, summarise

__all__ = [
    "DEFAULTS",
    "FOR_RANKED",
    "UNCLIPPED",
    "YES_NO",
    "Average",
    "ClassFigures",
    "Evidence",
    "Scored",
    "base_name",
    "chance_level",
    "class_balance",
    "figure_names",
    "is_share",
    "leaderboard_average",
    "majority_level",
    "names",
    "outcome_of",
    "per_class",
    "score",
    "summarise",
]
