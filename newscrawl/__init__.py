"""newscrawl: Arabic news sites into a clean, deduplicated, versioned corpus."""
