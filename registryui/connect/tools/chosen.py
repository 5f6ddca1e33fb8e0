"""All clients, in the order in which they are offered."""

from registryui.connect.recipes import Tool
from registryui.connect.tools.containerd import NERDCTL
from registryui.connect.tools.containers import PODMAN, SKOPEO
from registryui.connect.tools.docker import DOCKER
from registryui.connect.tools.kubernetes import KUBERNETES
from registryui.connect.tools.small import CRANE, HELM, ORAS

TOOLS: tuple[Tool, ...] = (DOCKER, PODMAN, NERDCTL, KUBERNETES, SKOPEO, CRANE, ORAS, HELM)


def tool_called(key: str) -> Tool:
    """Return the client with this key, or the first one."""
    return next((tool for tool in TOOLS if tool.key == key), TOOLS[0])
