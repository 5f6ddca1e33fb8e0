"""What the doctor looks at in a registry, in which order."""
