"""Tests of stars, descriptions and official namespaces."""
