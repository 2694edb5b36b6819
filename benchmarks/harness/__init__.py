"""How it is measured: environments, pairs of processes, counts, ratios and tables."""
