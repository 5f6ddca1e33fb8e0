"""What is stored once, what is shared, and what deleting something would really free."""
