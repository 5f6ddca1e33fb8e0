"""From the name to a believed connection: name, port, certificate."""

from dataclasses import replace
from datetime import timedelta

from django.utils.translation import gettext_noop

from registryui.connect.doctor.findings import (
    Finding,
    State,
    broken,
    failed,
    fine,
    skipped,
    unsupported,
    warning,
)
from registryui.connect.doctor.patient import Patient
from registryui.distribution.certificates import Certificate

SOON = timedelta(days=30)
NOT_TLS = gettext_noop(
    "It is declared with http://, so nothing is encrypted and there is no certificate."
)
NO_CERTIFICATE = gettext_noop("It showed no certificate.")
ADDRESS = gettext_noop("{host} has the address {addresses}.")
ADDRESSES = gettext_noop("{host} has the addresses {addresses}.")
ISSUED = gettext_noop("Issued by {issuer}, over {protocol}.")
UNVERIFIED = gettext_noop("Verification is switched off: anybody in between can pretend to be it.")
MORE = gettext_noop("What is wrong with it is said below.")
ISSUED_BY_NOBODY = gettext_noop("Issued by nobody, over {protocol}.")
EXPIRED_A_DAY_AGO = gettext_noop("Expired on {date}, {days} day ago.")
EXPIRED = gettext_noop("Expired on {date}, {days} days ago.")
A_DAY_LEFT = gettext_noop("Valid until {date}: {days} day left.")
LEFT = gettext_noop("Valid until {date}: {days} days left.")


def look_up(patient: Patient) -> Finding:
    """Look whether the name server knows the host."""
    addresses = patient.examination.addresses()
    return fine(
        (ADDRESS if len(addresses) == 1 else ADDRESSES).format(
            host=patient.examination.host, addresses=", ".join(addresses)
        )
    )


def knock(patient: Patient) -> Finding:
    """Look whether anything listens on the port."""
    patient.examination.connect()
    return fine(
        gettext_noop("Port {port} accepts connections.").format(port=patient.examination.port)
    )


def chain(patient: Patient) -> Finding:
    """Look whether the certificate comes from an authority that we know."""
    if not patient.examination.is_tls:
        if patient.examination.is_on_this_machine():
            return unsupported(NOT_TLS, gettext_noop("Nothing of it leaves this machine."))
        return warning(NOT_TLS, gettext_noop("Give it a certificate."), "plain-http")
    certificate = patient.certificate = patient.examination.certificate()
    said = ISSUED if certificate.issuer else ISSUED_BY_NOBODY
    issuer = said.format(issuer=certificate.issuer, protocol=certificate.protocol)
    if not patient.client.endpoint.tls_verify:
        return warning(
            f"{issuer} {UNVERIFIED}",
            gettext_noop("Take tls_verify out, and give the authority's certificate as ca_file."),
        )
    if certificate.fault is None:
        return fine(issuer)
    if _is_about_more(certificate, patient):
        # OpenSSL names the first fault alone; the chain is sound up to there, or not known to be.
        return fine(f"{issuer} {MORE}")
    return failed(certificate.fault)


def _is_about_more(certificate: Certificate, patient: Patient) -> bool:
    text = certificate.fault.for_people if certificate.fault else ""
    return "another name" in text or "expired" in text


def names(patient: Patient) -> Finding:
    """Look whether the certificate was made for this host."""
    return _as_far_as_verified(patient, _names(patient))


def dates(patient: Patient) -> Finding:
    """Look how long the certificate is valid."""
    return _as_far_as_verified(patient, _dates(patient))


def _as_far_as_verified(patient: Patient, finding: Finding) -> Finding:
    """Return a fault as something to look at where nobody verifies: it breaks nothing."""
    if patient.client.endpoint.tls_verify or finding.state != State.BROKEN:
        return finding
    return replace(finding, state=State.WARNING)


def _names(patient: Patient) -> Finding:
    certificate = patient.certificate
    if certificate is None:
        return skipped(NO_CERTIFICATE if patient.examination.is_tls else NOT_TLS)
    host = patient.examination.host
    listed = ", ".join(certificate.names)
    if certificate.is_for(host):
        return fine(gettext_noop("Made for {names}.").format(names=listed))
    if not certificate.has_names:
        return broken(
            gettext_noop("The certificate has no subjectAltName; its subject is {subject}.").format(
                subject=certificate.subject
            ),
            gettext_noop("Have it issued again with subjectAltName={name}.").format(
                name=_san(host)
            ),
            "common-name",
        )
    return broken(
        gettext_noop("The certificate was made for {names}, not for {host}.").format(
            names=listed, host=host
        ),
        gettext_noop(
            "Call it by one of these names, or have it issued again with subjectAltName={name}."
        ).format(name=_san(host)),
        "no-ip-san"
        if _is_address(host) and not any(map(_is_address, certificate.names))
        else "wrong-name",
    )


def _dates(patient: Patient) -> Finding:
    certificate = patient.certificate
    if certificate is None:
        return skipped(NO_CERTIFICATE if patient.examination.is_tls else NOT_TLS)
    now, last = patient.now, certificate.not_after
    if last < now:
        days = (now - last).days
        return broken(
            (EXPIRED_A_DAY_AGO if days == 1 else EXPIRED).format(
                date=f"{last:%Y-%m-%d}", days=f"{days:,}"
            ),
            gettext_noop("Renew it, and restart the registry so that it reads it."),
            "expired",
        )
    if certificate.not_before > now:
        return broken(
            gettext_noop("Not valid before {time} UTC.").format(
                time=f"{certificate.not_before:%Y-%m-%d %H:%M}"
            ),
            gettext_noop("Compare the clocks of both machines, or wait."),
            "expired",
        )
    left = (last - now).days
    words = (A_DAY_LEFT if left == 1 else LEFT).format(date=f"{last:%Y-%m-%d}", days=f"{left:,}")
    renew = gettext_noop("Renew it.")
    return warning(words, renew, "expired") if last - now < SOON else fine(words)


def _is_address(text: str) -> bool:
    return ":" in text or text.replace(".", "").isdigit()


def _san(host: str) -> str:
    return f"{'IP' if _is_address(host) else 'DNS'}:{host}"
