"""How fast the system is, beside what the same machine can do at best in the same minute."""
