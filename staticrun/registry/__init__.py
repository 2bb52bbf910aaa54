"""The registry: models, their versions and stages, as small YAML files that git keeps.

    bytes ─▶ read ─▶ manifests ─▶ state ─▶ rules, changes, gates ─▶ check
    run ─▶ draft ─▶ move ─▶ write ─▶ files, or a commit
    commits ─▶ history ─▶ events

`manifests` says what the files hold, `read` and `write` are the ways from bytes and to them,
`sources` where bytes come from (a folder or a commit), `state` all of a registry at one moment.
`artifacts` walks and digests bytes, and `evidence` compares them with what a manifest says.
Nothing here loads a model.
"""
