"""排名: who is ahead and who comes last in a class, what moved, and which line it is for."""
