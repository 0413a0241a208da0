"""Evidence (佐证材料): files by content, linked to the facts that they prove."""
