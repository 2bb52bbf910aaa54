r"""A project whose every name and text was chosen by somebody who means harm.

All scripts here would set `window.evil`, all markup would make an `<x-evil>` element, and the
file that nobody may publish holds `OUTSIDE`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

OUTSIDE = "the-bytes-of-a-file-outside"
STRINGS = (
    "<script>window.evil=1;alert(1)</script>",
    "</script><script>window.evil=1</script>",
    "</title></head><body onload=window.evil=1><x-evil>",
    "</svg></text><x-evil></x-evil>",
    '"><img src=x onerror="window.evil=1">',
    "'><svg onload=window.evil=1><x-evil>",
    "` onmouseover=window.evil=1 x=`",
    '" autofocus onfocus="window.evil=1',
    "<x-evil>markup</x-evil>",
    "<!-- <x-evil> --><![CDATA[<x-evil>]]>",
    "&lt;x-evil&gt;&#60;x-evil&#62;",
    "javascript:window.evil=1",
    "java\tscript:window.evil=1",
    "JaVaScRiPt:window.evil=1//https://example.org",
    "[a link](javascript:window.evil=1) ![an image](javascript:window.evil=1)",
    "<javascript:window.evil=1> [a link][ref]\n\n[ref]: javascript:window.evil=1",
    "[data](data:text/html,<script>window.evil=1</script>)",
    "vbscript:window.evil=1",
    "file:///etc/passwd",
    "//evil.example/steal",
    "\\\\evil.example\\steal",
    "{{ 7 * 7 }} {{ view }} {{ ''.__class__.__mro__ }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "{# comment #} ${7*7} #{7*7} <%= 7*7 %>",
    "../../../../secret.txt",
    "..\\..\\secret.txt",
    "/etc/passwd",
    "%2e%2e%2f%2e%2e%2fsecret.txt",
    "a/../../b",
    "\x00\x01\x02\x07\x08\x0b\x0c\x1b[31mred\x1b]0;title\x07\x7f\x9b31m",
    "line\rreturn\nnewline\u2028separator\u2029paragraph",
    "\u202etxt.exe\u2066isolated\u2069",
    "\ufeffzero\u200bwidth\u00adsoft",
    "\ud800 half a character \udfff",
    "\ufffe\uffff\U0001fffe",
    "e\u0301 \u00e9 \u1e9e\u0130\u0131 \U0001f9e8 \u5de5\u5177",
    "\u0301" * 300,
    "W" * 3000,
    "very " * 1000,
    "",
    " ",
    ".",
    "..",
    "index.html",
    "CON",
    "-rf",
    "--help",
    "$(touch evil) `touch evil` ; touch evil |",
    "=cmd|' /C calc'!A0",
    "a?b#c&d=e;f%20g+h",
    "$x^2$ \\frac{1}{2} $",
    "__proto__",
    "constructor",
    "NaN",
    "null",
    "0",
    "1e999",
)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" onload="top.evil=1"><script>top.evil=1</script></svg>'
)
HTML = "<!DOCTYPE html><title>x</title><x-evil></x-evil><script>top.evil=1;alert(1)</script>"


def folder_names() -> list[str]:
    """List the strings that a file system takes as one name, cut to a legal length.

    None begins with a dot: a hidden folder is nobody's run.
    """
    names = []
    for text in STRINGS:
        name = text.replace("/", "\u2215").replace("\x00", "")
        name = name.encode("utf-8", "replace")[:120].decode("utf-8", "ignore").rstrip()
        if name.strip(" ") and not name.startswith(".") and name not in names:
            names.append(name)
    return [*names, "Case", "case", "e\u0301", "\u00e9"]


def write_project(root: Path) -> Path:
    """Write the project, and beside it the file that must stay unpublished."""
    secret = root.parent / "secret.txt"
    root.mkdir(parents=True)
    secret.write_text(OUTSIDE, encoding="utf-8")
    everything = {text: text for text in STRINGS}
    for number, name in enumerate(folder_names()):
        folder = root / "runs" / ("plain" if number % 4 else name) / name
        text = STRINGS[number % len(STRINGS)]
        _write_run(folder, number, text, everything if number < 2 else {text: text}, secret)
    _write_settings(root)
    _write_reports(root, secret)
    return root


def _write_run(folder: Path, number: int, text: str, values: dict[str, str], secret: Path) -> None:
    (folder / "artifacts").mkdir(parents=True)
    records: list[dict[str, object]] = [
        {
            "type": "start", "format": 1, "time": 1_709_208_000 + number, "id": f"{number:026d}",
            "name": text, "group": text, "user": text, "host": text, "command": [text, text],
            "cwd": text, "python": text, "platform": text, "packages": {text: text},
            "hardware": {text: text}, "env": {text: text}, "seed": text, "writer": text,
            "git": {"commit": text, "branch": text, "remote": text, "dirty": True, "diff": text},
        },
        {"type": "params", "values": {**values, "nested": values, "list": list(values)}},
        {"type": "tags", "values": values},
        {"type": "summary", "values": values},
        *({"type": "note", "text": note} for note in values),
        *({"type": "log", "text": line, "level": "error"} for line in values),
        {"type": "alert", "text": text, "level": text},
        {"type": "dataset", "name": text, "digest": text, "role": text, "source": text},
        {"type": "dataset", "name": "link", "source": "javascript:window.evil=1", "schema": text},
        {"type": "use", "uri": text, "role": text, "sha256": text},
        {"type": "use", "run": text, "path": text},
        {"type": "model", "name": text, "path": text, "flavor": text, "requirements": [text]},
        {"type": "verdict", "of": text, "result": text, "metrics": {text: {text: text}}},
        {"type": "histogram", "name": text, "step": 1, "edges": [0, 1, 2], "counts": [1, 2]},
        {"type": text, text: text},
        {"type": "artifact", "uri": "javascript:window.evil=1", "caption": text, "kind": text},
        {"type": "artifact", "path": "../../../../secret.txt", "kind": "text"},
        {"type": "artifact", "path": str(secret), "kind": "text"},
        {"type": "artifact", "path": "artifacts/link.txt", "kind": "text"},
        {"type": "artifact", "path": "artifacts/folder/secret.txt", "kind": "text"},
        {"type": "artifact", "path": f"artifacts/{text}", "key": text, "caption": text},
        {"type": "end", "time": 1_709_209_000, "status": "failed",
         "error": {"type": text, "message": text, "traceback": text}},
    ]  # fmt: skip
    for step in range(3):
        numbers = dict.fromkeys((text, *values), step * 1.5)
        records.insert(2, {"type": "metrics", "step": 2 - step, "values": numbers})
    _write_artifacts(folder / "artifacts", records, secret)
    (folder / "run.jsonl").write_text(
        "".join(json.dumps(record) + "\n" for record in records) + "{not json\n", encoding="utf-8"
    )


def _write_artifacts(folder: Path, records: list[dict[str, object]], secret: Path) -> None:
    (folder / "link.txt").symlink_to(secret)
    (folder / "folder").symlink_to(secret.parent)
    contents = {
        "page.html": (HTML, "html"), "page.htm": (HTML, "file"), "page.xhtml": (HTML, "html"),
        "drawing.svg": (SVG, "image"), "drawing.png": (SVG, "image"), "data.xml": (SVG, "file"),
        "script.js": ("window.evil=1", "text"), "style.css": ("@import '//evil.example'", "text"),
        "table.csv": ("a,<x-evil>\n<script>window.evil=1</script>,=cmd|x\n", "table"),
        "log.txt": ("<x-evil>\x1b[31m\u202e{{ 7 * 7 }}\x00\n", "text"),
        'a"><x-evil onclick="x.txt': ("x", "text"), "q?#%2e.txt": ("x", "text"),
        "\u202egpj.exe": ("x", "image"), "java script:x.txt": ("x", "text"),
    }  # fmt: skip
    for name, (data, kind) in contents.items():
        (folder / name).write_text(data, encoding="utf-8")
        records.append(
            {"type": "artifact", "path": f"artifacts/{name}", "kind": kind, "caption": HTML}
        )


def _write_settings(root: Path) -> None:
    nasty = json.dumps("<x-evil>{{ 7 * 7 }}</x-evil><script>window.evil=1</script>")
    link = json.dumps("[a](javascript:window.evil=1)<img src=x onerror=window.evil=1>")
    (root / "staticrun.yaml").write_text(
        f"project: {{name: {nasty}, description: {link}}}\n"
        f"metrics: {{{nasty}: {{direction: max, unit: {nasty}, primary: true}}}}\n"
        f"comparisons:\n  {nasty}:\n    title: {nasty}\n    description: {link}\n"
        f'    groups: {{{nasty}: "experiment = plain", other: "status = failed"}}\n'
        f"  everything:\n    where: status = failed\n    baseline: {nasty}\n",
        encoding="utf-8",
    )
    (root / "runs" / "plain" / "experiment.yaml").write_text(
        f"title: {nasty}\ndescription: {link}\nbaseline: {nasty}\n", encoding="utf-8"
    )


def _write_reports(root: Path, secret: Path) -> None:
    folder = root / "reports"
    folder.mkdir()
    body = "\n\n".join(STRINGS) + f"\n\n{HTML}\n\n![s]({secret}) ![s](../../secret.txt)\n"
    data = body.encode("utf-8", "replace")
    (folder / "report.md").write_bytes(
        b"---\ntitle: <x-evil>\n---\n# <x-evil> {{ 7 * 7 }}\n\n" + data
    )
    (folder / '"><x-evil>.md').write_bytes(b"# Named\n\n" + data)
    (folder / "link.md").symlink_to(secret)
