"""Nothing is published while a secret stands in the project."""

from __future__ import annotations

import subprocess
import sys

SECRET = "ghp_" + "a1B2" * 9


def test_a_secret_stops_the_publication_until_it_is_accepted(project):
    folder = project / "runs/a/b"
    folder.mkdir(parents=True)
    (folder / "run.jsonl").write_text(
        '{"type":"start","format":1,"time":1770000000,"id":"x","name":"b"}\n'
        f'{{"type":"note","text":"my {SECRET}"}}\n'
    )
    words = [sys.executable, "-m", "staticrun", "publish", "--to", "folder:public"]

    refused = subprocess.run(words, cwd=project, check=False, capture_output=True, text=True)

    assert refused.returncode == 1
    assert "runs/a/b/run.jsonl:2: looks like a secret (github-token, digest " in refused.stderr
    assert SECRET not in refused.stderr + refused.stdout
    assert not (project / "public").exists()

    (project / "staticrun.yaml").write_text(
        "privacy:\n  accepted:\n    - {file: runs/a/b/run.jsonl, reason: Made up for a test.}\n"
    )
    done = subprocess.run(words, cwd=project, check=False, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")
    assert (project / "public/runs/a/b/index.html").is_file()
