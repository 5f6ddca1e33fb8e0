"""What a client signs in with: given in the settings, kept in files, or handed out by a helper."""
