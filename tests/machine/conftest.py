"""A published site with what programs read, built once for all tests of this room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from staticrun.pages.build import build
from tests.pages.projects import TIME, write_config, write_run

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://example.org/lab"
HOSTILE = "<b>&\x00\u202e]](javascript:alert) \"quoted\" 'x' \U0001f600"
CONFIG = f"""\
project: {{name: "Lab & <Co>", url: "{URL}", description: "All of *ours*."}}
metrics: {{val/acc: {{direction: max, format: .1%, primary: true}}}}
comparisons: {{both: {{title: Both, runs: [digits/a, digits/b]}}}}
"""


def make(root: Path) -> Path:
    """Write a project and build its site with two versions."""
    root.mkdir()
    write_config(root, CONFIG)
    write_run(root, "digits/a", {"val/acc": [0.5, 0.9]}, {"model": {"width": 8}, "a.b": 1})
    write_run(root, "digits/b", {"val/acc": [0.25, float("nan")]}, began=TIME + 500)
    write_run(root, "digits/open", {"val/acc": [0.1]}, status=None)
    write_run(
        root, "runs/hostile", {"x]": [1.0]}, {HOSTILE: HOSTILE}, status="failed", name=HOSTILE
    )
    (root / "reports").mkdir()
    (root / "reports/first.md").write_text("# What [we] found\n\nMuch.\n", encoding="utf-8")
    build(root, jobs=1, version="v1")
    for number in range(3):
        write_run(root, f"digits/new-{number}", {"val/acc": [0.75]})
    build(root, jobs=1, version="v2")
    return root


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """Give a project whose site nobody changes."""
    return make(tmp_path_factory.mktemp("machine") / "the lab")
