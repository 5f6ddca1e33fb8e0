"""Messages about the way to a registry, and who answers there."""

from django.utils.translation import gettext_noop

from registryui.connect.messages.explanation import Explanation, fix

# Patterns are searched in one line without line breaks, upper and lower case alike. They must not
# repeat a group that repeats itself: what is searched was pasted by anybody.
NETWORK: tuple[Explanation, ...] = (
    Explanation(
        "rate-limit",
        "toomanyrequests: You have reached your pull rate limit.",
        r"toomanyrequests|too many requests|pull rate limit",
        gettext_noop(
            "The registry has had enough requests from this address or this account for a while."
        ),
        fix(
            (
                "",
                gettext_noop("Log in: the limit of an account is higher than that of an address."),
            ),
            ("", gettext_noop("Wait as long as the message says.")),
            ("docker", gettext_noop("Set a mirror: registry-mirrors in /etc/docker/daemon.json.")),
        ),
    ),
    Explanation(
        "too-large",
        "received unexpected HTTP status: 413 Request Entity Too Large",
        r"413 Request Entity Too Large|unexpected status.{0,60} 413\b",
        gettext_noop("A proxy in front of the registry does not let so large a layer through."),
        fix(
            (
                "nginx",
                gettext_noop("Set client_max_body_size 0; in the server that passes /v2/ on."),
            ),
            (
                "Kubernetes ingress-nginx",
                gettext_noop('Annotate nginx.ingress.kubernetes.io/proxy-body-size: "0".'),
            ),
        ),
    ),
    Explanation(
        "not-a-registry",
        "error parsing HTTP 404 response body: invalid character '<' looking for beginning of",
        r"invalid character .?<|unexpected HTTP status: (404|5\d\d)"
        r"|unexpected status.{0,60} 50[234]\b|not a registry",
        gettext_noop(
            "What answers is not a registry: a proxy's error page, a login page, or another web "
            "server."
        ),
        fix(
            ("", gettext_noop("Check host and port; GET /v2/ must be answered with 200 or 401.")),
            (
                gettext_noop("at the registry"),
                gettext_noop("Look whether it runs behind the proxy, and at the proxy's log."),
            ),
        ),
    ),
    Explanation(
        "no-such-host",
        "dial tcp: lookup registry.example: no such host",
        r"no such host|Name or service not known|could not resolve host"
        r"|Temporary failure in name resolution",
        gettext_noop("This machine's name server does not know the host."),
        fix(
            (
                "",
                gettext_noop(
                    "Check the spelling; getent hosts HOST shows what this machine knows."
                ),
            ),
            (
                gettext_noop("in a container or pod"),
                gettext_noop("Ask from there: its name server may be another one."),
            ),
        ),
    ),
    Explanation(
        "refused",
        "dial tcp 10.0.0.5:5000: connect: connection refused",
        r"connection refused",
        gettext_noop("The host is there, but nothing listens on this port."),
        fix(
            (
                gettext_noop("at the registry"),
                gettext_noop("Look whether it runs, and on which port and address it listens."),
            ),
            (
                gettext_noop("in a container"),
                gettext_noop("127.0.0.1 and localhost are the container itself there."),
            ),
        ),
    ),
    Explanation(
        "timeout",
        "dial tcp 10.0.0.5:5000: i/o timeout",
        r"i/o timeout|TLS handshake timeout|Client\.Timeout exceeded|context deadline exceeded"
        r"|no route to host|request canceled while waiting",
        gettext_noop(
            "No answer came in time: mostly a firewall, a wrong address, or a proxy that is not "
            "set."
        ),
        fix(
            ("", gettext_noop("Try curl -v https://HOST:PORT/v2/ from the same machine.")),
            (
                "docker",
                gettext_noop(
                    "Behind a proxy set proxies in /etc/docker/daemon.json; the shell's variables "
                    "do not reach the daemon."
                ),
            ),
        ),
    ),
)
