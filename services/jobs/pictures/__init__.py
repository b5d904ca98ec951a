"""What the state knows, drawn as series for screens that read nothing else."""
