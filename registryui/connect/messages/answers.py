"""Messages about logins, names, platforms and what a registry does."""

from registryui.connect.messages.explanation import Explanation, fix

# Patterns are searched in one line without line breaks, upper and lower case alike. They must not
# repeat a group that repeats itself: what is searched was pasted by anybody.
ANSWERS: tuple[Explanation, ...] = (
    Explanation(
        "pull-access",
        "pull access denied for team/app, repository does not exist or may require 'docker login'",
        r"pull access denied|may require .?docker login",
        "There is no such repository where the client looked, or strangers may not see it. A name "
        "without a host is looked for at Docker Hub.",
        fix(
            ("", "Write the host before the name: HOST:PORT/team/app, and look the name up here."),
            ("", "Log in at exactly that host, such as docker login HOST:PORT."),
        ),
    ),
    Explanation(
        "no-credentials",
        "no basic auth credentials",
        r"no basic auth credentials|authorization header required|no credentials found",
        "The client has no login for this host. It keeps logins by host and port, so one for "
        "https://HOST or for another port does not count.",
        fix(
            ("", "Log in with the host spelled as in the image's name, such as docker login HOST."),
            ("Kubernetes", "Give the pod an imagePullSecret made for exactly this host."),
        ),
    ),
    Explanation(
        "denied",
        "denied: requested access to the resource is denied",
        r"requested access to the resource is denied|insufficient_scope"
        r"|denied: (access|permission)|access forbidden",
        "The registry knows who asks, and does not allow it; or the name lies in a place that is "
        "not yours.",
        fix(
            ("", "Check the name up to its last slash: it must be a place where you may push."),
            ("", "Log in as somebody who may, or ask the registry's administrator."),
        ),
    ),
    Explanation(
        "unauthorized",
        "unauthorized: authentication required",
        r"unauthorized|authentication required|incorrect username or password"
        r"|401 Unauthorized|unexpected status.{0,60} 401\b",
        "The registry wants a login, or does not accept the one it got. Many registries say this, "
        "too, to somebody who is logged in but not allowed.",
        fix(
            ("", "Log in again: docker login HOST. A token may have expired."),
            ("", "Check the name of the repository, and whether you may pull or push it."),
            ("Kubernetes", "Make the imagePullSecret anew; it keeps the old password."),
        ),
    ),
    Explanation(
        "no-platform",
        "no matching manifest for linux/arm64/v8 in the manifest list entries",
        r"no matching manifest for|no image found in (image index|manifest list)"
        r"|no match for platform",
        "The tag is there, but not for this machine's platform.",
        fix(
            ("docker, podman", "Ask for another one: --platform linux/amd64 (it is emulated)."),
            (
                "who builds it",
                "Build it for both: docker buildx build --platform linux/amd64,linux/arm64 --push.",
            ),
        ),
    ),
    Explanation(
        "manifest-unknown",
        "manifest for team/app:1.0 not found: manifest unknown: manifest unknown",
        r"manifest[ _]unknown|manifest for .{1,300} not found|name[ _]unknown|repository name not "
        r"known|not found: does not exist",
        "There is no such tag or digest in this repository, or one platform of it was deleted.",
        fix(
            ("", "Look up the repository here: its tags, and what became of this one."),
            ("", "Where only a part is missing, push the image again."),
        ),
    ),
    Explanation(
        "unsupported",
        "unsupported: The operation is unsupported.",
        r"operation is unsupported|unsupported: ",
        "The registry does not do this. To a deletion it says so when deletion is switched off.",
        fix(
            (
                "at the registry",
                "Set REGISTRY_STORAGE_DELETE_ENABLED=true (docker-registry, distribution) and "
                "restart it.",
            ),
        ),
    ),
    Explanation(
        "lower-case",
        "invalid reference format: repository name (Team/App) must be lowercase",
        r"must be lowercase|invalid reference format",
        "The name of an image has a character that none may have: capitals, a space, or a scheme.",
        fix(
            (
                "",
                "Write repositories in lower case: HOST:PORT/team/app:Tag. Tags may have capitals.",
            ),
            ("", "Leave out https:// before the host."),
        ),
    ),
)
