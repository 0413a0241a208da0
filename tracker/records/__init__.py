"""What people enter and read back: each feature whole in its folder."""
