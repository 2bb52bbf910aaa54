"""Bringing bytes from mirrors: what is asked, how much is read, and where it is put."""

from __future__ import annotations

import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import msgspec
import pytest

from staticrun.errors import UserError
from staticrun.registry import manifests
from staticrun.registry.evidence import examine
from staticrun.registry.fetch import fetch, may_ask
from tests.registry.trained import FILES, open_store, registered, run

HERE = "runs/exp/a/artifacts/model"


class Mirror(BaseHTTPRequestHandler):
    """Answers as the first part of the address says."""

    def do_GET(self):
        self.server.asked.append(self.path)
        how, _, name = self.path.strip("/").partition("/")
        name = unquote(name)
        data = self.server.held.get(name, b"")
        if how in self.server.leads:
            self.send_response(302)
            self.send_header("Location", self.server.leads[how].replace("NAME", name))
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        if how == "endless":
            try:
                while True:
                    self.wfile.write(bytes(1 << 16))
            except OSError:
                return
        self.wfile.write({"short": data[:-1], "other": data[::-1]}.get(how, data))

    def log_message(self, *_):
        pass


@pytest.fixture
def mirror():
    with ThreadingHTTPServer(("127.0.0.1", 0), Mirror) as server:
        server.asked, server.held, server.leads = [], dict(FILES), {}
        server.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def version_at(project, *mirrors, files=None):
    run(project, files=files)
    return registered(project, mirrors=tuple(f"{mirror}/" for mirror in mirrors))


def bring(project, version):
    told = []
    store = open_store(project)
    fetch(project, ("runs",), store, version, lambda file, _: told.append(file.path))
    assert examine(project, open_store(project), version).artifact == "verified"
    return told


def everything(project):
    return sorted(str(path) for path in project.parent.rglob("*") if ".staticrun" not in str(path))


def test_only_what_is_lacking_is_asked_for(project, mirror):
    version = version_at(project, f"{mirror.url}/whole")
    (project / HERE / "data/weights.npz").unlink()
    assert bring(project, version) == ["data/weights.npz"]
    assert mirror.asked == ["/whole/data/weights.npz"]
    assert bring(project, version) == []


def test_a_pointer_is_replaced_by_what_it_stands_for(project, mirror):
    version = version_at(project, f"{mirror.url}/whole")
    file = version.artifact.files[1]
    (project / HERE / file.path).write_text(
        f"version https://git-lfs.github.com/spec/v1\noid sha256:{file.sha256}\nsize {file.size}\n"
    )
    assert bring(project, version) == [file.path]


def test_a_single_file_comes_back_as_one(project, mirror):
    run(project)
    mirror.held["weights.npz"] = FILES["data/weights.npz"]
    version = registered(
        project, path="artifacts/model/data/weights.npz", mirrors=(f"{mirror.url}/whole",)
    )
    shutil.rmtree(project / "runs/exp/a/artifacts")
    assert bring(project, version) == ["weights.npz"]
    assert (project / version.artifact.path).read_bytes() == b"weights"


def test_names_are_no_part_of_an_address(project, mirror):
    names = ("a b#c?d=%2e%2e&é.txt", "..x/%2e%2e%2fy")
    files = {name: name.encode() for name in names}
    mirror.held = files
    version = version_at(project, f"{mirror.url}/whole", files=files)
    shutil.rmtree(project / HERE)
    assert sorted(bring(project, version)) == sorted(names)


def test_bytes_come_back_to_where_their_run_is_now(project, mirror):
    version = version_at(project, f"{mirror.url}/whole")
    shutil.rmtree(project / HERE)
    (project / "runs/exp/a").rename(project / "runs/b")
    bring(project, version)
    assert (project / "runs/b/artifacts/model/MLmodel").exists()
    assert not (project / "runs/exp/a").exists()


