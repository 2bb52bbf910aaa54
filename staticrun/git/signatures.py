"""Who signed a commit by an SSH key, as `ssh-keygen` says; no repository configures that.

Signatures of OpenPGP and X.509 are not verified: their keys are in a keyring of one machine, and
what a registry says of a commit has to be the same on every machine.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from staticrun.git.objects import parse_head

if TYPE_CHECKING:
    from collections.abc import Sequence

TIMEOUT_S = 30.0
_HEADERS = (b"gpgsig ", b"gpgsig-sha256 ")
# What can stand in a command line, whoever wrote it.
_ADDRESS = re.compile(r"[^\x00-\x20\x7f]{1,300}")
_ARMOUR = b"-----BEGIN SSH SIGNATURE-----"


class Verdict(NamedTuple):
    """What is known of a commit's signature.

    Attributes:
        status: `verified`: by a key that may sign; `unknown`: not verified, or by a key that is
            not listed; `bad`: the commit is not what was signed; `none`: there is no signature.
        signer: Whose key it is, as the list names him; None unless it is verified.
    """

    status: Literal["verified", "unknown", "none", "bad"]
    signer: str | None = None


def verify(commits: Sequence[bytes], signers: bytes | None) -> list[Verdict]:
    """Verify the signatures of commits.

    A key has to be valid at the time that the commit claims: what is verified today is verified
    in a year.

    Args:
        commits: Their objects, as git keeps them.
        signers: Who may sign, in the lines of ALLOWED SIGNERS of ssh-keygen(1); None for nobody.
    """
    program = shutil.which("ssh-keygen")
    if program is None or signers is None:
        return [Verdict("none" if split(one) is None else "unknown") for one in commits]
    with tempfile.TemporaryDirectory() as folder:
        allowed = Path(folder, "allowed")
        allowed.write_bytes(signers)
        keys = _Keys(program, allowed)
        with ThreadPoolExecutor(min(8, os.cpu_count() or 1)) as pool:
            return list(pool.map(keys.verdict, commits))


def split(commit: bytes) -> tuple[bytes, bytes] | None:
    """Take a commit's object apart: what was signed, and the signature; None without one."""
    top, gap, message = commit.partition(b"\n\n")
    signed: list[bytes] = []
    signature: list[bytes] = []
    inside = False
    for line in top.split(b"\n"):
        begins = line.startswith(_HEADERS)
        inside = begins or (inside and line.startswith(b" "))
        if inside:
            signature.append(line.partition(b" ")[2])
        else:
            signed.append(line)
    return (b"\n".join(signed) + gap + message, b"\n".join(signature)) if signature else None


class _Keys:
    def __init__(self, program: str, allowed: Path) -> None:
        self._program = program
        self._allowed = allowed

    def verdict(self, commit: bytes) -> Verdict:
        parts = split(commit)
        if parts is None:
            return Verdict("none")
        signed, armoured = parts
        if not armoured.startswith(_ARMOUR) or armoured.count(_ARMOUR) != 1:
            return Verdict("unknown")
        with tempfile.NamedTemporaryFile(dir=self._allowed.parent) as stream:
            stream.write(armoured + b"\n")
            stream.flush()
            return self._verdict(commit, signed, stream.name)

    def _verdict(self, commit: bytes, signed: bytes, signature: str) -> Verdict:
        head = parse_head(commit)
        when = datetime.fromtimestamp(head.committed, UTC).strftime("%Y%m%d%H%M%S")
        listed = ("-f", os.fspath(self._allowed), f"-Overify-time={when}", "-s", signature)
        # Whom the commit names as its committer is asked first: a key may be several people's.
        address = head.committer.rpartition("<")[2].removesuffix(">")
        if _ADDRESS.fullmatch(address) and self._verified(address, listed, signed):
            return Verdict("verified", address)
        found = self._ask("find-principals", *listed) or b""
        for signer in found.decode("utf-8", "replace").replace("\n", ",").split(","):
            if signer and not {*signer} & {*"*?!"} and self._verified(signer, listed, signed):
                return Verdict("verified", signer)
        fits = self._ask("check-novalidate", "-n", "git", "-s", signature, stdin=signed)
        return Verdict("bad" if fits is None else "unknown")

    def _verified(self, signer: str, listed: tuple[str, ...], signed: bytes) -> bool:
        return self._ask("verify", "-n", "git", "-I", signer, *listed, stdin=signed) is not None

    def _ask(self, *words: str, stdin: bytes = b"") -> bytes | None:
        """Run ssh-keygen; None where it fails."""
        command = (self._program, "-Y", *words)
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}
        try:
            done = subprocess.run(
                command,
                input=stdin,
                capture_output=True,
                timeout=TIMEOUT_S,
                env=environment,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return None
        return None if done.returncode else done.stdout
