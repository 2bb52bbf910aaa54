"""Asking the host who vouches for a merge, and what of its answer is an approval.

An approval is the last word of somebody who may write to the repository, and of the very commit
that was merged. What the author of the pull request or of one of its commits says is marked as
that. On a public repository anybody may approve anything: so rights are asked for each, as they
are when it is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

from staticrun.errors import UserError
from staticrun.registry.github import Refused, Repository, ask, every
from staticrun.registry.vouched import Approval, Discounted, Vouched, Why
from staticrun.registry.words import Commit, Login, Time

if TYPE_CHECKING:
    from collections.abc import Iterable

_T = TypeVar("_T")
# What changes somebody's mind; a comment does not.
_WORDS = {"APPROVED": None, "CHANGES_REQUESTED": "asked for changes", "DISMISSED": "dismissed"}
_MAY_WRITE = ("admin", "write", "maintain")
# Who commits what is merged or updated by a button.
_BUTTON = "web-flow"


class _User(msgspec.Struct):
    """Somebody; a deleted account and a name that the host does not know have no login."""

    login: Login | None = None
    type: str = ""


class _Side(msgspec.Struct):
    sha: Commit
    ref: str = ""


class _Pull(msgspec.Struct):
    number: Annotated[int, Meta(ge=1, le=999_999_999)]
    head: _Side
    base: _Side
    user: _User | None = None
    merged_at: str | None = None
    merge_commit_sha: str | None = None
    commits: Annotated[int, Meta(ge=0)] = 0


class _Review(msgspec.Struct):
    state: str
    user: _User | None = None
    commit_id: str | None = None
    submitted_at: Time | None = None


class _Written(msgspec.Struct):
    author: _User | None = None
    committer: _User | None = None


class _Rights(msgspec.Struct):
    permission: str


def of_commit(
    of: Repository,
    commit: str,
    branch: str,
    merged: str | None = None,
    claimed: int | None = None,
) -> Vouched:
    """Ask which pull request brought a commit onto a branch, and who approved it.

    Args:
        of: The repository.
        commit: Full hash of a commit of the branch's own line.
        branch: The branch.
        merged: The commit that it merges, as git knows it; None where it is no merge.
        claimed: The pull request that its message names. The host lists what a commit came by only
            some time after the merge, so that this one is asked, too.

    Returns:
        What the host knows; without a number where no pull request brought it.

    Raises:
        UserError: When the host does not say, says something else than its documentation, or
            names several pull requests or those of another branch; or when there is no `gh`.
    """
    where = f"commit {commit[:12]}"
    found = _read(every(of, f"commits/{commit}/pulls"), list[_Pull], where)
    brought = [pull for pull in found if pull.merged_at]
    if not brought and claimed is not None:
        answer = ask(of, f"pulls/{claimed}")
        if not (isinstance(answer, Refused) and answer.status == 404):
            named = _read(answer, _Pull, f"pull request {claimed}")
            exactly = named.merged_at and named.merge_commit_sha == commit
            brought = [named] if exactly else []
    if not brought:
        return Vouched(commit=commit)
    here = [pull for pull in brought if pull.base.ref == branch]
    exact = [pull for pull in here if pull.merge_commit_sha == commit] or here
    if len(exact) != 1:
        numbers = ", ".join(f"{pull.number} to {pull.base.ref}" for pull in brought[:5])
        raise UserError(where, f"came by pull requests {numbers}", f"one to {branch}", "--branch")
    return of_pull_request(of, exact[0].number, commit, merged)


def of_pull_request(
    of: Repository, number: int, commit: str | None = None, merged: str | None = None
) -> Vouched:
    """Ask who approved a pull request.

    Args:
        of: The repository.
        number: Of the pull request.
        commit: Full hash of the commit by which it was merged; None before.
        merged: What that merges, as git knows it; None to take the host's word.

    Raises:
        UserError: As `of_commit`.
    """
    where = f"pull request {number}"
    pull = _read(ask(of, f"pulls/{number}"), _Pull, where)
    commits = _read(every(of, f"pulls/{number}/commits"), list[_Written], where)
    if len(commits) < pull.commits:
        what = f"has {pull.commits} commits, and the host lists {len(commits)}"
        raise UserError(where, what, "authors of all of them", "a smaller pull request")
    reviews = _read(every(of, f"pulls/{number}/reviews"), list[_Review], where)
    head = merged or pull.head.sha
    people = (pull.user, *(one for each in commits for one in (each.author, each.committer)))
    authors = {one.login.lower() for one in people if one and one.login} - {_BUTTON}
    approvals, others = [], []
    for login, last in _last(reviews).items():
        why = _discounted(of, last, head)
        if why is None:
            own = login.lower() in authors
            approvals.append(Approval(login=login, at=last.submitted_at, author=own))
        else:
            others.append(Discounted(login=login, why=why))
    return Vouched(
        commit=commit,
        pull_request=number,
        head=head,
        author=pull.user.login if pull.user else None,
        approvals=tuple(approvals),
        others=tuple(others),
    )


def _last(reviews: Iterable[_Review]) -> dict[str, _Review]:
    """Give the last word of each, by login as they spelled it first; the host lists in order."""
    spelled: dict[str, str] = {}
    found: dict[str, _Review] = {}
    for review in reviews:
        if review.user and review.user.login and review.state in _WORDS:
            login = spelled.setdefault(review.user.login.lower(), review.user.login)
            found[login] = review
    return found


def _discounted(of: Repository, review: _Review, head: str) -> Why | None:
    """Say why a last word is no approval; None where it is one."""
    said: Any = _WORDS[review.state]
    if said is not None:
        return said  # type: ignore[no-any-return]
    if review.commit_id != head:
        return "an earlier state"
    user = review.user
    if user is None or user.login is None or user.type == "Bot" or user.login.endswith("[bot]"):
        return "a program"
    answer = ask(of, f"collaborators/{user.login}/permission")
    if isinstance(answer, Refused):
        return "unread"
    rights = _read(answer, _Rights, f"the rights of {user.login}")
    return None if rights.permission in _MAY_WRITE else "may not write here"


def _read(answer: Any, kind: type[_T], where: str) -> _T:
    """Read an answer by its type.

    Raises:
        UserError: When there is none, or it is another.
    """
    if isinstance(answer, Refused):
        tried = "gh auth login, or a GH_TOKEN that may read pull requests"
        raise UserError(where, f"the host does not say: {answer.why}", "an answer", tried)
    try:
        return msgspec.convert(answer, kind)
    except msgspec.ValidationError as error:
        what = f"the host's answer is not as documented: {error}"
        raise UserError(where, what, "an answer of GitHub's REST API") from None
