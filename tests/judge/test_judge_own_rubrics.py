"""Rubrics of one's own: kept with their versions, refused with a reason, removed and brought back."""

import json

import pytest

from evalcore.errors import DataError, UsageError
from evalcore.judge import add_rubric, remove_rubric, restore_rubric, rubric_named, rubrics

TONE = {
    "id": "tone",
    "version": 1,
    "mode": "rating",
    "title": "Tone",
    "criteria": [{"name": "calm", "text": "Is the answer calm?", "scale": {"kind": "yes_no"}}],
}


def file(**more) -> bytes:
    return json.dumps(TONE | more).encode()


def test_a_rubric_is_on_the_list_once_it_is_added(tmp_path):
    added = add_rubric(file(), "tone.json", tmp_path)
    assert rubrics(tmp_path)["tone"].sha == added.sha
    assert add_rubric(file(), "again.json", tmp_path) == added, "the same file again changes nothing"


def test_a_higher_version_replaces_the_list_entry_and_older_runs_still_find_theirs(tmp_path):
    add_rubric(file(), "tone.json", tmp_path)
    add_rubric(file(version=2, title="Tone, better"), "tone.json", tmp_path)
    assert rubrics(tmp_path)["tone"].version == 2
    assert rubric_named("tone-1", tmp_path).title["en"] == "Tone"
    assert rubric_named("tone-2", tmp_path).title["en"] == "Tone, better"


def test_other_words_under_the_same_version_are_refused(tmp_path):
    add_rubric(file(), "tone.json", tmp_path)
    with pytest.raises(UsageError, match="Raise its version"):
        add_rubric(file(title="Something else"), "tone.json", tmp_path)
    with pytest.raises(UsageError, match="Raise its version"):
        remove_rubric("tone", tmp_path)
        add_rubric(file(title="Something else"), "tone.json", tmp_path)


def test_a_lower_version_and_a_bundled_id_are_refused(tmp_path):
    add_rubric(file(version=3), "tone.json", tmp_path)
    with pytest.raises(UsageError, match="Version 3 of 'tone' is here"):
        add_rubric(file(version=2), "tone.json", tmp_path)
    with pytest.raises(UsageError, match="bundled rubric is called 'mmedbench'"):
        add_rubric(file(id="mmedbench"), "x.json", tmp_path)
    assert list(rubrics(tmp_path)) == [*rubrics(), "tone"]


def test_a_broken_file_is_refused_with_its_place_and_nothing_is_kept(tmp_path):
    with pytest.raises(DataError, match="mine.json: criterion 1: a scale of kind labels does not fit"):
        scale = {"kind": "labels", "labels": ["good", "bad"]}
        add_rubric(file(criteria=[{"name": "x", "text": "y", "scale": scale}]), "mine.json", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_removed_rubric_leaves_the_list_comes_back_and_is_found_by_runs_meanwhile(tmp_path):
    (tmp_path / "put_there_by_hand.json").write_bytes(file())
    mark = remove_rubric("tone", tmp_path)
    assert "tone" not in rubrics(tmp_path)
    assert rubric_named("tone-1", tmp_path).title["en"] == "Tone"
    assert restore_rubric(mark, tmp_path).id == "tone"
    assert "tone" in rubrics(tmp_path)
    with pytest.raises(UsageError, match="not there any more"):
        restore_rubric(mark, tmp_path)


def test_bundled_rubrics_cannot_be_removed(tmp_path):
    with pytest.raises(UsageError, match="Bundled ones stay"):
        remove_rubric("mmedbench", tmp_path)
