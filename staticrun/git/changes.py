"""What a work tree has beyond its commit, as a patch that holds no secrets."""

from __future__ import annotations

import os
import re
import stat
from fnmatch import fnmatchcase
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from staticrun.git.command import run
from staticrun.git.worktree import TIMEOUT_S, open_tree, status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from staticrun.git.worktree import WorkTree

_ARGUMENT_BYTES_MAX = 60_000
_SHOWN_MAX = 20
_DIFF = (
    *("diff", "--no-ext-diff", "--no-textconv", "--no-color", "--no-renames", "--no-relative"),
    *("--src-prefix=a/", "--dst-prefix=b/", "--unified=3", f"-O{os.devnull}"),
    *("--ignore-submodules=dirty", "--submodule=short"),
)
_SECRETS = (
    *(".env", ".env.*", "*.env", "*.pem", "*.key", "*.p12", "*.pfx", "*.jks", "*.keystore"),
    *("*.kdbx", "*.ppk", "*.gpg", "*.asc", "*.tfvars", "*.tfstate", "id_rsa*", "id_dsa*"),
    *("id_ecdsa*", "id_ed25519*", ".netrc", "_netrc", ".npmrc", ".pypirc", ".pgpass"),
    *(".htpasswd", ".git-credentials", ".dockercfg", "kubeconfig*", "*credential*", "*secret*"),
    *("*password*", "*.token", "token", "token.*", "*[_-]token", "*[_-]token.*"),
    *("service-account*", "service_account*"),
)
_SECRET_FOLDERS = frozenset({".ssh", ".aws", ".gnupg", ".azure", ".kube", ".docker"})
_PRIVATE_KEY = b"PRIVATE KEY-----"


class Limits(NamedTuple):
    """How much of a work tree's changes is kept: bytes in all, bytes a new file, new files."""

    total: int = 1_000_000
    file: int = 64_000
    files: int = 100


_LIMITS = Limits()


def difference(
    folder: Path,
    limits: Limits = _LIMITS,
    timeout_s: float = TIMEOUT_S,
    *,
    runs: Path | None = None,
) -> bytes | None:
    """Write down what a work tree has beyond its commit.

    Changes of tracked files, and untracked text files that git does not ignore. Files that look
    like secrets by name or content are left out, and so is what exceeds the limits; lines with
    `#` in front name what was left out. `git apply` restores the rest.

    Args:
        folder: Any folder of the work tree.
        limits: How much is kept.
        timeout_s: How long git may take.
        runs: As in `facts`.

    Returns:
        A patch; None when nothing was changed or git does not say.
    """
    deadline = monotonic() + timeout_s
    tree = open_tree(folder, deadline, runs)
    if tree is None:
        return None
    # `git status` looks into files; asked for the changed ones alone, `git diff` need not, and
    # writes no index.
    changes = status(tree, "all", deadline)
    if changes is None:
        return None
    # A name that ends with a slash is another repository.
    new = [name for how, name in changes if how == "??" and not name.endswith(b"/")]
    parts = [
        *_tracked(tree, [name for how, name in changes if how != "??"], deadline),
        *_new_files(tree.top, new, limits),
    ]
    kept, left_out, size = [], [], 0
    for part in parts:
        if part.patch and size + len(part.patch) <= limits.total:
            kept.append(part.patch)
            size += len(part.patch)
        else:
            left_out.append((part.name, part.reason or "too much in all"))
    return b"".join([*_notes(left_out), *kept]) or None


class _Part(NamedTuple):
    """The patch of one file, or why there is none."""

    name: str
    patch: bytes = b""
    reason: str = ""


