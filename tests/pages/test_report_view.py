"""Reports: their heads, sections, links into the project, and what leads nowhere."""

import pytest

from staticrun.pages.views import report
from staticrun.pages.views.front_matter import FrontMatter, read
from tests.pages.projects import open_context, write_config, write_run

PNG = b"\x89PNG\r\n\x1a\n"


def write_report(project, path, text):
    file = project / "reports" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def view_of(project, path):
    context = open_context(project)
    text = (project / "reports" / path).read_text(encoding="utf-8")
    return report.make(path, text, context)


def html(view):
    parts = [view.intro or "", *(section.body for section in view.sections)]
    return "".join(parts).replace("\x02", "ROOT/")


def said(view):
    return [str(finding) for finding in view.findings]


def test_the_head_gives_title_description_and_order():
    parted = read("---\ntitle: A study\ndescription: Why.\norder: 2\n---\nText.\n", "r.md")

    assert parted.head == FrontMatter("A study", "Why.", 2.0)
    assert parted.findings == ()
    assert parted.body == "\n\n\n\n\nText.\n"


def test_a_report_without_a_head_is_all_text():
    assert read("# A study\n", "r.md") == (FrontMatter(), "# A study\n", ())


def test_a_wrong_head_is_told_with_its_line_and_the_rest_holds():
    parted = read("---\ntitel: A\ntitle: B\norder: soon\n---\n", "reports/r.md")

    assert parted.head == FrontMatter("B")
    assert [str(finding) for finding in parted.findings] == [
        "reports/r.md:2: unknown key 'titel'.\n  Try: did you mean 'title'?",
        "reports/r.md: order is 'soon', expected a number such as 2.",
    ]


def test_a_head_without_an_end_is_text_and_told():
    parted = read("---\ntitle: A\n", "reports/r.md")

    assert parted.body == "---\ntitle: A\n"
    assert [str(finding) for finding in parted.findings] == [
        "reports/r.md:1: begins with --- but no second --- ends the head."
    ]


@pytest.mark.parametrize(
    ("path", "text", "title"),
    [
        ("a.md", "---\ntitle: Of the head\n---\n# Of the text\n", "Of the head"),
        ("a.md", "# Of the *text* and `code`\n", "Of the text and code"),
        ("label-noise.md", "Words.\n", "Label noise"),
        ("guide/index.md", "Words.\n", "Guide"),
        ("index.md", "Words.\n", "Reports"),
    ],
)
def test_a_report_has_a_title_from_its_head_its_text_or_its_path(project, path, text, title):
    write_report(project, path, text)

    assert view_of(project, path).title == title


def test_a_text_is_cut_at_its_highest_headings_and_each_has_an_anchor(project):
    write_report(
        project, "a.md", "# T\n\nIntro.\n\n## One\n\nA.\n\n### In one\n\nB.\n\n## One\n\nC.\n"
    )

    view = view_of(project, "a.md")

    assert str(view.intro) == "<p>Intro.</p>\n"
    assert [(part.anchor, part.title) for part in view.sections] == [
        ("one", "One"),
        ("one-2", "One"),
    ]
    assert '<h3 id="in-one">In one</h3>' in view.sections[0].body


def test_links_lead_to_runs_experiments_comparisons_and_reports(project):
    write_run(project, "vision/a", {"acc": [0.5]})
    write_config(project, "comparisons:\n  both:\n    runs: [vision/a]\n")
    write_report(project, "more/other.md", "## Data\n")
    write_report(
        project,
        "a.md",
        "[r](run:vision/a) [e](experiment:vision) [c](comparison:both) [o](more/other.md#data) "
        "[here](#part) [out](https://example.org/)\n\n## Part\n",
    )

    view = view_of(project, "a.md")

    assert said(view) == []
    assert '<a href="ROOT/runs/vision/a/index.html" data-run="vision/a">r</a>' in html(view)
    assert '<a href="ROOT/experiments/vision/index.html">e</a>' in html(view)
    assert '<a href="ROOT/compare/both/index.html">c</a>' in html(view)
    assert '<a href="ROOT/reports/more/other/index.html#data">o</a>' in html(view)
    assert '<a href="#part">here</a>' in html(view)
    assert '<a href="https://example.org/">out</a>' in html(view)


