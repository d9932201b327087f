"""Staff are cut off while they plan webinars, or the process that tells people of a change."""
