"""A secret in any kind of record, report or file is found with its file and line."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from staticrun import config
from staticrun.errors import UserError
from staticrun.privacy import refuse, scan

# Put together here, so that no file of this repository holds what looks like a secret.
SECRETS = {
    "aws-access-key": "AKIA" + "IOSFODNN7EXAMPLQ",
    "github-token": "ghp_" + "a1B2" * 9,
    "private-key": "-----BEGIN RSA " + "PRIVATE KEY-----\\nMIIE",
    "email": "ada.lovelace" + "@analytical-engines.co.uk",
}
RECORDS = {
    "command": lambda x: {"type": "start", "command": ["train.py", f"--token={x}"]},
    "cwd": lambda x: {"type": "start", "cwd": f"/data/{x}/"},
    "env": lambda x: {"type": "start", "env": {"API": x}},
    "user": lambda x: {"type": "start", "user": x},
    "git": lambda x: {"type": "start", "git": {"remote": f"https://h/{x}"}},
    "params": lambda x: {"type": "params", "values": {"a": {"b": [1, x]}}},
    "param name": lambda x: {"type": "params", "values": {x: 1}},
    "metric name": lambda x: {"type": "metrics", "step": 1, "values": {f"loss {x}": 0.1}},
    "summary": lambda x: {"type": "summary", "values": {"best": x}},
    "tags": lambda x: {"type": "tags", "values": {"team": x}},
    "note": lambda x: {"type": "note", "text": f"ask {x}."},
    "artifact": lambda x: {"type": "artifact", "path": "artifacts/a", "caption": x},
    "use": lambda x: {"type": "use", "uri": f"s3://bucket/{x}"},
    "dataset": lambda x: {"type": "dataset", "name": "d", "source": x},
    "model": lambda x: {"type": "model", "name": x},
    "log": lambda x: {"type": "log", "level": "info", "text": x},
    "alert": lambda x: {"type": "alert", "level": "error", "text": x},
    "error": lambda x: {"type": "end", "status": "failed", "error": {"message": x}},
    "unknown": lambda x: {"type": "later", "field": x},
}


def found(project: Path) -> dict[str, str]:
    return {
        finding.where: finding.what
        for finding in scan(config.load(project)[0])
        if finding.level == "error"
    }


@pytest.mark.parametrize("kind", SECRETS)
def test_a_secret_in_any_record_is_found_with_file_and_line(project, kind):
    folder = project / "runs/a/b"
    folder.mkdir(parents=True)
    lines = ['{"type":"start","format":1,"time":1770000000,"id":"x"}']
    for number, record in enumerate(RECORDS.values()):
        lines.append(f'{{"type":"metrics","step":{number},"values":{{"loss":0.5}}}}')
        lines.append(json.dumps(record(SECRETS[kind].replace("\\n", "\n"))))
    for name in ("run.jsonl", "run.edit-01.jsonl"):
        (folder / name).write_text("\n".join(lines) + "\n")
    (folder / "run.rank1.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode()))

    places = found(project)

    assert set(places) == {
        f"runs/a/b/{name}:{2 * number + 3}"
        for name in ("run.jsonl", "run.edit-01.jsonl", "run.rank1.jsonl.gz")
        for number in range(len(RECORDS))
    }
    assert all(f"({kind}, digest " in what for what in places.values())
    # What is found is never printed.
    assert SECRETS[kind][:20] not in str(places)


@pytest.mark.parametrize(
    "path",
    [
        *(
            "reports/a.md",
            "runs/a/experiment.yaml",
            "staticrun.yaml",
            "registry/models/m/model.yaml",
        ),
        *("runs/a/b/artifacts/console.txt", "runs/a/b/artifacts/changes.diff"),
        *("runs/a/b/artifacts/page.html", "runs/a/b/artifacts/table.csv", "logs/x.jsonl"),
    ],
)
def test_a_secret_in_any_file_is_found_with_its_line(project, path):
    (project / "staticrun.yaml").write_text("logs: [{glob: logs/*.jsonl}]\n")
    file = project / path
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as stream:
        stream.write("# one\n# two\n")
        stream.writelines(f"# {value}\n" for value in SECRETS.values())
    first = file.read_text().count("\n") - len(SECRETS) + 1

    assert set(found(project)) == {f"{path}:{first + i}" for i in range(len(SECRETS))}


def test_what_is_escaped_is_read_as_a_page_shows_it(project):
    value = SECRETS["aws-access-key"]
    (project / "runs/a/b").mkdir(parents=True)
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in value)
    (project / "runs/a/b/run.jsonl").write_text(f'{{"type":"note","text":"{escaped}"}}\n')

    assert list(found(project)) == ["runs/a/b/run.jsonl:1"]


@pytest.mark.parametrize(
    "text",
    [
        "git@github.com:team/project.git", "image@2x.png", "a@b", "x @ y.z",
        "12345+ada@users.noreply.github.com", "https://user:${TOKEN}@host/x", "churn@production",
        "0123456789abcdef" * 4, "sha256:" + "ab" * 32, "01ARZ3NDEKTSV4RRFFQ69G5FAV", "sk-learn",
    ],
)  # fmt: skip
def test_what_is_no_secret_is_left_alone(project, text):
    (project / "reports").mkdir()
    (project / "reports/a.md").write_text(f"{text}\n")

    assert found(project) == {}


def test_what_is_accepted_goes_out_and_nothing_else(project):
    (project / "reports").mkdir()
    (project / "reports/team.md").write_text("\n".join(SECRETS.values()))
    (project / "staticrun.yaml").write_text(
        "privacy:\n  accepted:\n"
        "    - {file: reports/*, kind: email, reason: Our public address.}\n"
        "    - {file: reports/other.md, reason: Not there.}\n"
    )

    told = scan(config.load(project)[0])

    errors = [one.what for one in told if one.level == "error"]
    assert len(errors) == len(SECRETS) - 1
    assert not any("email" in what for what in errors)
    assert [one.what for one in told if one.level == "warning"] == [
        "lets nothing through: there is no secret in reports/other.md"
    ]


def test_one_value_is_accepted_by_its_digest(project):
    (project / "reports").mkdir()
    (project / "reports/team.md").write_text(SECRETS["email"])
    [(_, what)] = found(project).items()
    digest = what.rpartition(" ")[2].rstrip(")")
    (project / "staticrun.yaml").write_text(
        f"privacy: {{accepted: [{{file: reports/team.md, digest: {digest}, reason: Ours.}}]}}\n"
    )
    assert found(project) == {}

    (project / "reports/team.md").write_text(f"{SECRETS['email']}\nx{SECRETS['email']}")
    assert list(found(project)) == ["reports/team.md:2"]


def test_an_entry_without_a_reason_lets_nothing_through(project):
    (project / "staticrun.yaml").write_text("privacy: {accepted: [{file: 'reports/*'}]}\n")

    settings, told = config.load(project)

    assert settings.privacy.accepted == ()
    assert ["privacy.accepted[0] has no reason" in one.what for one in told] == [True]


def test_a_file_that_changed_is_read_again_and_no_other(project):
    (project / "reports").mkdir()
    for name in ("a", "b"):
        (project / f"reports/{name}.md").write_text(SECRETS["email"])
    assert set(found(project)) == {"reports/a.md:1", "reports/b.md:1"}

    (project / "reports/a.md").write_text("nothing\n")

    assert set(found(project)) == {"reports/b.md:1"}
    (project / ".staticrun/privacy.msgpack").write_bytes(b"not ours")
    assert set(found(project)) == {"reports/b.md:1"}


def test_a_publication_is_refused_with_the_first_places(project):
    (project / "reports").mkdir()
    (project / "reports/a.md").write_text("\n".join([SECRETS["email"]] * 7))

    with pytest.raises(UserError) as refused:
        refuse(config.load(project)[0])

    text = str(refused.value)
    assert "7 pieces of text must not go out" in text
    assert "reports/a.md:5" in text
    assert "and 2 more" in text
    assert SECRETS["email"] not in text


def test_this_repository_holds_nothing_that_must_not_go_out():
    root = Path(__file__).parents[2]

    assert [str(finding) for finding in scan(config.load(root)[0])] == []
