"""kb: news articles in, cited facts out. A library and a command line; it knows nothing of queues."""

__version__ = "0.1.0"
