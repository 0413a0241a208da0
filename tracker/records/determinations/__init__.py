"""Determinations (核定): who accepted, corrected or refused which figure, at which level."""
