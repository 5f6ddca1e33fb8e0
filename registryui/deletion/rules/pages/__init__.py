"""The page of protected tags."""
