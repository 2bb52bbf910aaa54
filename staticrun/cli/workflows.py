"""The workflows that `staticrun init --github` writes, and where they install staticrun from.

They follow this repository's own: actions pinned by commit, the least rights, an end to every job,
nothing spliced into a shell. A test compares the two.
"""

from __future__ import annotations

import re
from importlib import metadata

import msgspec

from staticrun.cli import deploying, vouching

# Spelled once: an address that pip takes, or nothing where a person has to fill it in.
_SOURCE = """\
env:
  # What is installed: git+https://HOST/PATH/staticrun.git@COMMIT
  STATICRUN: "{source}"
"""

_STEPS = """\
    runs-on: ubuntu-24.04
    timeout-minutes: 15
    steps:
      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2
        with:
          persist-credentials: false
          fetch-depth: 0 # a comparison shows what changed between the commits of runs
      - uses: actions/setup-python@a309ff8b426b58ec0e2a45f0f869d46889d02405 # v6.2.0
        with:
          python-version: "3.13"
      - run: pip install "staticrun @ ${STATICRUN:?is not filled in at the top of the workflow}"
"""

# How git learns the token: by the environment of the one step that pushes, and no file.
_PUSHING = """\
          TOKEN: ${{ github.token }}
          GIT_CONFIG_COUNT: 1
          GIT_CONFIG_KEY_0: credential.helper
          GIT_CONFIG_VALUE_0: '!printf "username=x-access-token\\npassword=%s\\n" "$TOKEN"; :'
"""

_PAGES = """\
# Publishes the site on the branch gh-pages, which keeps its versions. Once, in Settings → Pages:
# Source "Deploy from a branch", and the branch gh-pages.
name: pages

on:
  push:
    branches: [main, master]
  workflow_dispatch:

permissions:
  contents: read

# One publication at a time; the one that runs is let finish.
concurrency:
  group: pages
  cancel-in-progress: false

<source>
jobs:
  publish:
    permissions:
      contents: write
<steps>\
      - run: staticrun publish
        env:
<token>"""

_CHECK = """\
# Tells what is wrong with runs, models, settings and reports before they are merged, and what a
# pull request changes. It runs what the pull request brings, and so has no rights; `preview` shows
# what it leaves. In a merge queue it looks at what merging gives, and on a push at the whole.
name: check

on:
  pull_request:
  merge_group:
  push:
    branches: [main, master]

permissions:
  contents: read

concurrency:
  group: check-${{ github.ref }}
  cancel-in-progress: ${{ github.event_name == 'pull_request' }}

<source>
jobs:
  check:
<steps>\
      - run: staticrun check
      - run: staticrun build --strict
      - if: ${{ !cancelled() && github.event_name != 'push' }}
        run: staticrun registry check --base "$BASE" --approvals-later # `approved` asks for them
        env:
          BASE: ${{ github.event.pull_request.base.sha || github.event.merge_group.base_sha }}
      # As JSON: whoever posts it escapes every text of it.
      - if: ${{ !cancelled() && github.event_name == 'pull_request' }}
        run: |
          mkdir "$RUNNER_TEMP/preview"
          if [ -d site ]; then cp -r site "$RUNNER_TEMP/preview/site"; fi
          report="$RUNNER_TEMP/preview/report.json"
          staticrun report --base "$BASE" --format json > "$report"
          staticrun report --from "$report" --fail-on-regression >> "$GITHUB_STEP_SUMMARY"
        env:
          BASE: ${{ github.event.pull_request.base.sha }}
      - if: ${{ !cancelled() && github.event_name == 'pull_request' }}
        uses: actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2
        with:
          name: preview
          path: ${{ runner.temp }}/preview
          retention-days: 5
"""

