"""What is filed on time: yearly plans, quarterly and yearly reports."""
