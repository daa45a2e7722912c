"""Which blocks of a page are its story, and which of them are not of it."""
