"""Messages about logins, names, platforms and what a registry does."""

from django.utils.translation import gettext_noop

from registryui.connect.messages.explanation import Explanation, fix

# Patterns are searched in one line without line breaks, upper and lower case alike. They must not
# repeat a group that repeats itself: what is searched was pasted by anybody.
ANSWERS: tuple[Explanation, ...] = (
    Explanation(
        "pull-access",
        "pull access denied for team/app, repository does not exist or may require 'docker login'",
        r"pull access denied|may require .?docker login",
        gettext_noop(
            "There is no such repository where the client looked, or strangers may not see it. A "
            "name without a host is looked for at Docker Hub."
        ),
        fix(
            (
                "",
                gettext_noop(
                    "Write the host before the name: HOST:PORT/team/app, and look the name up here."
                ),
            ),
            ("", gettext_noop("Log in at exactly that host, such as docker login HOST:PORT.")),
        ),
    ),
    Explanation(
        "no-credentials",
        "no basic auth credentials",
        r"no basic auth credentials|authorization header required|no credentials found",
        gettext_noop(
            "The client has no login for this host. It keeps logins by host and port, so one for "
            "https://HOST or for another port does not count."
        ),
        fix(
            (
                "",
                gettext_noop(
                    "Log in with the host spelled as in the image's name, such as docker login "
                    "HOST."
                ),
            ),
            (
                "Kubernetes",
                gettext_noop("Give the pod an imagePullSecret made for exactly this host."),
            ),
        ),
    ),
    Explanation(
        "denied",
        "denied: requested access to the resource is denied",
        r"requested access to the resource is denied|insufficient_scope"
        r"|denied: (access|permission)|access forbidden",
        gettext_noop(
            "The registry knows who asks, and does not allow it; or the name lies in a place that "
            "is not yours."
        ),
        fix(
            (
                "",
                gettext_noop(
                    "Check the name up to its last slash: it must be a place where you may push."
                ),
            ),
            ("", gettext_noop("Log in as somebody who may, or ask the registry's administrator.")),
        ),
    ),
    Explanation(
        "unauthorized",
        "unauthorized: authentication required",
        r"unauthorized|authentication required|incorrect username or password"
        r"|401 Unauthorized|unexpected status.{0,60} 401\b",
        gettext_noop(
            "The registry wants a login, or does not accept the one it got. Many registries say "
            "this, too, to somebody who is logged in but not allowed."
        ),
        fix(
            ("", gettext_noop("Log in again: docker login HOST. A token may have expired.")),
            (
                "",
                gettext_noop(
                    "Check the name of the repository, and whether you may pull or push it."
                ),
            ),
            (
                "Kubernetes",
                gettext_noop("Make the imagePullSecret anew; it keeps the old password."),
            ),
        ),
    ),
    Explanation(
        "no-platform",
        "no matching manifest for linux/arm64/v8 in the manifest list entries",
        r"no matching manifest for|no image found in (image index|manifest list)"
        r"|no match for platform",
        gettext_noop("The tag is there, but not for this machine's platform."),
        fix(
            (
                "docker, podman",
                gettext_noop("Ask for another one: --platform linux/amd64 (it is emulated)."),
            ),
            (
                gettext_noop("who builds it"),
                gettext_noop(
                    "Build it for both: docker buildx build --platform linux/amd64,linux/arm64 "
                    "--push."
                ),
            ),
        ),
    ),
    Explanation(
        "manifest-unknown",
        "manifest for team/app:1.0 not found: manifest unknown: manifest unknown",
        r"manifest[ _]unknown|manifest for .{1,300} not found|name[ _]unknown|repository name not "
        r"known|not found: does not exist",
        gettext_noop(
            "There is no such tag or digest in this repository, or one platform of it was deleted."
        ),
        fix(
            (
                "",
                gettext_noop("Look up the repository here: its tags, and what became of this one."),
            ),
            ("", gettext_noop("Where only a part is missing, push the image again.")),
        ),
    ),
    Explanation(
        "unsupported",
        "unsupported: The operation is unsupported.",
        r"operation is unsupported|unsupported: ",
        gettext_noop(
            "The registry does not do this. To a deletion it says so when deletion is switched off."
        ),
        fix(
            (
                gettext_noop("at the registry"),
                gettext_noop(
                    "Set REGISTRY_STORAGE_DELETE_ENABLED=true (docker-registry, distribution) and "
                    "restart it."
                ),
            ),
        ),
    ),
    Explanation(
        "lower-case",
        "invalid reference format: repository name (Team/App) must be lowercase",
        r"must be lowercase|invalid reference format",
        gettext_noop(
            "The name of an image has a character that none may have: capitals, a space, or a "
            "scheme."
        ),
        fix(
            (
                "",
                gettext_noop(
                    "Write repositories in lower case: HOST:PORT/team/app:Tag. Tags may have "
                    "capitals."
                ),
            ),
            ("", gettext_noop("Leave out https:// before the host.")),
        ),
    ),
)
