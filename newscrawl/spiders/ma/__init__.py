"""Publishers of Morocco."""
