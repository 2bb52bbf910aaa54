"""`staticrun registry pull|fetch|…`: what a user who wants a version's bytes meets."""

from __future__ import annotations

import json
import shutil
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import msgspec
import pytest

from staticrun.registry import artifacts, manifests
from tests.registry.made import stage, write
from tests.registry.trained import registered, run

HERE = "runs/exp/a/artifacts/model"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def mirror(tmp_path):
    """Serve a folder on this machine: its address, and the folder."""
    folder = tmp_path / "mirror"
    folder.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", folder
        server.shutdown()
        thread.join()


@pytest.fixture
def versions(project, mirror):
    """Register two versions of `churn`; production is at the second."""
    run(project)
    run(project, "exp/b", {"MLmodel": b"flavor: none\n", "data/weights.npz": b"better!"})
    found = [
        registered(project, number, key, mirrors=(f"{mirror[0]}/churn/{number}/",))
        for number, key in ((1, "exp/a"), (2, "exp/b"))
    ]
    tree = found[1].artifact.tree
    write(project, manifests.Model(model="churn"), *found, stage(2, tree=tree, previous=1))
    for version in found:
        shutil.copytree(project / version.artifact.path, mirror[1] / f"churn/{version.version}")
    return found


def whole(folder):
    return artifacts.tree(folder.parent, folder.name).digest


def test_a_stage_is_pulled_whole_and_replaced_by_the_next(staticrun, project, versions):
    out = project / "served/model"
    done = staticrun("registry", "pull", "churn@1", "--out", str(out), "--json")
    assert json.loads(done.out) == {
        "format": 1, "model": "churn", "stage": None, "version": 1, "tree": versions[0].artifact.tree,
        "out": str(out), "written": True,
    }  # fmt: skip
    tree = versions[1].artifact.tree
    done = staticrun("registry", "pull", "churn@production", "--out", str(out), "--tree", tree)
    assert (done.code, done.out) == (
        0, f"churn 2 in {out}: 2 files, 20 bytes, tree {tree}\n",
    )  # fmt: skip
    assert whole(out) == tree
    assert (out / "data/weights.npz").read_bytes() == b"better!"
    assert [path.name for path in out.parent.iterdir()] == ["model"]


def refused(done, *words):
    assert (done.code, done.out) == (1, "")
    assert "Traceback" not in done.err
    for word in words:
        assert word in done.err


@pytest.mark.slow
def test_nothing_is_written_that_is_not_the_version(staticrun, project, versions):
    out = project / "served"
    pull = partial(staticrun, "registry", "pull", "--out", str(out))
    refused(pull("churn@production", "--tree", versions[0].artifact.tree), "--tree says sha256:")
    (project / "runs/exp/b/artifacts/model/MLmodel").write_bytes(b"flavor: evil\n")
    refused(
        pull("churn@production"), "churn 2: its bytes are not those", "MLmodel has other bytes"
    )
    write(project, stage(2, tree=versions[0].artifact.tree))
    refused(pull("churn@production"), "and the stage says sha256:")
    write(project, manifests.Withdrawn(model="churn", version=1, reason="leaked labels"))
    refused(pull("churn@1"), "churn 1: was withdrawn: leaked labels")
    assert not out.exists()
    assert sorted(path.name for path in project.iterdir()) == [".staticrun", "registry", "runs"]


@pytest.mark.slow
def test_a_folder_of_others_is_left_alone(staticrun, project, versions):
    out = project / "served"
    out.mkdir()
    (out / "notes.txt").write_text("mine")
    refused(staticrun("registry", "pull", "churn@1", "--out", "served"), "holds other files")
    there = staticrun("registry", "pull", "churn@1", "--out", "new")
    again = staticrun("registry", "pull", "churn@1", "--out", "new")
    assert (there.code, "it is there already" in again.out) == (0, True)
    assert [path.name for path in out.iterdir()] == ["notes.txt"]
    (project / "link").symlink_to(out)
    refused(staticrun("registry", "pull", "churn@1", "--out", "link"), "is a link")
    at = "runs/exp/a/artifacts/model"
    refused(staticrun("registry", "pull", "churn@2", "--out", at), "lies in runs/")
    assert whole(project / at) == versions[0].artifact.tree


