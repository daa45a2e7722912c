"""The corpus for other programs: which articles, in which columns, as which files, each whole or not there at all."""
