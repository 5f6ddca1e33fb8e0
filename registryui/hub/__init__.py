"""What Docker Hub has of a search, beside what the registries of the house have."""