_PREVIEW = """\
# Publishes the site of a pull request at pr/NUMBER, and keeps one comment on it up to date. It
# has rights, and so runs nothing that a pull request brings: what `check` left is only copied.
# The site of a fork is not published, because it would stand at this site's address.
name: preview

on:
  workflow_run:
    workflows: [check]
    types: [completed]
  pull_request_target:
    types: [closed]

permissions:
  contents: read

<source>
jobs:
  publish:
    if: >-
      github.event.workflow_run.event == 'pull_request' &&
      github.event.workflow_run.conclusion != 'cancelled'
    permissions:
      actions: read
      contents: write
      pages: read
      pull-requests: write
<steps>\
      # Which pull request, says GitHub, not the artifact; none when it has newer commits.
      - id: pull
        run: |
          number=$(gh api --method GET "repos/$GITHUB_REPOSITORY/pulls" \\
            -f state=open -f head="$OWNER:$BRANCH" \\
            --jq '[.[] | select(.head.sha == env.SHA)][0].number // empty')
          echo "number=$number" >> "$GITHUB_OUTPUT"
        env:
          GH_TOKEN: ${{ github.token }}
          OWNER: ${{ github.event.workflow_run.head_repository.owner.login }}
          BRANCH: ${{ github.event.workflow_run.head_branch }}
          SHA: ${{ github.event.workflow_run.head_sha }}
      - if: steps.pull.outputs.number
        run: gh run download "$RUN" --name preview --dir "$RUNNER_TEMP/preview"
        env:
          GH_TOKEN: ${{ github.token }}
          RUN: ${{ github.event.workflow_run.id }}
      - id: site
        if: >-
          steps.pull.outputs.number &&
          github.event.workflow_run.head_repository.full_name == github.repository
        run: |
          site="$RUNNER_TEMP/preview/site"
          if [ ! -d "$site" ] || [ -L "$site" ]; then exit 0; fi
          staticrun publish --no-build --site "$site" --under "pr/$NUMBER"
          if address=$(gh api "repos/$GITHUB_REPOSITORY/pages" --jq .html_url); then
            echo "url=${address%/}/pr/$NUMBER/" >> "$GITHUB_OUTPUT"
          fi
        env:
          GH_TOKEN: ${{ github.token }}
          NUMBER: ${{ steps.pull.outputs.number }}
<token>\
      # One comment, known by its first line. A pull request may have changed what `check` runs, so
      # that its report is data: it is read, bounded and escaped here, and has no links of its own.
      - if: steps.pull.outputs.number
        run: |
          report="$RUNNER_TEMP/preview/report.json"
          comment="$RUNNER_TEMP/comment.md"
          if [ ! -s "$report" ] || [ -L "$report" ]; then exit 0; fi
          staticrun report --from "$report" ${URL:+--url "$URL"} > "$comment"
          if [ -n "$URL" ]; then
            printf '\\n[The site as it would be](%sindex.html)\\n' "$URL" >> "$comment"
          fi
          said="This is what the branch's own check left. The checks that are required decide."
          printf '\\n%s\\n' "$said" >> "$comment"
          comments="repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments"
          id=$(gh api --paginate "$comments" --jq '.[]
            | select(.user.login == "github-actions[bot]")
            | select(.body | startswith("<!-- staticrun-report -->")) | .id' | head -n 1)
          if [ -n "$id" ]; then
            old="repos/$GITHUB_REPOSITORY/issues/comments/$id"
            gh api --silent --method PATCH "$old" -F "body=@$comment"
          else
            gh api --silent --method POST "$comments" -F "body=@$comment"
          fi
        env:
          GH_TOKEN: ${{ github.token }}
          NUMBER: ${{ steps.pull.outputs.number }}
          URL: ${{ steps.site.outputs.url }}

  remove:
    if: github.event_name == 'pull_request_target'
    permissions:
      contents: write
<steps>\
      - run: staticrun publish --under "pr/$NUMBER" --remove
        env:
          NUMBER: ${{ github.event.number }}
<token>"""

_TEXTS = {
    "pages": _PAGES,
    "check": _CHECK,
    "preview": _PREVIEW,
    "deploy": deploying.WORKFLOW,
    "approvals": vouching.KEEP,
    "approved": vouching.ASK,
}

_ADDRESS = re.compile(r"https://[A-Za-z0-9.-]+(?::\d{1,5})?/[A-Za-z0-9._~/-]+")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


class _Vcs(msgspec.Struct):
    vcs: str
    commit_id: str


class _DirectUrl(msgspec.Struct):
    url: str
    vcs_info: _Vcs


def workflows(source: str) -> dict[str, str]:
    """Write the workflows.

    Args:
        source: What `installed_from` gives; with an empty one each fails at its first command and
            says why.

    Returns:
        Path in the repository → text.
    """
    parts = {"<source>\n": _SOURCE.format(source=source) + "\n", "<steps>": _STEPS}
    parts["<token>"] = _PUSHING
    found = {}
    for name, text in _TEXTS.items():
        for mark, part in parts.items():
            text = text.replace(mark, part)  # noqa: PLW2901 -- filled in part by part
        found[f".github/workflows/{name}.yml"] = text
    return found


def installed_from() -> str:
    """Say where this staticrun came from, as pip takes it: `git+https://…@COMMIT`.

    Installers note it in the installed package (PEP 610).

    Returns:
        Empty when it did not come from git over https: no workflow could fetch it again.
    """
    try:
        noted = metadata.distribution("staticrun").read_text("direct_url.json")
        found = msgspec.json.decode(noted or "", type=_DirectUrl)
    except (metadata.PackageNotFoundError, msgspec.DecodeError):
        return ""
    commit = found.vcs_info.commit_id
    if found.vcs_info.vcs != "git" or not _COMMIT.fullmatch(commit):
        return ""
    # Also keeps out a password in the address, and what a shell or YAML would read.
    return f"git+{found.url}@{commit}" if _ADDRESS.fullmatch(found.url) else ""
