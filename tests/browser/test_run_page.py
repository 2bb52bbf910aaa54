"""A run's page as a person reads it: why it failed, one of 300 params, the pictures of a step."""

from __future__ import annotations

import pytest
import yaml

from tests.browser import run_project
from tests.browser.ask import ask
from tests.browser.site import build
from tests.browser.visit import visit

HOSTILE = [
    *("no", "Null", "1", "~", "1e5", "y", "0x1f", "1:30", "<<", "=", "2026-01-01", "", " ", "a b"),
    *("- a", "? a", "a: b", "a #b", "#", "!x", "&x", "*x", "|", ">", "%", "@", "`", "{", "[", ","),
    *('"', "'", "\\", "a\nb", "\t", "äΩ", "🧮", "constructor", "__proto__", "a/b.c-d", "-", "---"),
]
NUMBERS = [0, -1, 64, 0.1, 1e-7, -1e-7, 1.5e-9, 1e22, 1e300, 5e-324, 2**53, 123456.789]


def test_copied_yaml_says_what_the_run_logged():
    params = {
        "texts": {text: text for text in HOSTILE},
        "numbers": {f"n{i}": number for i, number in enumerate(NUMBERS)},
        "lists": [HOSTILE, NUMBERS, [], {}, [[1, [2]]], {"a": {"b": "c"}}],
        "others": {"none": None, "true": True, "empty": {}, "deep": {"deeper": {"no": False}}},
    }
    [text] = ask("run/text.ts", ["yaml", params])

    assert yaml.safe_load(text) == params


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    root = tmp_path_factory.mktemp("runs")
    run_project.write(root)
    return build(root) / "runs/digits"


def first(runs, view=""):
    return (runs / "first/index.html").as_uri() + view


def second(runs):
    return (runs / "second/index.html").as_uri()


def copied(seen) -> str:
    """Paste what was copied, as a person would."""
    seen.page.evaluate(
        "document.body.append(Object.assign(document.createElement('textarea'), {id: 'pasted'}))"
    )
    seen.page.locator("#pasted").focus()
    seen.page.keyboard.press("Control+V")
    text = seen.page.locator("#pasted").input_value()
    seen.page.evaluate("document.getElementById('pasted').remove()")
    return text


def test_the_traceback_of_a_failed_run_is_read_without_a_script(chromium, runs):
    context = chromium.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(second(runs))
        traceback = page.get_by_label("Traceback")
        console = page.get_by_label("Console console.txt").locator("pre").inner_text()

        assert traceback.locator("pre").inner_text().splitlines() == [
            "Traceback (most recent call last):",
            '  File "train.py", line 7, in <module>',
            "    fit()",
            "ValueError: loss is nan",
        ]
        assert traceback.locator(".f1").all_inner_texts() == ["fit()", "nan"]
        assert console.splitlines() == ["epoch 1: 100%", "warning: <b>slow</b>"]
        assert page.locator(".diff mark").all_inner_texts() == ["32", "64"]
    finally:
        context.close()


def test_a_changed_file_is_copied_as_a_difference(chromium, runs):
    with visit(chromium, second(runs)) as seen:
        seen.page.get_by_role("button", name="Copy train.py").click()
        seen.page.get_by_text("Copied").wait_for()

        assert copied(seen) == "".join(run_project.CHANGES.splitlines(keepends=True)[3:])
        assert seen.problems == []


def test_what_a_run_used_and_who_used_it_are_a_link_away(chromium, runs):
    context = chromium.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(second(runs))
        lineage = page.get_by_role("region", name="Lineage")
        assert "What it came from\nused model/weights.npz, init digits/first" in (
            lineage.inner_text()
        )
        lineage.get_by_role("link", name="digits/first").click()
        page.wait_for_url("**/first/index.html*")
        page.get_by_role("region", name="Lineage").get_by_role("link").click()
        page.wait_for_url("**/second/index.html*")
    finally:
        context.close()


