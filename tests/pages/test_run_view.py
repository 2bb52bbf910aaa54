"""A run's page holds what its record holds: no more, in no other words, and nothing that runs."""

import gzip
import json
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

import staticrun
from staticrun import config, layout
from staticrun.pages.ansi import Span
from staticrun.pages.context import Context, Link, Relations, RunLink, Site
from staticrun.pages.objects import Objects
from staticrun.pages.render import Renderer, place, view_digest
from staticrun.pages.views import run as run_view
from staticrun.store.store import Store

SITE = Site("Small networks", None, (Link("Experiments", "index.html"),), "app.css", "app.js")
THEME = layout.bundled_themes() / "default/templates"
TIME = 1795110180
VOID = {"meta", "link", "img", "br", "hr", "wbr", "input"}


class Parsed(HTMLParser):
    """The elements of a page, and whether each was closed."""

    def __init__(self, page):
        super().__init__()
        self.found, self.open, self.text = [], [], []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def lines(*records):
    return "".join(json.dumps(record) + "\n" for record in records)


def start(**fields):
    return {"type": "start", "format": 1, "time": TIME, "id": "a" * 26, **fields}


def metrics(step, **values):
    return {"type": "metrics", "step": step, "time": TIME + step, "values": values}


def end(status="finished", **fields):
    return {"type": "end", "time": TIME + 100, "status": status, **fields}


def write(project, *records, key="a/b", name="run.jsonl"):
    folder = project / "runs" / key
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(lines(*records), encoding="utf-8")
    return folder


def look(project, key="a/b", relations=Relations()):  # noqa: B008 - frozen
    """Give the view of a run, and its page."""
    settings, _ = config.load(project)
    store = Store.open(settings, cache=False)
    objects = Objects(project / "site")
    context = Context(settings, store, objects, None, SITE)
    view = run_view.make(store.run(key), context, relations)
    page = Renderer([THEME], "0.1.0").render(run_view.TEMPLATE, view, SITE)
    url = layout.run_url(key)
    return view, place(page, layout.root_prefix(url)).decode()


def scripts(parsed):
    """List where the scripts of a page come from; None is one that stands in the page."""
    return [attributes.get("src") for tag, attributes in parsed.found if tag == "script"]


def facts(view):
    return {fact.term: [piece.text for piece in fact.pieces] for fact in view.facts}


def test_an_empty_run_has_a_page_that_claims_nothing(project):
    write(project, {"type": "start"})
    view, page = look(project)

    assert view.deck == "No end was recorded. No metric was logged."
    assert (view.ledger, view.curves, view.metrics, view.params) == ((), None, None, None)
    assert facts(view) == {"status": ["open"]}
    assert "This run logged no metric." in page
    Parsed(page)


def test_a_finished_run_says_how_long_and_how_much(project):
    write(project, start(), *[metrics(step, loss=1 / (step + 1)) for step in range(30)], end())
    view, _ = look(project)

    assert (
        view.deck == "Finished after 1\u202fmin\xa040\u202fs. 1 metric, 30 points, up to step 29."
    )
    assert [(c.name, c.number, c.about) for c in view.ledger] == [
        ("loss", "0.03333", "at step 29")
    ]
    assert facts(view)["started"] == ["19 Nov 2026, 17:43 UTC"]


def test_an_open_run_says_when_its_last_record_is_from_and_no_relative_time(project):
    write(project, start(), metrics(59, loss=1.0), metrics(60, loss=1.0))
    view, page = look(project)

    assert view.deck == (
        "No end was recorded; the last record is of 19 Nov 2026, 17:44 UTC. "
        "1 metric, 2 points, up to step 60."
    )
    assert "An open circle ends the lines: no end was recorded." in view.curves.caption
    assert " ago" not in page


