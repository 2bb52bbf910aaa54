"""What every test stands on: a project of its own, away from this machine's settings."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

# The same examples every time, on every machine, however busy: a red test can be run again.
settings.register_profile("staticrun", derandomize=True, deadline=None, database=None)
settings.load_profile("staticrun")

# What the writer listens to: its own variables, and those of a launcher that runs the tests.
OWN = [
    *(
        "STATICRUN_CAPTURE",
        "STATICRUN_ROOT",
        "STATICRUN_RUN",
        "STATICRUN_RUN_BY",
        "STATICRUN_WAIT",
    ),
    *("RANK", "WORLD_SIZE", "OMPI_COMM_WORLD_RANK", "PMI_RANK", "SLURM_PROCID"),
]
SEED = 20_240_229


@pytest.fixture(autouse=True, scope="session")
def _signals() -> None:
    """Let children begin with signals that work, even where `nohup` or a shell's `&` muted them."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture(autouse=True)
def _alone(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the machine's git settings and staticrun's own variables out of every test."""
    home = tmp_path_factory.getbasetemp() / "home"
    home.mkdir(exist_ok=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / ".config"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(home / "gitconfig"))
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ada Lovelace")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ada@example.org")
        monkeypatch.setenv(f"GIT_{role}_DATE", "2024-02-29T12:00:00+00:00")
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", *OWN):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _ended() -> Iterator[None]:
    """End the runs that a test leaves open: they would be handed to the next one's processes."""
    yield
    log = sys.modules.get("staticrun.log.exits")
    for run in [*getattr(log, "_open", ())]:
        run.end("stopped", None)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty project in a temporary folder, which is also where the test stands."""
    root = tmp_path / "project"
    (root / "runs").mkdir(parents=True)
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def seed() -> int:
    """Give the one seed of all made-up data."""
    return SEED


@pytest.fixture
def bound_by_modes() -> Iterator[None]:
    """Let the modes of files bind this process even where it is root's.

    Source: capabilities(7); CAP_DAC_OVERRIDE is 1, CAP_DAC_READ_SEARCH is 2.
    """
    if os.geteuid() != 0:
        yield
        return
    kernel = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    # Effective, permitted and inheritable, each in two words.
    before, less = (ctypes.c_uint32 * 6)(), (ctypes.c_uint32 * 6)()
    assert kernel.capget(header, before) == 0
    less[:] = before[:]
    less[0] &= ~0b110
    assert kernel.capset(header, less) == 0
    yield
    assert kernel.capset(header, before) == 0


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start the machine's Chromium; that there is none is a failure, not a reason to skip."""
    from playwright.sync_api import sync_playwright

    from tests.browser import chromium as machine

    path = machine.find()
    if path is None:
        pytest.fail("there is no Chromium on this machine: apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=machine.arguments())
        yield browser
        browser.close()
