"""`privacy` of staticrun.yaml: what a site shows of who ran where, in any of its files."""

from __future__ import annotations

import json
import re

import pytest

from staticrun import config
from staticrun.pages.build import build
from staticrun.privacy.rules import Rules
from staticrun.privacy.store import private, rules_for
from staticrun.store.store import Store

HOME = "/home" + "/mlovelace"
TIME = 1_770_000_000
PATIENT = "patient 4711"


def write(project, key: str, user: str, host: str, began: float = TIME) -> None:
    """Write a run that names its user, its host and a home folder wherever a record has text."""
    folder = project / "runs" / key
    (folder / "artifacts").mkdir(parents=True)
    said = f"{user} ran {HOME}/project/train.py on {host}, {PATIENT}"
    (folder / "artifacts/console.log").write_text(f"one\n{said}\n")
    (folder / "artifacts/table.csv").write_text(f"who,n\n{said.replace(',', ' ')},1\n")
    (folder / "artifacts/changes.diff").write_text(
        f"diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-x\n+# {said}\n"
    )
    records = [
        {
            "type": "start", "format": 1, "time": began, "id": key.replace("/", "-"),
            "name": f"first of {user}", "user": user, "host": f"{host}.cluster.example",
            "cwd": f"{HOME}/project", "group": user,
            "command": [f"{HOME}/project/train.py", "--patient-id", "4711", "patient_id=4711"],
            "env": {"HOSTNAME": host, "MYLAB_SITE": "ward nine"},
            "git": {"commit": "ab" * 20, "remote": f"ssh://{user}@{host}/x", "dirty": True,
                    "diff": "artifacts/changes.diff"},
        },
        {"type": "params", "values": {"data": {"patient_id": "4711-x", "root": f"{HOME}/data"}}},
        {"type": "tags", "values": {"owner": user}},
        {"type": "metrics", "step": 0, "values": {"loss": 0.5}},
        {"type": "summary", "values": {"best": f"by {user}"}},
        {"type": "note", "text": said},
        {"type": "log", "level": "info", "text": said},
        {"type": "alert", "level": "warning", "text": said},
        {"type": "dataset", "name": "d", "source": f"{HOME}/data.csv"},
        {"type": "use", "uri": f"file://{HOME}/x", "role": "init"},
        *({"type": "artifact", "path": f"artifacts/{name}", "kind": kind, "caption": said}
          for name, kind in (("console.log", "console"), ("table.csv", "table"),
                             ("changes.diff", "diff"))),
        {"type": "start", "time": began + 1, "id": key.replace("/", "-"), "segment": 1,
         "user": user, "host": "spare-node"},
        {"type": "end", "time": began + 9, "status": "failed", "error": {
            "type": "OSError", "message": said, "traceback": f'File "{HOME}/project/a.py"\n{said}'}},
    ]  # fmt: skip
    (folder / "run.jsonl").write_text("".join(json.dumps(one) + "\n" for one in records))


def site_of(project, yaml: str) -> dict[str, str]:
    """Build the site, and give every text in it."""
    (project / "staticrun.yaml").write_text(yaml)
    site = build(project, jobs=1).site
    return {
        path.relative_to(site).as_posix(): path.read_text(encoding="utf-8", errors="replace")
        for path in site.rglob("*")
        if path.is_file() and path.suffix != ".woff2"
    }


def holding(site: dict[str, str], *words: str) -> list[str]:
    return [f"{name}: {word}" for name, text in site.items() for word in words if word in text]


COMPARISON = "comparisons: {two: {runs: [a/one, a/two]}}\n"
REDACT = f"  redact: [params.*patient_id, env.MYLAB_*]\n  redact_text: [{PATIENT}]\n"
NAMES = ("mlovelace", "cbabbage", "node7", "node8", "spare-node", HOME)


@pytest.fixture
def two(project):
    write(project, "a/one", "mlovelace", "node7")
    write(project, "a/two", "cbabbage", "node8", began=TIME - 100)
    return project


@pytest.fixture(scope="module")
def hidden(tmp_path_factory) -> dict[str, str]:
    """Build a site that hides everybody and redacts."""
    project = tmp_path_factory.mktemp("hidden")
    write(project, "a/one", "mlovelace", "node7")
    write(project, "a/two", "cbabbage", "node8", began=TIME - 100)
    levels = "  users: hide\n  hosts: hide\n  paths: hide\n"
    return site_of(project, f"privacy:\n{levels}{REDACT}{COMPARISON}")


