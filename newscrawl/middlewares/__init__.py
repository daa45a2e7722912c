"""Downloader middlewares: charset, politeness, guard, bot walls."""
