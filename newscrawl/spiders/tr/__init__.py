"""Publishers of Turkey."""
