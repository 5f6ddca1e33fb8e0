"""Docker: its commands, and what its daemon has to be told."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registryui.connect.quoting import json_of, shell, text_of
from registryui.connect.recipes import Recipe, Recipes, Tool, lines
from registryui.connect.target import Target

DAEMON = "/etc/docker/daemon.json"
RESTART = gettext_noop("Add it to what is there already, then: sudo systemctl restart docker")


def steps(target: Target) -> Recipes:
    """Write login, tag, push, pull by tag and by digest, mirror."""
    return (
        Recipe(_("Log in"), f"docker login -u {target.login} {target.registry}"),
        Recipe(_("Tag an image of yours"), f"docker tag {target.short} {target.by_tag}"),
        Recipe(_("Push it"), f"docker push {target.by_tag}"),
        Recipe(_("Pull by tag, which may move"), f"docker pull {target.by_tag}"),
        Recipe(_("Pull by digest, always the same content"), f"docker pull {target.by_digest}"),
        Recipe(
            _("Bring in an image from elsewhere"),
            lines(
                "docker pull alpine:3",
                f"docker tag alpine:3 {shell(f'{target.host}/mirror/alpine:3')}",
                f"docker push {shell(f'{target.host}/mirror/alpine:3')}",
            ),
            note=_(
                "This brings one platform. docker buildx imagetools create, skopeo and crane "
                "bring all of them."
            ),
        ),
    )


def plain_http(target: Target) -> Recipes:
    """Write the daemon's setting; nothing but words where it needs none."""
    note = _(RESTART)
    if target.is_loopback:
        note = _("Docker takes loopback addresses for insecure by itself: here nothing is needed.")
    text = json_of({"insecure-registries": [target.host]})
    return (Recipe(_("Allow plain HTTP"), text, DAEMON, note), _builder(target, "http = true"))


def authority(target: Target) -> Recipes:
    """Write where the authority's certificate belongs."""
    folder = shell(f"/etc/docker/certs.d/{target.host}")
    return (
        Recipe(
            _("Trust the authority"),
            lines(f"sudo mkdir -p {folder}", f"sudo cp ca.crt {folder}/ca.crt"),
            note=_(
                "No restart is needed. Rootless Docker reads ~/.config/docker/certs.d/ instead."
            ),
        ),
        system_store(target),
        _builder(target, f"ca = [{text_of(f'/etc/docker/certs.d/{target.host}/ca.crt')}]"),
    )


def _builder(target: Target, setting: str) -> Recipe:
    return Recipe(
        _("The same for a builder of docker buildx that runs in a container"),
        f"[registry.{text_of(target.host)}]\n  {setting}\n",
        "buildkitd.toml",
        _(
            "Such a builder reads nothing of the daemon's: docker buildx create --use --config "
            "buildkitd.toml"
        ),
    )


def system_store(target: Target) -> Recipe:
    """Write how the whole machine trusts the authority."""
    name = f"{target.file_name}.crt"
    return Recipe(
        _("Trust it on the whole machine"),
        lines(
            f"sudo cp ca.crt /usr/local/share/ca-certificates/{name}",
            "sudo update-ca-certificates",
        ),
        note=_(
            "Debian and Ubuntu. On Fedora and its kin copy it to "
            "/etc/pki/ca-trust/source/anchors/ and run sudo update-ca-trust."
        ),
    )


def certificate(target: Target) -> Recipes:
    """Write where the client's certificate belongs."""
    folder = shell(f"/etc/docker/certs.d/{target.host}")
    return (
        Recipe(
            _("Show a client certificate"),
            lines(
                f"sudo mkdir -p {folder}",
                f"sudo cp client.cert client.key {folder}/",
                f"sudo chmod 600 {folder}/client.key",
            ),
            note=_("The certificate must end in .cert: one in .crt is taken for an authority."),
        ),
    )


def mirror(target: Target) -> Recipes:
    """Write how Docker Hub's images are pulled through this registry."""
    return (
        Recipe(
            _("Pull Docker Hub's images through it"),
            json_of({"registry-mirrors": [target.url]}),
            DAEMON,
            _(
                "Add it to what is there already, then: sudo systemctl restart docker. For Docker "
                "Hub alone, and only if this registry is a pull-through cache of it."
            ),
        ),
    )


DOCKER = Tool("docker", "docker", steps, plain_http, authority, certificate, mirror)
