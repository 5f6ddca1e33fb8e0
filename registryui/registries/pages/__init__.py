"""The pages on which registries are added, changed and removed."""
