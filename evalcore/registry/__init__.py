"""Who can be asked and what stands ready: models, endpoints, jobs about them, storage and data folders.

Pages and commands share it, so that neither speaks SQL. Reads no weights, no keys and no questions.
"""

from evalcore.registry.endpoints import (
    KeyPlace,
    KnownEndpoint,
    add_endpoint,
    endpoints_listing,
    remove_endpoint,
)
from evalcore.registry.here import DataFolder, Storage, data_folders, storage, worker_log, workers
from evalcore.registry.jobs import JobView, cancel_job, check_endpoint, check_model, job, latest_job
from evalcore.registry.models import KnownModel, forget, models_listing, plain_name, register

__all__ = [
    "DataFolder",
    "JobView",
    "KeyPlace",
    "KnownEndpoint",
    "KnownModel",
    "Storage",
    "add_endpoint",
    "cancel_job",
    "check_endpoint",
    "check_model",
    "data_folders",
    "endpoints_listing",
    "forget",
    "job",
    "latest_job",
    "models_listing",
    "plain_name",
    "register",
    "remove_endpoint",
    "storage",
    "worker_log",
    "workers",
]
