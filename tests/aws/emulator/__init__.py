"""AWS on loopback: the installed moto, and what a PrivateLink path needs more.

moto holds VPCs, load balancers and caches, and reads and writes the Query
protocol by botocore's models.  What it lacks is put in place of its methods
when these modules are imported:

    services, endpoints, connections   endpoint services, both sides
    network                            zones of accounts, security groups
    balancers, targets                 load balancers, target groups, health
    caches                             ElastiCache, with a failover

Before moto stands a gate: each signature is verified and each parameter is
validated by botocore, policies are enforced, calls are logged, faults happen.
Beside it stands a world: endpoints that are available listen on loopback and
lead to the targets that are registered, and a name server knows all names.

    python3 -m emulator --control SOCKET

The control socket (control.py) is how tests speak with it.
"""
