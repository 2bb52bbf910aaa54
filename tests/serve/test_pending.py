"""When a build begins."""

from __future__ import annotations

from staticrun.serve.pending import Pending


def test_without_a_change_nothing_is_due():
    assert Pending().due() is None


def test_what_a_person_does_is_built_when_it_is_quiet():
    pending = Pending()
    pending.add("report", 10)
    pending.add("theme", 10.1)

    assert pending.due() == 10.25
    assert pending.take() == {"report", "theme"}
    assert pending.due() is None


def test_what_a_training_does_is_built_after_a_second_of_quiet():
    pending = Pending()
    pending.add("records", 10)

    assert pending.due() == 11


def test_a_training_that_never_rests_is_built_every_five_seconds():
    pending = Pending()
    for tenth in range(100, 200):
        pending.add("records", tenth / 10)

    assert pending.due() == 15


def test_nothing_begins_while_another_process_builds():
    pending = Pending()
    pending.add("report", 10)
    pending.hold(11)

    assert pending.due() == 11


def test_while_runs_grow_builds_take_half_of_the_time_at_most():
    pending = Pending()
    pending.ended(20, now=100)
    pending.add("records", 100)
    assert pending.due() == 120

    pending.add("run", 101)
    assert pending.due() == 101  # both began at 100
