"""`staticrun.open`: the runs of a published site, asked for as those of a project."""

from __future__ import annotations

import contextlib
import http.server
import json
import shutil
import threading

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import staticrun
from staticrun.errors import UserError
from staticrun.published import fetch
from staticrun.published.run import PublishedRun
from staticrun.published.shapes import Row
from staticrun.store.filter import RunFields, parse
from staticrun.store.series import Stats
from tests.pages.projects import write_run


@contextlib.contextmanager
def served(handler):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def answering(status=200, body=b"", **headers):
    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(body)

        def log_message(self, *words):
            pass

    return Answer


@pytest.fixture(params=["folder", "file", "http", "page"])
def address(request, lab):
    site = lab / "site"
    if request.param in ("folder", "file"):
        yield str(site) if request.param == "folder" else site.as_uri()
        return

    class Files(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *words, **named):
            super().__init__(*words, directory=site.parent, **named)

        def log_message(self, *words):
            pass

    with served(Files) as base:
        yield f"{base}/site" if request.param == "http" else f"{base}/site/index.html#x"


def test_a_site_gives_what_its_project_gives(lab, address):
    theirs = staticrun.open(address).runs()
    ours = staticrun.runs(root=lab)

    assert [run.to_dict() for run in theirs] == [run.to_dict() for run in ours]
    assert type(theirs) is type(ours)


@pytest.mark.parametrize(
    ("experiment", "where"),
    [("digits", "val/acc > 0.7"), (None, "params.model.width = 8"), (None, "params.`a.b` = 1"),
     (None, "status = 'failed' or max(val/acc) < 0.3"), ("nothing", None),
     (None, "started < -1d and not name like 'new%'")],
)  # fmt: skip
def test_filters_are_the_same(lab, experiment, where):
    theirs = staticrun.open(lab / "site").runs(experiment, where)

    assert [run.key for run in theirs] == [
        run.key for run in staticrun.runs(experiment, where, root=lab)
    ]


def test_a_version_has_its_own_runs(lab, address):
    then = staticrun.open(address, version="v1").runs("digits")
    now = staticrun.open(address, version="v2").runs("digits")

    assert [run.key for run in then] == ["digits/a", "digits/b", "digits/open"]
    assert len(now) == 6
    assert then[0].value("val/acc") == 0.9


def test_an_alias_leads_to_its_version(lab, tmp_path):
    from staticrun.pages.build import build

    shutil.copytree(lab, tmp_path / "lab")
    text = (lab / "staticrun.yaml").read_text()
    (tmp_path / "lab/staticrun.yaml").write_text(text + "versions: {v1: {aliases: [paper]}}\n")
    build(tmp_path / "lab", jobs=1)

    assert len(staticrun.open(tmp_path / "lab/site", "paper").runs()) == 4


@pytest.mark.parametrize(
    ("version", "what"),
    [("v9", "there is no version 'v9', expected a version's name.\n  Try: one of 'v1', 'v2'"),
     ("../v1", "is no name of a version")],
)  # fmt: skip
def test_a_version_that_is_not_there_is_said(lab, version, what):
    with pytest.raises(UserError) as told:
        staticrun.open(lab / "site", version).runs()

    assert what in str(told.value)


@pytest.mark.parametrize("where", ["at(val/acc, best val/acc) > 0", "datasets.name = 'x'"])
def test_what_a_site_does_not_list_is_refused_not_false(lab, where):
    with pytest.raises(UserError, match="a published site does not list"):
        staticrun.open(lab / "site").runs(where=where)


def test_what_a_published_run_does_not_have_is_said(lab):
    run = staticrun.open(lab / "site").runs("digits")[0]

    for ask in (lambda: run.artifacts, lambda: run.series("val/acc"), lambda: run.folder):
        with pytest.raises(UserError, match=r"(?s)a published run has no .*runs/digits/a/index"):
            ask()
    assert not hasattr(run, "nonsense")


def test_versions_share_the_runs_that_did_not_change(project):
    """Ten versions of 120 runs with three new ones each add a shard of at most 100 runs each."""
    from staticrun.pages.machine import runs
    from staticrun.pages.objects import Objects
    from tests.pages.projects import open_context

    for number in range(150):
        write_run(project, f"digits/{number:04}", {"val/acc": [0.5]}, {"lr": number})
    found = open_context(project).store.runs()
    shards, sizes = set(), []
    objects = Objects(project / "site")
    for version in range(1, 11):
        listing = json.loads(runs.of_version("v", found[: 120 + 3 * version], objects))
        shards |= set(listing["shards"])
        sizes.append(len(listing["shards"]))

    assert sizes == [2] * 10
    assert len(shards) == 1 + 10


