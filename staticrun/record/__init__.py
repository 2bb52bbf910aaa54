"""The record format: what a line of a run file says.

The writer (`log`) and the reader (`store`) meet here and on disk, nowhere else. The format is a
promise: a later version reads every earlier one. Version 1 is described field by field in
`types`, spelled by `codec`, and published as JSON Schema by `schema`; `nested` puts the params of
one record over those of another.
"""
