"""`staticrun check`: everything at once."""

import json


def test_a_good_project_passes(staticrun, two_runs):
    ran = staticrun("check")

    assert ran.code == 0
    assert ran.out.startswith("2 runs and ")
    assert "0 errors" in ran.out


def test_all_findings_are_told_with_file_and_line(staticrun, two_runs, project):
    with (project / "runs/vision/a/run.jsonl").open("a") as stream:
        stream.write("{broken\n")
    (project / "staticrun.yaml").write_text("project:\n  nmae: x\n")

    ran = staticrun("check", "--json")

    told = [(found["where"], found["what"]) for found in json.loads(ran.out)["findings"]]
    assert ran.code == 1
    assert "staticrun.yaml:2" in dict(told)
    assert any(where == "runs/vision/a/run.jsonl:5" and "not JSON" in what for where, what in told)


def test_changed_bytes_of_an_artifact_are_found(staticrun, two_runs, project):
    folder = project / "runs/vision/a"
    (folder / "artifacts").mkdir()
    (folder / "artifacts/x.txt").write_text("other")
    digest = "0" * 64
    with (folder / "run.jsonl").open("a") as stream:
        stream.write(
            f'{{"type":"artifact","path":"artifacts/x.txt","sha256":"{digest}","bytes":5}}\n'
        )

    ran = staticrun("check", "--bytes")

    assert ran.code == 1
    assert "runs/vision/a/artifacts/x.txt: its bytes changed since it was logged" in ran.err


def test_a_check_leaves_the_site_alone(staticrun, two_runs, project):
    staticrun("check")

    assert not (project / "site").exists()
