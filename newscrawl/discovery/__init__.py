"""Where article links come from, and which URLs are one article."""
