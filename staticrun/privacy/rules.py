"""What pages show of who ran where, and what they leave out: `privacy` of staticrun.yaml, applied.

The records on disk stay as they are. A rule changes texts only: ids, paths of artifacts, names of
params and metrics, and numbers stay, unless `redact` names the param.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from fnmatch import translate
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import msgspec

from staticrun.config import Privacy
from staticrun.record.types import Start
from staticrun.store.params import spell

if TYPE_CHECKING:
    from collections.abc import Iterable

    from staticrun.record.types import Json

T = TypeVar("T")

REDACTED = "(redacted)"
HOME = "~"
# Fields that are no words: what leads to something, or says of what kind it is.
_KEPT = frozenset(
    {"type", "format", "time", "id", "segment", "rewind_to", "parent", "writer", "where", "path"}
    | {"sha256", "tree", "digest", "kind", "flavor", "run", "of", "level", "status", "commit"}
    | {"diff", "packages", "hardware", "python", "platform", "requirements", "metrics", "result"}
)
# Which part of which record `redact` speaks of.
_NAMED = {"start": "env", "edit": "tags"} | dict.fromkeys(("params", "tags", "summary"), "values")
# Accounts that are nobody's, and words that a text may hold for other reasons.
_NOBODY = frozenset(
    {"root", "user", "users", "admin", "ubuntu", "runner", "jovyan", "guest", "nobody", "test"}
    | {"localhost", "train", "data", "model", "home", "python", "docker", "ec2-user", "default"}
)
# Home folders of Linux, macOS, clusters and Windows; also where a backslash is doubled.
_HOMES = re.compile(
    r"(?:(?<![\w./\\-])|(?<=\\[nrt])|(?<=file://))(?:(?:/[\w.+-]{1,64}){0,6}/(?:home|homes|Users|users)/|"
    r"[A-Za-z]:(?:\\{1,2}|/)Users(?:\\{1,2}|/))(?![.<]|\w*[*{$])[^\s/\\\"':;,()<>\[\]|]{1,64}"
    r"|(?:(?<![\w./\\-])|(?<=file://))/root(?=/)"
)


@dataclass(frozen=True)
class Rules:
    """How texts are changed on their way to a page.

    Attributes:
        privacy: What staticrun.yaml says.
        users: Login name → what stands for it; None where nothing may.
        hosts: Name of a machine → the same.
    """

    privacy: Privacy = field(default_factory=Privacy)
    users: dict[str, str | None] = field(default_factory=dict)
    hosts: dict[str, str | None] = field(default_factory=dict)

    @cached_property
    def active(self) -> bool:
        """Whether there is anything to change."""
        own = self.privacy
        levels = {own.users, own.hosts, own.paths}
        return levels != {"show"} or bool(own.redact or own.redact_text)

    def text(self, text: str) -> str:
        """Give a text without what pages must not show.

        >>> from staticrun.config import Privacy
        >>> Rules(Privacy(paths="hide"), {"ada": "user 1"}).text("ada ran /home/ada/train.py")
        'user 1 ran ~/train.py'
        """
        if self.privacy.paths != "show":
            text = _HOMES.sub(HOME, text)
        for pattern, instead in self._words:
            text = pattern.sub(instead.of, text)
        return text

    def data(self, data: bytes) -> bytes:
        """Change the text of a file; bytes that are no UTF-8 stay."""
        if not self.active:
            return data
        text = data.decode("utf-8", "surrogateescape")
        return self.text(text).encode("utf-8", "surrogateescape")

    def lines(self, data: bytes) -> bytes:
        """Change the lines of a record file; what is none is changed as a text."""
        return b"\n".join(map(self.line, data.split(b"\n"))) if self.active else data

    def line(self, line: bytes) -> bytes:
        """Change one line of a record file."""
        if line.startswith((b'{"type":"metrics"', b'{"type":"system"')) and b"\\" not in line:
            return self.data(line)
        try:
            record = json.loads(line)
        except ValueError:
            return self.data(line)
        if not isinstance(record, dict):
            return self.data(line)
        changed = self.record(record)
        if changed == record:
            return line
        return json.dumps(changed, ensure_ascii=False, separators=(",", ":")).encode(
            "utf-8", "surrogatepass"
        )

    def record(self, record: dict[str, Json]) -> dict[str, Json]:
        """Change a record as it was decoded."""
        kind = str(record.get("type"))
        changed = {name: self._field(name, item) for name, item in record.items()}
        part = _NAMED.get(kind, "")
        values = changed.get(part)
        if isinstance(values, dict):
            changed[part] = self.named(part if part in ("env", "tags") else kind, values)
        if kind == "start":
            for name, level, known in self._who():
                if level != "show" and name in changed:
                    changed[name] = known.get(str(record[name]))
            if isinstance(command := changed.get("command"), list):
                changed["command"] = self.command(command)
            if self.privacy.paths == "hide":
                changed.pop("cwd", None)
        return changed

    def start(self, start: Start) -> Start:
        """Change a start record as a run holds it."""
        plain = msgspec.to_builtins(start)
        return msgspec.convert(self.record({"type": "start", **plain}), Start)

    def mapped(self, value: T) -> T:
        """Change every text in a value, however deep; the names in a mapping stay."""
        changed: object = value
        if isinstance(value, str):
            changed = self.text(value)
        elif isinstance(value, dict):
            changed = {name: self.mapped(item) for name, item in value.items()}
        elif isinstance(value, list | tuple):
            changed = type(value)(self.mapped(item) for item in value)
        elif isinstance(value, msgspec.Struct):
            names = value.__struct_fields__
            fields = {name: self._field(name, getattr(value, name)) for name in names}
            changed = msgspec.structs.replace(value, **fields)
        return changed  # type: ignore[return-value]

    def named(self, where: str, values: dict[str, Json], above: str = "") -> dict[str, Json]:
        """Put `(redacted)` in the place of values that `redact` names.

        Args:
            where: `params`, `tags`, `summary` or `env`.
            values: Name → value, may be nested.
            above: The beginning of their names.
        """
        if self._redacts is None:
            return values
        changed: dict[str, Json] = {}
        for key, item in values.items():
            name = above + spell(key)
            if self._redacts.fullmatch(f"{where}.{name}"):
                changed[key] = REDACTED
            else:
                deeper = isinstance(item, dict) and item
                changed[key] = self.named(where, item, f"{name}.") if deeper else item  # type: ignore[arg-type]
        return changed

    def command(self, words: Iterable[Json]) -> list[Json]:
        """Put `(redacted)` in the place of options that bear the name of a redacted param."""
        changed: list[Json] = []
        awaited = False
        for word in words:
            text = str(word)
            name, sign, _ = text.partition("=")
            is_named = self._is_param(name.lstrip("-+"))
            if awaited and not text.startswith("--"):
                changed.append(REDACTED)
            else:
                changed.append(f"{name}={REDACTED}" if sign and is_named else word)
            awaited = is_named and not sign and text.startswith("-")
        return changed

    def _is_param(self, name: str) -> bool:
        names = (name, name.replace("-", "_"))
        return self._redacts is not None and any(
            self._redacts.fullmatch(f"params.{one}") for one in names
        )

    def _field(self, name: str, item: T) -> T:
        return item if name in _KEPT else self.mapped(item)

    def _who(self) -> tuple[tuple[str, str, dict[str, str | None]], ...]:
        own = self.privacy
        return (("user", own.users, self.users), ("host", own.hosts, self.hosts))

    @cached_property
    def _redacts(self) -> re.Pattern[str] | None:
        patterns = [translate(pattern) for pattern in self.privacy.redact]
        return re.compile("|".join(patterns)) if patterns else None

    @cached_property
    def _words(self) -> list[tuple[re.Pattern[str], _Instead]]:
        found = []
        if self.privacy.redact_text:
            longest = sorted(self.privacy.redact_text, key=len, reverse=True)
            found.append((re.compile("|".join(map(re.escape, longest))), _Instead()))
        names = _Instead()
        for known, hidden in ((self.users, "<user>"), (self.hosts, "<host>")):
            for name, instead in known.items():
                if name.lower() not in _NOBODY and len(name) > 1:
                    names[name.lower()] = instead or hidden
        if names:
            longest = sorted(names, key=len, reverse=True)
            any_ = "|".join(map(re.escape, longest))
            # In a file of JSON an escaped line break may stand before a word.
            pattern = rf"(?:(?<![^\W_])|(?<=\\[nrt]))(?:{any_})(?![^\W_])"
            found.append((re.compile(pattern, re.IGNORECASE), names))
        return found


class _Instead(dict[str, str]):
    """What stands for a word; `(redacted)` for one that has no other."""

    def of(self, match: re.Match[str]) -> str:
        return self.get(match[0].lower(), REDACTED)
