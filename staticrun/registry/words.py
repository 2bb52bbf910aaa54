"""What manifests are written in: how each name, digest, path and number looks."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

# `$` in Python also matches before a line end that is the last character.
END = r"$(?!\n)"
# Lower case alone, so that no two names are one file on any system; and no device of Windows,
# which is no file there, whatever its extension.
_DEVICE = r"(?!(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$))"
NAME_PATTERN = rf"^{_DEVICE}[a-z0-9](?:[a-z0-9._-]{{0,61}}[a-z0-9_-])?{END}"
Name = Annotated[str, Meta(pattern=NAME_PATTERN, description="a name such as churn-eu")]
Digest = Annotated[
    str, Meta(pattern=r"^sha256:[0-9a-f]{64}" + END, description="sha256: and 64 hex digits")
]
Commit = Annotated[
    str, Meta(pattern=r"^[0-9a-f]{40}(?:[0-9a-f]{24})?" + END, description="a full commit hash")
]
RunId = Annotated[str, Meta(pattern=r"^[0-9A-Za-z_-]{1,64}" + END, description="a run's id")]
Time = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z" + END,
        description='a time in UTC such as "2026-11-20T09:14:05Z"',
    ),
]
# Relative, `/`, no `.` or `..` or empty part, no backslash, colon or control character.
Path = Annotated[
    str,
    Meta(
        pattern=r"^(?!(?:.*/)?\.{0,2}(?:/|$))(?![~$-])[^\\:\x00-\x1f\x7f]{1,1024}" + END,
        description="a relative path with / such as runs/digits/a/artifacts/model.onnx",
    ),
]
Url = Annotated[
    str,
    Meta(
        pattern=r"^https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?/[A-Za-z0-9._~/%+@=-]*" + END,
        max_length=1000,
        description="an https address",
    ),
]
Soak = Annotated[
    str, Meta(pattern=r"^[1-9][0-9]{0,3}[hd]" + END, description="hours or days such as 48h or 7d")
]
# Of a person at the host, or of a program there.
LOGIN_PATTERN = r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}(?:\[bot\])?"
Login = Annotated[
    str, Meta(pattern=f"^{LOGIN_PATTERN}{END}", description="a login without @, such as ann")
]
# Who is in a team only administrators of its organization can ask.
AtLogin = Annotated[
    str,
    Meta(
        pattern=r"^@[A-Za-z0-9][A-Za-z0-9_-]{0,99}" + END,
        description="the login of a person such as @ann, no team",
    ),
]
# One line that a person wrote.
Line = Annotated[
    str, Meta(pattern=r"^[^\x00-\x1f\x7f]*" + END, max_length=500, description="one line of text")
]
Text = Annotated[str, Meta(max_length=20_000, description="a text")]
Number = Annotated[int, Meta(ge=1, le=999_999_999, description="a version number from 1")]
Direction = Literal["max", "min"]
Alpha = Annotated[float, Meta(gt=0, le=0.5, description="a chance above 0, to 0.5")]
# With fewer no p is below 0.01; a million takes minutes.
Resamples = Annotated[int, Meta(ge=100, le=1_000_000)]
Seed = Annotated[int, Meta(ge=0, le=4_294_967_295)]


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of the registry."""
