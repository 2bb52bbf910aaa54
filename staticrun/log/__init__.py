r"""The writer: a call in a training, a line in a file.

    start.py     which run is meant, and the record that begins it
    call.py      what `start` was given, checked
    enter.py     a run of its own, one that is open, or one that stopped
    opening.py   the file that this process writes to
    run.py       `Run`: what a training calls; `log` is the path that has to be short
    outputs.py   what of a run is stored in its folder: files, pictures, tables
    evaluations.py  what is stored of a classifier: confusion matrix, curves
    inputs.py    what it reads: data, other runs' files
    writer.py    the run's open end: lock, file, what was dropped, the end record
    delivery.py  how lines reach the file: at once, or by a thread while the disk is slow or full
    sink.py      one file, one `write(2)` a record
    sync.py      `fsync` on a timer and at the end
    watch.py     metrics that are watched: NaN, bounds, divergence, no progress
    exits.py     SIGTERM, sys.exit, an exception nobody caught: how an open run ends
    current.py   the one run of a script: `staticrun.init`, `log`, `finish`
    edit.py      later changes, each in a file of its own

Several processes: `job` reads a launcher's variables, `meeting` is how its ranks find one run,
`inherit` how a child process finds its parent's, `written` what is on disk of a run already.

Beside them: `values`, `media`, `images`, `sound` and `scores` make plain numbers, texts and bytes
of what frameworks hand over, `artifact` and `keep` bring files into the run, `datasets` and
`frames` digest data where it lies, `consumed` finds out which run wrote a file. `surroundings`
tells at once of the process
(`hardware`, `variables`, `seeds`); `background` is the thread beside the training: it finds out
`late` what takes longer (`source`), and samples the `machine`. `console` has what the process
prints written down (`transcript`): by a process in between (`tap_descriptors`, `relay`), or in
Python (`tap_streams`). `hide`, `redact` and `failure` see to it that nothing of this tells whose
the process is.

What always holds:

- What a call has written when it returns survives the process, however that dies; only while
  the record itself says that lines wait for a slow or full disk can some be lost.
- After `start` nothing raises into a training: what cannot be written is told once a kind, by a
  `LogWarning`, and counted. Before, wrong use is an error.
- A file has one writer. Rank 3 of a job writes `run.rank3.jsonl`, the second segment after a
  resume `run.r2.jsonl`. A process made by fork, or one that a run was sent to, begins a file of
  its own (`run.fork1.jsonl`, `run.part1.jsonl`) with its first record.
- Only the standard library and msgspec are loaded.

Nothing here is needed to write a run. A shell does it too:

    run=runs/sizes/first
    mkdir -p runs/sizes && mkdir "$run"
    say() { printf '%s\n' "$1" >>"$run/run.jsonl"; }
    say '{"type": "start", "format": 1, "time": '"$(date +%s)"'}'
    say '{"type": "metrics", "values": {"bytes": 1024}, "step": 0}'
    say '{"type": "end", "status": "finished", "time": '"$(date +%s)"'}'

An `id` (26 characters, unique) in `start` lets other runs name this one.
"""
