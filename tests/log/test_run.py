"""What each call writes, and that none of them ever raises."""

from __future__ import annotations

import copy
import math
import threading
import types
import warnings
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

import staticrun
from staticrun import LogWarning
from staticrun.record.codec import decode_typed
from tests.log.records import of_type, read


@pytest.fixture
def run(project):
    with staticrun.start("digits", name="one", capture=False) as found:
        yield found


def told(call, *args, **arguments):
    """Give the one warning of a call."""
    with pytest.warns(LogWarning) as caught:
        call(*args, **arguments)
    assert len(caught) == 1
    assert caught[0].filename == __file__
    return str(caught[0].message)


AFTER = ". The training goes on; more of this is only counted."


def test_metrics_are_written_as_they_are_logged(run):
    run.log({"loss": 0.5, "n": 3}, step=10)
    run.log({"loss": 0.25})
    run.log({"loss": 0.125}, step=2.5)
    run.log({"loss": np.float32(2)})
    run.log({"deep": {"loss": 1}}, step=np.int64(7))

    assert of_type(run.folder, "metrics") == [
        {"values": {"loss": 0.5, "n": 3}, "step": 10},
        {"values": {"loss": 0.25}, "step": 11},
        {"values": {"loss": 0.125}, "step": 2.5},
        {"values": {"loss": 2.0}, "step": 3.5},
        {"values": {"deep/loss": 1}, "step": 7},
    ]


def test_the_first_step_is_0(run):
    run.log({"loss": 1})

    assert of_type(run.folder, "metrics") == [{"values": {"loss": 1}, "step": 0}]


def test_a_record_is_on_disk_when_the_call_returns(run):
    run.log({"loss": 1})

    assert len(read(run.folder / "run.jsonl")) == 2


def test_what_is_not_finite_is_spelled(run):
    run.log({"a": math.nan, "b": math.inf, "c": -math.inf})

    assert of_type(run.folder, "metrics")[0]["values"] == {
        "a": "NaN",
        "b": "Infinity",
        "c": "-Infinity",
    }


@pytest.mark.parametrize(
    "values",
    [types.MappingProxyType({"loss": 1}), defaultdict(int, loss=1), {b"a".decode(): 1, "loss": 1}],
)
def test_metrics_may_be_any_mapping(run, values):
    run.log(values)

    assert of_type(run.folder, "metrics")[0]["values"]["loss"] == 1


def test_a_value_that_is_no_number_is_left_out_told_once_and_counted(run):
    message = told(run.log, {"loss": 1, "name": "resnet"})
    run.log({"loss": 2, "name": "resnet", "none": None}, step=1)

    assert message == f"digits/one: metric 'name' is 'resnet', which is no number{AFTER}"
    assert [record["values"] for record in of_type(run.folder, "metrics")] == [
        {"loss": 1},
        {"loss": 2},
    ]
    assert run.dropped == 3


def test_a_step_that_is_no_number_is_the_next_one(run):
    run.log({"loss": 1}, step=5)
    message = told(run.log, {"loss": 2}, step="six")

    assert message == f"digits/one: step 'six' is no number; the next step is used{AFTER}"
    assert of_type(run.folder, "metrics")[1] == {"values": {"loss": 2}, "step": 6}


def test_nothing_is_logged_where_no_number_is(run):
    run.log({})
    told(run.log, {"a": "b"})
    run.log({"loss": 1})

    assert of_type(run.folder, "metrics") == [{"values": {"loss": 1}, "step": 2}]


def test_what_is_no_mapping_is_told(run):
    assert (
        told(run.log, 0.5)
        == f"digits/one: log() takes a mapping of names to numbers, not a float{AFTER}"
    )
    assert (
        told(run.params, [1])
        == f"digits/one: params takes a mapping of names to values, not a list{AFTER}"
    )
    assert (
        told(run.summary, None)
        == f"digits/one: summary takes a mapping of names to values, not None{AFTER}"
    )
    assert (
        told(run.tag, "a")
        == f"digits/one: tags takes a mapping of names to values, not 'a'{AFTER}"
    )
    assert run.dropped == 4


def test_params_summary_and_tags(run):
    run.params({"lr": 0.1, "nan": math.nan, "none": None})
    run.summary({"best": np.float64(0.5), "gone": None})
    run.tag({"a b": 1}, team="risk")
    run.tag(values="x")
    run.tag()

    assert of_type(run.folder, "params") == [{"values": {"lr": 0.1, "nan": "NaN", "none": None}}]
    assert of_type(run.folder, "summary") == [{"values": {"best": 0.5, "gone": None}}]
    assert of_type(run.folder, "tags") == [
        {"values": {"a b": 1}},
        {"values": {"team": "risk"}},
        {"values": {"values": "x"}},
    ]


