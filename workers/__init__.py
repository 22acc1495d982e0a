"""The running system around kb: watched folder, queue, worker processes, services and dashboard."""
