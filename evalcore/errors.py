"""The tree of errors a user can meet. Anything else that is raised is a bug and may crash loudly.

RoundsError                 says what happened (with the offending value), why, and what to do
├── UsageError              a name, option or combination that cannot be: unknown task, clashing options
├── DataError               a dataset or file: missing, truncated, gold outside the options, duplicate ids
├── ModelError              a model: no safetensors, remote code, too large, cannot rank
│   └── EndpointError       an API endpoint: down, wrong key, HTML instead of JSON, key not set
├── StoreError              the database: newer schema, full disk, not reachable
└── Interrupted             work stopped on request (pause, cancel, budget); everything done so far is kept
"""


class RoundsError(Exception):
    """A message fit to be shown as it is: what, why, what to do."""


class UsageError(RoundsError):
    """What was asked for cannot be: unknown names come with the nearest known ones."""


class DataError(RoundsError):
    """A dataset or file that cannot be read rightly; names the item or line."""


class ModelError(RoundsError):
    """A model that cannot be loaded or cannot answer in the way that was asked."""


class EndpointError(ModelError):
    """An API endpoint that cannot be used; never contains the key."""


class StoreError(RoundsError):
    """The database cannot be opened, read or written."""


class Interrupted(RoundsError):
    """Paused, cancelled or out of budget; can be resumed."""
