"""The workflows that `staticrun init` writes, and the git ref that they install staticrun from.

They follow this repository's own: actions pinned by commit, the least rights, an end to every job,
nothing spliced into a shell. A test compares the two.
"""

from __future__ import annotations

import re
from importlib import metadata

import msgspec

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

_PAGES = """\
# Publishes the site. Settings → Pages → Source has to be "GitHub Actions".
name: pages

on:
  push:
    branches: [main, master]
  workflow_dispatch:

permissions:
  contents: read

# One deployment at a time; the one that runs is let finish.
concurrency:
  group: pages
  cancel-in-progress: false

<source>
jobs:
  build:
<steps>\
      - run: staticrun build
      - uses: actions/upload-pages-artifact@fc324d3547104276b827a68afc52ff2a11cc49c9 # v5.0.0
        with:
          path: site

  deploy:
    needs: build
    runs-on: ubuntu-24.04
    timeout-minutes: 15
    permissions:
      pages: write
      id-token: write
    environment:
      name: github-pages
      url: ${{ steps.deployment.outputs.page_url }}
    steps:
      - id: deployment
        uses: actions/deploy-pages@cd2ce8fcbc39b97be8ca5fce6e763baed58fa128 # v5.0.0
"""

_CHECK = """\
# Tells what is wrong with runs, settings and reports before they are merged.
name: check

on:
  pull_request:

permissions:
  contents: read

concurrency:
  group: check-${{ github.ref }}
  cancel-in-progress: true

<source>
jobs:
  check:
<steps>\
      - run: staticrun check
      - run: staticrun build --strict
"""

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
    said = _SOURCE.format(source=source)
    return {
        f".github/workflows/{name}.yml": text.replace("<source>\n", f"{said}\n").replace(
            "<steps>", _STEPS
        )
        for name, text in (("pages", _PAGES), ("check", _CHECK))
    }


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
