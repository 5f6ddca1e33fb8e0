"""Messages about the way to a registry, and who answers there."""

from registryui.connect.messages.explanation import Explanation, fix

# Patterns are searched in one line without line breaks, upper and lower case alike. They must not
# repeat a group that repeats itself: what is searched was pasted by anybody.
NETWORK: tuple[Explanation, ...] = (
    Explanation(
        "rate-limit",
        "toomanyrequests: You have reached your pull rate limit.",
        r"toomanyrequests|too many requests|pull rate limit",
        "The registry has had enough requests from this address or this account for a while.",
        fix(
            ("", "Log in: the limit of an account is higher than that of an address."),
            ("", "Wait as long as the message says."),
            ("docker", "Set a mirror: registry-mirrors in /etc/docker/daemon.json."),
        ),
    ),
    Explanation(
        "too-large",
        "received unexpected HTTP status: 413 Request Entity Too Large",
        r"413 Request Entity Too Large|unexpected status.{0,60} 413\b",
        "A proxy in front of the registry does not let so large a layer through.",
        fix(
            ("nginx", "Set client_max_body_size 0; in the server that passes /v2/ on."),
            (
                "Kubernetes ingress-nginx",
                'Annotate nginx.ingress.kubernetes.io/proxy-body-size: "0".',
            ),
        ),
    ),
    Explanation(
        "not-a-registry",
        "error parsing HTTP 404 response body: invalid character '<' looking for beginning of",
        r"invalid character .?<|unexpected HTTP status: (404|5\d\d)"
        r"|unexpected status.{0,60} 50[234]\b|not a registry",
        "What answers is not a registry: a proxy's error page, a login page, or another web "
        "server.",
        fix(
            ("", "Check host and port; GET /v2/ must be answered with 200 or 401."),
            ("at the registry", "Look whether it runs behind the proxy, and at the proxy's log."),
        ),
    ),
    Explanation(
        "no-such-host",
        "dial tcp: lookup registry.example: no such host",
        r"no such host|Name or service not known|could not resolve host"
        r"|Temporary failure in name resolution",
        "This machine's name server does not know the host.",
        fix(
            ("", "Check the spelling; getent hosts HOST shows what this machine knows."),
            ("in a container or pod", "Ask from there: its name server may be another one."),
        ),
    ),
    Explanation(
        "refused",
        "dial tcp 10.0.0.5:5000: connect: connection refused",
        r"connection refused",
        "The host is there, but nothing listens on this port.",
        fix(
            ("at the registry", "Look whether it runs, and on which port and address it listens."),
            ("in a container", "127.0.0.1 and localhost are the container itself there."),
        ),
    ),
    Explanation(
        "timeout",
        "dial tcp 10.0.0.5:5000: i/o timeout",
        r"i/o timeout|TLS handshake timeout|Client\.Timeout exceeded|context deadline exceeded"
        r"|no route to host|request canceled while waiting",
        "No answer came in time: mostly a firewall, a wrong address, or a proxy that is not set.",
        fix(
            ("", "Try curl -v https://HOST:PORT/v2/ from the same machine."),
            (
                "docker",
                "Behind a proxy set proxies in /etc/docker/daemon.json; the shell's variables do "
                "not reach the daemon.",
            ),
        ),
    ),
)
