"""The product against Debian's docker-registry, filled by skopeo and umoci."""
