"""What stays on disk: JSON Lines, the state of every URL, WARC archives."""