def test_words(run):
    run.note("*good*")
    run.text("line 1\nline 2")
    run.text("hm", level="error")
    run.alert("look", level="no such level")
    run.note(3)

    assert of_type(run.folder, "note") == [{"text": "*good*"}, {"text": "3"}]
    assert of_type(run.folder, "log") == [
        {"text": "line 1\nline 2"},
        {"text": "hm", "level": "error"},
    ]
    assert of_type(run.folder, "alert") == [{"text": "look"}]


def test_an_artifact_is_copied_and_recorded(run, project):
    (project / "a.txt").write_text("abc")
    found = run.artifact("a.txt", key="k", step=3, caption="It says abc.")

    assert found == run.folder / "artifacts" / "a.txt"
    assert of_type(run.folder, "artifact") == [
        {
            "path": "artifacts/a.txt",
            "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "bytes": 3,
            "kind": "text",
            "key": "k",
            "step": 3.0,
            "caption": "It says abc.",
        }
    ]


def test_a_folder_and_an_address(run, project):
    (project / "d").mkdir()
    (project / "d" / "a").write_text("abc")
    run.artifact(project / "d", kind="model")
    run.artifact(project / "d", name="e")
    assert run.artifact("s3://bucket/a.png") is None

    found = of_type(run.folder, "artifact")
    assert [(record["kind"], record.get("path")) for record in found] == [
        ("model", "artifacts/d"),
        ("folder", "artifacts/e"),
        ("image", None),
    ]
    assert found[0]["tree"] == found[1]["tree"]
    assert found[2] == {"uri": "s3://bucket/a.png", "kind": "image"}


def test_an_artifact_that_cannot_be_is_told(run, project):
    assert (
        told(run.artifact, "no.txt")
        == f"digits/one: artifact 'no.txt' is not stored: there is no such file{AFTER}"
    )
    assert run.artifact(project) is None
    assert run.artifact(3) is None
    assert run.dropped == 3


def test_what_a_folder_cannot_give_is_told(run, project):
    (project / "d").mkdir()
    (project / "d" / "a").write_text("a")
    (project / "d" / "b").symlink_to("/etc/passwd")

    assert (
        told(run.artifact, "d")
        == f"digits/one: artifact 'd' is stored without b (a link that leads out){AFTER}"
    )
    assert len(of_type(run.folder, "artifact")) == 1


def test_media(run):
    figure = Figure(figsize=(1, 1))
    run.figure("val/loss", figure, step=3, caption="Falling.")
    run.image("sample", [[0, 255]])
    run.table("errors", [{"a": 1}])
    run.histogram("weights", [1, 2, 2], step=3, bins=2)

    found = of_type(run.folder, "artifact")
    assert [(r["path"], r["kind"], r["key"], r.get("step"), r.get("caption")) for r in found] == [
        ("artifacts/figures/val/loss-step3.png", "figure", "val/loss", 3.0, "Falling."),
        ("artifacts/images/sample.png", "image", "sample", None, None),
        ("artifacts/tables/errors.csv", "table", "errors", None, None),
    ]
    assert of_type(run.folder, "histogram") == [
        {"name": "weights", "edges": [1.0, 1.5, 2.0], "counts": [1.0, 2.0], "step": 3.0}
    ]


def test_media_that_cannot_be_are_told(run):
    assert (
        told(run.figure, "a", 3)
        == f"digits/one: figure 'a' is not stored: a int has no savefig(){AFTER}"
    )
    assert (
        told(run.histogram, "w", "abc")
        == f"digits/one: histogram 'w' is not recorded: a str is no number{AFTER}"
    )
    assert run.image("a", object()) is None
    assert run.table("a", 3) is None
    assert run.figure(None, Figure()) is not None
    assert run.dropped == 4


def test_datasets_and_uses(run, project):
    other = staticrun.start("digits", name="other", capture=False)
    (project / "w.npz").write_bytes(b"abc")
    other.artifact("w.npz")
    other.finish()
    run.dataset("digits", np.zeros((3, 2)), role="train", source="made up")
    run.dataset("known", digest="0" * 64, rows=7)
    run.use(other, path="artifacts/w.npz", role="init")
    run.use(other.id)
    run.use(uri="s3://bucket/x")

    first, second = of_type(run.folder, "dataset")
    assert len(first.pop("digest")) == 64
    assert first == {
        "name": "digits",
        "role": "train",
        "rows": 3,
        "source": "made up",
        "schema": "float64[2]",
    }
    assert second == {"name": "known", "digest": "0" * 64, "rows": 7}
    assert of_type(run.folder, "use") == [
        {
            "run": other.id,
            "path": "artifacts/w.npz",
            "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "role": "init",
        },
        {"run": other.id},
        {"uri": "s3://bucket/x"},
    ]


def test_a_dataset_without_a_digest_is_still_named(run):
    message = told(run.dataset, "digits", object(), role="train")

    assert (
        message
        == f"digits/one: dataset 'digits' has no digest: a object has no bytes to take it from{AFTER}"
    )
    assert of_type(run.folder, "dataset") == [{"name": "digits", "role": "train"}]
    assert told(run.use) == f"digits/one: use() names neither a run nor a uri{AFTER}"


