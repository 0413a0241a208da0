"""Joint parks (山海协作产业园) and cooperation parks (产业合作园)."""
