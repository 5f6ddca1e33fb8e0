"""The page of official namespaces."""
