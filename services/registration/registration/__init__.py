"""Registration: webinars, and the places people take at them."""
