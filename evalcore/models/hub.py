"""Fetches what a model needs from the Hugging Face hub, or from its cache. Never fetches a pickle or code.

`HF_HUB_OFFLINE=1` is respected: then only what is in the cache is found.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evalcore.errors import ModelError
from evalcore.models.names import Place
from evalcore.models.weights import DESCRIBING, INDEX, SINGLE, Tensor

SMALL = [*DESCRIBING, INDEX, "chat_template.json", "additional_chat_templates/*"]
WEIGHTS = ["model.safetensors", "model-*-of-*.safetensors", "adapter_model.safetensors"]


@contextmanager
def _explained(place: Place) -> Iterator[None]:
    """Turn the hub's refusals into one sentence: what, why, what to do."""
    from huggingface_hub import errors

    offline = (errors.LocalEntryNotFoundError, errors.OfflineModeIsEnabled, errors.RevisionResolutionError)
    no_network = errors.HTTPError  # type: ignore[attr-defined]  # its HTTP library's, refused connections too
    try:
        yield
    except errors.GatedRepoError as error:
        raise ModelError(
            f"'{place}' is gated: its owner wants its terms accepted first. Accept them on its hub page, "
            "then set HF_TOKEN for the process that loads the model."
        ) from error
    except errors.RepositoryNotFoundError as error:
        raise ModelError(
            f"there is no model '{place}' on the hub, or it is private. Check the spelling; for a private "
            "one set HF_TOKEN; for a folder on this machine write hf:FOLDER."
        ) from error
    except errors.RevisionNotFoundError as error:
        raise ModelError(
            f"'{place.place}' has no revision '{place.revision}'. Name a commit, tag or branch."
        ) from error
    except (*offline, no_network, OSError) as error:
        raise ModelError(
            f"'{place}' is not in this machine's cache and the hub cannot be reached "
            f"({type(error).__name__}). "
            "Fetch it on a machine with internet (hf download ID --local-dir FOLDER), bring the folder here "
            "and write hf:FOLDER."
        ) from error


def commit_of(place: Place) -> str:
    """The commit that the revision means now; without the hub, the one in the cache."""
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError, HTTPError  # type: ignore[attr-defined]

    with _explained(place):
        try:
            return str(HfApi().model_info(place.place, revision=place.revision or None, timeout=10).sha)
        except HfHubHTTPError:
            raise
        except (OSError, HTTPError):  # no network, or offline on purpose
            return _cached(place).name


def _cached(place: Place) -> Path:
    from huggingface_hub import snapshot_download

    wanted = place.revision or None
    return Path(snapshot_download(place.place, revision=wanted, local_files_only=True, allow_patterns=SMALL))


def small_files(place: Place, commit: str) -> Path:
    """A folder with config and tokenizer, without weights."""
    from huggingface_hub import snapshot_download

    with _explained(place):
        return Path(snapshot_download(place.place, revision=commit, allow_patterns=SMALL))


def all_files(place: Place, commit: str) -> Path:
    """A folder that can be loaded."""
    from huggingface_hub import snapshot_download

    with _explained(place):
        return Path(snapshot_download(place.place, revision=commit, allow_patterns=[*SMALL, *WEIGHTS]))


def file_names(place: Place, commit: str) -> tuple[str, ...]:
    """What the repository holds, so that a pickle-only one can be told from an empty one."""
    from huggingface_hub import HfApi

    with _explained(place):
        return tuple(HfApi().list_repo_files(place.place, revision=commit))


def remote_tensors(place: Place, commit: str) -> tuple[Tensor, ...]:
    """The headers alone, a few kilobytes, of weights that are not here yet; () without safetensors."""
    from huggingface_hub import parse_safetensors_file_metadata

    names = [name for name in file_names(place, commit) if _is_weight(name)]
    with _explained(place):
        files = [parse_safetensors_file_metadata(place.place, name, revision=commit) for name in names]
    return tuple(
        Tensor(name, tuple(info.shape), str(info.dtype))
        for file in files
        for name, info in file.tensors.items()
    )


def _is_weight(name: str) -> bool:
    return name in SINGLE or (name.startswith("model-") and name.endswith(".safetensors"))
