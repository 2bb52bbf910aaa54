"""Columns of times: the day once where there is one, on each row where there are several."""

from staticrun.pages import format as fmt
from staticrun.pages.views import experiment, one_day
from staticrun.pages.views import project as front
from tests.pages.projects import TIME, open_context, write_run

DAY = 86_400


def test_times_of_one_day_are_to_the_second_below_it():
    assert one_day.column([TIME, None, TIME + 61.9]) == one_day.Times(
        "2 Feb 2026", ("02:40:00", fmt.MISSING, "02:41:01")
    )


def test_times_of_two_days_have_theirs():
    assert one_day.column([TIME, TIME + DAY]) == one_day.Times(
        "", ("2 Feb 2026, 02:40", "3 Feb 2026, 02:40")
    )


def test_one_time_and_none_have_no_day_in_common():
    assert one_day.column([TIME]) == one_day.Times("", ("2 Feb 2026, 02:40",))
    assert one_day.column([None, None]) == one_day.Times("", (fmt.MISSING, fmt.MISSING))
    assert one_day.column([]) == one_day.Times("", ())


def test_what_is_no_time_of_the_calendar_is_shown_as_it_is():
    assert one_day.column([TIME, TIME, 1e300]) == one_day.Times(
        "", ("2 Feb 2026, 02:40", "2 Feb 2026, 02:40", "Unix time 1e300")
    )


def test_tables_say_the_day_once(project):
    write_run(project, "e/a", {"acc": [0.1, 0.5]})
    write_run(project, "e/b", {"acc": [0.1, 0.5]}, began=TIME + 60)
    context = open_context(project)

    view = experiment.make(
        "e", context.store.experiments()["e"], list(context.store.runs()), context
    )
    page = front.make(context)

    assert view.runs.day == page.latest_day == "2 Feb 2026"
    assert [row.started for row in page.latest] == ["02:41:00", "02:40:00"]
    assert (page.last_day, page.experiments[0].last) == ("", "2 Feb 2026, 02:42")
