"""What the commands share: the console script, and how a command fails."""
