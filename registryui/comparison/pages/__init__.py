"""What the pages about comparisons show."""
