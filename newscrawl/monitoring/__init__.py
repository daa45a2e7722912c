"""What a run did: summary, live progress, drift, report."""
