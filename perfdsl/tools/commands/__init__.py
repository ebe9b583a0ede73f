"""One file a command. Each only reads options, calls the library and prints."""
