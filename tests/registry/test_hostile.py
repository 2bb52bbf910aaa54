"""A registry and runs that came from anybody: nothing outside is read, written or started."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import json
import os
import pickle
import shutil
import socket
import zipfile

import msgspec
import numpy as np
import pytest

from staticrun.errors import UserError
from staticrun.registry import artifacts, manifests
from staticrun.registry.pull import pull
from staticrun.registry.write import spell
from tests.registry.made import place, stage, write
from tests.registry.repository import commit_all, git, repository
from tests.registry.trained import registered, run
from tests.registry.tripwire import Tripwire, at

HERE = "runs/exp/a/artifacts/model"
SHOW, CHECK = ("registry", "show", "churn@1"), ("registry", "check")
PULL = ("registry", "pull", "churn@1", "--out", "served")
FETCH, DIFF = ("registry", "fetch", "churn"), ("registry", "diff", "churn", "1", "production")
EVERY = (SHOW, CHECK, PULL, FETCH, DIFF)


@pytest.fixture
def wire(tmp_path):
    return Tripwire(tmp_path / "around")


@pytest.fixture
def churn(wire):
    """Register a run of the project as `churn 1`, which production is at."""
    run(wire.project)
    version = registered(wire.project)
    put(wire, version)
    return version


def put(wire, version):
    tree = version.artifact.tree
    write(wire.project, manifests.Model(model="churn"), version, stage(1, tree=tree))


def replaced(version, **changes):
    artifact = msgspec.structs.replace(version.artifact, **changes)
    return msgspec.structs.replace(version, artifact=artifact)


PATHS = [
    "../../../etc/passwd",
    "/etc/passwd",
    "file:///etc/passwd",
    "runs\\..\\..\\x",
    "a/./../../x",
    "C:x",
    "//host/share",
    "runs/x;/../..",
    "a#../..",
    "~root",
    "$HOME/x",
    "-rf",
    "",
    ".",
    "nul\0",
    "a\n../x",
]


def test_a_path_in_a_manifest_leads_nowhere(wire, churn):
    version = replaced(churn, mirrors=("https://example.org/x/",))
    text = spell(version).decode()
    commands = []
    for number, old in enumerate(
        (HERE, churn.artifact.files[0].path, "exp/a", "run.jsonl", "https://example.org/x/")
    ):
        for path in PATHS if number == 0 else PATHS[:4]:
            assert f'"{old}"' in text
            root = wire.another(f"{number}-{PATHS.index(path)}")
            (root / place(version)).write_text(text.replace(f'"{old}"', json.dumps(path), 1))
            commands += at(root, *EVERY[: 1 if path != PATHS[0] else None])
    wire.refused(*commands, said=f"{place(version)}:")
    assert not list(wire.projects.glob("*/served"))


@pytest.mark.slow
def test_a_path_that_is_only_odd_is_taken_as_it_stands(wire, churn):
    paths = ("runs/%2e%2e/%252e%252e/x", "runs/a;b#c/$(id)/`id`", "runs/x/{{7*7}}")
    shutil.rmtree(wire.project / "runs/exp")
    commands = []
    for number, path in enumerate(paths):
        root = wire.another(str(number))
        (root / place(churn)).write_bytes(spell(replaced(churn, path=path)))
        commands += at(root, PULL, FETCH)
    ran = wire.run(*commands)
    for number, one in enumerate(ran):
        assert (one.code, f"{paths[number // 2]} is not here" in one.err) == (1, True), one
    assert names(wire.projects / "0") == [".staticrun", "registry", "runs"]


def names(folder):
    return sorted(path.name for path in folder.iterdir())


NAMES = ("../../outside", "/etc", "churn/../..", "-x", "CHURN", "churn\n", "con", "\u0441hurn")


@pytest.mark.slow
def test_a_name_on_the_command_line_is_no_path(wire, churn):
    wire.refused(*(command for name in NAMES for command in (
        ("registry", "show", "--", name),
        ("registry", "pull", "--out", "served", "--", f"{name}@1"),
        ("registry", "fetch", "--", name),
        ("registry", "diff", "--", name, "1", "1"),
        ("registry", "diff", "--", "churn", "1", name),
        ("registry", "pull", "--out", "served", "--", f"churn@{name}"),
        ("registry", "register", "exp/a", "--", name),
        ("registry", "promote", "--reason", "r", "--to", name, "churn", "1"),
    )))  # fmt: skip
    assert names(wire.project / "registry/models") == ["churn"]
    assert names(wire.project / "registry/models/churn/stages") == ["production.yaml"]


def cycle(folder):
    (folder / "a").symlink_to("b")
    (folder / "b").symlink_to("a")


def listen(folder):
    # The name of a socket has no room for a long path.
    with contextlib.chdir(folder), socket.socket(socket.AF_UNIX) as listening:
        listening.bind("x")


PLANTS = [
    (lambda f, out: (f / "x").symlink_to(out / "secret"), "model/x is a link"),
    (lambda f, _: (f / "x").symlink_to("/"), "model/x is a link"),
    (lambda f, _: cycle(f), "model/a is a link"),
    (lambda f, out: shutil.rmtree(f) or f.symlink_to(out), "artifacts/model is a link"),
    (lambda f, _: os.mkfifo(f / "x"), "model/x is no regular file"),
    (lambda f, _: listen(f), "model/x is no regular file"),
    (lambda f, out: (f / "x").hardlink_to(out / "secret"), "x is no file of the version"),
    (lambda f, _: (f / "a\x1b[31m").write_text(""), "is no name that every system knows"),
    (lambda f, _: (f / "..\\x").write_text(""), "is no name that every system knows"),
    (lambda f, _: (f / "mlMODEL").write_text(""), "are one name on some systems"),
    (lambda f, _: (f / "e\u0301").write_text(""), "is not spelled in NFC"),
    (lambda f, _: (f / ".git").mkdir() or (f / ".git/x").write_text(""), "repository's own"),
]


def test_what_is_no_plain_file_is_neither_registered_nor_pulled(wire, churn):
    again = ("registry", "register", "exp/a", "other")
    commands, expected = [], []
    for number, (plant, said) in enumerate(PLANTS):
        root = wire.another(str(number))
        plant(root / HERE, wire.outside)
        commands += at(root, CHECK, PULL, FETCH, again)
        expected += [said, said, said, ""]
    for said, ran in zip(expected, wire.run(*commands), strict=True):
        assert (ran.code, said in ran.err) == (1, True), ran
    for number in range(len(PLANTS)):
        root = wire.projects / str(number)
        assert not (root / "served").exists()
        assert names(root / "registry/models") == ["churn"]


def test_a_link_that_is_swapped_in_after_the_look_gets_nothing_out(wire, churn):
    file = wire.project / HERE / "MLmodel"
    for swap in (
        lambda: file.symlink_to(wire.outside / "secret"),
        lambda: os.mkfifo(file),
        lambda: file.write_text("other bytes!\n"),
        lambda: file.write_bytes(bytes(1 << 22)),
        lambda: None,
    ):
        file.unlink(missing_ok=True)
        swap()
        with pytest.raises(UserError):
            pull(wire.project, HERE, churn.artifact, wire.project / "served", ())
        assert names(wire.project) == ["registry", "runs"]


@pytest.mark.slow
def test_a_record_cannot_name_bytes_outside(wire, churn):
    secret = (wire.outside / "secret").read_bytes()
    sha256 = hashlib.sha256(secret).hexdigest()
    file = manifests.File(path="secret", size=len(secret), sha256=sha256)
    tree = artifacts.tree_of([file])
    put(wire, replaced(churn, tree=tree, files=(file,), size=file.size, path="runs/none/x/secret"))
    record = wire.project / "runs/exp/a/run.jsonl"
    up = "../../../../outside"
    for path in (f"{up}/secret", f"artifacts/../{up}/secret", str(wire.outside / "secret"), up):
        line = {"type": "artifact", "path": path, "sha256": sha256, "tree": tree[7:]}
        record.write_text(f"{record.read_text()}{json.dumps(line)}\n")
    (wire.project / "runs/exp/a/artifacts/secret").symlink_to(wire.outside / "secret")
    wire.refused(PULL, CHECK)
    assert not (wire.project / "served").exists()


def test_no_folder_of_a_registry_is_a_link(wire, churn):
    run(wire.project, "exp/b", {"x": b"x"})
    commands = []
    for number, below in enumerate(("", "/models", "/models/churn", "/models/churn/versions")):
        root = wire.another(str(number))
        moved = wire.outside / str(number)
        (root / f"registry{below}").rename(moved)
        (root / f"registry{below}").symlink_to(moved)
        commands += at(
            root,
            PULL,
            CHECK,
            FETCH,
            SHOW,
            ("registry", "register", "exp/b", "other"),
            ("registry", "register", "exp/b", "churn"),
            ("registry", "withdraw", "churn", "1", "--reason", "r"),
            ("registry", "promote", "churn", "1", "--to", "staging", "--reason", "r"),
            ("registry", "rollback", "churn", "production", "--reason", "r"),
            ("runs", "delete", "exp/a"),
        )
    wire.refused(*commands, said="is a link")


def test_a_file_of_a_registry_that_is_a_link_is_neither_read_nor_written_through(wire, churn):
    stages = wire.project / "registry/models/churn/stages"
    (wire.outside / "stage").write_bytes((stages / "production.yaml").read_bytes())
    (stages / "production.yaml").unlink()
    (stages / "production.yaml").symlink_to(wire.outside / "stage")
    (stages / "staging.yaml").symlink_to(wire.outside / "new")
    versions = wire.project / "registry/models/churn/versions"
    (versions / "0002.yaml").symlink_to(wire.outside / "version")
    (versions / "0002.card.md").symlink_to(wire.outside / "secret")
    run(wire.project, "exp/b", {"x": b"x"})
    pulled, *_ = wire.run(
        ("registry", "pull", "churn@production", "--out", "served"),
        ("registry", "show", "churn"),
        ("registry", "register", "exp/b", "churn"),
        ("registry", "promote", "churn", "1", "--to", "staging", "--reason", "r"),
        ("registry", "promote", "churn", "1", "--to", "production", "--reason", "r"),
        ("registry", "withdraw", "churn", "1", "--reason", "r"),
    )
    assert (pulled.code, "churn@production: is at no version" in pulled.err) == (1, True)


@pytest.mark.slow
def test_nothing_is_pulled_over_what_is_not_a_copy(wire, churn):
    (wire.project / ".git/hooks").mkdir(parents=True)
    (wire.project / "link").symlink_to(wire.outside)
    outs = ("registry", ".git/hooks", "runs/x", "link", "link/secret", ".", "..")
    wire.refused(
        *(("registry", "pull", "churn@1", "--out", str(wire.project / to)) for to in outs)
    )


class Evil:
    """What leaves a mark when it is unpickled."""

    def __init__(self, mark):
        self.mark = mark

    def __reduce__(self):
        return os.system, (f"touch '{self.mark}'; evil",)


def poisoned(wire) -> dict[str, bytes]:
    """Make files of an artifact each of which does something when it is loaded or imported."""
    pickled = pickle.dumps(Evil(wire.mark))
    array = io.BytesIO()
    np.save(array, np.array([Evil(wire.mark)], dtype=object), allow_pickle=True)
    torch, npz = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(torch, "w") as archive:
        archive.writestr("model/data.pkl", pickled)
        archive.writestr("../../../outside/slipped", "x")
    np.savez(npz, a=np.array([Evil(wire.mark)], dtype=object))
    code = f"open({str(wire.mark)!r}, 'w').close()\n".encode()
    modules = ("sklearn", "numpy", "msgspec", "yaml", "staticrun", "sitecustomize", "conftest")
    return {
        "model.pkl": pickled,
        "model.joblib": pickled,
        "model.pkl.gz": gzip.compress(pickled),
        "objects.npy": array.getvalue(),
        "objects.npz": npz.getvalue(),
        "model.pt": torch.getvalue(),
        "MLmodel": b"flavor: !!python/object/apply:os.system ['evil']\n",
        "requirements.txt": b"evil @ file:///evil\n",
        **{f"{name}.py": code for name in modules},
        "setup.py": code,
    }


@pytest.fixture
def planted(wire):
    """Register two versions of a run whose files do something when they are loaded."""
    files = poisoned(wire)
    run(wire.project, files=files)
    record = wire.project / "runs/exp/a/run.jsonl"
    for name, data in files.items():
        for kind in ("file", "table", "image"):
            sha256 = hashlib.sha256(data).hexdigest()
            line = {"type": "artifact", "path": f"artifacts/model/{name}", "kind": kind}
            line |= {"sha256": sha256, "bytes": len(data)}
            record.write_text(f"{record.read_text()}{json.dumps(line)}\n")
    put(wire, registered(wire.project))
    write(wire.project, registered(wire.project, 2))
    return files


def test_a_planted_pickle_is_never_loaded(wire, planted):
    ran = wire.run(
        ("build", "--jobs", "1", "--quiet"),
        CHECK,
        SHOW,
        ("registry", "diff", "churn", "1", "2"),
        ("registry", "pull", "churn@1", "--out", str(wire.project / "served")),
        ("registry", "register", "exp/a:m", "other"),
        ("runs", "show", "exp/a"),
        cwd=wire.project / HERE,
    )
    assert [one.code for one in ran] == [0] * 7, ran
    pulled = wire.project / "served"
    assert {path.name: path.read_bytes() for path in pulled.iterdir()} == planted


@pytest.mark.slow
def test_nor_is_it_by_what_looks_at_everything(wire, planted):
    (wire.project / "reports").mkdir()
    (wire.project / "reports/index.md").write_text("# Report\n")
    repository(wire.project)
    ran = wire.run(
        ("check", "--bytes"),
        ("report", "--base", "HEAD"),
        ("build", "--jobs", "1", "--version", "v1"),
        ("runs", "compare", "exp/a"),
        ("registry", "check", "--base", "HEAD"),
        ("registry", "doctor"),
        ("registry", "history", "churn"),
        cwd=wire.project / HERE,
    )
    assert [one.code in (0, 1, 2) for one in ran] == [True] * 7, ran


def test_a_repository_that_runs_programs_runs_none(wire, churn):
    repository(wire.project)
    git(wire.project, "branch", "base")
    run(wire.project, "exp/b", {"x": b"x"})
    write(wire.project, registered(wire.project, 2, "exp/b"))
    write(wire.project, stage(1, "staging", tree=churn.artifact.tree))
    commit_all(wire.project)
    hooks = wire.project / ".git/hooks"
    shutil.rmtree(hooks, ignore_errors=True)
    hooks.mkdir()
    for name in ("pre-commit", "post-checkout", "reference-transaction", "post-index-change"):
        (hooks / name).symlink_to(wire.project.parent / "bin/evil")
    with (wire.project / ".git/config").open("a") as config:
        config.write(
            "[core]\nfsmonitor = evil\nsshCommand = evil\npager = evil\neditor = evil\n"
            f"hooksPath = {hooks}\nattributesFile = /dev/null\n"
            '[diff]\nexternal = evil\n[diff "evil"]\ntextconv = evil\ncommand = evil\n'
            '[filter "evil"]\nclean = evil\nsmudge = evil\nprocess = evil\nrequired = true\n'
            '[merge "evil"]\ndriver = evil\n[gpg]\nprogram = evil\n[gpg "ssh"]\nprogram = evil\n'
            '[log]\nshowSignature = true\n[remote "origin"]\nurl = ext::evil\nuploadpack = evil\n'
            "[protocol]\nallow = always\n[credential]\nhelper = evil\n[alias]\nls-tree = !evil\n"
        )
    (wire.project / ".gitattributes").write_text("* filter=evil diff=evil merge=evil\n")
    out = str(wire.outside / "written")
    good = (
        ("registry", "check", "--base", "base"),
        SHOW,
        DIFF,
        PULL,
        ("registry", "renumber", "churn", "2", "--base", "base"),
    )
    assert [ran.code for ran in wire.run(*good)] == [0] * 5
    wire.refused(("registry", "doctor"))
    for ref in (f"--output={out}", "ext::evil", "base --output=x"):
        wire.refused(
            ("registry", "check", f"--base={ref}"),
            ("registry", "renumber", "churn", "3", f"--base={ref}"),
            said="names no commit",
        )


@pytest.mark.slow
def test_the_wire_trips(wire, churn):
    gates = {"mine": manifests.Command(command=("evil",))}
    policy = manifests.Policy(gates=("mine",))
    write(wire.project, manifests.Policies(stages={"staging": policy}, gates=gates))
    repository(wire.project)
    git(wire.project, "branch", "base")
    write(wire.project, stage(1, "staging", tree=churn.artifact.tree))
    commit_all(wire.project)
    wire.refused(("registry", "check", "--base", "base"))
    with pytest.raises(AssertionError, match="evil"):
        wire.run(("registry", "check", "--base", "base", "--commands"))
    assert wire.mark.exists()
