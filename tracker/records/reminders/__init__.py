"""What people are reminded of (提醒): the occasions, who is told, and how it is sent."""
