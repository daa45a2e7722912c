"""Beyond one process: archives read in bulk, and crawls shared by many machines."""
