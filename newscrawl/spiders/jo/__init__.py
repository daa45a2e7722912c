"""Publishers of Jordan."""
