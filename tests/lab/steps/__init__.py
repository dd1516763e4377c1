"""What a fault is made of.

Each function gives a step: it changes something of the world when its fault
comes, and leaves word (world.later) of how to put it back.  Words are
followed backwards, so a step leaves them before it can fail.
"""
