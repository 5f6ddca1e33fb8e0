"""What must be gone before a step of the same operation may be done."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from registryui.deletion.execution.verdict import OVER
from registryui.deletion.models import Operation, Step
from registryui.oci.digest import Digest
from registryui.oci.errors import OciError
from registryui.oci.manifest import parse_manifest
from registryui.oci.referrer_tag import referrer_tag, subject_of_tag


class Ties:
    """The steps of a deletion by what they are about, and how each has ended so far.

    Read from the bytes that the operation keeps: an index that could not be deleted keeps its
    platforms, an image its signatures.
    """

    def __init__(self, operation: Operation) -> None:
        self._operation = operation
        self._keepers: dict[str, set[str]] | None = None
        self._states: dict[str, dict[int, str]] = defaultdict(dict)
        self._removals: dict[str, int] = {}
        self._attached: set[str] | None = None
        for step in operation.steps.only("pk", "kind", "digest", "state", "about"):
            self._states[step.digest][step.pk] = step.state
            if step.kind == Step.Kind.REMOVE:
                self._removals[step.digest] = step.pk

    def note(self, step: Step) -> None:
        """Remember how a step ended."""
        self._states[step.digest][step.pk] = step.state

    def keeper_of(self, step: Step) -> str:
        """Return a digest that was to go before this step, and has not; "" if there is none."""
        keepers = self._read() if self._keepers is None else self._keepers
        wanted = set(keepers.get(step.digest, ()))
        wanted.update(self._subjects(step))
        left = (digest for digest in sorted(wanted) if not self.is_over(digest))
        return next(left, "")

    def is_over(self, digest: str) -> bool:
        """Whether all that was to be done to a manifest, or to the tags on it, is done."""
        states = self._states.get(digest, {})
        if digest in self._removals:
            return self.is_removed(digest)
        return all(state in OVER for state in states.values())

    def is_removed(self, digest: str) -> bool:
        """Whether the operation has deleted a manifest by its digest."""
        number = self._removals.get(digest)
        return number is not None and self._states[digest][number] in OVER

    def asked(self, steps: Iterable[Step]) -> dict[str, str]:
        """Return the tags that somebody chose, with the digests they pointed to.

        Those called after a manifest of the operation only go because that does.
        """
        if self._attached is None:  # for all steps at once: a step alone asks each time
            self._attached = {_attached_to(digest) for digest in self._states}
        attached = self._attached
        return {
            tag: step.digest
            for step in steps
            for tag in (step.goes_with if step.kind == Step.Kind.REMOVE else [step.tag])
            if tag.partition(".")[0] not in attached
        }

    def _subjects(self, step: Step) -> Iterator[str]:
        for tag in (step.tag, *step.goes_with):
            subject = subject_of_tag(tag)
            if subject is not None and str(subject[0]) != step.digest:
                yield str(subject[0])

    def _read(self) -> dict[str, set[str]]:
        keepers: dict[str, set[str]] = defaultdict(set)
        rows = self._operation.kept_manifests.values_list("digest", "media_type", "content")
        for digest, media_type, content in rows.iterator():
            try:
                manifest = parse_manifest(bytes(content), content_type=media_type)
            except OciError:  # kept as it is, whatever it is
                continue
            for child in manifest.children:
                keepers[str(child.digest)].add(digest)
            if manifest.subject is not None:
                keepers[digest].add(str(manifest.subject.digest))
        self._keepers = keepers
        return keepers


def _attached_to(digest: str) -> str:
    return referrer_tag(Digest.parse(digest))
