"""Running it: health, figures, logs, the processing log, traces, stopping, the command line."""
