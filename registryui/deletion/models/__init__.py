"""What was asked to be changed in registries, step by step, and the rules about it."""

from registryui.deletion.models.operation import KeptManifest, Operation, Step
from registryui.deletion.models.protection import ProtectionRule

__all__ = ["KeptManifest", "Operation", "ProtectionRule", "Step"]
