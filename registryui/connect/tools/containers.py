"""podman and skopeo, which share their settings."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registryui.connect.quoting import shell, text_of
from registryui.connect.recipes import Recipe, Recipes, Tool, lines, words
from registryui.connect.target import Target

REGISTRIES = "/etc/containers/registries.conf.d/{name}.conf"
OWN = gettext_noop(
    "~/.config/containers/registries.conf, for yourself alone, is read instead of all of /etc."
)
INSECURE = "--tls-verify=false"


def _insecure(target: Target, side: str = "") -> str:
    if not target.is_plain:
        return ""
    return INSECURE.replace("--", f"--{side}-") if side else INSECURE


def podman_steps(target: Target) -> Recipes:
    """Write login, tag, push, pull by tag and by digest, mirror."""
    flag = _insecure(target)
    elsewhere = shell(f"{target.host}/mirror/alpine:3")
    return (
        Recipe(_("Log in"), words("podman login", flag, "-u", target.login, target.registry)),
        Recipe(_("Pull by tag, which may move"), words("podman pull", flag, target.by_tag)),
        Recipe(
            _("Pull by digest, always the same content"),
            words("podman pull", flag, target.by_digest),
        ),
        Recipe(_("Tag an image"), words("podman tag", target.by_digest, target.by_tag)),
        Recipe(_("Push it"), words("podman push", flag, target.by_tag)),
        Recipe(
            _("Bring in an image from elsewhere"),
            lines(
                "podman pull docker.io/library/alpine:3",
                words("podman push", flag, "docker.io/library/alpine:3", elsewhere),
            ),
            note=_("This brings one platform; skopeo copy --all brings all of them."),
        ),
    )


def skopeo_steps(target: Target) -> Recipes:
    """Write login, look, pull by tag and by digest, push, mirror."""
    flag = _insecure(target)
    source, dest = _insecure(target, "src"), _insecure(target, "dest")
    layout = f"oci:{target.short}"
    folder = shell(f"{target.example.repository.rpartition('/')[2]}-mirror")
    back = shell(f"{target.host}/mirror")
    return (
        Recipe(
            _("Log in"), words("skopeo login", flag, "--username", target.login, target.registry)
        ),
        Recipe(_("Look at it"), words("skopeo inspect", flag, f"docker://{target.by_tag}")),
        Recipe(_("List its tags"), words("skopeo list-tags", flag, f"docker://{target.name}")),
        Recipe(
            _("Pull by tag, which may move"),
            words("skopeo copy --all", source, f"docker://{target.by_tag}", f"{layout}:tagged"),
        ),
        Recipe(
            _("Pull by digest, always the same content"),
            words("skopeo copy --all", source, f"docker://{target.by_digest}", f"{layout}:exact"),
        ),
        Recipe(
            _("Push it"),
            words("skopeo copy --all", dest, f"{layout}:tagged", f"docker://{target.by_tag}"),
        ),
        Recipe(
            _("Mirror the repository with all its tags"),
            lines(
                words("skopeo sync --all --src docker --dest dir", source, target.name, folder),
                words("skopeo sync --all --src dir --dest docker", dest, folder, back),
            ),
            note=_(
                "To a folder and from there back; either side may be another registry "
                "(--src docker --dest docker)."
            ),
        ),
    )


def plain_http(target: Target) -> Recipes:
    """Write the setting that makes the flag unnecessary."""
    text = lines("[[registry]]", f"location = {text_of(target.host)}", "insecure = true")
    where = REGISTRIES.format(name=target.file_name)
    flag = _("With it %(flag)s can be left out.") % {"flag": INSECURE}
    return (Recipe(_("Allow plain HTTP"), text + "\n", where, f"{flag} {_(OWN)}"),)


def authority(target: Target) -> Recipes:
    """Write where the authority's certificate belongs: for oneself, and for the machine."""
    own = f"~/.config/containers/certs.d/{shell(target.host)}"
    machine = shell(f"/etc/containers/certs.d/{target.host}")
    return (
        Recipe(
            _("Trust the authority, for yourself"),
            lines(f"mkdir -p {own}", f"cp ca.crt {own}/ca.crt"),
        ),
        Recipe(
            _("Trust it on the whole machine"),
            lines(f"sudo mkdir -p {machine}", f"sudo cp ca.crt {machine}/ca.crt"),
        ),
    )


def certificate(target: Target) -> Recipes:
    """Write where the client's certificate belongs."""
    own = f"~/.config/containers/certs.d/{shell(target.host)}"
    return (
        Recipe(
            _("Show a client certificate"),
            lines(
                f"mkdir -p {own}",
                f"cp client.cert client.key {own}/",
                f"chmod 600 {own}/client.key",
            ),
            note=_("The certificate must end in .cert: one in .crt is taken for an authority."),
        ),
    )


def mirror(target: Target) -> Recipes:
    """Write how Docker Hub's images are pulled through this registry."""
    text = lines(
        "[[registry]]",
        'prefix = "docker.io"',
        'location = "docker.io"',
        "",
        "[[registry.mirror]]",
        f"location = {text_of(target.host)}",
        *(["insecure = true"] if target.is_plain else []),
    )
    where = REGISTRIES.format(name=f"{target.file_name}-mirror")
    note = _("Tried first; what it does not have is pulled from Docker Hub itself.")
    return (Recipe(_("Pull Docker Hub's images through it"), text + "\n", where, note),)


PODMAN = Tool("podman", "podman", podman_steps, plain_http, authority, certificate, mirror)
SKOPEO = Tool("skopeo", "skopeo", skopeo_steps, plain_http, authority, certificate, mirror)
