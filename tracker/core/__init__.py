"""Settings, the database, sources, processes: what knows no feature."""
