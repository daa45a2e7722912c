"""Publishers of Kuwait."""
