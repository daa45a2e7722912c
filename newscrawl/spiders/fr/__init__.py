"""Publishers of France."""
