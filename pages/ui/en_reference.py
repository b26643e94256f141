"""English: Benchmarks, Models and Settings."""

TEXTS = {
    "benchmarks.subtitle": (
        "What can be asked: the data, their licence, what guessing scores, and one item as a model reads it."
    ),
    "benchmarks.search": "Search",
    "benchmarks.search_hint": "Name, task or licence",
    "benchmarks.language": "Language",
    "benchmarks.kind": "Form of answer",
    "benchmarks.none": "No task fits these filters.",
    "benchmarks.clear": "Show all tasks",
    "benchmarks.all": "All benchmarks",
    "benchmarks.items": "{n} items",
    "benchmarks.about.demo": (
        "Items written for Rounds in six languages. They show every screen; they measure nothing, "
        "because the demo models know them."
    ),
    "benchmarks.about.medmcqa": (
        "Indian medical entrance examinations (AIIMS, NEET PG): one of four options, 21 subjects."
    ),
    "benchmarks.about.medqa": (
        "Questions in the style of the United States Medical Licensing Examination: a case, then one "
        "of four options."
    ),
    "benchmarks.about.mmlu": (
        "Six medical subjects of a broad test of knowledge: one of four options, from examinations and "
        "textbooks."
    ),
    "benchmarks.about.pubmedqa": (
        "A research question and the abstract of its paper: answer yes, no or maybe. The 500 official "
        "test items."
    ),
    "benchmarks.patient_text": "patient text",
    "benchmarks.credentialed": "access agreement needed",
    "benchmarks.launch": "Ask a model this task",
    "benchmarks.records": "Its records",
    "benchmarks.absent.missing": (
        "The data are not on this machine, and fetching is switched off (HF_HUB_OFFLINE)."
    ),
    "benchmarks.absent.hub": (
        "No copy lies on this machine. A run fetches the data from the Hugging Face hub; to look at "
        "the items here, fetch a copy first."
    ),
    "benchmarks.fetch": "On a machine with internet:",
    "benchmarks.fetch_then": "Copy the folder here if that was another machine, then reload this page.",
    "benchmarks.fetch_first": (
        "Put it into a folder of your choice in place of FOLDER, let the environment variable "
        "ROUNDS_DATA_DIR name that folder, and start Rounds again."
    ),
    "benchmarks.reading": "Reading the task …",
    "benchmarks.size": "Items",
    "benchmarks.size_differs": "{n} were published: the copy differs",
    "benchmarks.version": "version {version}",
    "benchmarks.chance": "Guessing scores",
    "benchmarks.chance_note": "uniform guess over the options",
    "benchmarks.majority": "Best constant answer",
    "benchmarks.majority_note": "always the same option",
    "benchmarks.pool": "Few-shot examples",
    "benchmarks.pool_none": "None",
    "benchmarks.pool_none_note": "the benchmark has no separate examples",
    "benchmarks.pool_here": "Here",
    "benchmarks.pool_absent": "Not here",
    "benchmarks.pool_note": "split “{split}”, apart from the test items",
    "benchmarks.about": "About this task",
    "benchmarks.id": "Task id",
    "benchmarks.metrics": "Metrics, the first is the headline",
    "benchmarks.metrics_none": "none by rule: free text needs a judge or a reviewer",
    "benchmarks.defects": "Known defects of {name}",
    "benchmarks.url": "Source",
    "benchmarks.licence": "Licence",
    "benchmarks.citation": "Citation (BibTeX)",
    "benchmarks.repeats": "Questions that stand more than once",
    "benchmarks.repeats_here": "{n} of its questions stand in this task twice or more.",
    "benchmarks.repeats_there": "{n} also stand in {task}",
    "benchmarks.repeats_gold": "Some of them have different true answers in different places.",
    "benchmarks.repeats_list": "Where each stands ({n})",
    "benchmarks.repeats_places": "Same question and options",
    "benchmarks.balance": "Where the right answers lie",
    "benchmarks.gold": "Right answer",
    "benchmarks.share": "Share of items",
    "benchmarks.subjects": "Specialties",
    "benchmarks.subject": "Specialty",
    "benchmarks.no_subject": "not stated",
    "benchmarks.example": "An item",
    "benchmarks.example_of": "Item, 1 to {n}",
    "benchmarks.context": "Context, {n} characters",
    "benchmarks.reference": "Reference answer",
    "benchmarks.rationale": "Rationale of the dataset",
    "benchmarks.prompt.rank": "Exact prompt when options are ranked",
    "benchmarks.prompt.generate": "Exact prompt when the model writes",
    "benchmarks.prompt_cannot": (
        "These answers are not single options, so they cannot be ranked; the model has to write."
    ),
    "benchmarks.targets": "Continuations whose likelihood is compared",
    "benchmarks.template": "Template {name}, version {version}, no examples.",
    "benchmarks.role.system": "System",
    "benchmarks.role.user": "User message",
    "benchmarks.role.assistant": "Assistant",
    "models.subtitle": "What can be asked here, what it needs, and everything it was asked.",
    "models.view": "What to show",
    "models.view.models": "Models",
    "models.view.endpoints": "API endpoints",
    "models.none": "No model is listed yet.",
    "models.origin.bundled": "Bundled",
    "models.origin_note.bundled": (
        "Tiny demo models. They know only the demo's questions and must not be believed."
    ),
    "models.origin.registered": "Registered",
    "models.origin_note.registered": "Kept on this list by somebody here.",
    "models.origin.asked": "Asked before",
    "models.origin_note.asked": "Known from runs.",
    "models.runs": "{n} runs",
    "models.runs.one": "1 run",
    "models.runs_none": "not asked yet",
    "models.forget": "Forget",
    "models.forgotten": "{name} is off the list. Its runs stay.",
    "models.removed": "Endpoint {name} is removed. Runs through it stay.",
    "models.undo": "Undo",
    "models.register": "Register a model",
    "models.name": "Hugging Face id or folder on this machine",
    "models.name_hint": "org/name, org/name@revision, /data/models/name",
    "models.name_help": (
        "An adapter is written ADAPTER+BASE. Only safetensors are opened, and a model's own code is "
        "never run."
    ),
    "models.precision": "Precision",
    "models.precision.auto": "auto",
    "models.precision.fp32": "fp32",
    "models.precision.bf16": "bf16",
    "models.precision.fp16": "fp16",
    "models.precision.int8": "int8",
    "models.precision.nf4": "nf4 (4 bit)",
    "models.check": "Check",
    "models.name_missing": (
        "No model was named. Write a Hugging Face id such as org/name, or a folder on this machine."
    ),
    "models.name_other": (
        "Only Hugging Face ids and folders are registered here. Bundled models are listed already; a "
        "model behind an API is asked through its endpoint (API endpoints, above)."
    ),
    "models.keep": "Register",
    "models.keep_anyway": "Register all the same",
    "models.keep_anyway_note": (
        "For a model that only another machine can hold. Runs start when it loads where a worker stands."
    ),
    "models.loads": "Nothing speaks against loading it",
    "models.loads_not": "It cannot be loaded",
    "models.has_problems": "see the check",
    "models.behind_api": "behind an API; its size is not known here",
    "models.billion": "{n} billion parameters",
    "models.million": "{n} million parameters",
    "models.parameters": "{n} parameters",
    "models.size_unknown": "size unknown",
    "models.gb": "about {n} GB",
    "models.yes": "yes",
    "models.no": "none",
    "models.fact": "Fact",
    "models.value": "Value",
    "models.fact.architecture": "Architecture",
    "models.fact.size": "Size",
    "models.fact.precision": "Precision",
    "models.fact.memory": "Memory for its weights",
    "models.fact.chat": "Chat template",
    "models.fact.revision": "Revision",
    "models.all": "All models",
    "models.page_note": "Precision {precision}",
    "models.demo_note": "A demo model: it knows only the demo's questions and must not be believed.",
    "models.launch": "Ask this model",
    "models.facts": "Facts",
    "models.check_note": "Read from the files' headers; no weight was loaded.",
    "models.load": "Load it for real",
    "models.load_help": "A worker loads the weights once and gives them back.",
    "models.loaded": "A worker loaded it",
    "models.loaded_not": "A worker could not load it",
    "models.job.waiting": "Waiting for a worker …",
    "models.job.key": "Waiting for a worker with {key} …",
    "models.job.running": "Checking …",
    "models.job.cancel": "Cancel",
    "models.job.cancelled": "The last check was cancelled.",
    "models.through": "Asked through the endpoint **{name}**.",
    "models.api_note": (
        "What runs behind an API can change without notice; size and revision are not known here."
    ),
    "models.ranks": "It can rank options: it tells the log-probabilities of a given text.",
    "models.ranks_not": "It cannot rank options, so it writes its answers: it tells no log-probabilities.",
    "models.ranks_unknown": (
        "Whether it can rank options is not known; a check with the model's name finds out (Models, API "
        "endpoints). Until then it writes its answers."
    ),
    "models.to_endpoints": "Endpoints",
    "models.all_runs": "All its runs",
    "models.no_runs": "This model has not been asked anything yet.",
    "models.items": "Open the items",
    "models.answered": "{done} of {planned} answered",
    "models.command": "Repeat it from the command line",
    "models.command_note": "Asks all items of these tasks; what is answered already is not asked again.",
    "models.command_none": "This run was not started here; there is no command that repeats it.",
    "models.column.task": "Task",
    "models.column.metric": "Metric",
    "models.column.way": "Asked for",
    "models.column.value": "Value",
    "models.column.interval": "95% interval",
    "models.column.n": "n",
    "models.column.unscored": "Not scored",
    "models.column.missing": "No answer",
    "models.inside": "inside the house",
    "models.outside": "outside",
    "models.key.not_needed": "no key needed",
    "models.key.worker": "{key} is set",
    "models.key.here": "{key} is set for the app",
    "models.key.nowhere": "{key} is not set",
    "models.key_note.worker": "{key} is set in the environment of worker {workers}.",
    "models.key_note.here": (
        "{key} is set where the app runs, but no living worker was started with it. One is started "
        "when it is needed."
    ),
    "models.key_note.nowhere": (
        "{key} is set neither for a living worker nor for the app. Set it in the environment where "
        "Rounds (or the worker) is started, then start that again. The key itself is never typed here."
    ),
    "models.in_flight_note": "{n} at once",
    "models.rpm_note": "{n} requests a minute",
    "models.tpm_note": "{n} tokens a minute",
    "models.price_unknown": "price unknown",
    "models.price_note": "${price_in} in, ${price_out} out per million tokens",
    "models.reach": "Check",
    "models.reach_note": "A worker asks each server for its list of models, which costs nothing.",
    "models.probe": "Model for a short test question (optional)",
    "models.probe_help": "With a name, the model is also asked for one word; that costs a few tokens.",
    "models.reach_start": "Check now",
    "models.change": "Change",
    "models.remove": "Remove",
    "models.up": "reached",
    "models.down": "not usable",
    "models.listed": "lists {n} models",
    "models.listed.one": "lists 1 model",
    "models.add": "Add an endpoint",
    "models.change_title": "Change {name}",
    "models.save": "Save",
    "models.change_not": "Leave it as it is",
    "models.endpoint_name": "Name",
    "models.endpoint_name_help": "Stands in model names: api:NAME/model. Small letters, digits, . _ -",
    "models.key_env": "Name of the key's environment variable",
    "models.key_env_help": (
        "Only the name, such as CLINIC_API_KEY. The key itself stays in the environment and is never "
        "stored. Empty: no key needed."
    ),
    "models.base_urls": "Base URLs, one a line",
    "models.base_urls_help": "Several lines: servers of the same models that share the work.",
    "models.is_local": "Inside the house: patients' text may go there",
    "models.is_local_help": "Tick only for a server that your institution runs itself.",
    "models.in_flight": "Requests at once",
    "models.rpm": "Requests a minute",
    "models.tpm": "Tokens a minute",
    "models.zero_help": "0: no limit.",
    "models.price_in": "USD per million in",
    "models.price_out": "USD per million out",
    "models.price_help": "USD per million tokens. Empty: unknown, and cost is shown as unknown.",
    "settings.workers": "Workers",
    "settings.workers_note": "living now",
    "settings.queue": "Waiting items",
    "settings.queue_note": "of runs that go on",
    "settings.database_card": "Database",
    "settings.database_fine": "no known defect",
    "settings.database_known": "see Storage",
    "settings.disk": "Free disk",
    "settings.disk_note": "where Rounds keeps its files",
    "settings.place": "Where the database is",
    "settings.schema": "Schema {version}",
    "settings.sqlite_old": "Known rare defect",
    "settings.sqlite_advice": (
        "SQLite {version} can, very rarely, damage a database that several processes write (a reset of "
        "the write-ahead log); 3.51.3 repairs it. Keep backups, use a newer Python, or point "
        "ROUNDS_DATABASE_URL at PostgreSQL."
    ),
    "settings.health": "Health",
    "settings.alive": "alive",
    "settings.worker": "Worker {id} · {host} · process {pid}",
    "settings.doing": "Doing: {what}",
    "settings.idle": "Idle",
    "settings.heartbeat": "last sign of life {ago} ago",
    "settings.gpu_yes": "with a GPU",
    "settings.gpu_no": "no GPU",
    "settings.no_worker": "No worker is running",
    "settings.no_worker_note": (
        "Runs and checks wait until one does. The app starts one by itself when a run is launched."
    ),
    "settings.start_worker": "Start a worker",
    "settings.log": "Errors of workers that the app started are written to",
    "settings.data": "Data folders",
    "settings.data_none": (
        "No folder is named: ROUNDS_DATA_DIR is not set. Datasets come from the Hugging Face hub."
    ),
    "settings.folder_there": "found",
    "settings.folder_gone": "no such folder",
    "settings.datasets": "Datasets found: {names}",
    "settings.datasets_none": "No known dataset in it.",
    "settings.to_benchmarks": "All benchmarks and where their data are",
    "settings.environment": "Environment switches",
    "settings.switch": "Variable",
    "settings.value": "Value",
    "settings.unset": "not set",
    "settings.set": "set (not shown)",
    "settings.gpu_none": "no usable GPU",
    "settings.machine": "Free memory {memory} · GPU: {gpu}",
    "settings.endpoints": "API endpoints",
    "settings.endpoints_note": "Base URLs, limits, prices, and where each key is set.",
    "settings.to_endpoints": "Open the endpoints",
}
