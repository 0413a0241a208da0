"""The paper quantities."""
