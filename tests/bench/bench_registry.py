"""What a registry of 200 models with 100 versions each costs after 2,000 commits, beside GTO.

    python tests/bench/bench_registry.py [MODELS VERSIONS COMMITS]

Every version has a run with its record and its bytes in the repository. Each way is taken in a
process of its own, as a person would: cold without staticrun's cache, warm with it. GTO gets as
many tags as there were registrations and promotions, in a repository of its own; it is installed
into build/gto, and stopped after two minutes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from staticrun.registry import manifests
from staticrun.registry.write import spell
from tests.registry.made import place, stage
from tests.registry.trained import registered, run

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE = Path(__file__).parents[2]


class Sizes(NamedTuple):
    """How many models, versions of each, and commits."""

    models: int = 200
    versions: int = 100
    commits: int = 2_000


GTO = "gto==1.10.1"
TIMEOUT_S = 120
BEGAN_UNIX_S = 1_700_000_000
STEP_S = 3_600
POLICIES = manifests.Policies(
    stages={
        "staging": manifests.Policy(gates=("integrity",)),
        "production": manifests.Policy(came_from=("staging",), gates=("integrity", "auc")),
    },
    gates={"auc": manifests.Threshold(metric="auc", min=0.5)},
)


class Commit(NamedTuple):
    """What one commit does: registers (model, version) each, moves (model, stage, version)."""

    versions: list[tuple[str, int]]
    moves: list[tuple[str, str, int]]


def commits(sizes: Sizes) -> Iterator[Commit]:
    """Give the commits: each registers some, puts one to staging, and the last one further."""
    every = sizes.models * sizes.versions
    staged: tuple[str, int] | None = None
    for number in range(sizes.commits):
        begin, end = every * number // sizes.commits, every * (number + 1) // sizes.commits
        made = [(f"model{n % sizes.models:03}", n // sizes.models + 1) for n in range(begin, end)]
        moves = [(staged[0], "production", staged[1])] if staged else []
        staged = made[number % len(made)] if made else None
        moves += [(staged[0], "staging", staged[1])] if staged else []
        yield Commit(made, moves)


def make(root: Path, sizes: Sizes) -> None:
    """Write the repository, by one stream into git."""
    said: dict[tuple[str, int], manifests.Version] = {}
    at: dict[tuple[str, str], int] = {}
    git(root, "init", "-q", "-b", "main")
    (root / "runs").mkdir()
    with (root / "stream").open("wb") as stream:
        for number, commit in enumerate(commits(sizes)):
            files = {} if number else first(sizes.models)
            for model, version in commit.versions:
                key = f"{model}/run{version}"
                folder = run(root, key, {"model.onnx": f"{model} {version}".encode()})
                made = registered(root, version, key, model=model)
                said[model, version] = made
                files[place(made)] = spell(made)
                for path in (folder / "run.jsonl", folder / "artifacts/model/model.onnx"):
                    files[path.relative_to(root).as_posix()] = path.read_bytes()
            for model, name, version in commit.moves:
                tree, previous = said[model, version].artifact.tree, at.get((model, name))
                moved = stage(version, name, model, tree=tree, previous=previous)
                at[model, name] = version
                files[place(moved)] = spell(moved)
            stream.write(f"commit refs/heads/main\n{signature(number)}".encode())
            stream.write(data(f"Register and promote (#{number + 1})\n".encode()))
            for path, content in files.items():
                stream.write(f"M 100644 inline {path}\n".encode() + data(content))
    with (root / "stream").open("rb") as stream:
        git(root, "fast-import", "--quiet", stdin=stream)
    (root / "stream").unlink()
    git(root, "reset", "-q", "--hard")


def first(models: int) -> dict[str, bytes]:
    every = [manifests.Model(model=f"model{n:03}") for n in range(models)]
    settings = (manifests.Registry(models_max=0), POLICIES)
    return {place(one): spell(one) for one in (*settings, *every)}


def tags(root: Path, sizes: Sizes) -> int:
    """Make the same as tags that GTO reads; the number of them."""
    git(root, "init", "-q", "-b", "main")
    made = list(gto_tags(sizes))
    with tempfile.TemporaryFile() as stream:
        for number in range(sizes.commits):
            stream.write(f"commit refs/heads/main\nmark :{number + 1}\n".encode())
            stream.write(signature(number).encode() + data(b"step\n"))
            stream.write(b"M 100644 inline step\n" + data(str(number).encode()))
        for number, name in made:
            tagger = signature(number).replace("committer", "tagger")
            stream.write(f"tag {name}\nfrom :{number + 1}\n{tagger}".encode() + data(b"step\n"))
        stream.seek(0)
        git(root, "fast-import", "--quiet", stdin=stream)
    git(root, "pack-refs", "--all")
    git(root, "reset", "-q", "--hard")
    return len(made)


def gto_tags(sizes: Sizes) -> Iterator[tuple[int, str]]:
    counts: dict[str, int] = {}
    for number, commit in enumerate(commits(sizes)):
        yield from ((number, f"{model}@v{version}.0.0") for model, version in commit.versions)
        for model, name, _ in commit.moves:
            counts[model] = counts.get(model, 0) + 1
            yield number, f"{model}#{name}#{counts[model]}"


def signature(number: int) -> str:
    return f"committer Ada <ada@example.org> {BEGAN_UNIX_S + number * STEP_S} +0000\n"


def data(content: bytes) -> bytes:
    return f"data {len(content)}\n".encode() + content + b"\n"


def git(root: Path, *words: str, stdin: object = subprocess.DEVNULL) -> None:
    subprocess.run(["git", *words], cwd=root, check=True, stdin=stdin)  # type: ignore[call-overload]


def timed(root: Path, *command: str) -> str:
    """Run a command, and say how long it took, or that it was stopped."""
    begin = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(CODE)}
    try:
        done = subprocess.run(
            command, cwd=root, capture_output=True, env=environment, timeout=TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired:
        return f"over {TIMEOUT_S} s"
    failed = f"  exit code {done.returncode}: {done.stderr[-300:]!r}" if done.returncode else ""
    return f"{time.perf_counter() - begin:8.2f} s{failed}"


def gto() -> str | None:
    """Give the program, installed where it is not yet; None where that fails."""
    folder = CODE / "build/gto"
    program = folder / "bin/gto"
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        pip = (folder / "bin/python", "-m", "pip", "--disable-pip-version-check", "--no-input")
        done = subprocess.run([*pip, "install", "--quiet", GTO], check=False, capture_output=True)
        if done.returncode:
            return None
    return str(program)


def show(what: str, goal: str, said: str) -> None:
    print(f"{what:44}{goal:>8}  {said}", flush=True)


def ours(root: Path) -> None:
    program = (sys.executable, "-m", "staticrun", "registry")
    ways = {
        "registry history": ("5 s", ("history", "--json")),
        "registry check": ("20 s", ("check",)),
        "registry check --base HEAD~1": ("2 s", ("check", "--base", "HEAD~1")),
    }
    for what, (goal, words) in ways.items():
        shutil.rmtree(root / ".staticrun", ignore_errors=True)
        show(f"{what}, cold", goal, timed(root, *program, *words))
        show(f"{what}, warm", "2 s", timed(root, *program, *words))
    timed(root, *program, "history", "--json")
    (root / "registry/registry.yaml").write_bytes(spell(manifests.Registry(models_max=7)))
    git(root, "commit", "-qam", "one more")
    show("registry history, one commit more", "2 s", timed(root, *program, "history", "--json"))


def main() -> None:
    """Measure, print."""
    sizes = Sizes(*map(int, sys.argv[1:]))
    title = f"{sizes.models} models x {sizes.versions} versions, {sizes.commits:,} commits"
    print(f"{title:44}{'goal':>8}")
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        make(Path(folder), sizes)
        show("making it", "", f"{time.perf_counter() - begin:8.2f} s")
        ours(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        count = tags(Path(folder), sizes)
        program = gto()
        for words in (("show",), ("history",), ("show", "model000"), ("show", "model000#staging")):
            said = timed(Path(folder), program, *words) if program else "cannot be installed"
            show(f"gto {' '.join(words)}, {count:,} tags", "", said)


if __name__ == "__main__":
    for name in ("AUTHOR", "COMMITTER"):
        os.environ.update({f"GIT_{name}_NAME": "Ada", f"GIT_{name}_EMAIL": "ada@example.org"})
    main()
