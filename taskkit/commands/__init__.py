"""The commands, one file per stage of the work: each parses, calls the library, prints, and returns an exit status."""
