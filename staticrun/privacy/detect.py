"""What a text holds that nobody should read: tokens by detect-secrets, addresses by our own rule.

Of detect-secrets the patterns of single services are taken. Its guesses by entropy and by keyword
are not: a run is full of digests, ids and settings called `key`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSION = 1  # of what is found: other rules make the cache of a scan worthless

# In the order of how often they are lost.
_PLUGINS = (
    ("aws", "AWSKeyDetector"),
    ("github_token", "GitHubTokenDetector"),
    ("gitlab_token", "GitLabTokenDetector"),
    ("private_key", "PrivateKeyDetector"),
    ("slack", "SlackDetector"),
    ("openai", "OpenAIDetector"),
    ("stripe", "StripeDetector"),
    ("basic_auth", "BasicAuthDetector"),
    ("jwt", "JwtTokenDetector"),
    ("npm", "NpmDetector"),
    ("pypi_token", "PypiTokenDetector"),
    ("sendgrid", "SendGridDetector"),
    ("twilio", "TwilioKeyDetector"),
    ("mailchimp", "MailchimpDetector"),
    ("telegram_token", "TelegramBotTokenDetector"),
    ("discord", "DiscordBotTokenDetector"),
    ("square_oauth", "SquareOAuthDetector"),
    ("azure_storage_key", "AzureStorageKeyDetector"),
)
_OWN = {
    "github-token": r"github_pat_[A-Za-z0-9_]{30,}",
    "hugging-face-token": r"\bhf_[A-Za-z0-9]{30,}",
    "wandb-key": r"(?i:wandb_api_key)\W{1,6}[0-9a-f]{40}\b",
    "google-api-key": r"\bAIza[0-9A-Za-z_-]{35}\b",
    "private-key": r"BEGIN (?:ENCRYPTED )?PRIVATE KEY",
    "email": r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}\b",
}
# Addresses that are nobody's: reserved for examples (RFC 2606), of no person, of programs.
_NOBODY = re.compile(
    r"(?i:.*[@.]example\.(?:com|org|net)|.*\.(?:example|invalid|test|local|localhost)"
    r"|.*@users\.noreply\.github\.com|(?:git|no-?reply)@.*"
    r"|.*\.(?:png|jpe?g|gif|svg|webp|pdf|py|js|css|html?|md|txt|json|ya?ml|csv|pt|npz?|onnx))"
)
_PASSWORD = re.compile(r"://[^:/]*:(?:\$|\*|<|\{|%|x+@|password@|secret@|token@|\.\.\.)")


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


def find(text: str) -> Iterator[Found]:
    """Find what must not go out."""
    for kind, pattern in patterns():
        for match in pattern.finditer(text):
            value = match[0]
            if kind == "email" and _NOBODY.fullmatch(value):
                continue
            if kind == "basic-auth-credentials" and _PASSWORD.match(value):
                continue
            yield Found(kind, match.start(), value)


@cache
def patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Give every kind with its pattern."""
    from importlib import import_module

    found = []
    for module, name in _PLUGINS:
        plugin = getattr(import_module(f"detect_secrets.plugins.{module}"), name)()
        kind = plugin.secret_type.lower().replace(" ", "-")
        found += [(kind, re.compile(pattern)) for pattern in plugin.denylist]
    return (*found, *((kind, re.compile(pattern)) for kind, pattern in _OWN.items()))
