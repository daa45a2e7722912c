"""Publishers of Algeria."""
