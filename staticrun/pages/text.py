"""Text from a stranger made fit for a page: every character visible, none that steers.

Escaping for HTML is the templates' work; this is about characters that HTML forbids or that
change how the text around them reads.
"""

from __future__ import annotations

import re

# C0 but tab and line ends, DEL and C1; bidirectional overrides and isolates; halves of
# characters and the code points that are no characters.
_STEERING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef"
    "\ufffe\uffff]"
)


def visible(text: str) -> str:
    r"""Replace characters that cannot or should not stand in a page.

    C0 controls become their pictures (`␀`), the rest its escape (`\u202e`).

    >>> visible("a\x00b\u202ec")
    'a␀b\\u202ec'
    """
    if text.isprintable():
        return text
    return _STEERING.sub(_picture, text)


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"\\u{code:04x}"
