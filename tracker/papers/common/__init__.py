"""What every paper that leaves the office shares: its head, its looks, its identity, its proof."""
