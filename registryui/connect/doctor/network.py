"""From the name to a believed connection: name, port, certificate."""

from dataclasses import replace
from datetime import timedelta

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
NOT_TLS = "It is declared with http://, so nothing is encrypted and there is no certificate."
NO_CERTIFICATE = "It showed no certificate."


def look_up(patient: Patient) -> Finding:
    """Look whether the name server knows the host."""
    addresses = patient.examination.addresses()
    return fine(f"{patient.examination.host} is {', '.join(addresses)}.")


def knock(patient: Patient) -> Finding:
    """Look whether anything listens on the port."""
    patient.examination.connect()
    return fine(f"Port {patient.examination.port} accepts connections.")


def chain(patient: Patient) -> Finding:
    """Look whether the certificate comes from an authority that we know."""
    if not patient.examination.is_tls:
        if patient.examination.is_on_this_machine():
            return unsupported(NOT_TLS, "Nothing of it leaves this machine.")
        return warning(NOT_TLS, "Give it a certificate.", "plain-http")
    certificate = patient.certificate = patient.examination.certificate()
    issuer = f"Issued by {certificate.issuer or 'nobody'}, over {certificate.protocol}."
    if not patient.client.endpoint.tls_verify:
        return warning(
            f"{issuer} Verification is switched off: anybody in between can pretend to be it.",
            "Take tls_verify out, and give the authority's certificate as ca_file.",
        )
    if certificate.fault is None:
        return fine(issuer)
    if _is_about_more(certificate, patient):
        # OpenSSL names the first fault alone; the chain is sound up to there, or not known to be.
        return fine(f"{issuer} What is wrong with it is said below.")
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
        return fine(f"Made for {listed}.")
    if not certificate.has_names:
        return broken(
            f"The certificate has no subjectAltName; its subject is {certificate.subject}.",
            f"Have it issued again with subjectAltName={_san(host)}.",
            "common-name",
        )
    return broken(
        f"The certificate was made for {listed}, not for {host}.",
        f"Call it by one of these names, or have it issued again with subjectAltName={_san(host)}.",
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
            f"Expired on {last:%Y-%m-%d}, {days:,} {_days(days)} ago.",
            "Renew it, and restart the registry so that it reads it.",
            "expired",
        )
    if certificate.not_before > now:
        return broken(
            f"Not valid before {certificate.not_before:%Y-%m-%d %H:%M} UTC.",
            "Compare the clocks of both machines, or wait.",
            "expired",
        )
    left = (last - now).days
    words = f"Valid until {last:%Y-%m-%d}: {left:,} {_days(left)} left."
    return warning(words, "Renew it.", "expired") if last - now < SOON else fine(words)


def _days(count: int) -> str:
    return "day" if count == 1 else "days"


def _is_address(text: str) -> bool:
    return ":" in text or text.replace(".", "").isdigit()


def _san(host: str) -> str:
    return f"{'IP' if _is_address(host) else 'DNS'}:{host}"
