"""What single elements and lines are: blocks, furniture, roles, wording."""
