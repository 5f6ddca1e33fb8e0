"""The views of retention."""
