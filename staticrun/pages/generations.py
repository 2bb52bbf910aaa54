"""What a run came from and what came of it, over all generations that the project knows."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from staticrun.pages import format as fmt
from staticrun.pages.context import Kin, RunLink
from staticrun.store.lineage import name_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from staticrun.store.run import Run

# In one direction of one page; then come the nearest generations, and first of each list.
KIN_MAX = 60
LIST_MAX = 12
DEPTH_MAX = 12
# The role of a lock file among what a run used: asked for less often than the rest.
LOCK = "lock file"
_DIGITS = 12
_TEXT_MAX = 120


class _Edge(NamedTuple):
    """A step from a run to a relative: how they are related, and the run, or a thing in words."""

    how: str
    run: RunLink | None = None
    text: str = ""


Edges = dict[str, list[_Edge]]


class Generations:
    """Who stands before and behind whom.

    Args:
        runs: All runs of the project.
        links: Key → the run as others mention it.
        producers: Key → what the run consumed, by `store.lineage.name_of` → the run that wrote it.
    """

    def __init__(
        self,
        runs: Sequence[Run],
        links: Mapping[str, RunLink],
        producers: Mapping[str, Mapping[str, Run]],
    ) -> None:
        by_id = {run.id: links[run.key] for run in runs}
        self._before: Edges = {}
        self._behind: Edges = {}
        for run in runs:
            if parent := by_id.get(run.parent or ""):
                self._join(links[run.key], parent, "parent", "child")
            self._use(run, links, producers[run.key])
            for verdict in run.verdicts:
                if original := by_id.get(verdict.of):
                    told = f"repeated it: {fmt.short(verdict.result, _TEXT_MAX)}"
                    self._join(links[run.key], original, "repeated", told)

    def before(self, key: str) -> tuple[Kin, ...]:
        """Give what a run came from, the nearest first."""
        return _walk(key, self._before)

    def behind(self, key: str) -> tuple[Kin, ...]:
        """Give what came of a run."""
        return _walk(key, self._behind)

    def _join(self, later: RunLink, earlier: RunLink, how: str, back: str) -> None:
        self._before.setdefault(later.key, []).append(_Edge(how, earlier))
        self._behind.setdefault(earlier.key, []).append(_Edge(back, later))

    def _use(self, run: Run, links: Mapping[str, RunLink], made: Mapping[str, Run]) -> None:
        own = self._before.setdefault(run.key, [])
        used: dict[str, list[str]] = {}
        for use in run.uses:
            if use.role == LOCK:
                continue
            words = _words(use.path or use.uri, use.role)
            if name_of(use) in made:
                used.setdefault(made[name_of(use)].key, []).append(words)
            else:
                own.append(_Edge("used", None, words or fmt.short(name_of(use), _TEXT_MAX)))
        for key, every in used.items():
            what = fmt.listed([words for words in every if words], most=4)
            self._join(links[run.key], links[key], f"used {what}".strip(), f"uses {what}".strip())
        for data in run.datasets:
            rows = fmt.plural(data.rows, "row") if data.rows is not None else None
            text = _words(data.name, data.role, rows, (data.digest or "")[:_DIGITS])
            own.append(_Edge("data", None, text))


def _words(*parts: str | None) -> str:
    return ", ".join(fmt.label(part, _TEXT_MAX) for part in parts if part)


class _Node:
    """A relative while the tree grows."""

    def __init__(self, edge: _Edge, depth: int) -> None:
        self.edge, self.depth = edge, depth
        self.next: list[_Node] = []
        self.left_out = 0

    def frozen(self) -> Kin:
        how, run, text = self.edge
        return Kin(how, run, text, tuple(one.frozen() for one in self.next), self.left_out)


def _walk(start: str, edges: Edges) -> tuple[Kin, ...]:
    """Grow the tree of a run, generation by generation; who stands in it already ends a branch."""
    root = _Node(_Edge("", RunLink(start, "", "")), 0)
    seen, queue, room = {start}, deque([root]), KIN_MAX
    while queue:
        node = queue.popleft()
        key = node.edge.run.key if node.edge.run else ""
        found = edges.get(key, [])
        shown = found[: min(LIST_MAX, room) if node.depth < DEPTH_MAX else 0]
        room -= len(shown)
        node.left_out = len(found) - len(shown)
        for edge in shown:
            child = _Node(edge, node.depth + 1)
            node.next.append(child)
            if edge.run is not None and edge.run.key not in seen:
                seen.add(edge.run.key)
                queue.append(child)
    whole = root.frozen()
    rest = (Kin("", None, "", (), whole.left_out),) if whole.left_out else ()
    return (*whole.next, *rest)
