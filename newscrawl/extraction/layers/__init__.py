"""What offers values for the fields: a publisher's rules, metadata, what a reader sees."""
