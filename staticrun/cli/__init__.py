"""The command line: a file per verb that parses, composes the rooms below and prints."""
