"""Verbs and exit codes."""


def test_help_names_every_verb(staticrun):
    ran = staticrun("--help")

    assert ran.code == 0
    for verb in ("init", "build", "check", "runs", "schema"):
        assert f"\n  {verb}" in ran.out


def test_a_verb_that_there_is_not_is_wrong_use(staticrun):
    ran = staticrun("biuld")

    assert ran.code == 2
    assert "Error: there is no verb 'biuld': did you mean 'build'?" in ran.err


def test_an_option_that_there_is_not_is_wrong_use(staticrun):
    assert staticrun("build", "--jbos", "2").code == 2


def test_work_that_fails_says_why_without_a_traceback(staticrun, project):
    (project / "staticrun.yaml").write_text("theme: nope\n")

    ran = staticrun("build")

    assert ran.code == 1
    assert ran.err.startswith("staticrun: staticrun.yaml: theme: there is no theme 'nope'")
    assert "Traceback" not in ran.err
