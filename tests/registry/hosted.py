"""A stand-in for GitHub's REST API, asked through a program `gh` as the real one asks it.

It answers from JSON files, in the shapes of GitHub's documentation: a list in pages, as the
question says, and what it has not as the host refuses it.
"""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = f"""\
#!/bin/sh
''''exec "{sys.executable}" -S "$0" "$@" # to Python a text; no path with a space may follow `#!`'''
import json, sys
from pathlib import Path

words, here = sys.argv[1:], Path(__file__).parent
with (here / "asked").open("a") as stream:
    print(json.dumps(words), file=stream)
path, _, query = words[-1].partition("?")
said = json.loads((here / "answers.json").read_text()).get(path)
if said is None:
    print(json.dumps({{"message": "Not Found", "status": "404"}}))
    sys.exit("gh: Not Found (HTTP 404)")
if isinstance(said, str): # as it is, from any program on the way
    print(said)
    sys.exit(0)
if isinstance(said, dict) and "refused" in said:
    print(json.dumps({{"message": said["refused"], "status": str(said["status"])}}))
    sys.exit(f"gh: {{said['refused']}} (HTTP {{said['status']}})")
given = dict(part.split("=") for part in query.split("&") if part)
if isinstance(said, list) and given:
    size, page = int(given["per_page"]), int(given["page"])
    said = said[size * (page - 1) : size * page]
print(json.dumps(said))
"""


class Hosted:
    """What a host says of a repository.

    Args:
        folder: For the program and its answers; goes onto PATH.
        name: The repository, with its owner.
    """

    def __init__(self, folder: Path, name: str = "ada/churn") -> None:
        self.folder, self.at = folder, f"repos/{name}"
        self.answers: dict[str, Any] = {}
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "gh").write_text(PROGRAM)
        (folder / "gh").chmod(0o755)

    @property
    def path(self) -> str:
        """PATH with the program first."""
        return f"{self.folder}{os.pathsep}{os.environ['PATH']}"

    @property
    def asked(self) -> list[str]:
        """What was asked, without the words around it."""
        lines = (self.folder / "asked").read_text().splitlines()
        return [json.loads(line)[-1].removeprefix(f"{self.at}/") for line in lines]

    def say(self, path: str, answer: Any) -> None:
        """Answer what is asked below the repository; a dict with `refused` and `status` refuses."""
        self.answers[f"{self.at}/{path}".rstrip("/")] = answer
        (self.folder / "answers.json").write_text(json.dumps(self.answers))

    def pull(self, number: int, head: str, *reviews: dict[str, Any], **said: Any) -> None:
        """Have a pull request of `bob`, with a commit of his and reviews of people who may write.

        Args:
            number: Its number.
            head: Its newest commit.
            *reviews: As `review` makes them.
            **said: What else is said of it; `commit`, where it was merged as one.
        """
        commit = said.pop("commit", None)
        pull = {
            "number": number,
            "state": "closed" if commit else "open",
            "user": user("bob"),
            "body": "</script>",
            "head": {"sha": head, "ref": "topic", "repo": None},
            "base": {"sha": "0" * 40, "ref": "main"},
            "merged_at": "2026-11-20T10:00:00Z" if commit else None,
            "merge_commit_sha": commit,
            "commits": 1,
            **said,
        }
        self.say(f"pulls/{number}", pull)
        self.say(f"pulls/{number}/commits", [{"author": user("bob"), "committer": {}}])
        self.say(f"pulls/{number}/reviews", list(reviews))
        for login in {str(one["user"]["login"]) for one in reviews if one["user"]}:
            self.may(login, "write")
        if commit:
            self.say(f"commits/{commit}/pulls", [pull])

    def may(self, login: str, permission: str) -> None:
        """Let somebody do something."""
        answer = {"permission": permission, "role_name": permission, "user": user(login)}
        self.say(f"collaborators/{login}/permission", answer)


def user(login: str, kind: str = "User") -> dict[str, Any]:
    return {"login": login, "id": 1, "type": kind, "site_admin": False}


def review(login: str, head: str, state: str = "APPROVED", kind: str = "User") -> dict[str, Any]:
    return {
        "id": 80,
        "user": user(login, kind),
        "body": "<b>fine</b>",
        "state": state,
        "commit_id": head,
        "submitted_at": "2026-11-20T09:30:00Z",
        "author_association": "COLLABORATOR",
    }