def test_what_is_absent_is_fetched_and_then_pulled(staticrun, project, versions):
    shutil.rmtree(project / HERE)
    done = staticrun("registry", "fetch", "churn")
    mirror = versions[0].artifact.mirrors[0]
    assert done.out.splitlines() == [
        f"churn 1: MLmodel, 13 bytes from {mirror}",
        f"churn 1: data/weights.npz, 7 bytes from {mirror}",
        "churn 2: is here already",
    ]
    assert (done.code, whole(project / HERE)) == (0, versions[0].artifact.tree)
    assert [path.name for path in (project / HERE).parent.iterdir()] == ["model"]
    assert staticrun("registry", "pull", "churn@1", "--out", "served").code == 0


@pytest.mark.slow
def test_what_no_mirror_has_is_said(staticrun, project, versions, mirror):
    shutil.rmtree(project / HERE)
    shutil.rmtree(mirror[1])
    done = staticrun("registry", "pull", "churn@1", "--out", "served")
    refused(done, "churn 1: its bytes are not here", "Try: staticrun registry fetch churn@1")
    done = staticrun("registry", "fetch", "churn@1")
    refused(done, "churn/1/MLmodel answers 404", "expected 13 bytes of the sha256")
    assert not (project / HERE).exists()
    artifact = msgspec.structs.replace(versions[0].artifact, mirrors=())
    write(project, msgspec.structs.replace(versions[0], artifact=artifact))
    refused(staticrun("registry", "fetch", "churn@1"), "is not here, and it has no mirrors")
    (project / "registry/models/churn/versions/0002.yaml").write_text("<<<<<<< ours")
    refused(staticrun("registry", "fetch", "churn"), "versions/0002.yaml")


def test_two_versions_are_compared_in_words(staticrun, project, versions):
    done = staticrun("registry", "diff", "churn", "1", "production")
    before, after = (version.artifact.files[1].sha256[:12] for version in versions)
    assert done.out.splitlines() == [
        "churn 1 → 2",
        "files",
        f"  ~ data/weights.npz: 7 bytes, sha256 {before} → 7 bytes, sha256 {after}",
    ]


@pytest.mark.slow
def test_two_versions_are_compared_as_data(staticrun, project, versions):
    found = json.loads(staticrun("registry", "diff", "churn", "2", "1", "--json").out)
    assert (found["from"], found["to"], found["metrics"]) == (2, 1, [])
    assert found["files"][0]["after"]["sha256"] == versions[0].artifact.files[1].sha256
    same = staticrun("registry", "diff", "churn", "2", "production")
    assert same.out == "churn 2 → 2: nothing differs\n"


def test_the_run_of_a_registered_version_is_not_deleted(staticrun, project, versions):
    run(project, "exp/c", {"x": b"x"})
    done = staticrun("runs", "delete", "exp/c", "exp/a")
    refused(done, "exp/a: is the run of churn 1, a registered version", "runs archive exp/a")
    assert (project / "runs/exp/c").is_dir()


@pytest.mark.slow
def test_the_trash_is_not_emptied_of_it_either(staticrun, project, versions):
    run(project, "exp/c", {"x": b"x"})
    trash = project / "runs/.trash/exp"
    trash.mkdir(parents=True)
    (project / "runs/exp/a").rename(trash / "a")
    done = staticrun("runs", "gc", "--yes")
    refused(done, "exp/a: is the run of churn 1", "Try: staticrun runs restore exp/a")
    assert (trash / "a/artifacts/model/MLmodel").exists()
    assert staticrun("runs", "restore", "exp/a").code == 0
    assert staticrun("runs", "delete", "exp/c").code == 0
    assert staticrun("runs", "gc", "--yes").code == 0
    # What cannot be read may name it.
    (project / "registry/models/churn/versions/0001.yaml").write_text("<<<<<<< ours")
    refused(staticrun("runs", "delete", "exp/a"), "versions/0001.yaml", "mend it first")


@pytest.mark.slow
def test_a_mirror_is_written_down_when_it_is_one(staticrun, project, versions):
    register = partial(staticrun, "registry", "register", "exp/a", "other", "--dry-run")
    done = register("--mirror", "https://example.org/a/", "--mirror", "http://[::1]/b/")
    assert (done.code, "cannot be a mirror" in done.err) == (2, True)
    urls = ["https://example.org/a/", "http://127.0.0.1:1/b/"]
    done = register("--mirror", urls[0], "--mirror", urls[1], "--json")
    file = json.loads(done.out)["files"]["registry/models/other/versions/0001.yaml"]
    assert f"mirrors: {json.dumps(urls)}" in file
    done = register("--mirror", "http://example.org/a/")
    assert (done.code, "cannot be a mirror" in done.err) == (2, True)
