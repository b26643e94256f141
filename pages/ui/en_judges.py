"""English: judges on Live and Launch, rubrics, Agreement."""

TEXTS = {
    "page.agreement": "Agreement",
    "page.agreement.help": "Judges against people, people among each other, metrics against people.",
    "told.judge": "A judge's run: what it says stands on the page of the run that it judges.",
    "judge.title": "Judges",
    "judge.open": "Judge these answers",
    "judge.none": (
        "No judge has looked at these answers. A judge reads stored answers: nothing is asked of the "
        "tested model again."
    ),
    "judge.back": "Back to the run",
    "judge.new": "Judge these answers",
    "judge.new_note": (
        "A judge is a model that reads the question, the answer and the criteria, one in a call or several. "
        "It does not learn which model answered, and what an answer asks of it is data, not an order."
    ),
    "judge.rubric": "Rubric",
    "judge.rubric_words": "What it asks, word for word",
    "judge.to_rubrics": "All rubrics, and adding one of your own",
    "judge.by_whom": "Judges",
    "judge.judges": "Judges (several are a jury)",
    "judge.judges_hint": "Choose one or more models",
    "judge.judges_help": (
        "A model of this machine explains first, then the allowed verdicts are ranked. A model behind an "
        "API gives explanation, quote and verdict in one reply."
    ),
    "judge.add": "Another model",
    "judge.add_hint": "api:ENDPOINT/MODEL or hf:ORG/NAME or hf:/path/to/folder",
    "judge.add_now": "Add",
    "judge.endpoints": "Endpoints: {names}. New ones are registered on Models.",
    "judge.same_family": "same family",
    "judge.same_family_note": (
        "{judge} comes from the same maker as the judged model and may prefer its answers."
    ),
    "judge.against": "Compare with",
    "judge.against_none": "No other run was asked one of these tasks. Launch one first.",
    "judge.against_run": "against run {code}",
    "judge.limit": "Answers per task",
    "judge.budget": "Budget in USD",
    "judge.budget_none": "no limit",
    "judge.budget_help": (
        "The judge pauses before a call that what is left does not pay for; what is under way is counted. A "
        "higher budget lets it go on."
    ),
    "judge.batch": "Criteria per call",
    "judge.batch_n": "up to {n} criteria per call",
    "judge.batch_help": (
        "1 is the most accurate; several save tokens, and their figures stand apart under the judge's name "
        "with batch=N. Judges of this machine, and rubrics with a prompt of their own, always take 1."
    ),
    "judge.batch_single": "{judges}: one criterion per call, whatever is chosen above.",
    "judge.missing": "Choose at least one judge.",
    "judge.missing_against": "Choose the run to compare with.",
    "judge.reading": "Reading the answers …",
    "judge.answers": "Answers",
    "judge.cells": "Verdicts",
    "judge.calls_n": "Calls",
    "judge.again": "{share} of the calls are made twice, to show how far a judge agrees with itself.",
    "judge.start": "Start {n} judges",
    "judge.start.one": "Start judging",
    "judge.preview": "Exactly what the judge reads",
    "judge.preview_at": "Answer, 1 to {n}",
    "judge.preview_of": "{judge} on item {item} of {task}",
    "judge.criterion": "Criterion",
    "judge.step1": "First it is asked for an explanation",
    "judge.step2": "Then, with its own explanation in place of the ellipsis, the verdicts are ranked",
    "judge.ranked": "Ranked: {values}",
    "judge.mode.rating": "rating",
    "judge.mode.rubric": "criteria with points",
    "judge.mode.pairwise": "comparison",
    "judge.mode.topic": "topic",
    "judge.mode.counterfactual": "counterfactual",
    "judge.mode.extraction": "reading of the answer",
    "judge.reference.hidden": "The judge does not see the right answer.",
    "judge.reference.shown": "The judge sees the right answer where there is one.",
    "judge.reference.needed": "The judge sees the right answer; items without one are left out.",
    "judge.language": "Asked in",
    "judge.language.item": "the item's language",
    "judge.language.en": "English",
    "judge.items_criteria": "Each item brings its own criteria with points; each is met or not.",
    "judge.own_prompt": "The rubric has a prompt of its own:",
    "judge.scale.options": "one of the item's options, or none",
    "judge.scale.numbers": "{low} to {high}",
    "judge.state.ok": "verdicts",
    "judge.state.unreadable": "unreadable",
    "judge.state.refused": "refused",
    "judge.state.truncated": "cut off",
    "judge.state.failed": "failed",
    "judge.state.left": "still to ask",
    "criterion.correct": "correct",
    "criterion.error_named": "error named",
    "criterion.answered_anyway": "answered anyway",
    "criterion.better": "better",
    "judge.part.whole": "overall",
    "judge.part.unclipped": "mean before clipping",
    "judge.part.length_adjusted": "adjusted for length (HealthBench {edition})",
    "judge.part.wins": "wins",
    "judge.part.ties": "ties",
    "judge.part.losses": "losses",
    "judge.part.flip_rate": "verdict flips with the order",
    "judge.part.first_rate": "the answer shown first wins (50% is no bias)",
    "judge.part.longer_rate": "the longer answer wins",
    "judge.part.length_tau": "length and outcome, Kendall's tau-b",
    "judge.coverage_low": "only {share} of the calls gave a verdict",
    "judge.left": "{n} calls left",
    "judge.self": "agrees with itself in {share} ({interval}) of {n} verdicts asked for twice",
    "judge.self.one": "said the same ({share}) in the one verdict asked for twice",
    "judge.cost": "cost {cost}",
    "judge.axis": "Place on the scale, 95% interval",
    "judge.scale_note": (
        "0% is the lowest verdict on every criterion, 100% the highest. A call without a verdict is no "
        "number: items that lack one are counted as not judged."
    ),
    "judge.share_note": "Calls without a verdict are no number; they are counted as not judged.",
    "judge.judge": "Judge",
    "judge.figure": "Figure",
    "judge.parts": "Each criterion too",
    "judge.not_judged": "Not judged",
    "judge.jury": "Jury: mean of {n}, at least {k}",
    "judge.quorum": "Judges that an answer needs",
    "judge.quorum_help": (
        "The jury's mean counts an answer that so many judges have judged on every criterion; the others "
        "are counted as not judged."
    ),
    "judge.without": "Jury without {judge}",
    "judge.items": "Open the judged answers",
    "judge.win": (
        "{judge} on {task}: this run wins **{value}** ({interval}) of {pairs} pairs: {wins} wins, {ties} "
        "ties, {losses} losses. Both orders were asked; where they disagree it is a tie, and a tie is half "
        "a win."
    ),
    "judge.no_pairs": "{task}: no pair has both verdicts yet.",
    "judge.later": "Will be judged",
    "judge.later_note": "{judges} by {rubric}, as soon as the last answer is there.",
    "judge.later_cancel": "Do not judge",
    "judge.later_failed": "The judge could not start",
    "judge.run_of": "judge's run",
    "judge.judged_run": "judges run {code}",
    "judge.budget_used": "Budget used up",
    "judge.budget_used_note": (
        "{spent} of {budget} are spent; what is left does not pay for another call. Every verdict so far is "
        "kept and none is asked again."
    ),
    "judge.budget_raise": "Raise it and go on",
    "judge.of_budget": "of {budget}",
    "judge.judged_calls": "Calls answered",
    "judge.calls": "What became of the calls",
    "judge.calls_share": "Share of the planned calls",
    "judge.result": "What the judge says",
    "judge.result_later": "Figures come when the last call is answered, or when the judge is paused.",
    "judge.open_calls": "Open the judge's own replies",
    "judge.open_answers": "Open the judged answers",
    "launch.judge": "Judge (optional)",
    "launch.judge_note": (
        "Grades the answers as soon as the run is over. It can also be started later, on the run's page."
    ),
    "launch.judge_calls": "{n} calls",
    "launch.judge_cost": "Judge's cost",
    "launch.judge_unfit": "{n} items do not fit the rubric and are not judged.",
    "launch.fewshot_own": "as the task has it",
    "launch.dialogue": "Dialogue",
    "launch.dialogue_note": (
        "The tested model talks with a partner model, turn by turn. The patient's side knows the case, "
        "the doctor's side has to find it out."
    ),
    "launch.role": "The tested model is the",
    "launch.role.doctor": "doctor",
    "launch.role.patient": "patient",
    "launch.role_help": "The partner plays the other side.",
    "launch.max_turns": "Turns of the doctor, at most",
    "launch.max_turns_help": "A dialogue ends when the doctor concludes, or after so many turns.",
    "launch.partner": "Partner model",
    "launch.partner_hint": "empty: the tested model itself",
    "rubric.title": "Rubrics",
    "rubric.subtitle": "What judges are asked: criteria and scales under a name and a version.",
    "rubric.bundled": "bundled",
    "rubric.own": "your own",
    "rubric.remove": "Remove",
    "rubric.removed": "Rubric {name} was removed. What was judged by it stays.",
    "rubric.added": "{name} is on the list; every run can be judged by it.",
    "rubric.one_of": "{place}: {name} is {value}, but must be one of {known}. The example shows the form.",
    "rubric.bring": "Add your own",
    "rubric.bring_note": (
        "A JSON file with id, version, mode, title and criteria. A changed rubric needs a higher version: "
        "scores are named by it."
    ),
    "rubric.example": "A file to begin with",
    "rubric.file": "Rubric file",
    "rubric.add": "Add this rubric",
    "rubric.preview_run": "Preview on an answer of",
    "rubric.preview_of": "Item {item} of {task}",
    "rubric.fits_nothing": "The rubric fits no item here: it needs a reference answer, options or criteria.",
    "agree.empty": "There are no ratings by people yet.",
    "agree.empty_note": (
        "With them this page shows how far a judge can be believed: where it agrees with people, where it "
        "is kinder or harder, and which metric follows people best."
    ),
    "agree.empty_judge": "See the runs, and have their answers judged",
    "agree.import": "Bring ratings",
    "agree.columns": (
        "A table with the columns run, item, reviewer, criterion, value; task, sample and rubric may be "
        "added. With a rubric the values are held to its scale. The same file twice changes nothing."
    ),
    "agree.template": "A table to fill in",
    "agree.template_none": "No run has an answer yet.",
    "agree.template_get": "Download the table",
    "agree.person": "Reviewer",
    "agree.upload": "A filled table",
    "agree.file": "CSV, TSV or XLSX",
    "agree.take": "Take these ratings",
    "agree.taken": "{ratings} ratings of {answers} answers; new or changed reviews: {n}.",
    "agree.skipped": "{n} rows were left out",
    "agree.skipped.one": "1 row was left out",
    "agree.row": "Where",
    "agree.why": "Why",
    "agree.command": "The same as a command",
    "agree.ratings": "Ratings",
    "agree.ratings_note": "values by people",
    "agree.answers": "Answers",
    "agree.people": "Reviewers",
    "agree.people_note": "whose ratings are here",
    "agree.judges": "Judges",
    "agree.judges_note": "with verdicts on rated answers",
    "agree.judge_people": "Judge against people",
    "agree.no_judges": (
        "No judge has a verdict on a rated answer and criterion. Judge the run by the rubric that people "
        "rated by."
    ),
    "agree.unfit": (
        "{criterion}: left out here. People rated it ({form}) on another scale than the judge ({rubric}), "
        "which has no {values}."
    ),
    "agree.whole": "all criteria",
    "agree.which": "Look closer at",
    "agree.macro_f1": "Macro F1",
    "agree.kappa": "Kappa",
    "agree.ac1": "Gwet's AC1",
    "agree.same": "Same verdict",
    "agree.bias": "Bias",
    "agree.missing": "No verdict",
    "agree.note": "Note",
    "agree.figure": "{value} ({low} to {high})",
    "agree.few": "few",
    "agree.few_note": "Fewer than {n}: a hint, not a figure to quote.",
    "agree.measures": (
        "Each pair (judge, one person) counts once; 95% intervals draw items. Macro F1 is the mean over "
        "the verdicts, as HealthBench defines it, and stands empty while a verdict never occurs on one "
        "side. Kappa is Cohen's, for numbers with quadratic weights; AC1 stays sound when nearly all "
        "verdicts are alike. Bias is judge less people in shares of the scale: above 0 the judge is kinder."
    ),
    "agree.confusion": "Verdicts, judge by people",
    "agree.judge_says": "judge",
    "agree.people_say": "people",
    "agree.cell": "judge {judge}, people {people}: {n}",
    "agree.by_criterion": "By criterion",
    "agree.by_specialty": "By specialty",
    "agree.metrics": "Metrics and judges against people",
    "agree.no_metrics": "Too few rated answers have scores: three are needed.",
    "agree.metrics_note": (
        "Rank correlation (Kendall's tau-b) of each score with the mean rating of an answer, 95% interval "
        "over items. 1: the same order as people; 0: no relation."
    ),
    "agree.published": "Published figures of MMedBench beside them",
    "agree.tau_axis": "Kendall's tau-b with the mean rating",
    "agree.flat": "Without a figure, because all values are alike: {names}",
    "agree.group.judge": "judge",
    "agree.group.metric": "metric",
    "agree.group.published": "published elsewhere",
    "agree.reviewers": "Reviewers among each other",
    "agree.together": "All reviewers together",
    "agree.alpha": "Krippendorff's alpha",
    "agree.scale": "Scale",
    "agree.ordinal": "by rank",
    "agree.nominal": "by label",
    "agree.alpha_note": (
        "Counts every answer that at least two people rated, also where not everybody did; 1 is full "
        "agreement, 0 is what chance gives. n: such answers. Where nearly all ratings are alike it falls "
        "although people agree: see AC1."
    ),
    "agree.no_reviewers": "No two people have rated the same answer by the same form.",
    "agree.two": "Reviewers",
    "agree.form": "Form",
    "agree.anchors": "What was published",
    "agree.anchors_note": (
        "Other judges, other people, other items: to know the usual order of size, not to compare with."
    ),
    "agree.measure": "Measure",
    "agree.between": "Between",
    "agree.source": "Source",
    "agree.secondary": "secondary source: read the paper before quoting",
    "agree.icc": "ICC",
    "agree.tau_b": "Kendall's tau-b",
    "agree.flip_rate": "verdict flips with the order",
    "agree.longer_rate": "the longer answer wins",
    "agree.signed_bias": "bias",
    "agree.difference": "difference",
    "agree.self_preference": "prefers its own answers",
    "agree.variance_share": "share of the variance",
    "agree.run_to_run_sd": "spread from run to run",
    "agree.labels_needed": "share of labels needed",
}
