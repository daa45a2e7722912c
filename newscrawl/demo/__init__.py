"""A small Arabic newspaper group served on loopback."""
