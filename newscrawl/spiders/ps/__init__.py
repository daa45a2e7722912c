"""Publishers of Palestine."""
