"""One file a lesson: its goals, and its exercises with the mistakes that students make."""
