"""`ratings import` in a house of its own."""


def test_ratings_are_imported_once_and_bad_rows_are_named(house, asked, tmp_path):
    run = house.ask(2).json["run"]
    file = tmp_path / "ratings.csv"
    head = "run,item,reviewer,criterion,value\n"
    file.write_text(f"{head}{run},en-choice-001,ann,accuracy,4\n{run},no,ann,accuracy,4\n")
    said = house.do("ratings", "import", str(file), "--json")
    assert said.code == 1
    assert (said.json["ratings"], said.json["records"]) == (1, 1)
    assert said.json["skipped"] == [{"where": "row 3", "why": f"run {run} has no item 'no'"}]
    assert "Left out: row 3" in said.err
    assert house.do("ratings", "import", str(file), "--json").json == said.json


def test_a_file_that_is_not_there_is_the_users_mistake(house):
    said = house.do("ratings", "import", "nowhere.csv")
    assert said.code == 2 and "nowhere.csv" in said.err


def test_a_file_without_rows_or_without_a_good_one_is_told_as_such(house, tmp_path):
    file = tmp_path / "ratings.csv"
    file.write_text("run,item,reviewer,criterion,value\n")
    said = house.do("ratings", "import", str(file))
    assert said.code == 2 and "no rows below its header" in said.err
    file.write_text("run,item,reviewer,criterion,value\nnone,q,ann,accuracy,4\n")
    said = house.do("ratings", "import", str(file))
    assert said.code == 1 and "No row could be taken" in said.out and "known before" not in said.out


def test_ratings_are_exported_and_imported_by_the_general_commands_too(house, asked, tmp_path):
    run = house.ask(2).json["run"]
    file = tmp_path / "people.csv"
    file.write_text(f"run,item,reviewer,criterion,value\n{run},en-choice-001,ann,accuracy,4\n")
    for form in ("auto", "ratings"):
        said = house.do("import", str(file), "--format", form, "--json")
        assert (said.code, said.json) == (0, {"runs": [], "records": 1, "skipped": []})
    out = house.do("export", run, "--format", "ratings", "--out", str(tmp_path), "--json")
    path = tmp_path / f"{run}-ratings.csv"
    assert out.json == {"files": [str(path)], "records": 1}
    assert path.read_text().splitlines()[1] == f"{run},demo/en_choice,en-choice-001,0,ann,,accuracy,4"
