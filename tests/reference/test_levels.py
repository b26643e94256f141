"""The levels that stand beside accuracies nobody here has measured yet."""

import pytest

from evalcore import benchmarks, metrics, reference


@pytest.mark.parametrize("task", benchmarks.LEADERBOARD)
def test_d18_levels_of_the_nine_are_those_of_the_published_files(task, data_dir, monkeypatch):
    monkeypatch.setenv("ROUNDS_DATA_DIR", str(data_dir / "hub"))
    loaded = benchmarks.load(task, with_examples=False)
    chance, majority = reference.LEVELS[task]
    assert metrics.chance_level(loaded.entries, loaded.task.kind) == pytest.approx(chance, abs=1e-5)
    assert metrics.majority_level(loaded.entries) == pytest.approx(majority)


def test_d18_always_d_scores_45_percent_in_professional_medicine():
    assert round(reference.LEVELS["mmlu_professional_medicine"][1], 3) == 0.449
