"""Pure numbers in, structs out: groups of runs, means with intervals, curves, ranking."""
