"""What is taken for a secret or a person, and what is not, in any place of a file."""

from __future__ import annotations

import gzip
import json
import os
import sys
import time

import pytest

from staticrun import config
from staticrun.privacy import detect, scan, texts

AWS = "AKIA" + "IOSFODNN7EXAMPLQ"
RANDOM = "0a1b2c3d4e" * 4
# Put together here, so that no file of this repository holds what looks like a secret.
SEEN = {
    "aws-access-key": [AWS, f"{AWS};", f"n{AWS}x"],
    "github-token": ["ghp_" + "a1B2" * 9, "github_pat_" + "a1B2" * 9],
    "gitlab-token": ["glpat-" + "a1B2c" * 4],
    "hugging-face-token": ["hf_" + "aBcDe" * 7],
    "openai-token": ["sk-" + "proj-" + "a1B2c" * 8, "sk-" + "ant-" + "a1B2c" * 8],
    "google-api-key": ["AIza" + "a1B2c" * 7],
    "slack-token": ["xoxb-" + "123456-" * 2 + "abcdef"],
    "stripe-access-key": ["sk_" + "live_" + "a1B2" * 6],
    "json-web-token": ["eyJ" + "hbGciOiJI.eyJ" + "zdWIiOiIx.abc"],
    "basic-auth-credentials": ["https://ada" + ":hunter2@db.example.org/x"],
    "private-key": ["-----BEGIN OPENSSH " + "PRIVATE KEY-----", "BEGIN " + "PRIVATE KEY"],
    "npm-tokens": ["//host/:_auth" + "Token=" + "a1B2c" * 6, "npm_" + "a1B2" * 9],
    "databricks-token": ["dapi" + "0a1b" * 8],
    "telegram-bot-token": ["123456789:" + "AA" + "h1B2c" * 6 + "xyz"],
    "email": ["ada" + "@example.com", "Ada <a.l" + "@b-c.co.uk>", "mailto:a" + "@b.io?subject"],
    "named-secret": [
        f'{{"db_password": "{"hunter" + "2"}"}}',
        f"WANDB_API_KEY={RANDOM}",
        f'["--api-key", "{RANDOM}"]',
        f"export SECRET_KEY='{RANDOM}'",
        f"auth_token: {RANDOM}",
    ],
    "home-path": [
        "open /home" + "/ada/x",
        "C:\\Users" + "\\Ada\\x",
        "/nfs/home" + "/al/data",
        "PATH=/bin:/home" + "/ada/bin",
        "file:///home" + "/ada/x",
    ],
}
LEFT = [
    "git@github.com:team/x.git", "image@2x.png", "a@b", "x @ y.z", "churn@production",
    "recall@k.mean", "ndcg@10", "12345+ada@users.noreply.github.com", "https://user:${TOKEN}@h/x",
    "0123456789abcdef" * 4, "sha256:" + "ab" * 32, "01ARZ3NDEKTSV4RRFFQ69G5FAV", "sk-learn",
    "sk-estimator-doc-link-fitted-and-more", f"token {RANDOM}", f"cache_key={RANDOM}",
    '{"pad_token": "<pad>", "api_key": "<secret>", "password": "***", "token": "word"}',
    "token = tokenizer.next_token(batch)", "max_tokens=4096000000000000", f"commit={RANDOM}",
    "password = getpass.getpass()", "api_key = os.environ['API_KEY']", "/home/<user>/x",
    "https://site.example/home/about", "/home/$USER/x",
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "text"), [(k, text) for k, some in SEEN.items() for text in some]
)
@pytest.mark.parametrize("around", ["{}", "x\n{}\ny", "," * 5000 + " {} " + "," * 5000])
def test_it_is_found_once_wherever_it_stands(kind, text, around):
    whole = around.format(text)
    found = [one for one in detect.find(whole) if one.kind == kind]

    assert len(found) == 1
    assert whole[found[0].start :].startswith(found[0].value)


@pytest.mark.parametrize("text", LEFT)
def test_what_is_none_is_left_alone(text):
    assert list(detect.find(text)) == []


