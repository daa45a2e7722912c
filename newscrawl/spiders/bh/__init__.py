"""Publishers of Bahrain."""
