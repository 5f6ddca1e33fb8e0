"""What people may fill in on the pages of the accounts."""
