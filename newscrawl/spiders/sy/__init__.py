"""Publishers of Syria."""
