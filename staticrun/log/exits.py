"""How a process ends, and what its open runs say of it.

A run that nobody finished is ended when the process is: by `atexit` with what is known of the
way out, by SIGTERM and SIGHUP as `stopped`. A signal's default action follows, so that the
process still dies by it; a handler that the training had set is called instead and decides.
A worker of `multiprocessing` leaves by a way of its own, which is taken likewise.
SIGKILL, `os._exit` and a power cut leave the run open, with every record that was written.

Handlers belong to the process, so this module holds the one list of open runs.
"""

from __future__ import annotations

import atexit
import builtins
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, NoReturn, Protocol

from staticrun.log import inherit

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from staticrun.record.types import Status

    Handler = Callable[[int, FrameType | None], object] | int | None

_SIGNALS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


class Ending(Protocol):
    """What this module knows of a run."""

    def end(self, status: Status, error: BaseException | str | None) -> None:
        """Write the end record and close the file."""

    def size(self) -> int:
        """Give the bytes of the record file: it tells whether anything was logged since."""

    def forget(self) -> None:
        """Let go of the file: this process is a copy of the one that opened it."""


_open: list[Ending] = []
_previous: dict[int, Handler] = {}
_signalled: list[str] = []
_exit_call: list[tuple[object, int]] = []
_sys_exit = sys.exit
_worker: list[int] = []


def watch(run: Ending) -> None:
    """End this run with the process, unless it is released before."""
    if run not in _open:
        _open.append(run)
    if threading.current_thread() is threading.main_thread():
        _install()
    _watch_worker()


def release(run: Ending) -> None:
    """Leave a run alone that has ended; with the last one, all handlers are taken back."""
    inherit.take_back(run)
    if run in _open:
        _open.remove(run)
    if not _open and threading.current_thread() is threading.main_thread():
        _uninstall()


def outcome_of(error: BaseException | None) -> tuple[Status, BaseException | str | None]:
    """Say how a run ended that an exception left, or none, and what its record tells of it."""
    if _signalled and (error is None or isinstance(error, SystemExit)):
        return "stopped", _signalled[-1]
    if error is None or (isinstance(error, SystemExit) and error.code in (None, 0)):
        return "finished", None
    is_stop = isinstance(error, KeyboardInterrupt | GeneratorExit)
    is_cancel = type(error).__name__ == "CancelledError"
    return "stopped" if is_stop or is_cancel else "failed", error


def _install() -> None:
    for number in _SIGNALS:
        if number in _previous:
            continue
        handler = signal.getsignal(number)
        # Ignored (nohup) stays ignored; None is a handler that Python cannot put back.
        if handler is not signal.SIG_IGN and handler is not None:
            signal.signal(number, _on_signal)
            _previous[number] = handler
    if sys.exit is _sys_exit:
        sys.exit = _exit


def _uninstall() -> None:
    for number in list(_previous):
        # A handler that was set over ours may call it: then it still has to know the one before.
        if signal.getsignal(number) is _on_signal:
            signal.signal(number, _previous.pop(number))
    if sys.exit is _exit:
        sys.exit = _sys_exit
    _signalled.clear()
    _exit_call.clear()


def _on_signal(number: int, frame: FrameType | None) -> None:
    name = signal.Signals(number).name
    previous = _previous.get(number)
    if callable(previous):
        _signalled.append(name)
        previous(number, frame)
        return
    for run in (*_open,):
        run.end("stopped", name)
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def _exit(code: object = None, /) -> NoReturn:
    """Note the exit code, which nothing else tells at exit, and exit."""
    if threading.current_thread() is threading.main_thread():
        _exit_call[:] = [(code, _sizes())]
    raise SystemExit(code)


def _sizes() -> int:
    return sum(run.size() for run in _open)


def _way_out() -> BaseException | None:
    """Find the exception that ends this process: its traceback was printed, or sys.exit raised.

    An exit whose exception was caught is told by records that were written since.
    """
    is_interactive = hasattr(sys, "ps1") or hasattr(builtins, "__IPYTHON__")
    if not is_interactive and not sys.flags.interactive:
        error = getattr(sys, "last_value", None)
        if isinstance(error, BaseException):
            return error
    if _exit_call and _exit_call[0][1] == _sizes():
        return SystemExit(_exit_call[0][0])
    return None


@atexit.register
def _at_exit() -> None:
    outcome = outcome_of(_way_out())
    for run in (*_open,):
        run.end(*outcome)


def _watch_worker() -> None:
    """End runs with a process of multiprocessing, which after fork never comes to `atexit`."""
    process = sys.modules.get("multiprocessing.process")
    if process is None or process.parent_process() is None or _worker == [os.getpid()]:
        return
    from multiprocessing.util import Finalize

    _worker[:] = [os.getpid()]
    Finalize(None, _at_worker_exit, exitpriority=0)


def _at_worker_exit() -> None:
    outcome = outcome_of(sys.exception() or _way_out())
    for run in (*_open,):
        run.end(*outcome)


def _in_child() -> None:
    for run in (*_open,):
        run.forget()
    _open.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)
