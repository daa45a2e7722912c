"""Exact and near duplicates, versions and clusters."""
