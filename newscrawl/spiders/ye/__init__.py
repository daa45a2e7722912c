"""Publishers of Yemen."""
