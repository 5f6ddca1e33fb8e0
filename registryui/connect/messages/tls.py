"""Messages about plain HTTP and certificates."""

from django.utils.translation import gettext_noop

from registryui.connect.messages.explanation import Explanation, fix

# Patterns are searched in one line without line breaks, upper and lower case alike. They must not
# repeat a group that repeats itself: what is searched was pasted by anybody.
TLS: tuple[Explanation, ...] = (
    Explanation(
        "plain-http",
        "http: server gave HTTP response to HTTPS client",
        r"server gave HTTP response to HTTPS client|WRONG_VERSION_NUMBER|wrong version number"
        r"|first record does not look like a TLS handshake",
        gettext_noop("The client asked by HTTPS, and the registry speaks plain HTTP on this port."),
        fix(
            (
                gettext_noop("at the registry"),
                gettext_noop("Better: give it a certificate, so that it speaks HTTPS."),
            ),
            (
                "docker",
                gettext_noop(
                    'Write "insecure-registries": ["HOST:PORT"] into /etc/docker/daemon.json and '
                    "restart Docker."
                ),
            ),
            (
                "podman, skopeo",
                gettext_noop(
                    "Give --tls-verify=false, or set insecure = true for it in registries.conf."
                ),
            ),
            (
                "containerd, Kubernetes",
                gettext_noop(
                    "Name it as http://HOST:PORT in /etc/containerd/certs.d/HOST:PORT/hosts.toml."
                ),
            ),
            ("crane", gettext_noop("Give --insecure.")),
            ("oras, helm", gettext_noop("Give --plain-http.")),
        ),
    ),
    Explanation(
        "needs-https",
        "Client sent an HTTP request to an HTTPS server.",
        r"HTTP request (was sent )?to an? HTTPS (server|port)",
        gettext_noop("The client asked in plain HTTP, and the registry speaks HTTPS on this port."),
        fix(
            (
                "",
                gettext_noop(
                    "Use https:// in the address, and take it out of the insecure registries."
                ),
            ),
            ("crane, oras, helm", gettext_noop("Leave out --insecure and --plain-http.")),
        ),
    ),
    Explanation(
        "common-name",
        "x509: certificate relies on legacy Common Name field, use SANs instead",
        r"legacy Common Name field",
        gettext_noop(
            "The registry's certificate has no subjectAltName, and clients no longer read the "
            "common name."
        ),
        fix(
            (
                gettext_noop("at the registry"),
                gettext_noop(
                    "Have the certificate issued again with a subjectAltName: with openssl "
                    "-addext 'subjectAltName=DNS:HOST'."
                ),
            ),
        ),
    ),
    Explanation(
        "no-ip-san",
        "x509: cannot validate certificate for 10.0.0.5 because it doesn't contain any IP SANs",
        r"does.{0,2}n.{0,2}t contain any IP SANs|IP address mismatch",
        gettext_noop("The registry is called by an IP address that its certificate does not name."),
        fix(
            ("", gettext_noop("Call it by the name that the certificate has.")),
            (
                gettext_noop("at the registry"),
                gettext_noop(
                    "Or have the certificate issued again with -addext "
                    "'subjectAltName=IP:10.0.0.5'."
                ),
            ),
        ),
    ),
    Explanation(
        "wrong-name",
        "x509: certificate is valid for registry.example, not hub.example",
        r"certificate is valid for .{1,300}, not |Hostname mismatch|does not match target host"
        r"|no alternative certificate subject name matches",
        gettext_noop(
            "The registry's certificate was made for another name than the one it was called by."
        ),
        fix(
            (
                "",
                gettext_noop(
                    "Call it by the name that the certificate has; the message says which."
                ),
            ),
            (
                gettext_noop("at the registry"),
                gettext_noop(
                    "Or have the certificate issued again with this name as a subjectAltName."
                ),
            ),
        ),
    ),
    Explanation(
        "expired",
        "x509: certificate has expired or is not yet valid",
        r"certificate has expired|certificate is not yet valid|not yet valid: current time",
        gettext_noop("The registry's certificate is past its date, or a clock is wrong."),
        fix(
            (
                gettext_noop("at the registry"),
                gettext_noop("Renew the certificate, and restart it so that it reads it."),
            ),
            (
                gettext_noop("your machine"),
                gettext_noop("Compare the clock with timedatectl; let it be set by NTP."),
            ),
        ),
    ),
    Explanation(
        "unknown-authority",
        "tls: failed to verify certificate: x509: certificate signed by unknown authority",
        r"certificate signed by unknown authority|self.signed certificate"
        r"|unable to get (local )?issuer certificate|CERTIFICATE_VERIFY_FAILED",
        gettext_noop(
            "The registry's certificate comes from an authority that this machine does not know."
        ),
        fix(
            (
                "docker",
                gettext_noop(
                    "Put the authority's certificate into /etc/docker/certs.d/HOST:PORT/ca.crt; no "
                    "restart is needed. docker login and buildx read the system's store, too."
                ),
            ),
            (
                "podman, skopeo",
                gettext_noop("Put it into /etc/containers/certs.d/HOST:PORT/ca.crt."),
            ),
            (
                "containerd, Kubernetes",
                gettext_noop(
                    "Name it as ca in /etc/containerd/certs.d/HOST:PORT/hosts.toml, on every node."
                ),
            ),
            (
                gettext_noop("crane and the rest"),
                gettext_noop(
                    "Put it into the system's store: update-ca-certificates on Debian, "
                    "update-ca-trust on Fedora. oras and helm take --ca-file, too."
                ),
            ),
        ),
    ),
    Explanation(
        "client-certificate",
        "remote error: tls: certificate required",
        r"tls: (bad certificate|certificate required|unknown certificate)"
        r"|ALERT_BAD_CERTIFICATE|CERTIFICATE_REQUIRED|alert certificate required",
        gettext_noop(
            "The registry wants a client certificate, or does not accept the one it was shown."
        ),
        fix(
            (
                "docker",
                gettext_noop("Put client.cert and client.key into /etc/docker/certs.d/HOST:PORT/."),
            ),
            (
                "podman, skopeo",
                gettext_noop(
                    "Put client.cert and client.key into /etc/containers/certs.d/HOST:PORT/."
                ),
            ),
            ("containerd, Kubernetes", gettext_noop("Name both as client in hosts.toml.")),
            ("oras, helm", gettext_noop("Give --cert-file and --key-file.")),
        ),
    ),
)
