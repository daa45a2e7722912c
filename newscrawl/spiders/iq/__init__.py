"""Publishers of Iraq."""
