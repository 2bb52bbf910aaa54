"""The example service: which bytes it takes, and what it answers to whoever asks."""

from __future__ import annotations

import csv
import json
import os
import signal
import socket
import subprocess
import sys

import numpy as np
import pytest

from staticrun.registry import artifacts
from tests.story.serving import PROGRAM, service, until
from tests.story.shell import ROOT


def save(folder, name, **arrays):
    (folder / name).mkdir(parents=True)
    np.savez(folder / name / "weights.npz", **arrays)
    (folder / name / "notes").mkdir()
    (folder / name / "notes/ö.txt").write_text("read me")
    return artifacts.tree(folder, name).digest


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("a place")


@pytest.fixture(scope="module")
def tree(folder):
    return save(folder, "digits", coef=np.array([[1.0, 0], [0, 1], [2, 2]]), intercept=np.zeros(3))


@pytest.fixture(scope="module")
def served(folder, tree):
    told = folder / "told.json"
    told.write_text(json.dumps({"model": "digits", "stage": "s", "version": 7, "tree": tree}))
    with service(folder / "digits", "--told", str(told)) as running:
        yield running


def test_it_says_the_digest_that_the_registry_has(served, tree):
    about = served.about()
    facts = [about[name] for name in ("model", "stage", "version", "tree")]
    assert facts == ["digits", "s", 7, tree]
    assert {*about["files"]} == {"weights.npz", "notes/ö.txt"}


def test_a_class_is_predicted_for_every_row(served, tree):
    answer = {"predictions": [0, 1, 2], "tree": tree}
    assert served.predict([1, -9], [-9, 1], [1, 1]) == (200, answer)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[" * 100_000,
        b"\xff",
        b"[]",
        b"{}",
        b'{"inputs": 3}',
        b'{"inputs": []}',
        b'{"inputs": [[1]]}',
        b'{"inputs": [[1, 2], [3]]}',
        b'{"inputs": [["a", "b"]]}',
        b'{"inputs": [[NaN, 1]]}',
        b'{"inputs": [[1e999, 1]]}',
        b'{"inputs": [[%s, 1]]}' % (b"9" * 400),
        b'{"inputs": [[null, {}]]}',
        b'{"inputs": "../../etc/passwd"}',
    ],
)
def test_what_is_no_input_is_refused_in_a_sentence(served, body):
    status, said = served.ask("/predict", body)
    assert status == 400
    assert "have to be" in said["error"] or "has to be" in said["error"]


@pytest.mark.parametrize("length", ["1000001", "9" * 5000, "-1", "1e3", "²"])
def test_a_body_is_bounded_before_it_is_read(served, length):
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
        request = f"POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n"
        connection.sendall(request.encode())
        said = b"".join(iter(lambda: connection.recv(4096), b""))
    assert b"400" in said.splitlines()[0]
    assert b"at most 1,000,000 bytes" in said


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [("/", None, 404), ("/../told.json", None, 404), ("/model", b"{}", 404), ("/x", b"{}", 404)],
)
def test_no_other_path_is_anything(served, path, body, status):
    assert served.ask(path, body)[0] == status


def test_what_is_no_request_is_answered_as_json(served):
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
        connection.sendall(b"DELETE /model HTTP/1.0\r\n\r\n")
        head, _, body = b"".join(iter(lambda: connection.recv(4096), b"")).partition(b"\r\n\r\n")
    assert b" 501 " in head.splitlines()[0]
    assert json.loads(body) == {"error": "Server does not support this operation"}


def test_other_bytes_than_it_was_told_are_never_loaded(tmp_path):
    tree = save(tmp_path, "here", coef=np.eye(2), intercept=np.zeros(2))
    other = save(tmp_path, "other", coef=np.array([1.0, 1]), intercept=np.array(1.0))
    told = tmp_path / "told.json"
    told.write_text(json.dumps({"model": "digits", "tree": tree}))
    with service(tmp_path / "here", "--told", str(told)) as served:
        (tmp_path / "here").rename(tmp_path / "before")
        (tmp_path / "other").rename(tmp_path / "here")
        os.kill(served.process.pid, signal.SIGHUP)
        complaint = served.process.stderr.readline()
        assert f"is {other}, and not {tree}; the model before goes on" in complaint
        assert served.about()["tree"] == tree
        assert served.predict([1, 2])[1] == {"predictions": [1], "tree": tree}

        told.write_text(json.dumps({"model": "plane", "tree": other}))
        os.kill(served.process.pid, signal.SIGHUP)
        until(lambda: served.about()["tree"] == other)
        assert served.predict([1, 2])[1] == {"predictions": [4], "tree": other}
        assert (served.about()["model"], served.about()["version"]) == ("plane", None)


@pytest.mark.slow
@pytest.mark.parametrize("model", ["digits", "diabetes"])
def test_a_model_of_this_repository_answers_as_its_predictions_say(tmp_path, model):
    """The rows that judged a version, and what it keeps beside its weights of each of them."""
    from sklearn import datasets
    from sklearn.model_selection import train_test_split

    words = [sys.executable, "-m", "staticrun", "registry", "pull", f"{model}@production"]
    told = tmp_path / "told.json"
    with told.open("w") as stream:
        out = ["--out", str(tmp_path / "files"), "--json"]
        subprocess.run([*words, *out], cwd=ROOT, stdout=stream, check=True, timeout=60)
    data, y = getattr(datasets, f"load_{model}")(return_X_y=True)
    if model == "digits":
        rows = train_test_split(data / 16, test_size=0.3, stratify=y, random_state=0)[1]
    else:
        rows = train_test_split(data, test_size=0.3, random_state=0)[1]
    with (tmp_path / "files/predictions.csv").open(newline="") as lines:
        column = "read" if model == "digits" else "predicted"
        kept = [float(line[column]) for line in csv.DictReader(lines)]
    assert len(kept) == len(rows) > 100

    with service(tmp_path / "files", "--told", str(told)) as served:
        status, said = served.predict(*rows.tolist())
        about = served.about()

    assert status == 200
    assert said["predictions"] == pytest.approx(kept, abs=0.0006)
    assert about.pop("files")["predictions.csv"]
    assert about == {name: json.loads(told.read_text())[name] for name in about}


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind", ["other", "missing", "link", "no arrays", "pickle", "torn", "told"]
)
def test_it_does_not_begin_with_what_it_cannot_serve(tmp_path, kind):
    coef = np.array([{}]) if kind == "pickle" else np.zeros(2)
    tree = save(tmp_path, "m", coef=coef, intercept=np.zeros(1))
    weights, words = tmp_path / "m/weights.npz", ("--tree", tree)
    said = {
        "other": "and not sha256:",
        "missing": "holds no file",
        "link": "is no regular file",
        "no arrays": "no weights of a linear model",
        "pickle": "no weights of a linear model",
        "torn": "no weights of a linear model",
        "told": "is not what `registry pull --json` prints",
    }[kind]
    if kind == "other":
        (tmp_path / "m/more").write_text("x")
    elif kind == "missing":
        (tmp_path / "m").rename(tmp_path / "n")
    elif kind == "link":
        (tmp_path / "m/link").symlink_to(tmp_path)
    elif kind in ("no arrays", "torn"):
        weights.write_bytes(b"x" if kind == "no arrays" else weights.read_bytes()[:-30])
        words = ("--tree", artifacts.tree(tmp_path, "m").digest)
    elif kind == "told":
        words = ("--told", str(weights))
    command = [sys.executable, str(PROGRAM), str(tmp_path / "m"), "--port", "0", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("serve.py: ")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
