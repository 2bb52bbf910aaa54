"""All of a registry at one moment: what its files say, and which of them say nothing.

Manifests are read once for every content: what a content says is kept in the cache by its digest,
so that a registry of thousands of versions is read again only where it changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from staticrun import layout
from staticrun.errors import Finding
from staticrun.registry import manifests
from staticrun.registry.read import read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from staticrun.registry.known import Known
    from staticrun.registry.manifests import Manifest
    from staticrun.registry.sources import Source

README = f"{layout.REGISTRY}/README.md"
KINDS: dict[str, type[Manifest]] = {
    "registry": manifests.Registry,
    "policies": manifests.Policies,
    "model": manifests.Model,
    "version": manifests.Version,
    "withdrawn": manifests.Withdrawn,
    "stage": manifests.Stage,
}


@dataclass
class ModelState:
    """A registered model.

    Attributes:
        name: Of its folder.
        about: What `model.yaml` says; None where there is none that can be read.
        versions: Number → version.
        cards: Number → Markdown of the version's card.
        withdrawn: Number → why it must not be used.
        stages: Name → where it is.
    """

    name: str
    about: manifests.Model | None = None
    versions: dict[int, manifests.Version] = field(default_factory=dict)
    cards: dict[int, str] = field(default_factory=dict)
    withdrawn: dict[int, manifests.Withdrawn] = field(default_factory=dict)
    stages: dict[str, manifests.Stage] = field(default_factory=dict)

    def stages_of(self, number: int) -> list[str]:
        """Name the stages that are at a version."""
        return [name for name, stage in sorted(self.stages.items()) if stage.version == number]


@dataclass
class State:
    """A registry.

    Attributes:
        settings: What `registry.yaml` says; defaults without it.
        policies: What `policies.yaml` says.
        models: Name → model, in the order of names.
        names: Path → a name for the file's content, of every file there is.
        broken: Paths of the manifests that cannot be read.
        findings: What is wrong with files, each by itself.
    """

    settings: manifests.Registry = field(default_factory=manifests.Registry)
    policies: manifests.Policies = field(default_factory=manifests.Policies)
    models: dict[str, ModelState] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)

    def order(self, model: str) -> list[str]:
        """Name a model's stages: those of the declared order first, the last one first of all."""
        stages = self.models[model].stages
        declared = [name for name in reversed(self.settings.order) if name in stages]
        return declared + sorted(stages.keys() - set(declared))


def load(source: Source, known: Known | None = None, only: Iterable[str] | None = None) -> State:
    """Read a registry.

    Args:
        source: Where its files are.
        known: What contents said before; takes on what is read now.
        only: The paths to read, where a part is enough; all when None.

    Returns:
        Everything that can be read. What cannot is in `broken` and `findings`, and missing.
    """
    state = State(names=source.names, findings=list(source.findings))
    paths = sorted(source.names if only is None else set(only) & source.names.keys())
    places = {path: place for path in paths if (place := layout.registry_file(path)) is not None}
    strays = [path for path in paths if path not in places and path != README]
    state.findings += [_stray(path) for path in strays]
    said: dict[str, Manifest | str] = {}
    if known is not None:
        for path, place in places.items():
            manifest = known.recall(source.names[path], KINDS.get(place.kind))
            if manifest is not None:
                said[path] = manifest
    for path, data in source.read([path for path in places if path not in said]).items():
        kind = KINDS.get(places[path].kind)
        if kind is None:
            said[path] = data.decode("utf-8", "replace")
            continue
        manifest, found = read(data, path, kind)
        if manifest is None or found:
            state.findings += found
            state.broken.add(path)
            continue
        said[path] = manifest
        if known is not None:
            known.keep(source.names[path], manifest)
    for path, place in places.items():
        if path in said:
            _put(state, path, place, said[path])
    return state


def _put(state: State, path: str, place: layout.RegistryFile, said: Manifest | str) -> None:
    model = state.models.setdefault(place.model, ModelState(place.model)) if place.model else None
    found = misplaced(path, place, said)
    if found is not None:
        state.findings.append(found)
        state.broken.add(path)
        return
    if isinstance(said, manifests.Registry):
        state.settings = said
    elif isinstance(said, manifests.Policies):
        state.policies = said
    elif model is None:
        return
    elif isinstance(said, str):
        model.cards[place.number] = said
    elif isinstance(said, manifests.Model):
        model.about = said
    elif isinstance(said, manifests.Version):
        model.versions[place.number] = said
    elif isinstance(said, manifests.Withdrawn):
        model.withdrawn[place.number] = said
    elif isinstance(said, manifests.Stage):
        model.stages[place.stage] = said


def misplaced(path: str, place: layout.RegistryFile, said: Manifest | str) -> Finding | None:
    """Say what a manifest claims to be where it is the file of something else."""
    for key in ("model", "stage", "version"):
        # A stage's version is where it points, not who it is.
        if key == "version" and not isinstance(said, manifests.Version | manifests.Withdrawn):
            continue
        expected = {"model": place.model, "stage": place.stage, "version": place.number}[key]
        found = getattr(said, key, None)
        if expected and found is not None and found != expected:
            what = f"{key} is {found}, and the file is that of {expected}"
            return Finding(path, what, f"{key}: {expected}")
    return None


def _stray(path: str) -> Finding:
    what = "is no file of a registry"
    expected = "models/NAME/versions/0001.yaml, …, as `staticrun registry register` writes them"
    return Finding(path, what, expected, "remove it, or move it out of registry/")
