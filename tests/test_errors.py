"""Errors and findings in words."""

import pickle

from staticrun.errors import Finding, UserError, nearest


def test_a_finding_says_where_what_expected_and_try():
    finding = Finding("runs/a/b/run.jsonl:17", "step is 'x'", "a number", "look at the line")

    assert (
        "runs/a/b/run.jsonl:17: step is 'x', expected a number.\n  Try: look at the line"
        == str(finding)
    )


def test_what_is_not_known_is_not_said():
    assert "runs/: is empty." == str(Finding("runs/", "is empty"))


def test_an_error_crosses_a_process_border():
    error = UserError("a", "b", "c", "d")

    assert str(error) == str(pickle.loads(pickle.dumps(error)))


def test_the_nearest_word_is_proposed():
    assert "did you mean 'metrics'?" == nearest("metrcs", ["metrics", "runs"])
    assert "one of 'metrics', 'runs'" == nearest("zzz", ["runs", "metrics"])
    assert nearest("zzz", []) == ""
