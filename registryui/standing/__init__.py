"""What people do for repositories: give stars, describe them, mark namespaces as official."""
