"""What docker and podman ask of a registry, as far as the index knows the answer."""
