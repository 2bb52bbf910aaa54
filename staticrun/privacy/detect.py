"""What a text holds that nobody should read: tokens by detect-secrets, the rest by own rules.

Of detect-secrets the patterns of single services are taken. Its guesses by entropy and by keyword
are not: a run is full of digests, ids and settings called `key`. A secret that is known by its
name alone is found by the names that the writer knows (`log.redact`).

Some of those patterns take quadratic time in a line without end, and a stranger may write one: a
pattern is tried only where a word that it needs stands, and in at most 4,096 characters at once.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from staticrun.log.redact import is_secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

VERSION = 2  # of what is found: other rules make the cache of a scan worthless

EMAIL = "email"
NAMED = "named-secret"
HOME = "home-path"
# Known by more than their shape, which chance could give in a file that is no text.
_OF_TEXT = frozenset({EMAIL, NAMED, HOME, "twilio-api-key", "discord-bot-token"})

_WINDOW = 4096
_STEP = 3072
_BEFORE = 512

# Module, class, and the words of which one stands in all that it finds; none where it is quick.
_PLUGINS = (
    ("aws", "AWSKeyDetector", ("akia", "asia", "abia", "acca", "a3t", "aws")),
    ("github_token", "GitHubTokenDetector", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_")),
    (
        "gitlab_token",
        "GitLabTokenDetector",
        ("glpat-", "gldt-", "glft-", "glsoat-", "glrt-", "gr1348941", "glcbt-", "glimt-",
         "glptt-", "glagent-", "gloas-"),
    ),
    ("private_key", "PrivateKeyDetector", ("private key", "putty-user", "encrypted private")),
    ("slack", "SlackDetector", ("xox", "hooks.slack.com")),
    ("openai", "OpenAIDetector", ("t3blbkfj",)),
    ("stripe", "StripeDetector", ("k_live_",)),
    ("basic_auth", "BasicAuthDetector", ("://",)),
    ("jwt", "JwtTokenDetector", ("eyj",)),
    ("pypi_token", "PypiTokenDetector", ("pypi-age",)),
    ("sendgrid", "SendGridDetector", ("sg.",)),
    ("twilio", "TwilioKeyDetector", ()),
    ("mailchimp", "MailchimpDetector", ("-us",)),
    ("telegram_token", "TelegramBotTokenDetector", (":aa",)),
    ("discord", "DiscordBotTokenDetector", ()),
    ("square_oauth", "SquareOAuthDetector", ("sq0csp-",)),
    ("azure_storage_key", "AzureStorageKeyDetector", ("accountkey=",)),
)  # fmt: skip
_WORDS = (
    r"pass(?:word|wd|phrase)|pwd|secret|credentials?|token|"
    r"(?:api|access|account|auth|private|secret|signing|encryption|license)[-_]?key"
)
# What stands under a secret's name as a text of its own; and elsewhere, what looks random.
_UNDER_NAME = rf'(?i)"(?P<name>[\w.-]{{0,60}}?(?:{_WORDS}))"\s?:\s?"(?P<value>[^"\s]{{4,200}})"'
_AFTER_NAME = (
    rf"(?i)(?<![\w.-])(?P<name>-{{0,2}}[\w.-]{{0,60}}?(?:{_WORDS}))[\"']?\s{{0,3}}"
    r"(?P<sign>[:=]|=>|:=|,|\s)\s{0,3}[\"']?(?P<random>[\w+/=-]{16,256})(?![\w+/=-])"
)
_ADDRESS = r"(?<![\w.+%-])\w[\w.+%-]{0,63}@(?:\w(?:[\w-]{0,61}\w)?\.){1,8}[A-Za-z]{2,24}(?![\w-])"
# Of Linux, macOS, clusters and Windows; `/home/<user>` and `/home/$USER` are nobody's.
_FOLDER = (
    r"(?:(?<![\w./\\-])|(?<=file://))(?:(?:/[\w.+-]{1,64}){0,4}/(?:home|homes|Users)/"
    r"|[A-Za-z]:[\\/]Users[\\/])[A-Za-z][\w.-]{1,63}"
)
_OPENAI = (
    r"(?<![\w-])sk-(?:(?:proj|svcacct|admin|ant|or)-[\w-]{20,200}|[A-Za-z0-9]{40,64}(?![\w-]))"
)
_NPM = r"_authToken\s{0,3}=\s{0,3}[\w-]{20,100}|npm_[A-Za-z0-9]{36}(?!\w)"
_OWN = (
    ("github-token", r"github_pat_[A-Za-z0-9_]{30,255}", ("github_pat_",)),
    ("hugging-face-token", r"(?<![A-Za-z0-9])hf_[A-Za-z0-9]{30,64}", ("hf_",)),
    ("google-api-key", r"AIza[0-9A-Za-z_-]{35}(?![\w-])", ("aiza",)),
    ("npm-tokens", _NPM, ("_authtoken", "npm_")),
    ("openai-token", _OPENAI, ("sk-",)),
    ("databricks-token", r"(?<!\w)dapi[0-9a-f]{32}(?!\w)", ("dapi",)),
    ("private-key", r"BEGIN ENCRYPTED PRIVATE KEY", ("private key",)),
    (HOME, _FOLDER, ("/home", "/users", "\\users")),
    (EMAIL, _ADDRESS, ("@",)),
    (NAMED, _UNDER_NAME, ("pass", "pwd", "secret", 'key"')),
    (NAMED, _AFTER_NAME, ("pass", "pwd", "secret", "key", "token", "credential")),
)
# Addresses that are nobody's: of no host (RFC 2606), of programs; and what only looks like one.
_NOBODY = re.compile(
    r"(?i:.*\.(?:invalid|test|local|localhost)"
    r"|.*@users\.noreply\.github\.com|(?:git|no-?reply)@.*"
    r"|.*\.(?:png|jpe?g|gif|svg|webp|pdf|py|js|css|html?|md|txt|jsonl?|ya?ml|csv|pth?|npz?|onnx"
    r"|safetensors|ckpt|bin|log|mean|max|min|std|sum|avg|last|first|best))"
)
_PASSWORD = re.compile(r"://[^:/]*:(?:\$|\*|<|\{|%|x+@|password@|secret@|token@|\.\.\.)")
_PLACEHOLDER = re.compile(r"[<({\[$*%].*|x+|\.+|.*(?:\.\.\.|…)|(?i:redacted|none|null|changeme)")
_PART = re.compile(r"[A-Za-z0-9]{8,}")


class Found(NamedTuple):
    """A piece of a text that must not go out.

    Attributes:
        kind: `aws-access-key`, `email`, …: what `privacy.accepted` calls it.
        start: Where in the text it begins.
        value: The piece itself; never to be printed.
    """

    kind: str
    start: int
    value: str


class _Pattern(NamedTuple):
    kind: str
    pattern: re.Pattern[str]
    words: tuple[str, ...]


def find(text: str, *, binary: bool = False) -> Iterator[Found]:
    """Find what must not go out.

    Args:
        text: A text, or a file that is none as Latin-1.
        binary: Whether it is none: only what chance does not give is found.
    """
    # Of the same length as the text, which `str.lower` need not give.
    low = text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")
    present = {word for one in patterns() for word in one.words}
    present = {word for word in present if word in low}
    taken: set[int] = set()  # by the token of a service, which is no other secret
    for one in patterns():
        if binary and one.kind in _OF_TEXT:
            continue
        for match, start in _matches(one, text, low, present):
            group = match.lastgroup if one.kind == NAMED else None
            value = match[group or 0]
            at = start + match.start(group or 0) - match.start()
            if not _counts(one.kind, match) or (one.kind in _OF_TEXT and at in taken):
                continue
            if one.kind not in _OF_TEXT or one.kind == EMAIL:
                taken.update(range(start, start + len(match[0])))
            yield Found(one.kind, at, value)


def _matches(
    one: _Pattern, text: str, low: str, present: set[str]
) -> Iterator[tuple[re.Match[str], int]]:
    """Give every match once, and where in the text it begins."""
    if not one.words:
        yield from ((match, match.start()) for match in one.pattern.finditer(text))
        return
    done: set[int] = set()
    for lo, hi, own_from, own_to in _places(low, present.intersection(one.words)):
        for match in one.pattern.finditer(text[lo:hi]):
            start = lo + match.start()
            if own_from <= start < own_to and start not in done:
                done.add(start)
                yield match, start


def _places(low: str, words: Iterable[str]) -> Iterator[tuple[int, int, int, int]]:
    """Give the lines that hold one of the words: from, to, and between which a match counts."""
    for word in words:
        at = low.find(word)
        while at >= 0:
            start = low.rfind("\n", 0, at) + 1
            end = low.find("\n", at)
            end = len(low) if end < 0 else end
            if end - start <= _WINDOW:
                yield start, end, start, end
            else:
                yield from _windows(low, word, start, end)
            at = low.find(word, end)


def _windows(low: str, word: str, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    for lo in range(start, end, _STEP):
        hi = min(lo + _WINDOW, end)
        if low.find(word, lo, hi) >= 0:
            own_from = lo if lo == start else lo + _BEFORE
            yield lo, hi, own_from, end if hi == end else lo + _STEP + _BEFORE


def _counts(kind: str, match: re.Match[str]) -> bool:
    if kind == EMAIL:
        return not _NOBODY.fullmatch(match[0])
    if kind == "basic-auth-credentials":
        return not _PASSWORD.match(match[0])
    if kind != NAMED:
        return True
    groups = match.groupdict()
    name, value = match["name"], match[match.lastgroup or 0]
    if groups.get("sign") in (",", " ") and not name.startswith("--"):
        return False
    name = name.lstrip("-")
    if not is_secret(name, value) or _PLACEHOLDER.fullmatch(value):
        return False
    # A token of a vocabulary is a word; a password may be one, too.
    is_word = groups.get("value") and not re.search(r"(?i)(?:token|credentials?)$", name)
    return bool(is_word) or _is_random(value)


def _is_random(value: str) -> bool:
    """Say whether a part of a value is no word and no number."""
    parts = _PART.findall(value)
    return any(re.search("[0-9]", part) and re.search("[A-Za-z]", part) for part in parts)


@cache
def patterns() -> tuple[_Pattern, ...]:
    """Give every kind with its patterns."""
    from importlib import import_module

    found = []
    for module, name, words in _PLUGINS:
        plugin = getattr(import_module(f"detect_secrets.plugins.{module}"), name)()
        kind = plugin.secret_type.lower().replace(" ", "-")
        found += [_Pattern(kind, re.compile(pattern), words) for pattern in plugin.denylist]
    own = (_Pattern(kind, re.compile(pattern), words) for kind, pattern, words in _OWN)
    return (*found, *own)
