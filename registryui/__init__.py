"""The web page in front of a container registry."""
