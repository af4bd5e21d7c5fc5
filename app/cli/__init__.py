"""The commands of the command line, each module a few that belong together."""
