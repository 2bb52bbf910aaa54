"""What `staticrun init --github` writes so that it can be known who vouches for a promotion.

A workflow that keeps what the host says of approvals after a merge, one that asks before it, and a
proposal for CODEOWNERS.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from staticrun.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

# `<source>`, `<steps>` and `<token>` are filled in as in every workflow.
KEEP = """\
# Asks, after each merge, which pull request brought it and who approved it, and keeps the answers
# on the branch registry-approvals. Whoever may push to that branch may claim approvals, and so may
# a workflow on any branch: the guide's page "Who vouches for it" says how to protect it.
name: approvals

# What one run was refused, or a run that was lost, the next one asks again.
on:
  push:
    branches: [main, master]
  workflow_dispatch:

permissions:
  contents: read

concurrency:
  group: approvals
  cancel-in-progress: false

<source>
jobs:
  keep:
    if: github.event_name == 'push' || github.ref_name == github.event.repository.default_branch
    permissions:
      contents: write
      pull-requests: read
<steps>\
      - run: |
          staticrun registry approvals --fetch --branch "$BRANCH" \\
            --repository "$GITHUB_REPOSITORY"
        env:
          GH_TOKEN: ${{ github.token }}
          BRANCH: ${{ github.ref_name }}
      # Also when the host refused some: what it said of the others is kept.
      - if: ${{ !cancelled() }}
        run: |
          branch=refs/heads/registry-approvals
          if git show-ref --verify --quiet "$branch"; then git push origin "$branch"; fi
        env:
<token>"""

ASK = """\
# Checks a promotion again when somebody reviews it, with what the host says of approvals: `check`
# gets no token, and leaves them to this. It runs nothing of the pull request, and may only read.
# A push after an approval has no such check until the next review.
name: approved

on:
  pull_request_review:
    types: [submitted, dismissed]

permissions:
  contents: read

concurrency:
  group: approved-${{ github.ref }}
  cancel-in-progress: true

<source>
jobs:
  approved:
    permissions:
      contents: read
      pull-requests: read
<steps>\
      - run: |
          staticrun registry approvals --pull-request "$NUMBER" --json \\
            --repository "$GITHUB_REPOSITORY" > "$RUNNER_TEMP/approvals.json"
        env:
          GH_TOKEN: ${{ github.token }}
          NUMBER: ${{ github.event.pull_request.number }}
      - run: staticrun registry check --base "$BASE" --approvals "$RUNNER_TEMP/approvals.json"
        env:
          BASE: ${{ github.event.pull_request.base.sha }}
"""

OWNERS_NAME = ".github/CODEOWNERS"
_OWNERS = """\
# Who has to approve a change of which files. The last line that matches counts, so that the strict
# ones come last; that of the base branch counts. The host asks them only where its rules for the
# branch require a review by code owners: `staticrun registry doctor --host`.
"""
_NOBODY = """\
# Fill in who they are, as @LOGIN or @ORGANIZATION/TEAM, and take away the # of each line.
"""
_GUARDED = (
    "/registry/",
    "/registry/models/*/withdrawn/",
    "/registry/models/*/stages/production.yaml",
    "/registry/policies.yaml",
    "/registry/registry.yaml",
    "/.github/",
    "/deploy.sh",  # runs with the secrets of an environment
)
_OWNER = re.compile(r"@[A-Za-z0-9][A-Za-z0-9_-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)?")


def owners(people: Sequence[str]) -> str:
    """Write a proposal for CODEOWNERS.

    Args:
        people: Logins and teams with `@`; none for lines that a person has to fill in.

    Raises:
        UsageError: When one is neither.
    """
    for one in people:
        if not _OWNER.fullmatch(one):
            raise UsageError(one, "is no owner", "@LOGIN or @ORGANIZATION/TEAM")
    width = max(map(len, _GUARDED))
    mark, names = ("", " ".join(people)) if people else ("# ", "@OWNER")
    lines = "".join(f"{mark}{path:<{width}} {names}\n" for path in _GUARDED)
    return _OWNERS + ("" if people else _NOBODY) + lines
