"""The Celery application: how messages travel, and what happens to them when a worker dies."""

from celery import Celery
from kombu import Queue

from kb.settings import Settings
from workers.redis_url import celery_url

LANES = ("live", "bulk")
VERSION = 1
"""Of the messages: ``{"v": VERSION, "id": ID}``."""
# A message that is not acknowledged comes back after this many seconds: later than any task can still be running.
VISIBILITY_MARGIN = 60


def make_app(settings: Settings) -> Celery:
    """The application for these settings. Raises QueueUnavailable when no Redis is known."""
    app = Celery("kb", broker=celery_url(settings), include=["workers.tasks"])
    app.conf.update(
        # JSON only: a pickle from the queue would run as code.
        accept_content=["json"],
        task_serializer="json",
        result_backend=None,
        task_ignore_result=True,
        # A message is done when its work is in the ledger, not when it was fetched …
        task_acks_late=True,
        # … and a failure is in the ledger too: what failed for good must not come back by itself.
        task_acks_on_failure_or_timeout=True,
        # A worker that is killed took nothing with it.
        task_reject_on_worker_lost=True,
        # One message at a time: a reserved message waits behind a slow article while another worker idles.
        worker_prefetch_multiplier=1,
        task_time_limit=settings.lease_seconds,
        task_soft_time_limit=max(settings.lease_seconds - 15, 1),
        broker_transport_options={
            "visibility_timeout": settings.lease_seconds + VISIBILITY_MARGIN,
            # How often lost messages are looked for: every 5 s instead of every 10th time of 10 s.
            "unacked_restore_interval": 5,
            "unacked_restore_throttle": 1,
            # The first queue of the list is emptied first.
            "queue_order_strategy": "priority",
        },
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        task_queues=[Queue(lane) for lane in LANES],
        task_default_queue="live",
        task_create_missing_queues=False,
        # The dashboard lives on these.
        worker_send_task_events=True,
        task_send_sent_event=True,
        # The model grows with the longest text it has read; a child over this is replaced after its task.
        worker_max_memory_per_child=1_200_000,
        worker_proc_alive_timeout=60,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        timezone="UTC",
    )
    return app
