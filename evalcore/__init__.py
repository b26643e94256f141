"""Rounds' evaluation engine: it asks medical language models, reads, scores, and keeps every step.

It never imports streamlit. Start at `types` for the nouns, at `runs` for what can be done with them.
"""

__version__ = "0.1.0"
