"""containerd: nerdctl and ctr, and the hosts.toml that Kubernetes' nodes need, too."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registryui.connect.quoting import shell, text_of
from registryui.connect.recipes import Recipe, Recipes, Tool, lines, words
from registryui.connect.target import Target

CERTS_D = "/etc/containerd/certs.d"
CONFIG = "/etc/containerd/config.toml"
PATH_NOTE = gettext_noop(
    "Once on each machine, then: sudo systemctl restart containerd. A change of hosts.toml needs "
    "no restart. containerd --version says which one it is."
)


def steps(target: Target) -> Recipes:
    """Write login, tag, push, pull by tag and by digest, mirror."""
    nerdctl = words("nerdctl", "--insecure-registry" if target.is_plain else "")
    ctr = "--plain-http" if target.is_plain else ""
    elsewhere = shell(f"{target.host}/mirror/alpine:3")
    return (
        Recipe(_("Log in"), f"{nerdctl} login -u {target.login} {target.registry}"),
        Recipe(_("Tag an image of yours"), f"nerdctl tag {target.short} {target.by_tag}"),
        Recipe(_("Push it"), f"{nerdctl} push {target.by_tag}"),
        Recipe(_("Pull by tag, which may move"), f"{nerdctl} pull {target.by_tag}"),
        Recipe(_("Pull by digest, always the same content"), f"{nerdctl} pull {target.by_digest}"),
        Recipe(
            _("Bring in an image from elsewhere, with all its platforms"),
            lines(
                "nerdctl pull --all-platforms alpine:3",
                f"nerdctl tag alpine:3 {elsewhere}",
                f"{nerdctl} push --all-platforms {elsewhere}",
            ),
        ),
        Recipe(
            _("The same with ctr, where nerdctl is missing"),
            lines(
                words("ctr images pull", ctr, "--user", target.login, target.by_tag),
                words("ctr images pull", ctr, "--user", target.login, target.by_digest),
                words("ctr images push", ctr, "--user", target.login, target.by_tag),
            ),
            note=_(
                "ctr asks for the password, and keeps no login. It reads hosts.toml only with "
                "--hosts-dir %(folder)s."
            )
            % {"folder": CERTS_D},
        ),
    )


def config_path() -> Recipes:
    """Write what makes containerd read hosts.toml at all, for either version of it."""
    return (
        Recipe(
            _("Have hosts.toml read: containerd 2.x"),
            lines(
                "version = 3",
                "",
                "[plugins.'io.containerd.cri.v1.images'.registry]",
                f'  config_path = "{CERTS_D}"',
            )
            + "\n",
            CONFIG,
            _(PATH_NOTE),
        ),
        Recipe(
            _("Have hosts.toml read: containerd 1.x"),
            lines(
                "version = 2",
                "",
                '[plugins."io.containerd.grpc.v1.cri".registry]',
                f'  config_path = "{CERTS_D}"',
            )
            + "\n",
            CONFIG,
            _(PATH_NOTE),
        ),
    )


def hosts_toml(target: Target, title: str, *settings: str) -> Recipe:
    """Write the registry's hosts.toml with these settings."""
    text = lines(
        f"server = {text_of(target.url)}",
        "",
        f"[host.{text_of(target.url)}]",
        '  capabilities = ["pull", "resolve", "push"]',
        *(f"  {setting}" for setting in settings),
    )
    return Recipe(title, text + "\n", _hosts_file(target.host))


def _hosts_file(host: str) -> str:
    return f"{CERTS_D}/{host}/hosts.toml"


def plain_http(target: Target) -> Recipes:
    """Write hosts.toml with http:// in it."""
    plain = Target(target.host, target.user, target.example, is_plain=True)
    return (hosts_toml(plain, _("Allow plain HTTP")), *config_path())


def authority(target: Target) -> Recipes:
    """Write hosts.toml with the authority's certificate."""
    path = f"{CERTS_D}/{target.host}/ca.crt"
    folder = shell(f"{CERTS_D}/{target.host}")
    return (
        Recipe(
            _("Put the authority's certificate there"),
            lines(f"sudo mkdir -p {folder}", f"sudo cp ca.crt {folder}/ca.crt"),
        ),
        hosts_toml(target, _("Trust the authority"), f"ca = {text_of(path)}"),
        *config_path(),
    )


def certificate(target: Target) -> Recipes:
    """Write hosts.toml with the client's certificate."""
    folder = f"{CERTS_D}/{target.host}"
    pair = f"[{text_of(f'{folder}/client.cert')}, {text_of(f'{folder}/client.key')}]"
    return (
        hosts_toml(target, _("Show a client certificate"), f"client = [{pair}]"),
        *config_path(),
    )


def mirror(target: Target) -> Recipes:
    """Write how Docker Hub's images are pulled through this registry."""
    text = lines(
        'server = "https://registry-1.docker.io"',
        "",
        f"[host.{text_of(target.url)}]",
        '  capabilities = ["pull", "resolve"]',
    )
    note = _("Tried first; what it does not have is pulled from Docker Hub itself.")
    where = _hosts_file("docker.io")
    return (
        Recipe(_("Pull Docker Hub's images through it"), text + "\n", where, note),
        *config_path(),
    )


NERDCTL = Tool("nerdctl", "nerdctl, containerd", steps, plain_http, authority, certificate, mirror)
