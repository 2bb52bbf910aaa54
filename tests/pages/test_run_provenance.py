"""Where a run comes from stands beside its drawings, or in a row: no page has an empty body."""

from staticrun.pages.context import Relations, RunLink
from tests.pages.test_run_view import Parsed, end, facts, look, metrics, start, write

DIGEST = "ab" * 32


def data(name, role, **fields):
    return {"type": "dataset", "name": name, "role": role, **fields}


def test_data_sets_are_one_term_with_a_line_each_and_their_digests_stand_below(project):
    write(
        project,
        start(),
        data("digits", "train", rows=1257, digest=DIGEST, source="scikit-learn"),
        data("digits", "val", rows=1),
        data("pages", "val", rows=5000, sampled=1024, digest=DIGEST),
        data("words", None),
        {"type": "use", "run": "b" * 26, "path": "model/w.npz", "sha256": DIGEST, "role": "init"},
        {"type": "model", "name": "small", "path": "artifacts/m", "tree": DIGEST, "flavor": "np"},
        end(),
    )
    view, page = look(project)
    shown = {fact.term: [(p.text, p.after) for p in fact.pieces] for fact in view.facts}
    below = {fact.term: [(p.text, p.after) for p in fact.pieces] for fact in view.surroundings}

    assert shown["data"] == [
        ("digits", "train, 1257 rows"),
        ("digits", "val, 1 row"),
        ("pages", "val, 5000 rows, digest of 1024 of them"),
        ("words", ""),
    ]
    assert shown["uses"] == [("model/w.npz", "init")]
    assert shown["model"] == [("small", "np")]
    assert below["data"] == [
        (DIGEST[:12], "digits, train, scikit-learn"),
        (DIGEST[:12], "pages, val"),
    ]
    assert below["uses"] == [(DIGEST[:12], "model/w.npz, init")]
    assert below["models"] == [(DIGEST[:12], "small, np")]
    assert page.index(f'title="{DIGEST}"') > page.index('id="surroundings"')


def test_more_inputs_than_the_margin_holds_are_counted(project):
    write(project, start(), *[data(f"part {n}", "train") for n in range(30)], end())
    view, _ = look(project)

    assert len(facts(view)["data"]) == 13
    assert facts(view)["data"][-1] == "18 more"


def test_provenance_stands_in_the_margin_beside_drawings(project):
    write(project, start(seed=3), *[metrics(n, loss=1.0 / (n + 1)) for n in range(9)], end())
    view, page = look(project)

    assert view.beside
    assert page.count(">Provenance<") == 1
    assert page.index('id="results"') < page.index('class="after"') < page.index('id="metrics"')


def test_provenance_that_is_taller_than_the_evidence_has_a_row_of_its_own(project):
    inputs = [data("digits", role, rows=100) for role in ("train", "val", "test")]
    write(project, start(seed=3, command=["python", "train.py"]), *inputs, end())
    view, page = look(project)

    assert not view.beside
    assert page.count(">Provenance<") == 1
    assert 'class="after"' not in page
    Parsed(page)


def test_children_are_a_row_by_their_own_names_and_none_is_lost(project):
    write(project, start(), end())
    links = [RunLink(f"a/c-{n}", f"c {n}", "finished") for n in range(100)]
    others = (RunLink("other/x", "x", "open"), RunLink("other/y", "y", "failed"))
    view, page = look(project, relations=Relations(children=(*links, *others)))
    listed = [*view.children.shown, *view.children.folded]

    assert view.children.about == "102 runs name this one as the parent; 1 failed and 1 open."
    assert len(view.children.shown) == 36
    assert view.children.folded_words == "66 more runs"
    assert [child.name for child in listed][-3:] == ["c-99", "other/x", "other/y"]
    assert [child.status for child in listed][-3:] == ["", "open", "failed"]
    assert page.count("data-run=") == 102


def test_one_child_is_said_in_the_singular_and_no_child_not_at_all(project):
    write(project, start(), end())
    one = look(project, relations=Relations(children=(RunLink("a/c", "c", "finished"),)))[0]

    assert one.children.about == "1 run names this one as the parent."
    assert look(project)[0].children is None


def test_what_a_run_used_links_to_the_run_that_made_it(project):
    write(
        project,
        start(),
        {"type": "use", "run": "b" * 26, "path": "model/w.npz", "role": "init"},
        {"type": "use", "uri": "s3://bucket/words"},
        end(),
    )
    around = Relations(uses=(("b" * 26, RunLink("a/first", "first", "finished")),))
    view, page = look(project, relations=around)
    [uses] = [fact for fact in view.facts if fact.term == "uses"]

    assert [(p.text, p.after, p.run) for p in uses.pieces] == [
        ("a/first", "model/w.npz, init", "a/first"),
        ("s3://bucket/words", "", ""),
    ]
    assert 'runs/a/first/index.html" data-run="a/first"' in page
