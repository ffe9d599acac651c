"""Machinery: channels, clocks, processes, pages. Knows nothing of lunch."""
