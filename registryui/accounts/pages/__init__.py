"""What the pages of the accounts show."""
