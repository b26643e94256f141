"""Models behind an OpenAI-compatible API. The only room that knows openai, its HTTP client and aiolimiter.

Sends each request once; whoever asks decides on asking again. Knows no item, key or score.
"""

from evalcore.models.openai.check import Reached, can_rank, check, reach
from evalcore.models.openai.model import OpenAIModel, identity
from evalcore.types import Endpoint

__all__ = ["Endpoint", "OpenAIModel", "Reached", "can_rank", "check", "identity", "load", "reach"]


def load(endpoint: Endpoint, model: str) -> OpenAIModel:
    """Sends nothing; UsageError when the endpoint cannot be."""
    return OpenAIModel(endpoint, model)
