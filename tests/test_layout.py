"""Names, paths and URLs."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from staticrun import layout

WRITERS = st.from_regex(r"[a-z][a-z0-9_-]{0,20}", fullmatch=True).filter(
    lambda name: (
        not name.startswith("edit-") and layout.record_file(f"run.{name}.jsonl").segment == 0
    )
)


@given(WRITERS, st.integers(0, 99_999))
def test_the_name_of_a_record_file_is_read_as_it_was_spelled(writer, segment):
    name = layout.record_file_name(writer, segment)

    assert (writer, segment, False) == layout.record_file(name)
    assert (writer, segment, False) == layout.record_file(f"{name}.gz")


def test_other_files_are_no_record_files():
    assert [None] * 5 == [
        layout.record_file(name)
        for name in ("run.json", "runs.jsonl", "run.jsonl.bak", "xrun.jsonl", "run..jsonl.zip")
    ]


def test_a_file_of_edits_is_told_from_a_writer():
    assert ("17-ab", 0, True) == layout.record_file(layout.edit_file_name("17-ab"))


def test_a_plain_name_is_its_own_url_segment():
    assert ["lr-0.1", "007", "a_b.c"] == [
        layout.url_segment(n) for n in ("lr-0.1", "007", "a_b.c")
    ]


@given(st.text(min_size=1), st.text(min_size=1))
def test_two_names_never_share_a_url_segment_on_any_file_system(first, second):
    one, other = layout.url_segment(first), layout.url_segment(second)

    if first != second:
        assert (
            unicodedata.normalize("NFC", one).casefold()
            != unicodedata.normalize("NFC", other).casefold()
        )


@given(st.text(min_size=1))
def test_a_url_segment_is_short_and_plain(name):
    segment = layout.url_segment(name)

    assert len(segment) <= 64
    assert set(segment) <= set("abcdefghijklmnopqrstuvwxyz0123456789._-~")
    assert segment not in {".", "..", "index.html"}


def test_reserved_names_get_a_digest():
    assert ["index.html~", "con~", "nul~"] == [
        layout.url_segment(name)[:-6] for name in ("index.html", "con", "nul")
    ]


def test_a_run_without_an_experiment_is_in_the_default_one():
    assert ("default", "007") == layout.split_key("007")
    assert "runs/default/007/index.html" == layout.run_url("007")
    assert "runs/vision/digits/007/index.html" == layout.run_url("vision/digits/007")


def test_the_way_to_the_root_has_a_step_for_each_folder():
    assert ["", "../", "../../"] == [layout.root_prefix(u) for u in ("a.html", "a/b", "a/b/c")]


def test_a_project_is_the_nearest_folder_with_a_configuration(tmp_path):
    (tmp_path / "staticrun.yaml").touch()
    inner = tmp_path / "a" / "runs" / "x"
    inner.mkdir(parents=True)

    assert tmp_path.resolve() == layout.find_project(inner)


def test_a_report_named_index_is_its_folders_page():
    assert ["reports/index.html", "reports/a/index.html", "reports/a/b/index.html"] == [
        layout.report_url(path) for path in ("index.md", "a/index.md", "a/b.md")
    ]


def test_a_comparison_of_versions_and_its_picture_stand_below_the_candidate():
    assert "registry/churn/4/against-3/index.html" == layout.against_url("churn", 4, 3)
    assert "registry/churn/4/against-3/figure.png" == layout.against_figure_url("churn", 4, 3)
    assert "registry/timeline~model/2/against-1/index.html" == layout.against_url("timeline", 2, 1)
