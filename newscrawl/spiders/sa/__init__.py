"""Publishers of Saudi Arabia, among them those that are edited in London."""