def test_bytes_that_are_not_those_of_their_name_are_refused(lab, tmp_path):
    shutil.copytree(lab / "site", tmp_path / "site")
    listing = json.loads((tmp_path / "site/v/v1/runs.json").read_bytes())
    path = tmp_path / "site" / listing["shards"][0]
    path.write_bytes(path.read_bytes().replace(b"0.9", b"1.0"))

    with pytest.raises(UserError, match="its bytes are not those of its name"):
        staticrun.open(tmp_path / "site", "v1").runs()


@pytest.mark.parametrize(
    "shard", ["../secret.json", "o/../../x.json", "https://example.org/o/00/x.json", "/etc/hosts"]
)
def test_a_list_leads_to_objects_alone(tmp_path, shard):
    (tmp_path / "v/v1").mkdir(parents=True)
    (tmp_path / "v/v1/runs.json").write_text(
        json.dumps({"format": 1, "version": "v1", "shards": [shard]})
    )

    with pytest.raises(UserError, match="names a file that is no object"):
        staticrun.open(tmp_path, "v1").runs()


@pytest.mark.parametrize(
    ("text", "what"),
    [("", "is no list of a site"), ("[" * 100_000, "is no list of a site"),
     ('{"format": 2, "runs": []}', "has the format 2"), ('{"runs": [1]}', "is no list of a site"),
     ('{"format": 1, "runs": [{"id": 1}]}', "is no list of a site")],
)  # fmt: skip
def test_what_is_no_list_is_said(tmp_path, text, what):
    (tmp_path / "runs.json").write_text(text)

    with pytest.raises(UserError, match=what):
        staticrun.open(tmp_path).runs()


names = st.text(max_size=6) | st.sampled_from(["a.b", '"', "a..b", "a", "a/b", "../x", ""])
values = st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.lists(names)
numbers = st.none() | st.floats() | st.sampled_from(["NaN", "Infinity", "-Infinity", "x", 1e308])


@settings(max_examples=40)
@given(
    st.fixed_dictionaries(
        {"id": names, "run": names, "name": names, "status": names},
        optional={
            "started": numbers,
            "ended": numbers,
            "params": st.dictionaries(names, values | st.dictionaries(names, values)),
            "summary": st.dictionaries(names, values),
            "metrics": st.dictionaries(names, st.dictionaries(
                st.sampled_from([*Stats.__struct_fields__, "more"]), numbers
            )),
        },
    )
)  # fmt: skip
def test_whatever_a_site_says_of_a_run_is_a_run(row):
    run = PublishedRun(msgspec.convert(row, Row), "https://example.org")

    assert msgspec.json.encode(run.to_dict())
    assert isinstance(
        parse("max(a) > 1 or params.a = 'x' or duration > 3")(RunFields(run, {})), bool
    )


@pytest.mark.parametrize("where", ["ftp://example.org/x", "file://host/x", "data://x", "http://"])
def test_an_address_of_another_kind_is_refused(where):
    with pytest.raises(UserError, match="is no address of a site"):
        staticrun.open(where)


def test_a_folder_without_a_site_is_said(tmp_path):
    with pytest.raises(UserError, match=r"has no runs.json, expected the root of a site"):
        staticrun.open(tmp_path).runs()


@pytest.mark.parametrize(
    ("handler", "what"),
    [(answering(302, Location="file:///etc/passwd"), "is not (followed|allowed)"),
     (answering(302, Location="ftp://127.0.0.1/x"), "is not (followed|allowed)"),
     (answering(302, Location="/runs.json"), "redirect"),
     (answering(404), "has no runs.json"), (answering(503), "the host answers 503"),
     (answering(200, b"{}" * 3, **{"Content-Length": "60"}), "is no list of a site|IncompleteRead")],
    ids=["file", "ftp", "loop", "missing", "busy", "torn"],
)  # fmt: skip
def test_a_host_that_does_not_answer_right_is_said(handler, what):
    with served(handler) as base, pytest.raises(UserError, match=what):
        staticrun.open(base).runs()


def test_a_host_that_is_not_there_is_said():
    with served(answering()) as base:
        pass

    with pytest.raises(UserError, match="cannot be read"):
        staticrun.open(base).runs()


def test_an_answer_is_read_only_as_far_as_it_may_be_long():
    with served(answering(200, b"x" * 300_000)) as base:
        source = fetch.source(base)

        assert len(source.read("a", 300_000)) == 300_000
        with pytest.raises(UserError, match="has more than 100,000 bytes"):
            source.read("a", 100_000)
