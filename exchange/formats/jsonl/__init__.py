"""JSON Lines: one JSON object a line, its array of lines as rows; numbers keep the digits they are written with."""
