"""What is taken for a secret, and what is not."""

from __future__ import annotations

import shlex
from itertools import pairwise

import pytest

from staticrun.log.redact import redact, redact_command

# In parts, so that no scanner takes this file for a leak.
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJ"
GITHUB = "ghp" + "_" + LETTERS
HUGGING_FACE = "hf" + "_" + LETTERS[:34]
AMAZON = "AKIA" + "ABCDEFGHIJKLMNOP"
GOOGLE = "AIza" + LETTERS[:35]
OPENAI = "sk" + "-proj-" + LETTERS
GITLAB = "glpat" + "-" + LETTERS[:20]
SLACK = "xoxb" + "-1234567890-" + LETTERS[:12]
JWT = "eyJ" + LETTERS[:12] + ".eyJ" + LETTERS[:12] + "." + LETTERS[:8]
DIGEST = "9f2c" * 10


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("--token a1b2c3", "--token <secret>"),
        ("--api-key=a1b2c3", "--api-key=<secret>"),
        ("--api_key a1b2c3 --lr 0.1", "--api_key <secret> --lr 0.1"),
        ("--hf-token=a1b2c3", "--hf-token=<secret>"),
        ("--wandb.api_key=a1b2c3", "--wandb.api_key=<secret>"),
        ("-password hunter2", "-password <secret>"),
        ("--password 12345", "--password <secret>"),
        ("password=hunter2", "password=<secret>"),
        ("+logger.token=a1b2c3", "+logger.token=<secret>"),
        ("db.passwd=hunter2", "db.passwd=<secret>"),
        ("AWS_SECRET_ACCESS_KEY=a1b2c3", "AWS_SECRET_ACCESS_KEY=<secret>"),
        ("--client-secret a1b2c3", "--client-secret <secret>"),
        ("https://ada:hunter2@example.org/a.git", "https://<secret>@example.org/a.git"),
        (f"https://{GITHUB}@example.org/a.git", "https://<secret>@example.org/a.git"),
        ("postgresql://ada:hunter2@db:5432/runs", "postgresql://<secret>@db:5432/runs"),
        ("'https://example.org/x?token=a1b2c3&n=3'", "'https://example.org/x?token=<secret>&n=3'"),
        ("'{\"api_key\": \"a1b2c3\", \"n\": 3}'", "'{\"api_key\": \"<secret>\", \"n\": 3}'"),
        ("--header 'Authorization: Bearer a1b2c3'", "--header 'Authorization: <secret>'"),
        *[(f"--name {token}", "--name <secret>") for token in (GITHUB, HUGGING_FACE, AMAZON)],
        *[(f"--name {token}", "--name <secret>") for token in (GOOGLE, OPENAI, GITLAB)],
        *[(f"--name={token}", "--name=<secret>") for token in (SLACK, JWT)],
    ],
)  # fmt: skip
def test_a_secret_is_taken_out(command, expected):
    assert redact_command(shlex.split(command)) == shlex.split(expected)


@pytest.mark.parametrize(
    "command",
    [
        "train.py --lr 0.1 --epochs 30",
        "--max-tokens 512",
        "--tokens 1_000_000",
        "--num_tokens=512",
        "--token 5",
        "--token=1e6",
        "--tokenizer bert-base",
        "--pad-token '<pad>'",
        "--eos_token end",
        "tokens.pad_token=0",
        "--token-file ~/.cache/token",
        "--token /run/secrets/token",
        "--api-key-file key.txt",
        "--private-key ./id.pem",
        "--access-key $ACCESS_KEY",
        "--passes 3",
        "--pass 2",
        "--bypass yes",
        "--key 17",
        "--keys a,b,c",
        "--auth none",
        "--token --verbose",
        "--secretary ada",
        "--use-auth-token True",
        "model.author=ada",
        "data/password-strength/train.csv",
        "--data=/data/tokens/part-0001.bin",
        "--revision " + DIGEST,
        "s3://bucket/models/0001.pt",
        "ssh://git@example.org/a.git",
        "git@example.org:ada/a.git",
        "https://ada@example.org/a.git",
        "https://example.org:8080/@ada/x",
        "--time 12:30:15",
        "skip-this-very-long-option-name-that-is-none",
        "--config configs/sk-learn.yaml",
        "-m pytest -k secret",
        "lr=0.1 seed=1 name=run:3",
        "hf_hub_download.py",
        "sk-learn-classifier",
    ],
)
def test_what_is_no_secret_stays(command):
    words = shlex.split(command)

    assert redact_command(words) == words


def test_a_line_of_output_loses_its_secret_alone():
    line = f"12:03 step 3: loss: 0.31, using token: {GITHUB} from https://me:pw@example.org/x"

    assert redact(line) == (
        "12:03 step 3: loss: 0.31, using token: <secret> from https://<secret>@example.org/x"
    )


def test_a_private_key_is_taken_out_whole():
    begin, end = (f"-----{word} PRIVATE KEY-----" for word in ("BEGIN", "END"))

    assert redact(f"a\n{begin}\nMIIE\nabc\n{end}\nb") == "a\n<secret>\nb"


def test_redacting_twice_is_redacting_once():
    words = ["--token", "a1b2c3", "password=x", f"url=https://a:b@c/{GITHUB}"]

    assert redact_command(redact_command(words)) == redact_command(words)
    assert all(a != b for a, b in pairwise(words))


def test_a_long_hostile_text_takes_no_long_time():
    for text in (
        "a" * 50_000,
        "token" * 10_000,
        "x://" * 10_000,
        "a-" * 25_000 + "=",
        "-" * 50_000,
    ):
        assert redact(text) == text
