"""The course of a year's assessment: its stages, who moves it on, what was reviewed."""
