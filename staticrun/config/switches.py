"""What a call says of `capture`, over what the file and the variable say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from staticrun.config.forms import FORMS
from staticrun.config.keys import Capture
from staticrun.errors import UsageError, nearest

_NAMES = Capture.__struct_fields__


def over(found: Capture, given: object) -> Capture:
    """Put what `start(capture=…)` was given over what holds without it.

    Args:
        found: What holds.
        given: None, True or False for all, a `Capture` for exactly that, or a mapping of some by
            name: True or False, for `env` also a list of names, for `system` also seconds.

    Raises:
        UsageError: When it is none of that.
    """
    if given is None:
        return found
    if isinstance(given, Capture):
        return given
    if isinstance(given, bool):
        return Capture(**dict.fromkeys(_NAMES, given))
    if not isinstance(given, Mapping):
        expected = "True, False or some of them by name"
        raise UsageError("capture", f"{given!r} is neither", expected, "capture={'user': False}")
    return msgspec.structs.replace(found, **{key: _value(key, given[key]) for key in given})


def _value(key: object, value: object) -> object:
    if not isinstance(key, str) or key not in _NAMES:
        what = f"{key!r} is nothing to record"
        raise UsageError("capture", what, "", nearest(str(key), _NAMES))
    if isinstance(value, bool):
        return value
    where, expected = f"capture[{key!r}]", "True or False"
    if key == "system":
        seconds = FORMS["interval"].read(str(value)) if isinstance(value, int | float) else None
        if seconds is not None:
            return seconds
        expected = "True, False or the seconds between two samples"
    if key == "env":
        expected = "True, False or a list such as ['MYLAB_*']"
        if isinstance(value, Sequence) and not isinstance(value, str):
            if all(isinstance(name, str) and FORMS["names"].read(name) for name in value):
                return tuple(value)
            expected = f"a list of which each is {FORMS['names'].expected}"
    raise UsageError(where, f"{value!r} is no switch", expected)
