"""The worker process: runs jobs, beats the ticker. Any number of them share the work of one database."""

import config
from kernel import jobs, lifeline, ticker
from webapp import wiring


def main() -> None:
    """Blocks until told to stop (SIGTERM, SIGINT)."""
    settings = config.load()
    lifeline.hold()
    wiring.configure(settings)
    beat = ticker.start()
    try:
        jobs.run_worker(settings.database_url, concurrency=settings.worker_jobs)
    finally:
        beat.shutdown()


if __name__ == "__main__":
    main()
