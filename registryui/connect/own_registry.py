"""How to start a registry of one's own: with a volume, TLS, logins, deletion, notifications."""

import ipaddress
from contextlib import suppress

from django.utils.translation import gettext as _

from registryui.activity.pages.notifications import SECRET
from registryui.connect.quoting import shell, text_of
from registryui.connect.recipes import ASK_PASSWORD, Recipe, Recipes, lines
from registryui.connect.target import Target

IMAGE = "registry:2"
VOLUME = "-v registry-data:/var/lib/registry"
RUN = "docker run -d --name registry --restart unless-stopped"
CONFIG = "/etc/docker/registry/config.yml"
TLS = (
    "-e REGISTRY_HTTP_TLS_CERTIFICATE=/certs/registry.crt "
    "-e REGISTRY_HTTP_TLS_KEY=/certs/registry.key"
)


def own_registry(target: Target, *, hook_url: str) -> Recipes:
    """Write the steps; each can be taken alone."""
    return (
        Recipe(
            _("Start it, with its data in a volume"),
            f"{RUN} -p 127.0.0.1:5000:5000 {VOLUME} {IMAGE}",
            note=_("By plain HTTP, so for this machine alone. The volume outlives the container."),
        ),
        _own_certificate(target),
        _start_with_tls(),
        *([_public_certificate(target)] if _san(target).startswith("DNS:") else []),
        _logins(target),
        Recipe(
            _("All of it in one file, with deletion and with notifications to Registry UI"),
            _configuration(hook_url),
            "config.yml",
            _(
                "Put the secret that an administrator has set in the place of %(secret)s. Deletion "
                "is off unless enabled is true."
            )
            % {"secret": SECRET},
        ),
        Recipe(
            _("Start it with that file"),
            f'{RUN} -p 443:5000 {VOLUME} -v "$PWD/certs:/certs:ro" -v "$PWD/auth:/auth:ro" '
            f'-v "$PWD/config.yml:{CONFIG}:ro" {IMAGE}',
        ),
        Recipe(
            _("Give the space of deleted images back"),
            lines(
                "docker stop registry",
                f"docker run --rm {VOLUME} {IMAGE} garbage-collect {CONFIG}",
                "docker start registry",
            ),
            note=_("Stopped, because what is pushed meanwhile could be collected."),
        ),
    )


def _own_certificate(target: Target) -> Recipe:
    subject, name = shell(f"/CN={target.hostname}"), shell(f"subjectAltName={_san(target)}")
    return Recipe(
        _("Make a certificate of your own"),
        lines(
            "mkdir -p certs",
            "openssl req -x509 -newkey rsa:4096 -sha256 -days 825 -nodes "
            "-keyout certs/registry.key -out certs/registry.crt "
            f"-subj {subject} -addext {name}",
            "cp certs/registry.crt ca.crt",
        ),
        note=_(
            "Clients read the subjectAltName alone: name every host by which the registry is "
            "called. Each of them needs the ca.crt, as said above."
        ),
    )


def _san(target: Target) -> str:
    with suppress(ValueError):
        return f"IP:{ipaddress.ip_address(target.hostname)}"
    return f"DNS:{target.hostname}"


def _start_with_tls() -> Recipe:
    return Recipe(
        _("Start it with TLS"),
        f'{RUN} -p 443:5000 {VOLUME} -v "$PWD/certs:/certs:ro" {TLS} {IMAGE}',
    )


def _public_certificate(target: Target) -> Recipe:
    live = shell(f"/etc/letsencrypt/live/{target.hostname}")
    return Recipe(
        _("Or have a public authority sign it"),
        lines(
            f"sudo certbot certonly --standalone -d {shell(target.hostname)}",
            "mkdir -p certs",
            f"sudo cp {live}/fullchain.pem certs/registry.crt",
            f"sudo cp {live}/privkey.pem certs/registry.key",
        ),
        note=_(
            "Then no client needs anything. The host's name must be public. Copy both again and "
            "restart the registry after each renewal."
        ),
    )


def _logins(target: Target) -> Recipe:
    return Recipe(
        _("Ask for a login"),
        lines(
            "mkdir -p auth",
            ASK_PASSWORD,
            "printf '%s\\n' \"$PASSWORD\" | docker run --rm -i --entrypoint htpasswd httpd:2 "
            f"-iBn {target.login} >> auth/htpasswd",
        ),
        note=_("One line for each user. The registry reads the file anew when it changes."),
    )


def _configuration(hook_url: str) -> str:
    text = lines(
        "version: 0.1",
        "storage:",
        "  filesystem:",
        "    rootdirectory: /var/lib/registry",
        "  delete:",
        "    enabled: true",
        "http:",
        "  addr: :5000",
        "  tls:",
        "    certificate: /certs/registry.crt",
        "    key: /certs/registry.key",
        "auth:",
        "  htpasswd:",
        "    realm: registry",
        "    path: /auth/htpasswd",
        "notifications:",
        "  endpoints:",
        "    - name: registry-ui",
        f"      url: {text_of(hook_url)}",
        "      headers:",
        f"        Authorization: [Bearer {SECRET}]",
        "      timeout: 2s",
        "      threshold: 5",
        "      backoff: 5s",
        "      ignore:",
        "        mediatypes: [application/octet-stream]",
    )
    return text + "\n"
