"""What starts work: the clock, folders that change, and the timers of the machine."""