def test_what_is_hidden_or_redacted_stands_in_no_file_of_the_site(hidden):
    assert holding(hidden, *NAMES, "4711", "ward nine") == []


def test_a_page_says_that_something_is_hidden(hidden):
    page = hidden["runs/a/one/index.html"]

    assert "&lt;user&gt; ran ~/project/train.py on &lt;host&gt;, (redacted)" in page
    assert "--patient-id (redacted) patient_id=(redacted)" in re.sub("&#39;|<[^>]*>", "", page)
    assert "loss" in page


def test_without_a_level_everything_is_shown_and_aliases_are_numbers_by_first_run(two):
    shown = site_of(two, "")
    aliases = "privacy: {users: alias, hosts: alias, paths: alias}\n"
    site = site_of(two, aliases)

    page = shown["runs/a/one/index.html"]
    assert [word for word in ("mlovelace", "node7", HOME, "ward nine") if word not in page] == []
    assert holding(site, *NAMES) == []
    assert "user 1 ran ~/project/train.py on host 1" in site["runs/a/two/index.html"]
    assert "user 2 ran ~/project/train.py on host 3" in site["runs/a/one/index.html"]
    runs = {run["run"]: run["user"] for run in json.loads(site["runs.json"])["runs"]}
    assert runs == {"a/one": "user 2", "a/two": "user 1"}

    write(two, "a/zero", "hopper", "node1", began=TIME - 1000)
    after = site_of(two, aliases)

    assert "user 3 ran" in after["runs/a/one/index.html"]
    assert "user 1 ran" in after["runs/a/zero/index.html"]


@pytest.mark.slow
def test_a_private_site_is_the_same_with_several_workers_and_in_steps(two, tmp_path):
    yaml = f"privacy:\n  users: alias\n{REDACT}{COMPARISON}"
    site_of(two, yaml)
    write(two, "a/zero", "hopper", "node1", began=TIME - 1000)
    site = site_of(two, yaml)

    build(two, out=tmp_path / "clean", jobs=2)

    others = {name for name in site if name.endswith((".html", ".json", ".txt", ".js"))}
    assert {n for n in others if (tmp_path / "clean" / n).read_text() != site[n]} == set()


def test_records_on_disk_and_what_reads_them_stay_as_they_are(two):
    before = (two / "runs/a/one/run.jsonl").read_bytes()
    (two / "staticrun.yaml").write_text(f"privacy:\n  users: hide\n{REDACT}")
    settings, _ = config.load(two)
    hidden = private(settings, rules_for(settings, Store.open(settings))).run("a/one")

    assert (two / "runs/a/one/run.jsonl").read_bytes() == before
    assert (hidden.user, Store.open(settings).run("a/one").user) == (None, "mlovelace")
    assert [entry.text for entry in hidden.logs] == [
        "<user> ran /home/<user>/project/train.py on node7, (redacted)"
    ]


def test_filters_on_a_private_site_see_what_its_pages_show(two):
    (two / "staticrun.yaml").write_text("privacy: {users: alias}\n")
    settings, _ = config.load(two)
    store = private(settings, rules_for(settings, Store.open(settings)))

    assert [run.key for run in store.runs("user = 'user 1'")] == ["a/two"]
    assert list(store.runs("user = 'cbabbage'")) == []


@pytest.mark.parametrize(
    "wrong", ["{users: hid}", "publik", "{usres: hide}", "[hide]", "{a: &x 1}"]
)
def test_a_privacy_that_is_wrong_hides(project, wrong):
    (project / "staticrun.yaml").write_text(f"privacy: {wrong}\n")

    settings, findings = config.load(project)

    assert findings
    own = settings.privacy
    assert (own.users, own.hosts, own.paths) == ("hide", "hide", "hide")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"open {HOME}/x", "open ~/x"),
        (f"file://{HOME}/x", "file://~/x"),
        (f"PATH=/bin:{HOME}/bin:/nfs{HOME}/lib", "PATH=/bin:~/bin:~/lib"),
        (f'"one\\n{HOME}/x\\nmlovelace"', '"one\\n~/x\\nuser 1"'),
        ("C:\\Users" + "\\Ada\\x", "~\\x"),
        ("https://host.example/home/about", "https://host.example/home/about"),
        ("mlovelace_1, mlovelaces, MLovelace", "user 1_1, mlovelaces, user 1"),
    ],
)
def test_a_home_and_a_name_are_known_wherever_they_stand(before, after):
    rules = Rules(config.Privacy(users="alias", paths="hide"), {"mlovelace": "user 1"})

    assert rules.text(before) == after
