"""What an image says of itself: how it runs, where it comes from, its labels in words."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext

from registryui.oci import annotations
from registryui.oci.chart import Chart
from registryui.oci.config import ImageConfig
from registryui.oci.model import Model

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known, with what it is called."""

    name: str = field(metadata={"help": "What it is called."})
    value: str = field(metadata={"help": "What it is."})
    url: str = field(default="", metadata={"help": "Where it leads; empty if nowhere."})
    note: str = field(default="", metadata={"help": "What that means, in words."})
    is_code: bool = field(default=False, metadata={"help": "Whether it is meant for machines."})


@dataclass(frozen=True, slots=True)
class Pair:
    """A label, an annotation or a variable, its key kept as it is."""

    key: str = field(metadata={"help": "The key, exactly."})
    words: str = field(metadata={"help": "What a well-known key means; empty for others."})
    value: str = field(metadata={"help": "The value, exactly."})
    url: str = field(metadata={"help": "The value as a link, if it is a safe one."})


def pairs_of(pairs: Pairs) -> tuple[Pair, ...]:
    """Return labels or annotations with the meaning of the well-known ones."""
    return tuple(
        Pair(key, gettext(annotations.words_for(key)), value, annotations.web_link(value))
        for key, value in pairs
    )


def running(config: ImageConfig) -> tuple[Fact, ...]:
    """Return what a container of the image would run, as far as the config says."""
    as_root = {"": gettext("nobody else is set"), "root": ""}.get(config.user, "root")
    facts = [
        Fact(gettext("entrypoint"), _words(config.entrypoint), is_code=True),
        Fact(gettext("command"), _words(config.command), is_code=True),
        Fact(gettext("user"), config.user or "root", note=as_root if config.runs_as_root else ""),
        Fact(gettext("working directory"), config.working_dir, is_code=True),
        Fact(gettext("ports"), ", ".join(config.exposed_ports)),
        Fact(gettext("volumes"), ", ".join(config.volumes), is_code=True),
        Fact(gettext("health check"), _words(config.healthcheck), is_code=True),
        Fact(gettext("stop signal"), config.stop_signal),
        Fact(gettext("shell"), _words(config.shell), is_code=True),
        Fact(gettext("on build"), "; ".join(config.on_build), is_code=True),
    ]
    return tuple(fact for fact in facts if fact.value)


def sources(labels: Pairs) -> tuple[Fact, ...]:
    """Return what an image says it was built from: claims, not proofs."""
    return _said(labels, (annotations.SOURCE, annotations.REVISION))


def origin(labels: Pairs, author: str) -> tuple[Fact, ...]:
    """Return what else an image says of itself: claims, too."""
    keys = (
        annotations.VERSION,
        annotations.BASE_NAME,
        annotations.LICENSES,
        annotations.VENDOR,
        annotations.DOCUMENTATION,
        annotations.URL,
        annotations.AUTHORS,
    )
    by = (Fact(gettext("author"), author),) if author else ()
    return (*_said(labels, keys), *by)


def _said(labels: Pairs, keys: Iterable[str]) -> tuple[Fact, ...]:
    found = [(annotations.words_for(key), annotations.value_of(labels, key)) for key in keys]
    return tuple(
        Fact(
            gettext(name),
            _short_link(value),
            url=annotations.web_link(value),
            is_code=name == annotations.words_for(annotations.REVISION),
        )
        for name, value in found
        if value
    )


def chart_facts(chart: Chart) -> tuple[Fact, ...]:
    """Return what a Helm chart says of itself in its Chart.yaml."""
    facts = [
        Fact(gettext("name"), chart.name),
        Fact(gettext("version"), chart.version),
        Fact(gettext("application version"), chart.app_version),
        Fact(gettext("type"), chart.type),
        Fact("Kubernetes", chart.kube_version, is_code=True),
        Fact(
            gettext("dependencies"),
            _list(f"{each.name} {each.version}" for each in chart.dependencies),
        ),
        Fact(gettext("maintainers"), _list(chart.maintainers)),
        Fact(gettext("keywords"), _list(chart.keywords)),
        Fact(gettext("website"), _short_link(chart.home), url=annotations.web_link(chart.home)),
        *(
            Fact(gettext("source"), _short_link(each), annotations.web_link(each))
            for each in chart.sources
        ),
        Fact(gettext("deprecated"), gettext("yes") if chart.deprecated else ""),
    ]
    return tuple(fact for fact in facts if fact.value)


def model_facts(model: Model) -> tuple[Fact, ...]:
    """Return what an AI model says of itself."""
    abilities = (
        (model.reasoning, gettext("reasoning")),
        (model.tool_usage, gettext("use of tools")),
    )
    facts = [
        Fact(gettext("name"), model.name),
        Fact(gettext("version"), model.version),
        Fact(gettext("family"), model.family),
        Fact(gettext("vendor"), model.vendor),
        Fact(gettext("description"), model.description),
        Fact(gettext("parameters"), model.parameters),
        Fact(gettext("architecture"), model.architecture),
        Fact(gettext("format"), model.format, is_code=True),
        Fact(gettext("precision"), model.precision, is_code=True),
        Fact(gettext("quantization"), model.quantization, is_code=True),
        Fact(gettext("takes"), _list(model.inputs)),
        Fact(gettext("gives"), _list(model.outputs)),
        Fact(gettext("abilities"), _list(words for can, words in abilities if can)),
        Fact(gettext("knows the world until"), model.knowledge_cutoff),
        Fact(gettext("licence"), _list(model.licenses)),
    ]
    return tuple(fact for fact in facts if fact.value)


def _words(arguments: Iterable[str]) -> str:
    """Join arguments as a shell would read them, near enough to read."""
    return " ".join(repr(each) if " " in each or not each else each for each in arguments)


def _list(items: Iterable[str]) -> str:
    return ", ".join(items)


def _short_link(value: str) -> str:
    return (
        value.removeprefix("https://").removeprefix("http://")
        if annotations.web_link(value)
        else value
    )
