"""`mmlu_anatomy` through `api:`: a real OpenAI-compatible server with a bundled model, real questions."""

from pathlib import Path

from servers import transformers_serve

STRONG = Path(__file__).parents[2] / "evalcore/demo/models/strong"


def test_mmlu_anatomy_is_asked_of_a_real_server(house, data_dir, tmp_path):
    with transformers_serve(STRONG, tmp_path / "serve.log") as base_url:
        house.do("endpoints", "add", "served", "--base-url", base_url, "--local", "--in-flight", "4")
        model = f"api:served/{STRONG}"
        words = ("--tasks", "mmlu_anatomy", "--limit", "12", "--max-tokens", "32", "--json")
        said = house.do("run", "--model", model, *words, ROUNDS_DATA_DIR=str(data_dir / "hub"))
    assert (said.code, said.json["status"], said.json["items"]) == (0, "finished", 12)
    assert sum(said.json["tasks"]["mmlu_anatomy"]["answers"].values()) == 12
    assert said.json["tokens_out"] > 12
