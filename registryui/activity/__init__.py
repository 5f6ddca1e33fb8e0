"""What people do in registries, as the registries tell: pushes, pulls, deletes."""
