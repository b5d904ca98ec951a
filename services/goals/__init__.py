"""Goals judged: the path, the place on it, the probability of reaching it, the verdict, and what remains. Pure."""
