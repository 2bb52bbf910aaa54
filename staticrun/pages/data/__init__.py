"""What the browser reads: classic scripts that hand over JSON, never fetched.

`runs.js` at the root of the newest state (or of a version) lists the shards of every experiment;
a shard is an immutable object with the facts of up to 1,024 runs as columns; each run has an
object with the rest of its facts and one with its series. The shapes are the structs in `types`,
from which the browser's types are generated.
"""
