"""What stands in each Word template, a file per template; layout.py: how it looks."""
