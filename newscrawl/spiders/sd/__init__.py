"""Publishers of Sudan."""
