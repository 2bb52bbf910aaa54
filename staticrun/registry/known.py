"""What contents of manifests were read to say, kept in the cache; always safe to delete."""

from __future__ import annotations

from contextlib import suppress
from inspect import getsource
from typing import TYPE_CHECKING, Any

import msgspec

from staticrun import files, git, layout
from staticrun.registry import canonical, manifests, read, words

if TYPE_CHECKING:
    from pathlib import Path

    from staticrun.registry.manifests import Manifest


# What was not asked for is dropped when it is more than this many times what was.
SPARE = 4
_NOTHING: dict[str, Any] = {}


class _Kept(msgspec.Struct):
    """All that is kept: by what a file says it is, a name of its content → what it says."""

    code: str
    versions: dict[str, manifests.Version] = {}
    withdrawn: dict[str, manifests.Withdrawn] = {}
    stages: dict[str, manifests.Stage] = {}


class Known:
    """What was read before.

    Args:
        root: The project's folder.
    """

    def __init__(self, root: Path) -> None:
        self._file = root / layout.CACHE / "registry.msgpack"
        code = files.sha256(
            "".join(getsource(one) for one in (words, manifests, canonical, read)).encode()
        )
        self._kept = _Kept(code)
        self._used: set[str] = set()
        self._changed = False
        if git.tracked(root, layout.CACHE):  # then it may be a stranger's
            return
        with suppress(OSError, msgspec.MsgspecError):
            kept = msgspec.msgpack.decode(self._file.read_bytes(), type=_Kept)
            if kept.code == code:
                self._kept = kept

    def recall(self, name: str, kind: type[Manifest] | None) -> Manifest | None:
        """Give what a content says as a manifest of a kind; None where that is not known."""
        found = self._of(kind).get(name)
        if found is not None:
            self._used.add(name)
        return found

    def keep(self, name: str, manifest: Manifest) -> None:
        """Take on what a content says; of files of which there is one each nothing is kept."""
        kept = self._of(type(manifest))
        if kept is not _NOTHING:
            kept[name] = manifest
            self._used.add(name)
            self._changed = True

    def save(self) -> None:
        """Write it down; a cache that cannot be written is none."""
        kinds: tuple[dict[str, Any], ...] = (
            self._kept.versions,
            self._kept.withdrawn,
            self._kept.stages,
        )
        if sum(len(kept) for kept in kinds) > SPARE * len(self._used) + 1000:
            for kept in kinds:
                for name in kept.keys() - self._used:
                    del kept[name]
            self._changed = True
        if self._changed:
            with suppress(OSError):
                files.write_atomic(self._file, msgspec.msgpack.encode(self._kept))
                self._changed = False

    def _of(self, kind: type[Manifest] | None) -> dict[str, Any]:
        kinds: dict[type[Manifest] | None, dict[str, Any]] = {
            manifests.Version: self._kept.versions,
            manifests.Withdrawn: self._kept.withdrawn,
            manifests.Stage: self._kept.stages,
        }
        return kinds.get(kind, _NOTHING)
