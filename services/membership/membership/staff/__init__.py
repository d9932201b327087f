"""Who may sign in to the console, how, for how long, and what they did."""
