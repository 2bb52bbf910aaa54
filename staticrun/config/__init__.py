"""What a project says about itself: staticrun.yaml, experiment.yaml and STATICRUN_CAPTURE.

`keys` is the one definition: the reader checks files against it, the JSON Schema for editors and
the guide's table of keys are made from it. Nothing here imports yaml before there is a file.
"""

from __future__ import annotations

from staticrun.config.documentation import KeyReference, json_schema, reference
from staticrun.config.keys import (
    Accepted,
    Artifacts,
    Capture,
    Comparison,
    Config,
    Experiment,
    Keep,
    Logs,
    Metric,
    Privacy,
    Project,
    Publish,
    Version,
    Watch,
)
from staticrun.config.light import ForWriter, for_writer, watched
from staticrun.config.read import load, load_experiment, same_site
from staticrun.config.switches import over

__all__ = [
    "Accepted",
    "Artifacts",
    "Capture",
    "Comparison",
    "Config",
    "Experiment",
    "ForWriter",
    "Keep",
    "KeyReference",
    "Logs",
    "Metric",
    "Privacy",
    "Project",
    "Publish",
    "Version",
    "Watch",
    "for_writer",
    "json_schema",
    "load",
    "load_experiment",
    "over",
    "reference",
    "same_site",
    "watched",
]
