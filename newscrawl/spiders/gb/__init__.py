"""Publishers of the United Kingdom."""
