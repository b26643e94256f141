"""Published scores to stand beside ours: facts with their source, never ranked with what was measured here.

`scores.csv` is made by `python -m evalcore.reference.make FOLDER` from the tables as they were collected.
"""

from evalcore.reference.levels import LEVELS
from evalcore.reference.naming import NUMBERS
from evalcore.reference.possible import is_possible
from evalcore.reference.scores import Published, in_chinese, model_class, published

__all__ = ["LEVELS", "NUMBERS", "Published", "in_chinese", "is_possible", "model_class", "published"]