def test_one_of_300_params_is_found_and_copied_by_keyboard(chromium, runs):
    with visit(chromium, first(runs)) as seen:
        box = seen.page.get_by_role("searchbox", name="Find a param")
        box.press_sequentially("block7. LAYER3")
        seen.page.get_by_text("1 of 301").wait_for()
        seen.page.keyboard.press("Tab")
        seen.page.keyboard.press("Tab")
        seen.page.keyboard.press("Tab")
        seen.page.keyboard.press("Enter")
        seen.page.get_by_text("Copied block7.layer3.width").wait_for()

        assert seen.page.locator(".tree dl > div:visible").all_inner_texts() == [
            "layer3.width\n73"
        ]
        assert copied(seen) == "block7.layer3.width"
        address = seen.page.evaluate("location.href")
    with visit(chromium, address) as other:
        other.page.get_by_text("1 of 301").wait_for()


def test_params_are_copied_whole(chromium, runs):
    with visit(chromium, first(runs)) as seen:
        seen.page.get_by_role("button", name="Copy as YAML").click()
        assert yaml.safe_load(copied(seen)) == run_project.PARAMS
        seen.page.get_by_role("button", name="Copy as JSON").click()
        assert yaml.safe_load(copied(seen)) == run_project.PARAMS


def test_arrows_go_from_name_to_name_and_tab_leaves_the_tree(chromium, runs):
    with visit(chromium, first(runs)) as seen:
        focused = "document.activeElement.textContent"
        seen.page.get_by_role("button", name="Copy as JSON").focus()
        seen.page.keyboard.press("Tab")
        assert seen.page.evaluate(focused) == "lr"
        seen.page.keyboard.press("ArrowDown")
        assert seen.page.evaluate(focused) == "layer0.width"
        seen.page.keyboard.press("Tab")
        assert not seen.page.evaluate("document.activeElement.closest('.tree') !== null")


def test_the_picture_of_a_step_is_looked_at_by_keyboard(chromium, runs):
    with visit(chromium, first(runs)) as seen:
        slider = seen.page.get_by_role("slider", name="Step")
        assert slider.get_attribute("aria-valuetext") == "step 50"
        slider.press("ArrowLeft")
        slider.press("ArrowLeft")
        assert slider.get_attribute("aria-valuetext") == "step 30"
        assert seen.page.locator(".large figcaption").inner_text() == "step 30 sample 30"
        seen.page.get_by_role("button", name="step 20").press("Enter")
        assert slider.get_attribute("aria-valuetext") == "step 20"
        address = seen.page.evaluate("location.href")
        assert seen.problems == []
    assert address.endswith("#step=20")
    with visit(chromium, address) as other:
        other.page.get_by_role("img", name="samples at step 20").wait_for()


def test_without_a_script_some_pictures_of_all_steps_stand_there(chromium, runs):
    context = chromium.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(first(runs))
        assert page.locator(".plates figcaption b").all_inner_texts() == [
            f"step {step}" for step in run_project.STEPS
        ]
    finally:
        context.close()


@pytest.mark.parametrize(
    ("scheme", "width"),
    [
        ("light", 1280),
        pytest.param("dark", 320, marks=pytest.mark.slow),
        pytest.param("dark", 1280, marks=pytest.mark.slow),
        pytest.param("light", 320, marks=pytest.mark.slow),
    ],
)
def test_run_pages_are_accessible(chromium, runs, scheme, width):
    with visit(chromium, first(runs), scheme=scheme, width=width) as seen:
        seen.page.get_by_role("slider", name="Step").wait_for()
        seen.page.get_by_role("button", name="Copy as JSON").wait_for()
        assert seen.axe() == []
        assert seen.overflow() == 0
        seen.go(second(runs))
        seen.page.get_by_role("button", name="Copy train.py").wait_for()
        assert seen.axe() == []
        assert seen.overflow() == 0
        assert seen.problems == []
