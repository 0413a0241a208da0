"""Pairings of a supporter and a recipient, dated, with all citations kept."""