def test_a_failed_run_shows_its_error_first(project):
    error = {"type": "ValueError", "message": "loss is <NaN>", "traceback": "File x\n  raise\n"}
    rows = [metrics(0, loss=1.0), metrics(1, loss=2.0)]
    write(project, start(), *rows, end("failed", error=error))
    view, page = look(project)

    assert view.deck.startswith("Failed after 1\u202fmin\xa040\u202fs with ValueError.")
    assert view.failure.kind == "ValueError"
    assert view.failure.traceback.head == ("File x", "  raise")
    assert page.index("ValueError: loss is &lt;NaN&gt;") < page.index('id="results"')
    assert "A cross ends the lines: the run failed." in view.curves.caption


@pytest.mark.parametrize("status", ["failed", "stopped"])
def test_an_end_without_an_error_invents_none(project, status):
    write(project, start(), end(status))
    view, _ = look(project)

    assert view.failure is None
    assert (
        view.deck == f"{status.capitalize()} after 1\u202fmin\xa040\u202fs. No metric was logged."
    )


def test_values_that_are_not_finite_are_said_and_not_drawn(project):
    write(project, start(), metrics(0, a="NaN"), metrics(1, a="Infinity"), end())
    view, page = look(project)

    assert view.ledger[0].number == "infinity"
    assert view.ledger[0].about == "none of 2 is finite"
    assert view.metrics.shown[0].low == "\u2013"
    assert view.metrics.shown[0].nonfinite == "2"
    assert "1 metric has no finite value: the table of metrics has it." in page
    assert "<svg" not in page


def test_the_best_value_is_named_only_where_the_direction_is_known(project):
    rows = [metrics(n, loss=v, speed=v) for n, v in enumerate([0.5, 0.1, 0.3])]
    write(project, start(), *rows, end())
    view, _ = look(project)

    assert {cell.name: cell.about for cell in view.ledger} == {
        "loss": "lowest 0.1 at step 1",
        "speed": "at step 2",
    }


def test_the_project_says_how_metrics_are_printed_and_which_comes_first(project):
    (project / "staticrun.yaml").write_text(
        "metrics:\n  acc: {direction: max, format: .1%, primary: true}\n  time: {unit: s}\n"
    )
    write(project, start(), metrics(0, zeta=1.0, time=3.5, acc=0.98055), end())
    view, page = look(project)

    assert [(cell.name, cell.number, cell.unit) for cell in view.ledger] == [
        ("acc", "98.1", "%"),
        ("time", "3.5", "s"),
        ("zeta", "1", ""),
    ]
    assert "98.1<small>%</small>" in page


def test_the_experiment_says_more_of_its_metrics_than_the_project(project):
    (project / "staticrun.yaml").write_text(
        "metrics:\n  acc: {direction: max, primary: true}\n  bytes: {direction: max, unit: kB}\n"
    )
    rows = [metrics(n, zeta=v, acc=v, bytes=v * 100) for n, v in enumerate([2.0, 1.0, 3.0])]
    folder = write(project, start(), *rows, end())
    (folder.parent / "experiment.yaml").write_text(
        "metrics:\n  zeta: {direction: min, format: .2f, unit: s, primary: true}\n"
        '  bytes: {direction: min, unit: B, format: ",.0f"}\n'
    )
    write(project, start(id="c" * 26), *rows, end(), key="other/b")

    assert [(c.name, c.number, c.unit, c.about) for c in look(project)[0].ledger] == [
        ("zeta", "3.00", "s", "lowest 1.00\u202fs at step 1"),
        ("bytes", "300", "B", "lowest 100\u202fB at step 1"),
        ("acc", "3", "", "at step 2"),
    ]
    assert look(project)[0].metrics.shown[0].name == "zeta (s)"
    assert [c.name for c in look(project, "other/b")[0].ledger] == ["acc", "bytes", "zeta"]


