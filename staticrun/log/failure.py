"""Why a run ended, as its record tells it: the exception, with paths that are everybody's."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

from staticrun.log.hide import hide_for
from staticrun.log.redact import redact
from staticrun.log.values import clean
from staticrun.record.types import Failure

if TYPE_CHECKING:
    from staticrun.log.place import Place

_MESSAGE_MAX = 4_000
_TRACEBACK_MAX = 40_000


def describe(error: BaseException | str, place: Place) -> Failure:
    """Describe an exception, or a signal by its name."""
    if isinstance(error, str):
        return Failure(type=error)
    hide_names = hide_for(place.root, place.capture)

    def hide(text: str) -> str:
        return redact(hide_names(text))

    if isinstance(error, SystemExit):
        return Failure(type="SystemExit", message=_short(hide(clean(error.code)), _MESSAGE_MAX))
    lines = traceback.format_exception(error)
    return Failure(
        type=type(error).__qualname__,
        message=_short(hide(clean(error)), _MESSAGE_MAX),
        traceback=_short(hide(clean("".join(lines))), _TRACEBACK_MAX),
    )


def _short(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    half = most // 2
    return f"{text[:half]}\n… {len(text) - most:,} characters left out …\n{text[-half:]}"