def test_a_link_from_a_folder_may_go_up_but_not_out_of_the_reports(project):
    write_report(project, "top.md", "# Top\n")
    write_report(project, "in/a.md", "[up](../top.md) [out](../../staticrun.yaml)\n")

    view = view_of(project, "in/a.md")

    assert '<a href="ROOT/reports/top/index.html">up</a>' in html(view)
    assert said(view) == [
        (
            "reports/in/a.md:1: the link '../../staticrun.yaml' leads to no report.\n"
            "  Try: one of 'in/a.md', 'top.md'"
        )
    ]


def test_what_leads_nowhere_is_text_and_told_with_its_line(project):
    write_run(project, "vision/a", {"acc": [0.5]})
    write_report(project, "other.md", "## Data\n")
    write_report(
        project,
        "a.md",
        "---\ntitle: A\n---\n\n[r](run:vision/b)\n\n[e](experiment:visio)\n\n[o](othr.md)\n\n"
        "[p](other.md#dat)\n\n[h](#nowhere)\n\n[j](javascript:alert(1))\n",
    )

    view = view_of(project, "a.md")

    assert said(view) == [
        (
            "reports/a.md:11: other.md has no heading with the anchor #dat.\n"
            "  Try: did you mean 'data'?"
        ),
        "reports/a.md:13: there is no heading with the anchor #nowhere.",
        (
            "reports/a.md:15: the link 'javascript:alert(1)' is not shown, "
            "expected http, https, mailto, run:KEY, experiment:NAME or a report's path."
        ),
        "reports/a.md:5: there is no run 'vision/b'.\n  Try: did you mean 'vision/a'?",
        "reports/a.md:7: there is no experiment 'visio'.\n  Try: did you mean 'vision'?",
        "reports/a.md:9: the link 'othr.md' leads to no report.\n  Try: did you mean 'other.md'?",
    ]
    assert "<p>r</p>" in html(view)
    assert "javascript" not in html(view)


def test_a_picture_of_the_reports_folder_is_published_as_an_object(project):
    write_report(project, "in/a.md", "![dots](pictures/dot.png)\n")
    (project / "reports/in/pictures").mkdir()
    (project / "reports/in/pictures/dot.png").write_bytes(PNG)

    view = view_of(project, "in/a.md")

    assert said(view) == []
    url = next(path for path in (project / "site/o").glob("*/*.png"))
    shown = url.relative_to(project / "site").as_posix()
    assert f'src="ROOT/{shown}"' in html(view)
    assert 'alt="dots"' in html(view)


def test_a_picture_that_is_missing_outside_or_no_picture_is_not_shown(project, tmp_path):
    write_report(project, "a.md", "![a](gone.png)\n\n![b](link.png)\n\n![c](evil.svg)\n")
    (tmp_path / "secret.png").write_bytes(PNG)
    (project / "reports/link.png").symlink_to(tmp_path / "secret.png")

    view = view_of(project, "a.md")

    assert said(view) == [
        "reports/a.md:1: there is no picture 'gone.png' in reports/.",
        "reports/a.md:3: there is no picture 'link.png' in reports/.",
        (
            "reports/a.md:5: the picture 'evil.svg' is not shown, "
            "expected one of avif, bmp, gif, jpeg, jpg, png, webp."
        ),
    ]
    assert "<img" not in html(view)


def test_raw_html_is_text(project):
    write_report(project, "a.md", '<script>alert(1)</script>\n\n<b onclick="x">b</b>\n')

    assert "<script" not in html(view_of(project, "a.md"))
    assert "<b" not in html(view_of(project, "a.md"))


def test_code_and_tables_can_be_reached_by_keyboard_and_no_head_is_empty(project):
    write_report(project, "a.md", "```python\nx\n```\n\n|   | a |\n|---|---|\n| b | 1 |\n")

    shown = html(view_of(project, "a.md"))

    assert '<pre tabindex="0"><code>x\n</code></pre>' in shown
    assert '<div class="scroll" tabindex="0"><table>' in shown
    assert shown.count("</table></div>") == 1
    assert '<td></td>\n<th scope="col">a</th>' in shown


def test_the_list_follows_order_then_path(project):
    write_report(project, "z.md", "---\norder: 1\n---\n")
    write_report(project, "b10.md", "Words.\n")
    write_report(project, "b2.md", "# Two\n")

    view = report.make_list(open_context(project))

    assert view.deck == "3 reports."
    assert [item.title for item in view.reports] == ["Z", "Two", "B10"]
