"""The loop that asks: claim, ask, commit. A process of its own, here or on another machine; leases make
it safe.

A worker may be killed at any moment: what was answered is stored, what was not is asked again by the next
one.
Modules: `loop` (the worker), `lane` (one model at a time), `feed` (claims for a backend), `desk` (commits),
`scorer` (reads and scores what was committed), `process` (starting a worker from the app). Nothing here is
imported by the web process but `process`.
"""
