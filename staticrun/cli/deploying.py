"""The workflow `deploy` that `staticrun init --github` writes, and the script that it leaves open.

staticrun deploys nothing itself: it says which stages a push moved, and hands each one's files,
compared with what was reviewed, to a script of the project.
"""

from __future__ import annotations

# `<source>` and `<steps>` are filled in as in every workflow.
WORKFLOW = """\
# Deploys what was merged: each stage that a push moved, in the environment of the stage's name.
# Settings → Environments: there are the reviewers, the branches and the secrets of each stage.
# Started by hand, it deploys every stage anew. What it runs is deploy.sh.
name: deploy

# Every push is looked at: a filter by paths reads 300 files of a push, and a stage behind them
# would not be deployed, without a word.
on:
  push:
    branches: [main, master]
  workflow_dispatch:

permissions:
  contents: read

<source>
jobs:
  plan:
    if: github.event_name == 'push' || github.ref_name == github.event.repository.default_branch
    outputs:
      matrix: ${{ steps.moved.outputs.matrix }}
<steps>\
      # What was merged, checked as a whole: two changes may be right, and both of them wrong.
      - run: staticrun registry check
      - id: moved
        run: |
          staticrun registry events --from "$BEFORE" --to "$AFTER"
          staticrun registry events --from "$BEFORE" --to "$AFTER" \\
            --against "origin/$BRANCH" --github-matrix >> "$GITHUB_OUTPUT"
        env:
          BEFORE: ${{ github.event.before || '0000000000000000000000000000000000000000' }}
          AFTER: ${{ github.sha }}
          BRANCH: ${{ github.ref_name }}

  deploy:
    needs: plan
    if: needs.plan.outputs.matrix != '{"include":[]}'
    strategy:
      fail-fast: false # one model's stage is not another's
      matrix: ${{ fromJSON(needs.plan.outputs.matrix) }}
    environment: ${{ matrix.stage }}
    # One deployment of a stage at a time; the one that runs is let finish. A group for all
    # stages would lose some: of several jobs that wait in a group the host keeps the last one.
    concurrency:
      group: deploy ${{ matrix.model }}@${{ matrix.stage }}
      cancel-in-progress: false
<steps>\
      # This job may have waited for its reviewer, or be run again: the branch is asked anew.
      - run: |
          staticrun registry fetch "$MODEL@$STAGE"
          staticrun registry pull "$MODEL@$STAGE" --tree "$TREE" --against "origin/$BRANCH" \\
            --out "$RUNNER_TEMP/model"
          ./deploy.sh "$RUNNER_TEMP/model"
        env:
          MODEL: ${{ matrix.model }}
          STAGE: ${{ matrix.stage }}
          VERSION: ${{ matrix.version }}
          TREE: ${{ matrix.tree }}
          BRANCH: ${{ github.ref_name }}
"""

SCRIPT_NAME = "deploy.sh"
SCRIPT = """\
#!/bin/sh
# Brings a version to where it is used: ./deploy.sh FOLDER
#
# The workflow `deploy` runs this for every stage that was moved. FOLDER holds the files of the
# version; each byte was compared with what was reviewed. MODEL, STAGE, VERSION and TREE (the
# digest of the folder, sha256:…) are in the environment. An exit code other than 0 is a failure.
set -eu
folder=$1

echo "deploy.sh: nobody has said yet how $MODEL $VERSION comes to $STAGE." >&2
echo "Fill it in: copy $folder to where $STAGE is served, restart what serves it, and ask it" >&2
echo "which bytes it runs. They have to be $TREE." >&2
exit 1
"""
