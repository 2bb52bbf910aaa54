"""A difference as git writes it, read into rows."""

import subprocess

from hypothesis import given
from hypothesis import strategies as st

from staticrun.pages.difference import FILES_MAX, LINE_MAX, parse

SMALL = """\
diff --git a/train.py b/train.py
index 1111111..2222222 100644
--- a/train.py
+++ b/train.py
@@ -10,3 +10,4 @@ def train():
 same
-old
+new
+--- more
 last
"""


def rows(difference):
    return [[(r.kind, r.old, r.new, r.text) for r in file.rows] for file in difference.files]


def test_lines_have_their_numbers_before_and_after():
    found = parse(SMALL)

    assert [file.path for file in found.files] == ["train.py"]
    assert (found.added, found.removed) == (2, 1)
    assert rows(found)[0] == [
        ("hunk", "", "", "@@ -10,3 +10,4 @@ def train():"),
        ("same", "10", "10", "same"),
        ("removed", "11", "", "old"),
        ("added", "", "11", "new"),
        ("added", "", "12", "--- more"),
        ("same", "12", "13", "last"),
    ]


def marked(old, new):
    body = "".join(f"-{line}\n" for line in old) + "".join(f"+{line}\n" for line in new)
    found = parse(f"--- a\n+++ b\n@@ -1,{len(old)} +1,{len(new)} @@\n{body}")
    return [
        "".join(f"[{part.text}]" if part.changed else part.text for part in row.parts)
        for row in found.files[0].rows[1:]
    ]


def test_changed_words_of_a_changed_line_are_marked():
    found = marked(["lr = 0.1, width=32"], ["lr = 0.1, width=64  # wide"])

    assert found == ["lr = 0.1, width=[32]", "lr = 0.1, width=[64  # wide]"]


def test_lines_are_paired_in_their_order():
    assert marked(["a b c", "d e f"], ["a x c", "d e y"]) == [
        "a [b] c",
        "d e [f]",
        "a [x] c",
        "d e [y]",
    ]


def test_other_and_uneven_and_endless_lines_are_not_marked():
    assert marked(["one two"], ["def other(): pass"]) == ["", ""]
    assert marked(["a b c"], ["a b d", "more"]) == ["", "", ""]
    assert marked(["a " * 400], ["a " * 400 + "b"]) == ["", ""]


@given(st.lists(st.text("ab c1(", max_size=20), min_size=1, max_size=3), st.randoms())
def test_the_parts_of_a_line_are_the_line(lines, random):
    other = [line.replace("a", random.choice("abc")) for line in lines]
    body = "".join(f"-{line}\n" for line in lines) + "".join(f"+{line}\n" for line in other)
    found = parse(f"--- a\n+++ b\n@@ -1,{len(lines)} +1,{len(lines)} @@\n{body}")

    for row in found.files[0].rows:
        assert not row.parts or "".join(part.text for part in row.parts) == row.text


def test_what_git_writes_is_read_whole(tmp_path):
    def git(*words):
        done = subprocess.run(
            ["git", *words], cwd=tmp_path, check=True, capture_output=True, text=True
        )
        return done.stdout

    git("init", "-q")
    (tmp_path / "kept.py").write_text("".join(f"line {n}\n" for n in range(40)))
    (tmp_path / "gone.py").write_text("a\nb\n")
    (tmp_path / "data.bin").write_bytes(bytes(range(256)))
    git("add", ".")
    (tmp_path / "kept.py").write_text("".join(f"line {n * (n != 20)}\n" for n in range(41)))
    (tmp_path / "gone.py").unlink()
    (tmp_path / "data.bin").write_bytes(bytes(255))
    (tmp_path / "new name.py").write_text("x")
    git("add", "-N", "new name.py")
    found = parse(git("diff"))
    changed = {file.path: (file.added, file.removed) for file in found.files}

    assert changed == {
        "data.bin": (0, 0),
        "gone.py": (0, 2),
        "kept.py": (2, 1),
        "new name.py": (1, 0),
    }
    assert found.files[0].rows[-1].text == "Binary files a/data.bin and b/data.bin differ"


def test_a_difference_without_git_has_its_files_too():
    found = parse("--- a.txt\t2026\n+++ b.txt\t2026\n@@ -1 +1 @@\n-a\n+b\n--- c\n+++ /dev/null\n")

    assert [file.path for file in found.files] == ["b.txt", "c"]


def test_what_is_left_out_is_counted():
    body = "".join(f"+line {n}\n" for n in range(1000))
    found = parse(f"--- a\n+++ b\n@@ -0,0 +1,1000 @@\n{body}", rows_max=50)

    assert len(found.files[0].rows) == 50
    assert found.files[0].left_out == 951
    assert found.files[0].added == 1000


def test_files_and_lines_are_bounded():
    many = parse("".join(f"--- a{n}\n+++ b{n}\n@@ -1 +1 @@\n-a\n+b\n" for n in range(100)))
    long = parse(f"--- a\n+++ b\n@@ -0,0 +1 @@\n+{'x' * 100_000}\n")

    assert len(many.files) == FILES_MAX
    assert many.files_left_out == 100 - FILES_MAX
    assert many.added == 100
    assert len(long.files[0].rows[-1].text) == LINE_MAX


def test_a_head_that_promises_more_than_there_is_ends_with_the_text():
    found = parse("--- a\n+++ b\n@@ -1,999999999 +1,999999999 @@\n-a\n")

    assert found.removed == 1


@given(st.lists(st.sampled_from([*SMALL.split("\n"), "", "\\ x", "--- ", "+++ ", "@@"])))
def test_any_arrangement_of_lines_is_read(lines):
    found = parse("\n".join(lines))

    assert found.added == sum(file.added for file in found.files)


@given(st.text())
def test_any_text_is_read(text):
    parse(text)
