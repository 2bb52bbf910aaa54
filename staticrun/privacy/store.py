"""The runs of a project as pages may show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staticrun.privacy.rules import Rules
from staticrun.store.params import dotted
from staticrun.store.run import Run
from staticrun.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterable

    from staticrun.config import Config
    from staticrun.store.entries import LogEntry

# What of a run is text, or holds some.
_TEXTS = (
    *("name", "group", "user", "git", "params_tree", "tags", "summary", "raw", "end", "artifacts"),
    *("datasets", "models", "uses", "verdicts", "notes", "alerts", "findings"),
)


def rules_for(config: Config, store: Store | None = None) -> Rules:
    """Gather what `privacy` says, and of whom it speaks.

    Args:
        config: The project.
        store: Its runs, as they are on disk; None where users and hosts do not matter.

    Returns:
        The rules. Aliases are numbers in the order of first runs: the same in every clone, and
        nothing from which a name could be worked out.
    """
    own = config.privacy
    if store is None or own.users == own.hosts == "show":
        return Rules(own)
    runs = store.runs(archived=True)
    ordered = sorted(runs, key=lambda run: (run.started is None, run.started or 0, run.key))
    users = dict.fromkeys(name for run in ordered for name in run.users)
    hosts = dict.fromkeys(name for run in ordered for name in run.hosts)
    return Rules(own, _users(users, own.users), _hosts(hosts, own.hosts))


def open_private(config: Config) -> tuple[Store, Rules]:
    """Open the runs of a project as pages may show them, and give what was done to them."""
    store = Store.open(config)
    rules = rules_for(config, store)
    return (PrivateStore(config, rules) if rules.active else store), rules


def private(config: Config, rules: Rules) -> Store:
    """Open the runs of a project, changed by rules where there are any."""
    return PrivateStore(config, rules) if rules.active else Store.open(config)


def _users(names: Iterable[str], level: str) -> dict[str, str | None]:
    if level == "show":
        return {}
    return {
        name: f"user {number}" if level == "alias" else None
        for number, name in enumerate(names, 1)
    }


def _hosts(names: Iterable[str], level: str) -> dict[str, str | None]:
    """Name machines; `node7` and `node7.cluster.example` are one."""
    if level == "show":
        return {}
    found: dict[str, str | None] = {}
    numbers: dict[str, int] = {}
    for name in names:
        short = name.partition(".")[0]
        number = numbers.setdefault(short, len(numbers) + 1)
        found[name] = found[short] = f"host {number}" if level == "alias" else None
    return found


class PrivateStore(Store):
    """Runs whose texts were changed by rules; filters see what pages see.

    Args:
        config: The project.
        rules: What is changed.
    """

    def __init__(self, config: Config, rules: Rules) -> None:
        super().__init__(config)
        self._own = config
        self._rules = rules
        self._shown: dict[str, tuple[str, PrivateRun]] = {}
        self._recorded: Store | None = None

    def __reduce__(self) -> tuple[object, ...]:
        return PrivateStore, (self._own, self._rules)

    def as_recorded(self) -> Store:
        """Give the runs as their records have them: what is compared, not what is shown."""
        if self._recorded is None:
            self._recorded = Store.open(self._own)
        return self._recorded

    def run(self, key: str) -> Run:
        """Give a run as pages may show it.

        Raises:
            UserError: When there is none with this key.
        """
        run = super().run(key)
        held = self._shown.get(key)
        if held is None or held[0] != run.digest:
            held = self._shown[key] = (run.digest, PrivateRun(run, self._rules))
        return held[1]


class PrivateRun(Run):
    """A run whose texts were changed by rules.

    Args:
        run: As it is on disk.
        rules: What is changed.
    """

    def __init__(self, run: Run, rules: Rules) -> None:
        self.__dict__.update(run.__dict__)
        self._rules = rules
        for name in _TEXTS:
            setattr(self, name, rules.mapped(getattr(run, name)))
        self.params_tree = rules.named("params", self.params_tree)
        self.params = dotted(self.params_tree)
        self.tags = rules.named("tags", self.tags)
        self.summary = rules.named("summary", self.summary)
        if run.start is not None:
            self.start = rules.start(run.start)
            self.user = self.start.user
        self.users = self.hosts = ()

    @property
    def logs(self) -> list[LogEntry]:
        """Lines of text that the training wrote, as pages may show them."""
        return self._rules.mapped(super().logs)