def test_stages_of_one_metric_share_a_drawing_where_both_are_seen(project):
    rows = [
        metrics(n, **{"train/loss": 1 / (n + 1), "val/loss": 1.2 / (n + 1), "lr": 0.1,
                      "train/x": 1e9 + n, "val/x": float(n), "val_acc": 1 - 1 / (n + 1),
                      "acc": 1 - 0.5 / (n + 1)})
        for n in range(20)
    ]  # fmt: skip
    write(project, start(), *rows, end())
    view, _ = look(project)
    names = [multiple.name for multiple in view.curves.shown]

    assert sorted(names) == ["acc", "loss", "lr", "train/x", "val/x"]
    assert view.curves.caption == "7 metrics by step."


def test_many_metrics_are_folded_and_none_is_lost(project):
    values = {f"layer{n % 4}/m{n}": float(n) for n in range(300)}
    write(project, start(), metrics(0, **values), metrics(1, **values), end())
    view, page = look(project)
    folded = sum(len(fold.multiples) for fold in view.curves.folds)

    assert len(view.curves.shown) == 12
    assert folded == 228
    assert view.curves.left_out == "60 more metrics only in the table below"
    assert len(view.metrics.shown) + len(view.metrics.folded) == 300
    assert len(page) < 1_000_000


def test_a_resume_is_told_and_its_superseded_points_are_dotted(project):
    folder = write(project, start(), *[metrics(n, loss=1.0) for n in range(10)])
    again = [start(segment=1, rewind_to=5), *[metrics(n, loss=0.5) for n in range(5, 12)], end()]
    (folder / "run.r2.jsonl").write_text(lines(*again) + "not json\n")
    view, page = look(project)
    sentences = view.record.sentences

    assert sentences[0] == (
        "5 points are superseded: a resume went back to their step or before it. "
        "They are drawn dotted and count in no statistic."
    )
    assert sentences[1] == "1 line of the record could not be read; the rest counts."
    assert view.findings == "1 finding"
    assert "run.r2.jsonl:10" in page
    assert "Dotted: points that a resume superseded." in view.curves.caption
    [resumed] = [fact.pieces for fact in view.surroundings if fact.term == "resumed"]
    assert [piece.text for piece in resumed] == ["once", "from step 5"]
    assert resumed[1].after.endswith(" UTC")


def test_several_writers_are_a_mean_with_a_band(project):
    for rank in range(3):
        rows = [metrics(n, loss=1.0 + rank) for n in range(5)]
        write(project, start(writer=f"rank{rank}"), *rows, end(), name=f"run.rank{rank}.jsonl")
    view, page = look(project)

    assert view.ledger[0].number == "2"
    assert "the band runs from the lowest to the highest" in view.curves.caption
    assert 'class="bd"' in page


def test_relations_link_to_runs_by_their_key(project):
    write(project, start(parent="z" * 26), end())
    around = Relations(
        children=tuple(RunLink(f"a/child-{n}", f"child {n}", "failed") for n in range(20)),
        used_by=(RunLink("c/d", "d", "finished"),),
    )
    view, page = look(project, relations=around)

    assert facts(view)["parent"] == ["z" * 26]
    assert facts(view)["used by"] == ["c/d"]
    assert view.children.about == "20 runs name this one as the parent; 20 failed."
    assert (view.children.shown[0].name, view.children.shown[0].status) == ("child-0", "failed")
    assert 'href="../../../runs/a/child-0/index.html" data-run="a/child-0">child-0</a>' in page


