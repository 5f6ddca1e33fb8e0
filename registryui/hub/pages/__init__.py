"""The page of what Docker Hub has."""
