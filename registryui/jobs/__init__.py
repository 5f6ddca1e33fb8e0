"""Background work: jobs that survive whoever runs them, on one machine or many."""
