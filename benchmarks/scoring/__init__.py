"""What the measurements of extraction share: pages, metrics, peers, reports."""
