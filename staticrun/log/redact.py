"""Take secrets out of a command line, a variable, a line of output.

A secret is known by its name (`--api-key=…`, `password=…`), by its place (`https://me:…@host`) or
by its shape (the tokens of code hosts and clouds). What is none of that stays: a number, a path
and a digest are never taken for one, unless they stand under the name of a password.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SECRET = "<secret>"  # noqa: S105 - what stands in its place

_WORDS = (
    r"pass(?:word|wd|phrase)|pwd|secret|credentials?|"
    r"(?:api|access|account|auth|private|secret|signing|encryption|license)[-_]?key|token|bearer|"
    r"authorization|signature"
)
# `pad_token`, `eos-token`: words of a vocabulary.
_VOCABULARY = r"(?:pad|eos|bos|unk|mask|sep|cls|special|start|end|stop|next|prompt|image|per)"
# The secret's word is the name's last: `--token-file` and `--max-tokens` name no secret.
_NAME = rf"(?:[\w.+-]*[^A-Za-z0-9])?(?:{_WORDS})"
_IS_NAME = re.compile(_NAME, re.IGNORECASE)
_IS_VOCABULARY = re.compile(rf".*{_VOCABULARY}[-_]?token", re.IGNORECASE)
_IS_PASSWORD = re.compile(r".*(?:pass(?:word|wd|phrase)|pwd)", re.IGNORECASE)
# What a name like `token` or `access_key` may hold without being a secret.
_IS_PLAIN = re.compile(
    r"[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:e[+-]?\d+)?|true|false|none|null|yes|no|on|off|auto"
    r"|(?:~|\.{1,2})?/.*|[\w.-]+(?:/[\w.-]+)*\.(?:txt|pem|key|json|ya?ml|toml|env|crt|ini)"
    r"|<[^<>]*>|\$\{?\w+\}?|\*+",
    re.IGNORECASE | re.DOTALL,
)
_ASSIGNED = re.compile(
    rf"(?<![\w.+-])(?P<name>-{{0,2}}\+?{_NAME})(?P<sign>[\"']?\s*(?:[:=]|=>|:=)\s*)"
    r"(?P<quote>[\"']?)(?P<value>(?<=[\"'])[^\"'\n]+|(?:(?:Bearer|Basic|Token)\s+)?[^\s\"',;&}\])]+)",
    re.IGNORECASE,
)
_URL = re.compile(
    r"(?P<scheme>\b[a-z][a-z0-9+.-]*://)(?P<user>[^\s/@:\"']*)(?P<word>:[^\s/@\"']*)?@",
    re.IGNORECASE,
)
_USER_LONG = 20
_SHAPES = re.compile(
    r"(?<![A-Za-z0-9_-])(?:"
    r"gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{22,}|gl[a-z]{2,5}-[\w-]{20,}|hf_[A-Za-z]{30,}|"
    r"(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[\w-]{35}|ya29\.[\w-]{20,}|GOCSPX-[\w-]{20,}|"
    r"xox[abeoprs]-[\w-]{10,}|sk-[\w-]{20,}|(?:sk|rk)_(?:live|test)_\w{16,}|npm_[A-Za-z0-9]{36}|"
    r"pypi-[\w-]{32,}|dapi[0-9a-f]{32}|SG\.[\w-]{16,}\.[\w-]{16,}|"
    r"eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+"
    r")(?![A-Za-z0-9_])|"
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?:.*?-----END [A-Z ]*PRIVATE KEY-----)?",
    re.DOTALL,
)
_OPTION = re.compile(r"--?(?P<name>[A-Za-z][\w.-]*)")


def redact(text: str) -> str:
    """Give a text without what looks like a secret in it.

    >>> redact("login with password=hunter2 at https://ada:hunter2@example.org")
    'login with password=<secret> at https://<secret>@example.org'
    """
    if "://" in text:
        text = _URL.sub(_in_url, text)
    if "=" in text or ":" in text:
        text = _ASSIGNED.sub(_assigned, text)
    return _SHAPES.sub(SECRET, text)


def redact_command(words: Iterable[str]) -> list[str]:
    """Give a command line without the secrets in it, one text a word.

    >>> redact_command(["train.py", "--token", "a1b2c3", "--lr", "0.1"])
    ['train.py', '--token', '<secret>', '--lr', '0.1']
    """
    found: list[str] = []
    name = ""
    for word in words:
        is_value = name and not _OPTION.fullmatch(word)
        found.append(SECRET if is_value and is_secret(name, word) else redact(word))
        option = _OPTION.fullmatch(word)
        name = option["name"] if option else ""
    return found


def is_secret(name: str, value: str) -> bool:
    """Say whether what stands under a name is a secret, going by the name."""
    if not value or not _IS_NAME.fullmatch(name) or _IS_VOCABULARY.fullmatch(name):
        return False
    return bool(_IS_PASSWORD.fullmatch(name)) or not _IS_PLAIN.fullmatch(value)


def _assigned(match: re.Match[str]) -> str:
    name = match["name"].lstrip("-+")
    if not is_secret(name, match["value"]):
        return match[0]
    return f"{match['name']}{match['sign']}{match['quote']}{SECRET}"


def _in_url(match: re.Match[str]) -> str:
    if not match["word"] and len(match["user"]) < _USER_LONG:
        return match[0]
    return f"{match['scheme']}{SECRET}@"