def test_the_next_mirror_is_asked_when_one_is_wrong(project, mirror):
    mirror.leads["away"] = "http://example.org/NAME"
    hows = ("other", "short", "endless", "away", "whole")
    version = version_at(project, *(f"{mirror.url}/{how}" for how in hows))
    shutil.rmtree(project / HERE)
    assert bring(project, version) == ["MLmodel", "data/weights.npz"]
    assert len(mirror.asked) == 10


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("other", "gives other bytes, of the sha256"),
        ("short", "gives 1 bytes too few"),
        ("endless", "gives more than 13 bytes"),
        ("file", "url 'file:///etc/passwd' is not allowed"),
        ("ftp", "leads to ftp://example.org/MLmodel"),
        ("data", "url 'data:,x' is not allowed"),
        ("away", "leads to http://example.org/MLmodel"),
        ("secure", "leads to https://127.0.0.1:1/"),
        ("named", "leads to http://me:secret@127.0.0.1/"),
        ("round", "302"),
    ],
)
def test_what_a_mirror_does_instead_is_said_and_nothing_stays(project, mirror, how, said):
    mirror.leads = {
        "file": "file:///etc/passwd",
        "ftp": "ftp://example.org/NAME",
        "data": "data:,x",
        "away": "http://example.org/NAME",
        "secure": "https://127.0.0.1:1/",
        "named": "http://me:secret@127.0.0.1/",
        "round": f"{mirror.url}/round/NAME",
    }
    version = version_at(project, f"{mirror.url}/{how}")
    shutil.rmtree(project / HERE)
    before = everything(project)
    with pytest.raises(UserError) as error:
        bring(project, version)
    assert said in str(error.value)
    assert everything(project) == before


def test_a_redirect_on_the_same_machine_is_followed(project, mirror):
    mirror.leads["moved"] = f"{mirror.url}/whole/NAME"
    version = version_at(project, f"{mirror.url}/moved")
    shutil.rmtree(project / HERE)
    assert bring(project, version) == ["MLmodel", "data/weights.npz"]


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://example.org/m/", True),
        ("http://127.0.0.1:8000/m/", True),
        ("http://[::1]/m/", True),
        ("http://localhost/m/", True),
        ("http://example.org/m/", False),
        ("http://localhost.example.org/m/", False),
        ("http://127.0.0.1.example.org/m/", False),
        ("http://0.0.0.0/m/", False),
        ("http://169.254.169.254/latest/meta-data/", False),
        ("https://me@example.org/m/", False),
        ("file:///etc/passwd", False),
        ("ftp://example.org/m/", False),
        ("https:///m/", False),
        ("//example.org/m/", False),
    ],
)
def test_https_and_this_machine_alone_are_asked(url, asked):
    assert may_ask(url) is asked


@pytest.mark.parametrize(
    "path",
    [
        "train.py",
        ".git/hooks/post-checkout",
        ".github/workflows/check.yml",
        "registry/models/churn/stages/x",
        "runs/exp/a/run.jsonl",
        "runs/artifacts/x",
        "runs/exp/a/artifacts",
        "runs/exp/.trash/artifacts/x",
        "runs/exp/a/artifacts/.ssh/x",
    ],
)
def test_nothing_is_put_anywhere_but_among_a_runs_artifacts(project, mirror, path):
    version = version_at(project, f"{mirror.url}/whole")
    shutil.rmtree(project / "runs/exp")
    artifact = msgspec.structs.replace(version.artifact, path=path)
    before = everything(project)
    with pytest.raises(UserError, match="is not among the artifacts of a run"):
        bring(project, msgspec.structs.replace(version, artifact=artifact))
    assert (mirror.asked, everything(project)) == ([], before)


@pytest.mark.parametrize("at", ["runs/exp/a/artifacts", "runs/exp/a", "runs/exp"])
def test_no_link_leads_what_is_fetched_away(project, mirror, tmp_path, at):
    version = version_at(project, f"{mirror.url}/whole")
    outside = tmp_path / "outside"
    outside.mkdir()
    shutil.rmtree(project / at)
    (project / at).symlink_to(outside)
    with pytest.raises(UserError):
        bring(project, version)
    assert list(outside.iterdir()) == []
    assert mirror.asked == []


def test_a_file_is_replaced_and_not_written_through(project, mirror, tmp_path):
    version = version_at(project, f"{mirror.url}/whole")
    file = version.artifact.files[1]
    pointer = (
        f"version https://git-lfs.github.com/spec/v1\noid sha256:{file.sha256}\nsize {file.size}\n"
    )
    (tmp_path / "outside").write_text(pointer)
    (project / HERE / file.path).unlink()
    (project / HERE / file.path).hardlink_to(tmp_path / "outside")
    assert bring(project, version) == [file.path]
    assert (tmp_path / "outside").read_text() == pointer


def test_other_bytes_are_never_replaced(project, mirror):
    version = version_at(project, f"{mirror.url}/whole")
    (project / HERE / "MLmodel").write_text("mine")
    with pytest.raises(UserError, match="other bytes are here"):
        bring(project, version)
    assert (project / HERE / "MLmodel").read_text() == "mine"
    assert mirror.asked == []


def test_a_manifest_cannot_name_another_way(project):
    for url in ("file:///etc/passwd", "ftp://x/", "https://a@b/", "https://x/?y", "-u"):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(url, manifests.Url)
