"""Publishers of Lebanon."""
