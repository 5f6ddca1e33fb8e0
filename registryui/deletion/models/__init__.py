"""What was asked to be changed in registries, step by step, and the rules about it."""

from registryui.deletion.models.operation import KeptManifest, Operation, Step
from registryui.deletion.models.protection import ProtectionRule
from registryui.deletion.retention.models import RetentionPart, RetentionRule, RetentionRun

__all__ = [
    "KeptManifest",
    "Operation",
    "ProtectionRule",
    "RetentionPart",
    "RetentionRule",
    "RetentionRun",
    "Step",
]
