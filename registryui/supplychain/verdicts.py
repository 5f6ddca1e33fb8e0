"""What is said of a signature on a page: signed, by an unknown key, or broken."""

from collections.abc import Iterable
from enum import StrEnum

from django.utils.translation import gettext as _

from registryui.catalog.models import Referrer
from registryui.supplychain.models import Signature, Verification
from registryui.supplychain.signing.judging import Fault


class Verdict(StrEnum):
    """The words that are told apart; nothing is called safe."""

    SIGNED = "SIGNED"
    UNKNOWN_KEY = "UNKNOWN_KEY"
    BROKEN = "BROKEN"
    UNCHECKED = "UNCHECKED"


def words_of(verdict: Verdict, keys: str) -> str:
    """Return a verdict in words."""
    if verdict is Verdict.SIGNED:
        return _("signed by %(keys)s") % {"keys": keys}
    return {
        Verdict.UNKNOWN_KEY: _("signed by an unknown key"),
        Verdict.BROKEN: _("broken signature"),
        Verdict.UNCHECKED: _("signature, not verified"),
    }[verdict]


def judge(signature: Signature, referrer: Referrer) -> tuple[Verdict, str, str]:
    """Return the verdict on a signature where it is attached, its keys, and why.

    The verifications must have been read together with their keys.
    """
    if not signature.is_checkable:
        return Verdict.UNCHECKED, "", _("Signatures of this kind are shown, not verified.")
    if signature.fault:
        return Verdict.BROKEN, "", _fault_words(signature.fault)
    if referrer.subject_digest not in signature.document.subjects.split():
        return Verdict.BROKEN, "", _("It was made for another image: the digest in it differs.")
    repository = referrer.repository
    counting = [
        each
        for each in signature.verifications.all()
        if each.key.covers(repository.registry.slug, repository.name)
    ]
    return _by_keys(counting)


def _by_keys(counting: Iterable[Verification]) -> tuple[Verdict, str, str]:
    names: dict[str, list[str]] = {}
    for each in counting:
        names.setdefault(each.result, []).append(each.key.name)
    if valid := names.get(Verification.Result.VALID):
        return Verdict.SIGNED, ", ".join(sorted(valid)), ""
    if broken := names.get(Verification.Result.BROKEN):
        why = _("It names the key %(name)s, which did not make it: what was signed was changed.")
        return Verdict.BROKEN, "", why % {"name": broken[0]}
    why = _("No trusted key of this repository made it, or what was signed was changed since.")
    return Verdict.UNKNOWN_KEY, "", why


def _fault_words(fault: str) -> str:
    return {
        Fault.CERTIFICATE: _("The certificate beside it did not make it: one of them was changed."),
        Fault.MALFORMED: _("It is malformed: it cannot be read as a signature."),
    }.get(Fault(fault), _("What was signed is not what is there."))
