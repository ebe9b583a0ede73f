"""The only room that meets people: the command line."""
