"""The index of what the registries hold, and the pages that read it."""
