"""Fetches what the index lacks for some tags: their manifests, and what those are made of."""

from collections.abc import Iterable, Sequence
from itertools import chain

from django.utils.translation import gettext_noop

from registryui.catalog.models import Referrer
from registryui.oci.descriptor import Descriptor
from registryui.oci.digest import Digest
from registryui.oci.manifest import referrer_kind
from registryui.sync import fetch, known
from registryui.sync.bulk import in_parts
from registryui.sync.crew import Plan, gather, gather_three
from registryui.sync.errand import Errand
from registryui.sync.findings import Findings, wanted_children, wanted_config
from registryui.sync.snapshot import (
    Config,
    FetchedManifest,
    Harvest,
    Reading,
    ReferrerLink,
    TagAsk,
    Unreadable,
)

# Indexes of indexes: nobody has a reason to go deeper.
MAX_DEPTH = 4
# In one wave: an index may claim a thousand entries, and each of them again.
MAX_WANTED = 20_000
# Each of them may have 8 MiB.
CONFIGS_AT_ONCE = 50

TOO_DEEP = Unreadable(gettext_noop("Its indexes are nested too deeply."))
TOO_MANY = Unreadable(gettext_noop("There are too many manifests behind it."))


def collect(errand: Errand, repository: str, asks: Sequence[TagAsk]) -> Plan[Harvest]:
    """Read some tags of a repository and everything behind them that the index does not have."""
    source = errand.source(repository)
    with source.allowance:
        read = yield from gather(fetch.in_chunks(fetch.read_tags, source, asks, size=errand.chunk))
        collection = _Collection(errand, source, Findings([tag for part in read for tag in part]))
        yield from collection.complete()
        return collection.findings.harvest()


class _Collection:
    """Goes down from the tags, wave by wave; each wave's requests run side by side."""

    def __init__(self, errand: Errand, source: fetch.Source, findings: Findings) -> None:
        self.findings = findings
        self._source = source
        # One at a time where they count, so that what comes first is had first.
        self._chunk = 1 if errand.client.pulls.are_counted else errand.chunk
        self._seen: set[str] = set()
        # What the next wave starts from: manifests just read, and digests to read.
        self._front: list[FetchedManifest] = []
        self._wanted: dict[str, Digest] = {}

    def complete(self) -> Plan[None]:
        self._start()
        subjects = self._new_subjects()
        for _ in range(MAX_DEPTH):
            if not (self._front or self._wanted or subjects):
                return
            yield from self._wave(subjects)
            subjects = []
        for document in self._front:
            self.findings.unreadable[document.digest] = TOO_DEEP
        self.findings.unreadable.update(dict.fromkeys(self._wanted, TOO_DEEP))

    def _start(self) -> None:
        targets = {str(target.digest): target for target in self.findings.targets()}
        for digest in known.known_manifests(targets):
            del targets[digest]
        for digest, target in targets.items():
            if target.fetched is None:
                self._wanted[digest] = target.digest
            else:
                self._seen.add(digest)
                self._front.append(target.fetched)
                self.findings.documents[digest] = target.fetched

    def _new_subjects(self) -> list[Digest]:
        if self._source.client.supports_referrers is False:
            return []
        return sorted({target.digest for target in self.findings.new_targets()})

    def _wave(self, subjects: Sequence[Digest]) -> Plan[None]:
        source, size = self._source, self._chunk
        manifests, configs, referrers = yield from gather_three(
            fetch.in_chunks(fetch.read_manifests, source, self._unknown_manifests(), size=size),
            fetch.in_chunks(fetch.read_configs, source, self._unknown_configs(), size=size),
            fetch.in_chunks(fetch.read_referrers, source, subjects, size=size),
        )
        self._front = self.findings.take_manifests(chain.from_iterable(manifests))
        self.findings.take_configs(chain.from_iterable(configs))
        self._wanted = self._take_referrers(chain.from_iterable(referrers))

    def _unknown_manifests(self) -> list[Digest]:
        """Return what this wave has to get: entries of the last wave's indexes, too."""
        wanted = dict(self._wanted)
        for document in self._front:
            wanted.update(wanted_children(document))
        for digest in self._seen.intersection(wanted):
            del wanted[digest]
        self._seen.update(wanted)
        for digest in known.known_manifests(wanted):
            del wanted[digest]
        for digest in list(wanted)[MAX_WANTED:]:
            del wanted[digest]
            self.findings.unreadable[digest] = TOO_MANY
        return list(wanted.values())

    def _unknown_configs(self) -> list[Descriptor]:
        configs = {
            str(config.digest): config
            for document in self._front
            if (config := wanted_config(document.manifest)) is not None
        }
        for digest in self._seen.intersection(configs):
            del configs[digest]
        self._seen.update(configs)
        held = self._held_configs(configs)
        self.findings.configs.update(held)
        return [config for digest, config in configs.items() if digest not in held]

    def _held_configs(self, digests: Iterable[str]) -> dict[str, Config]:
        held: dict[str, Config] = {}
        for part in in_parts(digests, CONFIGS_AT_ONCE):
            if self._source.allowance.is_spent:
                break
            found = known.known_configs(part)
            held.update(found)
            for config in found.values():
                self._source.allowance.take(config.content)
        return held

    def _take_referrers(
        self, readings: Iterable[Reading[Digest, tuple[Descriptor, ...]]]
    ) -> dict[str, Digest]:
        wanted: dict[str, Digest] = {}
        for reading in readings:
            # A list that cannot be read is no fault of the tag; what refers to it comes later.
            for descriptor in reading.found if isinstance(reading.found, tuple) else ():
                wanted[str(descriptor.digest)] = descriptor.digest
                self.findings.links.append(
                    ReferrerLink(
                        str(reading.asked),
                        str(descriptor.digest),
                        referrer_kind(descriptor),
                        Referrer.Source.REFERRERS_API,
                    )
                )
        return wanted
