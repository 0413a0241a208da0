"""What the reports share: their parts, words, comparisons and rankings."""