def test_what_the_writer_records_is_on_the_page(project):
    # Else what is not committed of this checkout would be an artifact more.
    (project / "staticrun.yaml").write_text("capture: {diff: false, console: false}\n")
    (project / "train.log").write_text("\x1b[31mepoch 1\x1b[0m\n" * 100)
    (project / "page.html").write_text("<script>alert(1)</script>")
    with staticrun.start(
        "vision/digits", name="first", root=project, seed=3, group="seeds",
        params={"model": {"width": 32, "block": {"a": [1, 2]}}, "lr": 1e-3},
        tags={"team": "risk", "kept": True},
    ) as run:  # fmt: skip
        run.log({"val/acc": 0.5}, step=0)
        run.summary({"best": 0.123456789, "words": "fine"})
        run.note("# Result\n\n**Good**, see ![curve](artifacts/images/roc.png)")
        run.image("roc", [[0, 255], [255, 0]], caption="The curve")
        run.table("rows", [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}])
        run.artifact(project / "train.log", kind="console")
        run.artifact(project / "page.html")
        run.artifact("s3://bucket/weights.bin")
        run.dataset("digits", b"data", role="train", rows=12)
        run.text("careful", "warning")
        run.alert("spike")
    view, page = look(project, run.key)
    parsed = Parsed(page)

    assert [branch.name for branch in view.params.branches] == ["", "model"]
    assert [(v.name, v.text) for v in view.params.branches[1].values] == [
        ("width", "32"),
        ("block.a", "1, 2"),
    ]
    assert [(v.name, v.text) for v in view.summary.branches[0].values] == [
        ("best", "0.123457"),
        ("words", "fine"),
    ]
    assert facts(view)["tags"] == ["team: risk", "kept"]
    assert facts(view)["seed"] == ["3"]
    assert facts(view)["data"][0] == "digits"
    assert view.artifacts.states == ("4 as logged", "1 kept elsewhere")
    assert view.artifacts.consoles[0].text.left_out == "70 lines not shown"
    assert view.artifacts.consoles[0].text.head[0] == (Span("epoch 1", "f1"),)
    assert [one.kind for one in view.artifacts.opened] == ["text", "table"]
    assert view.artifacts.plates[0].size == "tiny"
    assert (view.log.alerts[0].text, view.log.head[0].level) == ("spike", "warning")
    images = [attributes["src"] for tag, attributes in parsed.found if tag == "img"]
    assert len(images) == 2
    assert len(set(images)) == 1
    assert (project / "site/runs/vision/digits/first" / images[0]).resolve().is_file()
    assert scripts(parsed) == ["../../../../app.js"]


def test_the_raw_record_is_linked_whole_as_text(project):
    folder = write(project, start(), *[metrics(n, loss=1.0) for n in range(100)], end())
    view, _ = look(project)
    url = view.record.files[0].url

    assert url.endswith(".txt")
    assert (project / "site" / url).read_bytes() == (folder / "run.jsonl").read_bytes()
    assert view.record.files[0].lines.left_out == "62 lines not shown"


def test_a_packed_record_is_unpacked_and_a_damaged_one_is_shown_as_far_as_it_goes(project):
    folder = write(project, start(), metrics(0, loss=1.0), end())
    body = (folder / "run.jsonl").read_bytes()
    (folder / "run.jsonl").unlink()
    packed = gzip.compress(body)
    (folder / "run.jsonl.gz").write_bytes(packed)
    view, _ = look(project)

    assert (project / "site" / view.record.files[0].url).read_bytes() == body
    (folder / "run.jsonl.gz").write_bytes(packed[:-20])
    view, _ = look(project)
    assert view.record.files[0].url == ""


def test_a_picture_of_another_run_is_not_shown_in_a_note(project):
    write(
        project,
        start(),
        {"type": "note", "text": "![x](../c/artifacts/x.png) ![y](https://example.org/y.png)"},
        end(),
    )
    _, page = look(project)

    assert "<img" not in page
    assert "[picture not shown: y (https://example.org/y.png)]" in page


def test_a_long_name_is_cut_and_set_smaller(project):
    write(project, start(name="N" * 10_000), end())
    view, page = look(project)

    assert len(view.name) == 240
    assert view.is_long
    assert '<bdi class="long">' in page


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}{% raw %}",
    "</title></textarea></style></svg><x-evil>",
    "\u202egnp.exe\u0000\u001b[31m",
    "javascript:alert(1)",
    "../../../../etc/passwd",
    "' onmouseover='alert(1)",
    "נ" * 20 + "😀" * 20,
    "a\nb\r\n\tc",
    "",
    " \u200b",
)


