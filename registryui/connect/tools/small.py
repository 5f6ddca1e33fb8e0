"""crane, oras and helm: one program each, with flags instead of settings."""

from django.utils.translation import gettext as _

from registryui.connect.quoting import shell
from registryui.connect.recipes import ASK_PASSWORD, Recipe, Recipes, Tool, lines, nothing, words
from registryui.connect.target import Target
from registryui.connect.tools.docker import system_store
from registryui.oci.manifest import Kind


def crane_steps(target: Target) -> Recipes:
    """Write login, tag, push, pull by tag and by digest, mirror."""
    crane = words("crane", "--insecure" if target.is_plain else "")
    file = f"{target.short}.tar"
    elsewhere = shell(f"{target.host}/mirror/alpine:3")
    return (
        Recipe(_("Log in"), _piped(f"crane auth login -u {target.login}", target)),
        Recipe(_("Pull by tag, which may move"), f"{crane} pull {target.by_tag} {file}"),
        Recipe(
            _("Pull by digest, always the same content"), f"{crane} pull {target.by_digest} {file}"
        ),
        Recipe(_("Push it"), f"{crane} push {file} {target.by_tag}"),
        Recipe(_("Give it another tag"), f"{crane} tag {target.by_digest} stable"),
        Recipe(
            _("Bring in an image from elsewhere, with all its platforms"),
            f"{crane} copy alpine:3 {elsewhere}",
        ),
    )


def oras_steps(target: Target) -> Recipes:
    """Write login, push, tag, pull by tag and by digest, mirror."""
    flag = "--plain-http" if target.is_plain else ""
    to_flag = "--to-plain-http" if target.is_plain else ""
    elsewhere = shell(f"{target.host}/mirror/alpine:3")
    return (
        Recipe(_("Log in"), words("oras login", flag, "-u", target.login, target.registry)),
        Recipe(_("Push a file"), words("oras push", flag, target.by_tag, "notes.txt:text/plain")),
        Recipe(_("Give it another tag"), words("oras tag", flag, target.by_tag, "stable")),
        Recipe(_("Pull by tag, which may move"), words("oras pull", flag, target.by_tag)),
        Recipe(
            _("Pull by digest, always the same content"), words("oras pull", flag, target.by_digest)
        ),
        Recipe(_("See what is attached to it"), words("oras discover", flag, target.by_tag)),
        Recipe(
            _("Bring in an image from elsewhere, with all its platforms"),
            words("oras copy -r", to_flag, "docker.io/library/alpine:3", elsewhere),
        ),
    )


def helm_steps(target: Target) -> Recipes:
    """Write login, push, pull by version and by digest, install."""
    flag = "--plain-http" if target.is_plain else ""
    chart, version, digest = "team/charts/app", "1.0.0", ""
    if target.example.kind == Kind.CHART:
        # Helm writes the + of a version as _ in the tag.
        chart, version = target.example.repository, target.example.tag.replace("_", "+")
        digest = shell(f"oci://{target.host}/{chart}@{target.example.digest}")
    address = shell(f"oci://{target.host}/{chart}")
    parent = shell(f"oci://{target.host}/{chart.rpartition('/')[0]}".rstrip("/"))
    name = shell(chart.rpartition("/")[2])
    pinned = Recipe(
        _("Pull by digest, always the same content"),
        words("helm pull", flag, digest),
        note=_("With Helm 3.18 and newer."),
    )
    return (
        Recipe(
            _("Log in"), words("helm registry login", flag, "-u", target.login, target.registry)
        ),
        Recipe(
            _("Push a chart"),
            lines(
                f"helm package ./{name} --version {shell(version)}",
                words("helm push", flag, f"{name}-{shell(version)}.tgz", parent),
            ),
            note=_("The name and the version are the chart's own: they become repository and tag."),
        ),
        Recipe(_("Pull it"), words("helm pull", flag, address, "--version", shell(version))),
        *((pinned,) if digest else ()),
        Recipe(
            _("Install it"), words("helm install", flag, name, address, "--version", shell(version))
        ),
    )


def _piped(command: str, target: Target) -> str:
    return lines(
        ASK_PASSWORD,
        f'printf %s "$PASSWORD" | {command} --password-stdin {target.registry}',
    )


def _flag(title: str, text: str) -> Recipes:
    return (Recipe(title, text),)


def crane_plain(target: Target) -> Recipes:
    """Write the flag."""
    return _flag(_("Allow plain HTTP"), f"crane --insecure manifest {target.by_tag}")


def crane_authority(target: Target) -> Recipes:
    """Write the variable, and the system's store."""
    one = Recipe(
        _("Trust the authority, once"), f"SSL_CERT_FILE=ca.crt crane manifest {target.by_tag}"
    )
    return (one, system_store(target))


def oras_plain(target: Target) -> Recipes:
    """Write the flag."""
    return _flag(_("Allow plain HTTP"), f"oras manifest fetch --plain-http {target.by_tag}")


def oras_authority(target: Target) -> Recipes:
    """Write the flag, and the system's store."""
    one = Recipe(
        _("Trust the authority, once"), f"oras manifest fetch --ca-file ca.crt {target.by_tag}"
    )
    return (one, system_store(target))


def oras_certificate(target: Target) -> Recipes:
    """Write the flags."""
    flags = "--cert-file client.cert --key-file client.key"
    return _flag(_("Show a client certificate"), f"oras manifest fetch {flags} {target.by_tag}")


def helm_plain(target: Target) -> Recipes:
    """Write the flag."""
    return _flag(_("Allow plain HTTP"), f"helm show chart --plain-http {_chart(target)}")


def helm_authority(target: Target) -> Recipes:
    """Write the flag, and the system's store."""
    one = Recipe(
        _("Trust the authority, once"), f"helm show chart --ca-file ca.crt {_chart(target)}"
    )
    return (one, system_store(target))


def helm_certificate(target: Target) -> Recipes:
    """Write the flags."""
    flags = "--cert-file client.cert --key-file client.key"
    return _flag(_("Show a client certificate"), f"helm show chart {flags} {_chart(target)}")


def _chart(target: Target) -> str:
    is_chart = target.example.kind == Kind.CHART
    name = target.example.repository if is_chart else "team/charts/app"
    return shell(f"oci://{target.host}/{name}")


CRANE = Tool("crane", "crane", crane_steps, crane_plain, crane_authority, nothing, nothing)
ORAS = Tool("oras", "oras", oras_steps, oras_plain, oras_authority, oras_certificate, nothing)
HELM = Tool("helm", "helm", helm_steps, helm_plain, helm_authority, helm_certificate, nothing)
