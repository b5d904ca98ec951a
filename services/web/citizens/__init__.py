"""Pages for everybody: the open figures in plain words, what saved most, and how one's own house compares."""