def test_hostile_text_makes_no_element_anywhere(project):
    for number, text in enumerate(HOSTILE):
        value = {text: text, "x": [text, {text: text}]}
        write(
            project,
            start(name=text, group=text, parent=text, host=text, user=text, command=[text, text],
                  cwd=text, python=text, platform=text, seed=text, packages={text: text},
                  hardware={text: text, "cpu": text, "gpus": [{"name": text}, text]},
                  env={text: text}, seeds={text: text},
                  git={"commit": text, "branch": text, "remote": text, "dirty": True}),
            {"type": "params", "values": value},
            {"type": "summary", "values": value},
            {"type": "tags", "values": value},
            metrics(0, **{text: 1.0, f"train/{text}": 1.0, f"val/{text}": 2.0}),
            metrics(1, **{text: 3.0, f"train/{text}": 2.0, f"val/{text}": 1.0}),
            {"type": "system", "time": TIME, "values": {text: 1.0}},
            {"type": "note", "text": text},
            {"type": "log", "text": text}, {"type": "alert", "text": text},
            {"type": "artifact", "path": text, "kind": text, "caption": text, "key": text},
            {"type": "artifact", "uri": text},
            {"type": "dataset", "name": text, "digest": text, "role": text, "source": text},
            {"type": "use", "run": text, "path": text, "role": text},
            {"type": "model", "name": text, "path": text, "flavor": text},
            {"type": "histogram", "name": text, "edges": [0, 1], "counts": [1]},
            {"type": "verdict", "of": text, "result": text, "metrics": {text: {text: text}}},
            {"type": text, text: text},
            end("failed", error={"type": text, "message": text, "traceback": text}),
            key=f"a/{number}",
        )  # fmt: skip
        view, page = look(project, f"a/{number}")
        parsed = Parsed(page)
        tags = {tag for tag, _ in parsed.found}

        assert scripts(parsed) == ["../../../app.js"]
        assert tags - {"script"} <= ALLOWED, tags - ALLOWED
        assert not any(
            name.startswith("on") or name == "style"
            for _, attributes in parsed.found
            for name in attributes
        )
        assert not any(
            (attributes.get("href") or "").lower().startswith(("javascript", "data:text"))
            for _, attributes in parsed.found
        )
        assert not set("\x00\x02\x1b\u202e") & set(page)
        assert len(view_digest(run_view.TEMPLATE, view)) == 64


ALLOWED = set(
    """html head meta title link body a div header nav main section p h1 h2 h3 h4 span bdi dl dt dd
    small svg line text path circle figure figcaption ul li table thead tbody tr th td code b pre
    details summary footer em strong ol""".split()  # noqa: SIM905 - read as a list of words
)


def test_the_same_record_gives_the_same_page(project):
    write(project, start(), *[metrics(n, loss=1 / (n + 1)) for n in range(50)], end())

    assert look(project)[1] == look(project)[1]


def test_a_run_page_knows_nothing_of_other_runs(project):
    write(project, start(), metrics(0, loss=1.0), end())
    before = look(project)[1]
    write(project, start(id="b" * 26), metrics(0, loss=2.0), end(), key="a/other")

    assert look(project)[1] == before


def test_headings_go_down_one_level_at_a_time_and_sections_are_named(project):
    write(project, start(), {"type": "note", "text": "# A\n### B"}, metrics(0, loss=1.0), end())
    _, page = look(project)
    parsed = Parsed(page)
    levels = [int(tag[1]) for tag, _ in parsed.found if tag in ("h1", "h2", "h3", "h4", "h5")]
    ids = [attributes["id"] for _, attributes in parsed.found if "id" in attributes]
    named = [a["aria-labelledby"] for _, a in parsed.found if "aria-labelledby" in a]

    assert levels.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))
    assert len(ids) == len(set(ids))
    assert set(named) <= set(ids)


def test_the_theme_names_only_styles_that_are_there():
    styles = Path(THEME).parent / "styles"
    text = (styles.parent / "theme.yaml").read_text()
    names = text.split("styles: [")[1].split("]")[0].split(", ")

    assert [name for name in names if not (styles / name).is_file()] == []
