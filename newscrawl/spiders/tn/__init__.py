"""Publishers of Tunisia."""
