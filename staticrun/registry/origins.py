"""How something came onto a branch: what a commit says, and which of it is more than a claim."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from staticrun.git.objects import parse_head
from staticrun.git.signatures import verify
from staticrun.registry.events import Origin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from staticrun.git import Head, Objects

# A commit's message may be of any length; that much of it is kept.
LINE_MAX = 500
TRAILERS_MAX = 50
_MERGED = re.compile(r"Merge pull request #([0-9]{1,9})\b|.*\(#([0-9]{1,9})\)$")
_TRAILER = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,59}): +(\S.*)")


def origins(objects: Objects, commits: Sequence[str], signers: bytes | None) -> dict[str, Origin]:
    """Read how commits came about.

    Args:
        objects: The repository.
        commits: Full hashes.
        signers: Who may sign, as `staticrun.git.signatures.verify` reads it; None for nobody.
    """
    raw = list(objects.raw(commits))
    heads = dict(zip(commits, map(parse_head, raw), strict=True))
    verdicts = verify(raw, signers)
    merged = [head.parents[1] for head in heads.values() if len(head.parents) > 1]
    # In a shallow clone what was merged may be cut off.
    here = [name for name, (kind, _) in objects.kinds(merged).items() if kind == "commit"]
    authors = {name: head.author for name, head in zip(here, objects.heads(here), strict=True)}
    found = {}
    for (commit, head), verdict in zip(heads.items(), verdicts, strict=True):
        merge = head.parents[1] if len(head.parents) > 1 else None
        found[commit] = Origin(
            commit=commit,
            time=head.committed,
            subject=_subject(head),
            author=authors.get(merge or "", head.author)[:LINE_MAX],
            committer=head.committer[:LINE_MAX],
            merge=merge,
            pull_request=_pull_request(_subject(head)),
            trailers=_trailers(head.message),
            signature=verdict.status,
            signer=verdict.signer,
        )
    return found


def _subject(head: Head) -> str:
    return head.message.strip("\n").partition("\n")[0].strip()[:LINE_MAX]


def _pull_request(subject: str) -> int | None:
    match = _MERGED.match(subject)
    return int(match[1] or match[2]) if match else None


def _trailers(message: str) -> tuple[tuple[str, str], ...]:
    """Read the last paragraph, where every line of it is `Key: value`; the first is none."""
    paragraphs = [part for part in re.split(r"\n[ \t]*\n", message.strip()) if part.strip()]
    lines = paragraphs[-1].strip("\n").split("\n") if len(paragraphs) > 1 else []
    matches = [_TRAILER.fullmatch(line.rstrip()) for line in lines[: TRAILERS_MAX + 1]]
    if len(matches) > TRAILERS_MAX or not all(matches):
        return ()
    return tuple((match[1], match[2][:LINE_MAX]) for match in matches if match)
