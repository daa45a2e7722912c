"""Publishers of Oman."""
