"""Key work (重点工作): four lists, each entry with who answers, its milestones and its days."""
