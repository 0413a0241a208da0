"""年度总结: the province's year, as long as it needs to be."""
