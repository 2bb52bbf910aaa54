"""From matplotlib's SVG to one that stands in a page.

The page's policy forbids inline styles, the page's colours change from light to dark, and ids of
several figures must not collide. So every `style` becomes presentation attributes, every stand-in
colour the page's variable, ids are prefixed or gone, numbers keep one decimal, and texts are
written here. Class names (`axis`, `name`, `label c1`, `note`) let the page's style sheet set the
fonts; the attributes beside them are right without one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

from staticrun.plots.color import label_color, settle, token_of, variable
from staticrun.plots.text import shorten

if TYPE_CHECKING:
    from collections.abc import Mapping

    from staticrun.plots.scene import Scene, Shape, Text
    from staticrun.plots.style import Style

_SVG: Final = "{http://www.w3.org/2000/svg}"
_DECIMAL = re.compile(r"-?\d+\.\d+")
_AROUND_COMMAND = re.compile(r" ?([A-Za-z]) ?")
# Said once, at the root.
_INHERITED: Final = {"stroke-linejoin": "round", "stroke-linecap": "butt"}
# Of a file of its own: px around the figure, font sizes of title and unit.
_EDGE, _TITLE, _UNIT = 12, 15.0, 11.5


def inline(raw: str, scene: Scene, style: Style) -> str:
    """Make the SVG of a scene fit for a page.

    Args:
        raw: What `paint` made of the scene.
        scene: Texts, titles and names.
        style: Fonts and light colours.

    Returns:
        An `<svg>` element without declaration and namespace, well-formed XML and valid in HTML.
    """
    found = fromstring(raw)  # noqa: S314 - matplotlib wrote it, from numbers alone
    groups = {group.get("id"): group for group in found.iter(f"{_SVG}g")}
    root = Element(
        "svg",
        {
            "class": f"figure {scene.name}",
            "viewBox": f"0 0 {_short(scene.width)} {_short(scene.height)}",
            "role": "img",
            "aria-label": ". ".join(filter(None, (scene.title, scene.description))),
            "data-light": " ".join(style.palette[token] for token in ("paper", "ink", "muted")),
            "font-family": style.fonts("font.sans-serif"),
            **_INHERITED,
        },
    )
    # An empty title would be written `<title />`, which not every reader of HTML takes for closed.
    SubElement(root, "title").text = scene.title or "figure"
    SubElement(root, "desc").text = scene.unit
    clip = f"{scene.key}-plot"
    if any(shape.clip for shape in scene.shapes):
        box = scene.plot
        place = {"x": box.left, "y": box.top, "width": box.right - box.left}
        place["height"] = box.bottom - box.top
        window = SubElement(SubElement(root, "defs"), "clipPath", {"id": clip})
        SubElement(window, "rect", {name: _short(value) for name, value in place.items()})
    for number, shape in enumerate(scene.shapes):
        _add_shape(root, shape, groups.get(f"s{number}"), clip, style.palette)
    for text in scene.texts:
        _add_text(root, text, style)
    return tostring(root, encoding="unicode")


def standalone(svg: str) -> bytes:
    """Make a file of an inline figure: on paper, in light colours, with title and unit above.

    Args:
        svg: What `inline` made.
    """
    root = fromstring(settle(svg))  # noqa: S314 - what `inline` wrote
    _, _, width, height = map(float, root.attrib.pop("viewBox").split())
    paper, ink, muted = root.attrib.pop("data-light").split()
    title, unit = (root.findtext(name) or "" for name in ("title", "desc"))
    header = _TITLE * 2 + (_UNIT * 1.6 if unit else 0)
    wide, high = _short(width + 2 * _EDGE), _short(height + header + _EDGE)
    root.attrib = {
        "xmlns": "http://www.w3.org/2000/svg",
        "width": wide,
        "height": high,
        "viewBox": f"{-_EDGE} {_short(-header)} {wide} {high}",
        **root.attrib,
    }
    ground = {"x": str(-_EDGE), "y": _short(-header), "width": wide, "height": high, "fill": paper}
    lines = [Element("rect", ground)]
    for text, y, size, color in (
        (title, _TITLE * 1.5, _TITLE, ink),
        (unit, _TITLE * 1.5 + _UNIT * 1.5, _UNIT, muted),
    ):
        if text:
            place = {"x": "0", "y": _short(y - header), "font-size": f"{size:g}", "fill": color}
            lines.append(Element("text", place))
            lines[-1].text = shorten(text, width, size)
    root[2:2] = lines
    data: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return data


def _add_shape(
    root: Element, shape: Shape, drawn: Element | None, clip: str, palette: Mapping[str, str]
) -> None:
    if drawn is None:
        return
    group = SubElement(root, "g", {"class": shape.name})
    if shape.title:
        SubElement(group, "title").text = shape.title
    for path in drawn.iter(f"{_SVG}path"):
        attributes = {"d": _compact(path.get("d", ""))}
        for rule in path.get("style", "").split(";"):
            name, _, value = rule.partition(":")
            name, value = name.strip(), value.strip()
            if not name or _INHERITED.get(name) == value:
                continue
            token = token_of(value)
            attributes[name] = variable(token, palette) if token else value
        if shape.clip:
            attributes["clip-path"] = f"url(#{clip})"
        SubElement(group, "path", attributes)


def _add_text(root: Element, text: Text, style: Style) -> None:
    label = text.role == "label"
    slot = {"ink": "ci", "muted": "cg", "faint": "cg"}.get(text.color, f"c{text.color[1:]}")
    attributes = {
        "class": {"label": f"label {slot}", "row": "row k"}.get(text.role, text.role),
        "x": _short(text.x),
        "y": _short(text.y),
        "font-size": f"{text.size:g}",
        "fill": (label_color if label else variable)(text.color, style.palette),
    }
    if text.anchor != "start":
        attributes["text-anchor"] = text.anchor
    if label:
        attributes["font-weight"] = "550"
    if text.role in {"name", "note"}:
        attributes |= {"font-family": style.fonts("font.serif"), "font-style": "italic"}
    SubElement(root, "text", attributes).text = text.text


def _compact(path: str) -> str:
    """Write path data short: one decimal, no command that the one before implies."""
    path = " ".join(path.split())
    if "C" not in path:
        # After M the following pairs are lines without saying so.
        path = path.replace(" L ", " ")
    path = _DECIMAL.sub(lambda found: _short(float(found[0])), path)
    return _AROUND_COMMAND.sub(r"\1", path)


def _short(number: float) -> str:
    text = f"{number:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text
