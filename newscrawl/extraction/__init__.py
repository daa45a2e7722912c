"""A page in, raw fields out: no network, no clock, no settings."""
