"""What was asked to be changed in registries, step by step, and the rules about it."""

from registryui.deletion.models.operation import KeptManifest, Operation, Step
from registryui.deletion.models.protection import ProtectionRule
from registryui.deletion.models.retention import RetentionPart, RetentionRule, RetentionRun

__all__ = [
    "KeptManifest",
    "Operation",
    "ProtectionRule",
    "RetentionPart",
    "RetentionRule",
    "RetentionRun",
    "Step",
]
