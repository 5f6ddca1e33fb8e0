"""Kubernetes: the secret with the login, and a pod that uses it."""

from django.utils.translation import gettext as _

from registryui.connect.quoting import text_of
from registryui.connect.recipes import ASK_PASSWORD, Recipe, Recipes, Tool, lines
from registryui.connect.target import Target
from registryui.connect.tools import containerd


def steps(target: Target) -> Recipes:
    """Write the secret, pods by tag and by digest, and the account that pulls by itself."""
    secret = f"{target.file_name}-login"
    image = f"{target.host}/{target.example.repository}"
    pull_secrets = f'{{"imagePullSecrets": [{{"name": "{secret}"}}]}}'
    return (
        Recipe(
            _("Keep the login as a secret"),
            lines(
                ASK_PASSWORD,
                f"kubectl create secret docker-registry {secret} "
                f"--docker-server={target.registry} --docker-username={target.login} "
                '--docker-password="$PASSWORD"',
            ),
            note=_(
                "In the namespace of the pods. read keeps the password out of the shell's history."
            ),
        ),
        Recipe(
            _("Run it by tag, which may move"),
            _pod(f"{image}:{target.example.tag}", secret),
            "pod.yaml",
        ),
        Recipe(
            _("Run it by digest, always the same content"),
            _pod(f"{image}@{target.example.digest}", secret),
            "pod.yaml",
        ),
        Recipe(_("Start it"), "kubectl apply -f pod.yaml"),
        Recipe(
            _("Let every pod of the namespace use the login"),
            f"kubectl patch serviceaccount default -p '{pull_secrets}'",
        ),
    )


def _pod(image: str, secret: str) -> str:
    text = lines(
        "apiVersion: v1",
        "kind: Pod",
        "metadata:",
        "  name: try",
        "spec:",
        "  containers:",
        "    - name: app",
        f"      image: {text_of(image)}",
        "  imagePullSecrets:",
        f"    - name: {secret}",
    )
    return text + "\n"


def plain_http(target: Target) -> Recipes:
    """Write what containerd on each node needs, and k3s in its own way."""
    k3s = lines(
        "mirrors:",
        f"  {text_of(target.host)}:",
        "    endpoint:",
        f"      - {text_of(f'http://{target.host}')}",
    )
    return (*containerd.plain_http(target), _k3s(_("Allow plain HTTP"), k3s))


def authority(target: Target) -> Recipes:
    """Write what containerd on each node needs, and k3s in its own way."""
    k3s = lines(
        "configs:",
        f"  {text_of(target.host)}:",
        "    tls:",
        f"      ca_file: {text_of(f'{containerd.CERTS_D}/{target.host}/ca.crt')}",
    )
    return (*containerd.authority(target), _k3s(_("Trust the authority"), k3s))


def _k3s(what: str, text: str) -> Recipe:
    return Recipe(
        _("%(what)s: k3s, instead of all that") % {"what": what},
        f"{text}\n",
        "/etc/rancher/k3s/registries.yaml",
        _(
            "On each node, then: sudo systemctl restart k3s. RKE2 reads "
            "/etc/rancher/rke2/registries.yaml."
        ),
    )


KUBERNETES = Tool(
    "kubernetes",
    "Kubernetes",
    steps,
    plain_http,
    authority,
    containerd.certificate,
    containerd.mirror,
)
