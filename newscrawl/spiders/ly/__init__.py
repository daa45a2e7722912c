"""Publishers of Libya."""
