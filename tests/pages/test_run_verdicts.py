"""What a run found of another that it repeated: in words and numbers, with a link to it."""

from staticrun.pages import links
from staticrun.pages.build import build
from staticrun.pages.context import Relations, RunLink
from tests.pages.test_build import append, tree, write_run
from tests.pages.test_run_view import Parsed, end, look, start, write

ID = "b" * 26
AROUND = Relations(originals=((ID, RunLink("a/first", "first", "finished")),))


def verdict(**fields):
    return {"type": "verdict", "of": ID, "result": "same", **fields}


def test_a_run_without_a_verdict_has_no_row_for_one(project):
    write(project, start(), end())
    view, page = look(project)

    assert view.verdicts is None
    assert 'id="repetition"' not in page


def test_a_verdict_is_a_sentence_with_a_link_and_a_table(project):
    (project / "staticrun.yaml").write_text("metrics: {time: {unit: s}}\n")
    differences = {"val/acc": {"step": 3, "by": 0.00125}, "time": {"by": -2.5, "step": 12000}}
    write(
        project, start(), verdict(result="different", metrics=differences, time=1795110180), end()
    )
    view, page = look(project, relations=AROUND)
    (one,) = view.verdicts.shown

    assert (one.run, one.url, one.mark) == ("a/first", "runs/a/first/index.html", "fail")
    assert one.about == "Found 19 Nov 2026, 17:43 UTC. The verdict names 2 metrics."
    assert [(row.metric, row.by, row.step) for row in one.rows] == [
        ("val/acc", "0.00125", "3"),
        ("time (s)", "\u22122.5", "12,000"),
    ]
    assert not one.more
    assert 'data-run="a/first">a/first</a>: <b>different</b>.' in page
    Parsed(page)


def test_a_verdict_on_a_run_that_is_not_here_names_its_id(project):
    write(project, start(), verdict(), end())
    view, page = look(project)
    (one,) = view.verdicts.shown

    assert (one.run, one.url, one.mark, one.rows) == (ID, "", "ok", ())
    assert one.about == "The verdict names no metric."
    assert f"<code>{ID}</code>, which is not in this project: <b>same</b>." in page


def test_a_result_in_other_words_has_no_mark(project):
    write(project, start(), verdict(result="roughly"), end())

    assert look(project)[0].verdicts.shown[0].mark == ""


def test_whatever_a_verdict_says_of_a_metric_is_shown(project):
    said = {
        "number": 0.5,
        "none": None,
        "text": "by a hair",
        "words": {"by": "NaN", "step": "last"},
        "more": {"by": 1, "step": 2, "before": 3, "after": [4, {"x": 5}]},
        "truth": True,
        "huge": 10**400,
        "huge by": {"by": 10**400},
        "list": [1, 2],
        "empty": {},
    }
    write(project, start(), verdict(metrics=said), end())
    view, page = look(project)
    rows = {row.metric: (row.by, row.step, row.more) for row in view.verdicts.shown[0].rows}

    assert rows["number"] == ("0.5", "", "")
    assert rows["none"] == ("", "", "null")
    assert rows["text"] == ("", "", "by a hair")
    assert rows["words"] == ("NaN", "last", "")
    assert rows["more"] == ("1", "2", "before: 3, after: 4, {x: 5}")
    assert rows["truth"] == ("", "", "true")
    assert rows["list"] == ("", "", "1, 2")
    assert rows["empty"] == ("", "", "")
    assert len(rows["huge"][2]) <= 200
    assert "Also recorded" in page


def test_many_verdicts_and_metrics_are_bounded_and_counted(project):
    many = {f"m{n}": {"by": n} for n in range(300)}
    write(project, start(), *[verdict(metrics=many) for _ in range(15)], end())
    view, page = look(project)

    assert len(view.verdicts.shown) == 12
    assert view.verdicts.left_out == "3 more verdicts"
    assert view.verdicts.shown[0].left_out == "100 more metrics"
    assert "3 more verdicts in the record." in page


def test_both_runs_of_a_repetition_link_to_each_other_whenever_they_were_built(project, tmp_path):
    write_run(project, "vision/first", 0.5)
    build(project, jobs=1)
    write_run(project, "vision/again", 0.5)
    append(project, "vision/again", '{"type":"verdict","of":"vision-first","result":"same"}')
    built = build(project, jobs=1)
    first = (project / "site/runs/vision/first/index.html").read_text()
    again = (project / "site/runs/vision/again/index.html").read_text()

    assert "runs/vision/first/index.html" in built.written
    assert 'data-run="vision/again">vision/again</a> <small>same</small>' in first
    assert 'data-run="vision/first">vision/first</a>: <b>same</b>.' in again
    assert links.check(project / "site") == []

    (project / "runs/vision/again/run.jsonl").unlink()
    build(project, jobs=1)
    assert "repeated by" not in (project / "site/runs/vision/first/index.html").read_text()
    assert "runs/vision/again/index.html" not in tree(project / "site")