@pytest.mark.parametrize(
    "part",
    ["/", "eyJ", "://a", "a@", "a.", "awskey", "password=", "/home/", "sk-", "//_authToken"],
)
def test_a_line_without_end_takes_no_time(part):
    began = time.process_time()
    list(detect.find(part * (200_000 // len(part))))

    assert time.process_time() - began < 10  # the library's own patterns take minutes


def found(project) -> list[str]:
    told = scan(config.load(project)[0])
    return [f"{one.where} {one.what.partition('(')[2]}".partition(",")[0] for one in told]


@pytest.fixture
def run(project):
    folder = project / "runs/a/b"
    (folder / "artifacts").mkdir(parents=True)
    (folder / "run.jsonl").write_text('{"type":"start","format":1,"time":1770000000,"id":"x"}\n')
    return folder


def test_escapes_are_read_as_a_page_shows_them(run, project):
    lines = [
        '{"type":"note","text":"key:\\n' + SEEN["google-api-key"][0] + '"}',
        '{"type":"note","text":"https:\\/\\/ada' + ':hunter2@db\\/x"}',
        '{"type":"log","text":"ada\\u0040example.org"}',
        '{"type":"tags","values":{"db_pass\\u0077ord":"hunter2"}}',
    ]
    with (run / "run.jsonl").open("a") as stream:
        stream.write("\n".join(lines))

    assert found(project) == [
        "runs/a/b/run.jsonl:2 google-api-key", "runs/a/b/run.jsonl:3 basic-auth-credentials",
        "runs/a/b/run.jsonl:4 email", "runs/a/b/run.jsonl:5 named-secret",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data", "line"),
    [
        ("a.bin", b"\x00\x01\x02" * 99 + AWS.encode() + b"\x00", ""),
        ("a.txt", f"one\n{AWS}\n".encode("utf-16"), ":2"),
        ("late.log", b"x\n" * 3_000_000 + AWS.encode(), ":3000001"),
        ("notebook.ipynb", b'{"source": ["one\\n",\n "' + AWS.encode() + b'"]}', ":2"),
    ],
)
def test_a_file_of_any_form_is_looked_through_as_far_as_it_goes_out(
    run, project, name, data, line
):
    (run / "artifacts" / name).write_bytes(data)

    assert found(project) == [f"runs/a/b/artifacts/{name}{line} aws-access-key"]


def test_bytes_of_chance_are_no_person(run, project):
    (run / "artifacts/model.npz").write_bytes(b"PK\0\0 ada@b.io password=" + RANDOM.encode())

    assert found(project) == []


@pytest.mark.slow
def test_a_record_file_of_any_length_is_read_to_its_end(run, project):
    line = json.dumps({"type": "log", "text": "x" * 90}) + "\n"
    count = 2 * texts.BLOCK_BYTES // len(line) + 1
    whole = line * count + json.dumps({"type": "log", "text": AWS}) + "\n"
    (run / "run.rank1.jsonl.gz").write_bytes(gzip.compress(whole.encode(), 1))

    assert found(project) == [f"runs/a/b/run.rank1.jsonl.gz:{count + 1} aws-access-key"]


def test_links_are_followed_inside_of_the_project_and_pipes_are_not_read(run, project, tmp_path):
    (project / "elsewhere").mkdir()
    (project / "elsewhere/run.jsonl").write_text(f'{{"type":"note","text":"{AWS}"}}\n')
    (project / "runs/linked").symlink_to("../elsewhere")
    (run / "loop").symlink_to("..")
    (tmp_path / "outside.txt").write_text(AWS)
    (run / "artifacts/out.txt").symlink_to(tmp_path / "outside.txt")
    os.mkfifo(run / "artifacts/pipe")

    assert found(project) == ["runs/linked/run.jsonl:1 aws-access-key"]


def test_home_folders_are_a_warning_that_hiding_them_answers(run, project):
    text = SEEN["home-path"][0]
    (run / "artifacts/console.log").write_text(f"one\n{text}\n{text}\n")
    [told] = scan(config.load(project)[0])

    assert (told.level, told.where) == ("warning", "runs/a/b/artifacts/console.log:2")
    assert told.what == "names somebody's home folder, and 1 more (home-path)"

    (project / "staticrun.yaml").write_text("privacy: {paths: hide}\n")
    assert found(project) == []


def test_what_pages_redact_needs_no_acceptance(run, project):
    with (run / "run.jsonl").open("a") as stream:
        stream.write(json.dumps({"type": "params", "values": {"login": {"key": AWS}}}) + "\n")
        stream.write(json.dumps({"type": "note", "text": "by ada@example.org"}) + "\n")
        stream.write(json.dumps({"type": "note", "text": AWS}) + "\n")
    (run / "artifacts/a.txt").write_text("ada@example.org\n")
    (project / "staticrun.yaml").write_text(
        "privacy:\n  redact: [params.login.*]\n  redact_text: [ada@example.org]\n"
        "  accepted: [{file: staticrun.yaml, kind: email, reason: It is what is redacted.}]\n"
    )

    assert found(project) == ["runs/a/b/run.jsonl:4 aws-access-key"]


def test_an_unchanged_project_is_not_read_again(run, project):
    (project / "reports").mkdir()
    (project / "reports/a.md").write_text(f"{AWS}\n")
    first = found(project)
    opened: list[str] = []
    watched = [True]
    # What Python opens, by its own account; a hook cannot be taken away, only told to be quiet.
    sys.addaudithook(
        lambda event, what: opened.append(str(what[0])) if event == "open" and watched else None
    )

    assert found(project) == first == ["reports/a.md:1 aws-access-key"]

    watched.clear()
    names = {path.rpartition("/project/")[2] for path in opened if "/project/" in path}
    assert names == {"staticrun.yaml", ".staticrun/privacy.msgpack"}