def test_after_the_end_nothing_is_written(run, project):
    run.finish("failed")
    before = (run.folder / "run.jsonl").read_bytes()
    message = told(run.log, {"loss": 1})
    (project / "a").write_text("a")
    run.note("late")
    run.finish()
    run.artifact("a")

    assert message == f"digits/one: the run has ended, and more came after it{AFTER}"
    assert (run.folder / "run.jsonl").read_bytes() == before
    assert not (run.folder / "artifacts").exists()
    assert of_type(run.folder, "end") == [{"status": "failed"}]
    assert run.ended
    assert run.dropped == 3


def test_a_status_that_is_none_is_failed_and_says_so(run):
    assert (
        told(run.finish, "crashed")
        == f"digits/one: 'crashed' is no status; the run is recorded as failed{AFTER}"
    )
    assert of_type(run.folder, "end") == [
        {"status": "failed", "error": {"type": "finish('crashed')"}}
    ]


def test_what_was_dropped_is_told_in_the_record(run):
    with pytest.warns(LogWarning):
        run.log({"a": "b"})
    run.log({"a": "b"})
    run.finish()

    assert of_type(run.folder, "log") == [
        {
            "text": "2 values or records were not written: metric 'a' is 'b', which is no number",
            "level": "warning",
        }
    ]


def test_warnings_made_into_errors_do_not_reach_the_training(run, capsys):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run.log({"a": "b"})

    assert (
        capsys.readouterr().err
        == f"staticrun: digits/one: metric 'a' is 'b', which is no number{AFTER}\n"
    )


class Hostile:
    """Raises whatever it is asked for."""

    def __getattr__(self, name):
        raise RuntimeError(name)

    def __repr__(self):
        raise RuntimeError

    __str__ = __len__ = __iter__ = __float__ = __array__ = __fspath__ = __hash__ = __eq__ = __repr__  # fmt: skip


THINGS = [
    Hostile(),
    {"a": Hostile()},
    {Hostile: Hostile()},
    [Hostile()],
    "\udc80",
    b"\xff",
    10**400,
    {1: {2: {3: "\udc80"}}},
]


@pytest.mark.filterwarnings("ignore::staticrun.LogWarning")
@pytest.mark.parametrize("number", range(len(THINGS)))
def test_no_argument_makes_a_call_raise(run, number):
    thing = THINGS[number]
    run.log(thing)
    run.log({"a": thing}, step=thing)
    run.params(thing)
    run.summary({"a": thing})
    run.tag(thing)
    run.tag(a=thing)
    for words in (run.note, run.text, run.alert):
        words(thing)
    run.artifact(thing, kind=thing, key=thing, step=thing, caption=thing)
    run.artifact("a", name=thing)
    run.figure(thing, thing, thing, caption=thing)
    run.image(thing, thing, thing, caption=thing)
    run.artifact("a", how=thing)
    run.audio(thing, thing, thing, sample_rate=thing)
    run.video(thing, thing, thing, fps=thing)
    for words in (run.json, run.html, run.file):
        words(thing, thing, thing, caption=thing)
    run.confusion_matrix(thing, thing, thing, thing, classes=thing)
    for curve in (run.roc_curve, run.pr_curve):
        curve(thing, thing, thing, thing, positive=thing, classes=thing)
    run.table(thing, thing, columns=thing)
    run.histogram(thing, thing, thing, bins=thing)
    run.dataset(thing, thing)
    run.dataset(thing, thing, digest=thing, role=thing, rows=thing, source=thing)
    run.use(thing, path=thing, uri=thing, sha256=thing, tree=thing, role=thing)
    run.finish(thing)

    assert of_type(run.folder, "end")[0]["status"] == "failed"


names = st.text(max_size=10)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=5) | st.binary(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names | st.integers(), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@pytest.mark.filterwarnings("ignore::staticrun.LogWarning")
@given(
    values=st.dictionaries(names, plain, max_size=4), step=st.none() | st.integers() | st.floats()
)
def test_every_line_is_a_record_whatever_is_logged(tmp_path_factory, values, step):
    root = tmp_path_factory.mktemp("project")
    with staticrun.start(root=root, capture=False) as run:
        run.log(values, step=step)
        run.params(values)
        run.summary(values)
        run.tag(values)

    lines = (run.folder / "run.jsonl").read_bytes().splitlines()
    assert [type(decode_typed(line)).__name__ for line in lines][-1] == "End"


def test_threads_take_steps_of_their_own(run):
    def work():
        for _ in range(500):
            run.log({"loss": 1.0})

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [record["step"] for record in of_type(run.folder, "metrics")] == list(range(2000))
    assert run.dropped == 0


def test_a_copy_of_settings_that_hold_a_run_holds_the_same_run(run):
    assert copy.deepcopy({"run": run})["run"] is run
    assert copy.copy(run) is run


def test_a_run_names_itself(run):
    assert repr(run) == "<staticrun run digits/one>"
    run.finish()
    assert repr(run) == "<staticrun run digits/one, ended>"
