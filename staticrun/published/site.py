"""A published site, asked for its runs as a project is."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, TypeVar

import msgspec

from staticrun import files, layout, receipts, version_list
from staticrun.errors import UserError, nearest
from staticrun.published.fetch import BYTES_MAX, Missing, source
from staticrun.published.run import PublishedRun
from staticrun.published.shapes import FORMAT, LIST, Listing, Row, Rows
from staticrun.store.run import Runs

if TYPE_CHECKING:
    from pathlib import Path

    from staticrun.store.filter import Predicate

_T = TypeVar("_T")
_SHARD = re.compile(r"o/[0-9a-f]{2}/[0-9a-f]{32}\.json")
_LIST_BYTES = 4_000_000


class Site:
    """A published site.

    Its runs are read when they are first asked for, and kept.

    Args:
        where: As for `staticrun.open`.
        version: As for `staticrun.open`.

    Attributes:
        address: Where it is: the folder's path, or the address without its last slash.
        version: As it was asked for.

    Raises:
        UserError: When the address is of no kind that can be read.
    """

    def __init__(self, where: str | Path, version: str | None = None) -> None:
        self._source = source(where)
        self.address = self._source.shown
        self.version = version
        self._runs: list[PublishedRun] | None = None

    def __repr__(self) -> str:
        return f"<Site {self.address}" + (f" {self.version}>" if self.version else ">")

    def runs(self, experiment: str | None = None, where: str | None = None) -> Runs:
        """Read the runs of the site.

        Args:
            experiment: Only runs of this experiment.
            where: A filter, as for `staticrun.runs`. What a site does not list (`datasets.…`,
                `at(…)`, which needs points) is refused.

        Returns:
            The runs that are not archived, in the natural order of their keys.

        Raises:
            UserError: When the filter is wrong, or the site cannot be read.
        """
        if self._runs is None:
            self._runs = self._read()
        found = [run for run in self._runs if experiment in (None, run.experiment)]
        if where is None:
            return Runs(found)
        from staticrun.store.filter import RunFields, parse

        holds = parse(where, clock=time.time())
        _refuse(holds)
        return Runs(run for run in found if holds(RunFields(run, {})))

    def _read(self) -> list[PublishedRun]:
        shards = [LIST] if self.version is None else self._shards(self.version)
        rows: list[Row] = []
        left = BYTES_MAX
        for url in shards:
            try:
                data = self._source.read(url, left)
            except Missing as error:
                what, expected = f"has no {url}", "the root of a site that staticrun built"
                raise UserError(self.address, what, expected) from error
            left -= len(data)
            if url != LIST and layout.object_url(files.sha256(data), "json") != url:
                raise UserError(f"{self.address}/{url}", "its bytes are not those of its name")
            rows += self._decoded(data, url, Rows).runs
        found = [PublishedRun(row, self.address) for row in rows if not row.archived]
        return sorted(found, key=lambda run: (files.natural_order(run.key), run.key))

    def _shards(self, name: str) -> tuple[str, ...]:
        receipts.check_name(name)
        try:
            data = self._source.read(f"{layout.version_url(name)}/{LIST}", _LIST_BYTES)
        except Missing:
            data = self._aliased(name)
        listing = self._decoded(data, f"v/{name}/{LIST}", Listing)
        if not all(map(_SHARD.fullmatch, listing.shards)):
            where = f"{self.address}/v/{name}/{LIST}"
            raise UserError(where, "names a file that is no object of a site", "o/HH/HASH.json")
        return listing.shards

    def _aliased(self, alias: str) -> bytes:
        """Read the list of the version that an alias stands for."""
        try:
            data = self._source.read(version_list.TWIN, _LIST_BYTES)
        except Missing:
            data = b'{"format":1,"versions":[]}'
        versions = self._decoded(data, version_list.TWIN, version_list.Versions).versions
        real = next((one.name for one in versions if alias in one.aliases), None)
        if real is not None:
            receipts.check_name(real)
            try:
                return self._source.read(f"{layout.version_url(real)}/{LIST}", _LIST_BYTES)
            except Missing:
                pass
        known = [word for one in versions for word in (one.name, *one.aliases)]
        if alias in known:
            what, expected = f"the version {alias!r} lists no runs for programs", "a newer version"
            raise UserError(self.address, what, expected)
        raise UserError(
            self.address,
            f"there is no version {alias!r}",
            "a version's name",
            nearest(alias, known),
        )

    def _decoded(self, data: bytes, url: str, kind: type[_T]) -> _T:
        where = f"{self.address}/{url}"
        try:
            found = msgspec.json.decode(data, type=kind)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            what = f"is no list of a site ({error})"
            raise UserError(where, what, "what staticrun wrote there") from error
        if getattr(found, "format", None) != FORMAT:
            what = f"has the format {getattr(found, 'format', None)!r}"
            raise UserError(where, what, f"{FORMAT}", "a newer staticrun")
        return found


def _refuse(filter_: Predicate) -> None:
    """Refuse what would be false for every run because the site does not say it."""
    for field in filter_.fields:
        if field.space == "dataset" or field.aggregate == "at":
            what = "datasets" if field.space == "dataset" else "at(…), which needs points"
            raise UserError("filter", f"a published site does not list {what}", "other fields")
