"""Papers of the demo newspaper group (newscrawl/demo), on hosts that exist nowhere else."""
