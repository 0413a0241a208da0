"""The lists that all share: places, the dated county list, platforms, organisations, sources."""
