"""What a branch changes, for whoever reviews it: runs, metrics with statistics, regressions."""
