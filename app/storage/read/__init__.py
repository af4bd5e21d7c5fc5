"""Records as rows in the shape that is asked, what hangs on them, and the streams of facts."""
