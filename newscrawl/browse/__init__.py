"""The reader: a search index over the stored files, and the pages that show what it finds, on this machine."""
