"""How gunicorn serves in production."""

from portal.web_process import post_worker_init, preload_app

__all__ = ["post_worker_init", "preload_app"]

bind = "0.0.0.0:8000"  # only the network of nginx reaches the container
workers = 3
threads = 4
timeout = 60  # 1C's "import" is held up to EXCHANGE_POLL_SECONDS
graceful_timeout = 30
max_requests = 2000
max_requests_jitter = 200
worker_tmp_dir = "/dev/shm"  # noqa: S108 - heartbeat files must not wait for a disk
forwarded_allow_ips = "*"
