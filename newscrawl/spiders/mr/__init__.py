"""Publishers of Mauritania."""
