"""`report`: the leaderboard's tables, for people and for scripts."""

from commands import House

RUN = ("run", "--model", "demo:weak", "--tasks", "demo/fr", "--limit", "2")


def test_without_runs_it_says_what_to_do(house: House) -> None:
    said = house.do("report")
    assert (said.code, said.err) == (0, "")
    assert "Nothing has been measured yet." in said.out
    assert "For research, not for clinical use." in said.out


def test_every_published_figure_is_printed_when_asked_for(house: House) -> None:
    tables = house.do("report", "--reference", "--json").json
    rows = [row for table in tables for row in table["rows"]]
    assert len(rows) == 2521
    assert {row["origin"] for row in rows} == {"published"}
    assert sum(not row["is_possible"] for row in rows) == 62


def test_a_measured_figure_has_its_interval_n_and_run(house: House) -> None:
    run = house.do(*RUN, "--json").json
    (table,) = house.do("report", "--json").json
    (row,) = table["rows"]
    assert (table["board"], row["task"], row["metric"], row["n"]) == ("demo", "demo/fr", "acc", 2)
    assert row["value"] == run["tasks"]["demo/fr"]["metrics"]["acc"]["value"]
    assert row["low"] < row["high"] and row["run"] == run["run"]
    text = house.do("report", run["run"]).out
    assert "demo/fr" in text and "95 % INTERVAL" in text


def test_a_run_that_is_not_here_is_a_mistake(house: House) -> None:
    said = house.do("report", "nowhere")
    assert said.code == 2 and "nowhere" in said.err
