"""What the pages of deletions, copies and restores show."""
