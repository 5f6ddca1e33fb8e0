"""Images as recipes: steps that a build file would have, on top of the steps of another image."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from registryui.oci.digest import Digest
from registryui.sample.archives import Files, filler
from registryui.sample.builder import image, layer
from registryui.sample.layers import Layer
from registryui.sample.registry import SampleRegistry

KIB = 1 << 10
MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a history: what made it, when, and its layer unless it changed no file."""

    created_by: str
    layer: Layer | None = None
    comment: str = ""
    created: str = ""

    def entry(self) -> dict[str, object]:
        entry: dict[str, object] = {"created": self.created, "created_by": self.created_by}
        if self.comment:
            entry["comment"] = self.comment
        return entry if self.layer else {**entry, "empty_layer": True}


@dataclass(frozen=True, slots=True)
class Recipe:
    """An image before it is pushed; `runtime` is how it runs, `more` are other config fields."""

    created: str
    steps: tuple[Step, ...]
    runtime: Mapping[str, object] = field(default_factory=dict)
    platform: str = "linux/amd64"
    more: Mapping[str, object] = field(default_factory=dict)

    @property
    def layers(self) -> list[Layer]:
        return [step.layer for step in self.steps if step.layer]

    def then(self, created: str, *steps: Step, runtime: Mapping[str, object]) -> "Recipe":
        """Build FROM this image: the same layers, and more on top."""
        dated = tuple(replace(step, created=created) for step in steps)
        merged = {**self.runtime, **runtime}
        return replace(self, created=created, steps=self.steps + dated, runtime=merged)

    def push(
        self,
        registry: SampleRegistry,
        repository: str,
        tag: str | None = None,
        *,
        annotations: Mapping[str, str] | None = None,
        docker: bool = False,
    ) -> Digest:
        config = {
            "created": self.created,
            "config": self.runtime,
            "history": [step.entry() for step in self.steps],
            **self.more,
        }
        return image(
            registry,
            repository,
            tag,
            layers=self.layers,
            platform=self.platform,
            config=config,
            annotations=annotations,
            docker=docker,
        )


def base(created: str, *steps: Step, runtime: Mapping[str, object], platform: str) -> Recipe:
    """Build an image FROM scratch."""
    return Recipe(created, (), platform=platform).then(created, *steps, runtime=runtime)


def classic(instruction: str, made: Layer | None = None) -> Step:
    """Write a step as Docker's classic builder wrote it."""
    verb, _, rest = instruction.partition(" ")
    words = rest if verb == "RUN" else f"#(nop) {verb} {rest}" if made else f"#(nop)  {instruction}"
    return Step(f"/bin/sh -c {words}", made)


def buildkit(instruction: str, made: Layer | None = None) -> Step:
    """Write a step as BuildKit does; a RUN may begin with its arguments: `RUN |1 A=b ~ make`."""
    verb, _, rest = instruction.partition(" ")
    if verb == "RUN":
        arguments, _, command = rest.rpartition(" ~ ")
        shell = f"{arguments} /bin/sh -c".strip()
        instruction = f"RUN {shell} {command}"
    words = f"{instruction} # buildkit" if made else instruction
    return Step(words, made, comment="buildkit.dockerfile.v0")


def material(name: str, size_bytes: int, files: Files | None = None) -> Layer:
    """Make a layer of about this size: a few files, and noise that stands for the rest."""
    return layer({**(files or {}), f"usr/lib/{name}.so": filler(size_bytes, name)}, name=name)
