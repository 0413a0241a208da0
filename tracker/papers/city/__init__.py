"""The report about a city, with its counties."""
