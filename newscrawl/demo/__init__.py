"""A small Arabic newspaper group, served on loopback: what `newscrawl demo` and the tests crawl."""
