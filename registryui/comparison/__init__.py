"""Compares any two images: what they are, how they run, their layers, packages and files."""
