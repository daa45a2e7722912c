"""Publishers of Germany."""
