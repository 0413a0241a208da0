"""The paper pair."""
