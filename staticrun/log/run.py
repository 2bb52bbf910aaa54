"""The run that a training writes to.

Every method appends one record and returns; nothing is kept back. None raises: what cannot be
recorded is left out, told once and counted in `dropped`. A method may be called from any thread.
A process made by fork, or one that the run was sent to, writes to a file of its own in the same
run, begun with its first record.
"""

from __future__ import annotations

from collections.abc import Mapping
from time import time
from typing import TYPE_CHECKING, Literal, Self
from weakref import WeakValueDictionary

from staticrun.log import exits
from staticrun.log.evaluations import Evaluations
from staticrun.log.inputs import Inputs
from staticrun.log.outputs import Outputs
from staticrun.log.tell import say
from staticrun.log.values import clean, show, to_mapping, to_numbers, to_step
from staticrun.log.writer import Writer, never_raises
from staticrun.record import types
from staticrun.record.codec import encode

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    from staticrun.log.place import Place
    from staticrun.log.sink import Sink
    from staticrun.log.watch import Watched
    from staticrun.record.types import Level, Status

_Metrics = types.Metrics
_STATUSES = ("finished", "failed", "stopped")
_LEVELS = ("debug", "info", "warning", "error", "critical")


class Run(Outputs, Evaluations, Inputs):
    """One trial, open for writing; made by `staticrun.start`.

    As a context manager it ends by the way the block is left: `finished`; `failed` with the
    exception; `stopped` by Ctrl-C or SIGTERM. The exception goes on.
    """

    def __init__(self, place: Place, sink: Sink | None = None, last_step: float = -1) -> None:
        self._place = place
        self._writer = Writer(place, sink)
        self._step = last_step
        self._watched: dict[str, Watched] = {}
        _here[place.folder] = self

    @property
    def id(self) -> str:
        """The permanent id: 26 characters, sortable by time."""
        return self._place.id

    @property
    def key(self) -> str:
        """`EXPERIMENT/RUN`, the run's path below `runs/`."""
        return self._place.key

    @property
    def name(self) -> str:
        """The name as it was given, else the folder's."""
        return self._place.name

    @property
    def experiment(self) -> str:
        """The experiment's name, its path below `runs/`."""
        return self.key.rpartition("/")[0]

    @property
    def folder(self) -> Path:
        """The run's folder, absolute."""
        return self._place.folder

    @property
    def root(self) -> Path:
        """The project's folder, absolute."""
        return self._place.root

    @property
    def ended(self) -> bool:
        """Whether `finish` was called, or the block was left."""
        return self._writer.ended

    @property
    def dropped(self) -> int:
        """How many values and records could not be written."""
        return self._writer.dropped

    def log(self, values: Mapping[str, object], step: float | None = None) -> None:
        """Record numbers at a step.

        Args:
            values: Metric → number: Python's, numpy's, a tensor of one element. NaN and infinity
                are numbers. Names of a nested mapping are joined by `/`.
            step: Where they belong; left out, one more than this writer's last, the first is 0.
        """
        # This is the path that a training takes a million times: everything is taken for plain.
        # What is not, or goes wrong, is done again with care by `_log_any`.
        try:
            is_plain = type(values) is dict and values and (step is None or type(step) is int)
            for value in values.values():
                if type(value) is not float and type(value) is not int:
                    is_plain = False
            if not is_plain:
                self._log_any(values, step)
                return
            writer = self._writer
            with writer.lock:
                at = self._step + 1 if step is None else step
                line = encode(_Metrics(values=values, step=at, time=time()))  # type: ignore[arg-type]
                writer.out.append(line)  # type: ignore[union-attr]
                self._step = at
            if self._watched:
                self._look(values, at)  # type: ignore[arg-type]
        except Exception:  # noqa: BLE001 - see above
            self._log_any(values, step)

    @never_raises
    def _log_any(self, values: object, step: object) -> None:
        if not isinstance(values, Mapping):
            what = f"log() takes a mapping of names to numbers, not {show(values)}"
            self._writer.drop("metrics", what)
            return
        read = to_numbers(dict(values), self._refuse)
        at = to_step(step)
        if step is not None and at is None:
            self._writer.drop("step", f"step {show(step)} is no number; the next step is used")
        with self._writer.lock:
            self._step = self._step + 1 if at is None else at
            if read:
                self._writer.write(_Metrics(values=dict(read), step=self._step, time=time()))
        if self._watched:
            self._look(read, self._step)

    @never_raises
    def _look(self, values: Mapping[str, float], step: float) -> None:
        for name in values.keys() & self._watched.keys():
            for text in self._watched[name].look(values[name], step):
                self.alert(text)

    @never_raises
    def watch(
        self,
        metric: str,
        *,
        finite: bool = True,
        min: float | None = None,  # noqa: A002 - the word of staticrun.yaml
        max: float | None = None,  # noqa: A002 - likewise
        diverges: float | None = None,
        patience: int | None = None,
        direction: Literal["min", "max"] | None = None,
    ) -> None:
        """Record an alert the first time that a metric does what it should not.

        `watch` in staticrun.yaml says the same for every run; a call goes over it.

        Args:
            metric: Its name.
            finite: Tell when a value is NaN or infinite.
            min: Tell when a value is less.
            max: Tell when a value is greater.
            diverges: Tell when a value is so many times worse than the best one before; values
                that are not above 0 tell nothing.
            patience: Tell when so many values on end were no better than the best one before.
            direction: Which values are better; `diverges` and `patience` need it.
        """
        from staticrun.config import Watch
        from staticrun.log.watch import Watched

        if direction not in ("min", "max") and (diverges is not None or patience is not None):
            self._writer.drop("watch", f"the watch on {show(metric)} needs a direction")
        watch = Watch(finite=finite, min=min, max=max, diverges=diverges, patience=patience)
        self._watched[metric] = Watched(clean(metric), watch, direction)

    def _refuse(self, name: str, value: object) -> None:
        self._writer.drop("value", f"metric {name!r} is {show(value)}, which is no number")

    @never_raises
    def params(self, values: object) -> None:
        """Record what the run is configured with; later calls add and replace key by key.

        Args:
            values: A nested mapping, a dataclass, an `argparse.Namespace`, a pydantic model.
        """
        self._write_mapping("params", values, types.Params)

    @never_raises
    def summary(self, values: Mapping[str, object]) -> None:
        """Record results of the whole run; per key the last one holds, None deletes."""
        self._write_mapping("summary", values, types.Summary)

    @never_raises
    def tag(self, values: Mapping[str, object] | None = None, /, **more: object) -> None:
        """Record words to find the run by: `run.tag(team="risk")`; None deletes a tag."""
        if values is not None:
            self._write_mapping("tags", values, types.Tags)
        self._write_mapping("tags", more, types.Tags)

    def _write_mapping(
        self,
        what: str,
        values: object,
        kind: type[types.Params | types.Summary | types.Tags],
    ) -> None:
        found = to_mapping(values)
        if found is None:
            expected = "a mapping of names to values"
            self._writer.drop(what, f"{what} takes {expected}, not {show(values)}")
        elif found:
            self._writer.write(kind(values=found, time=time()))

    @never_raises
    def note(self, text: str) -> None:
        """Record what a person has to say about the run, in Markdown."""
        self._writer.write(types.Note(text=clean(text), time=time()))

    @never_raises
    def text(self, text: str, level: Level = "info") -> None:
        """Record a line of text that the training says."""
        known = level if level in _LEVELS else "info"
        self._writer.write(types.Log(text=clean(text), level=known, time=time()))

    @never_raises
    def alert(self, text: str, level: Level = "warning") -> None:
        """Record a line that somebody should see, and print it on stderr."""
        known = level if level in _LEVELS else "warning"
        self._writer.write(types.Alert(text=clean(text), level=known, time=time()))
        say(f"{known}: {clean(text)} ({self.key})")

    def child(
        self,
        name: str | None = None,
        *,
        params: object = None,
        tags: Mapping[str, object] | None = None,
        group: str | None = None,
        seed: object = None,
    ) -> Run:
        """Start a run of the same experiment that belongs to this one.

        Raises:
            UserError: As `staticrun.start`.
        """
        from staticrun.log.start import start

        return start(
            self.experiment,
            name=name,
            params=params,
            tags=tags,
            group=group,
            seed=seed,
            parent=self,
            root=self.root,
            capture=self._place.capture,
        )

    @never_raises
    def finish(self, status: Status = "finished") -> None:
        """End the run; a second time does nothing.

        Args:
            status: `finished`, `failed` or `stopped`.
        """
        if clean(status) in _STATUSES:
            self._writer.end(status, None)
            return
        what = f"{show(status)} is no status; the run is recorded as failed"
        self._writer.drop("status", what)
        self._writer.end("failed", f"finish({show(status)})")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> Literal[False]:
        self._writer.end(*exits.outcome_of(error))
        return False

    def __repr__(self) -> str:
        return f"<staticrun run {self.key}{', ended' if self.ended else ''}>"

    def __copy__(self) -> Run:
        return self

    def __deepcopy__(self, memo: object) -> Run:
        return self

    def __reduce__(self) -> tuple[Callable[[Place], Run], tuple[Place]]:
        """Send the run to another process: there its records go to a file of their own."""
        return received, (self._place,)


# Runs of this process by their folders; those that it was sent are kept until it ends.
_here: WeakValueDictionary[Path, Run] = WeakValueDictionary()
_sent: dict[Path, Run] = {}


def received(place: Place) -> Run:
    """Give the run that was sent: however often it comes, a process writes to one file."""
    run = _here.get(place.folder)
    if run is None or (run.ended and _sent.get(place.folder) is run):
        _sent[place.folder] = run = Run(place)
    return run
