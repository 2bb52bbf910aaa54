"""The registry: models, their versions and stages, as small YAML files that git keeps.

`manifests` says what the files hold, `read` and `write` are the ways from bytes and to them,
`sources` where bytes come from (a folder or a commit), `state` all of a registry at one moment,
`rules` what has to hold of a state by itself, `artifacts` how bytes are walked and digested. Nothing
here loads a model.
"""
