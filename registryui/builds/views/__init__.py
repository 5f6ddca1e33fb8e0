"""The pages of builds, their intake, and their badges."""