def _tracked(tree: WorkTree, names: list[bytes], deadline: float) -> Iterator[_Part]:
    asked: list[bytes] = []
    size = 0
    for name in names:
        size += len(name) + 1
        if _is_secret(os.fsdecode(name)):
            yield _Part(os.fsdecode(name), reason="looks like a secret")
        elif size > _ARGUMENT_BYTES_MAX:
            yield _Part(os.fsdecode(name), reason="too many files")
        else:
            asked.append(name)
    if not asked:
        return
    command = ("--literal-pathspecs", *_DIFF, "HEAD", "--", *map(os.fsdecode, asked))
    found = run(tree.top, (*tree.settings, *command), deadline)
    if found is None:
        yield from (_Part(os.fsdecode(name), reason="git did not answer") for name in asked)
        return
    patches = re.split(rb"^(?=diff --git )", found.data, flags=re.MULTILINE)
    for number, patch in enumerate(patches, 1):
        shown = patch.partition(b"\n")[0].decode("utf-8", "replace").rpartition(" b/")[2]
        if not found.complete and number == len(patches):
            yield _Part(shown, reason="this and what follows is too much in all")
        elif _PRIVATE_KEY in patch:
            yield _Part(shown, reason="looks like a secret")
        elif patch:
            yield _Part(shown, patch)


def _new_files(top: Path, names: list[bytes], limits: Limits) -> Iterator[_Part]:
    count = 0
    for name in names:
        shown = os.fsdecode(name)
        if _is_secret(shown):
            yield _Part(shown, reason="looks like a secret")
        elif count >= limits.files:
            yield _Part(shown, reason="too many files")
        else:
            part = _new_file(top, name, limits.file)
            count += bool(part.patch)
            yield part


def _new_file(top: Path, name: bytes, size_max: int) -> _Part:
    """Write a file as the patch that creates it, without following a link."""
    shown = os.fsdecode(name)
    try:
        descriptor = os.open(top / shown, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(descriptor, "rb") as stream:
            facts = os.fstat(stream.fileno())
            if not stat.S_ISREG(facts.st_mode):
                return _Part(shown, reason="no regular file")
            data = stream.read(size_max + 1)
    except OSError:
        return _Part(shown, reason="a link, or not to be read")
    if len(data) > size_max:
        return _Part(shown, reason=f"{facts.st_size:,} bytes")
    if b"\0" in data:
        return _Part(shown, reason="not a text")
    if _PRIVATE_KEY in data:
        return _Part(shown, reason="looks like a secret")
    mode = "100755" if facts.st_mode & stat.S_IXUSR else "100644"
    a, b = _quoted(b"a/" + name), _quoted(b"b/" + name)
    patch = b"diff --git %s %s\nnew file mode %s\n" % (a, b, mode.encode())
    if data:
        lines = data.count(b"\n") + (not data.endswith(b"\n"))
        # A tab ends a name that holds a space.
        end = b"\t" if b" " in name else b""
        patch += b"--- /dev/null\n+++ %s%s\n@@ -0,0 +1,%d @@\n" % (b, end, lines)
        patch += b"+" + data.removesuffix(b"\n").replace(b"\n", b"\n+") + b"\n"
        patch += b"" if data.endswith(b"\n") else b"\\ No newline at end of file\n"
    return _Part(shown, patch)


def _quoted(name: bytes) -> bytes:
    """Spell a path as git does in a patch."""
    if all(0x20 <= byte < 0x7F and byte not in b'"\\' for byte in name):
        return name
    spelled = (
        chr(byte) if 0x20 <= byte < 0x7F and byte not in b'"\\' else f"\\{byte:03o}"
        for byte in name
    )
    return f'"{"".join(spelled)}"'.encode()


def _notes(left_out: Sequence[tuple[str, str]]) -> list[bytes]:
    lines = [
        f"# left out: {_quoted(os.fsencode(name)).decode()} ({reason})\n"
        for name, reason in left_out[:_SHOWN_MAX]
    ]
    if len(left_out) > _SHOWN_MAX:
        lines.append(f"# left out: {len(left_out) - _SHOWN_MAX:,} more\n")
    return [line.encode() for line in lines]


def _is_secret(path: str) -> bool:
    *folders, name = path.lower().split("/")
    return not _SECRET_FOLDERS.isdisjoint(folders) or any(
        fnmatchcase(name, pattern) for pattern in _SECRETS
    )
