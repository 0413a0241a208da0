"""Settings, the database, sources, processes: what every other district may use. No record, no
page and no measure is known here; of ours it reads the engine alone."""
