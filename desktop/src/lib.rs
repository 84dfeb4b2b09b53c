//! Everything native: what the command line and the window share. It draws nothing.
