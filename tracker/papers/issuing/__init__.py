"""Issuing papers: numbers, batches, the bytes that are kept for ever, volumes, verification."""
