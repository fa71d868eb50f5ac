"""The worker process: runs jobs, beats the ticker. Any number of them share the work of one database."""

import logging

import config
from kernel import clock, db, files, jobs, lifeline, ticker
from webapp import wiring


def start(settings: config.Settings) -> None:
    """Points this process at its database, store and clock, and brings in every package."""
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    db.configure(settings.database_url)
    files.configure(settings.files_dir)
    clock.follow_file(settings.test_clock)
    wiring.wire()


def main() -> None:
    """Blocks until told to stop (SIGTERM, SIGINT)."""
    settings = config.load()
    lifeline.hold()
    start(settings)
    beat = ticker.start()
    try:
        jobs.run_worker(settings.database_url, concurrency=settings.worker_jobs)
    finally:
        beat.shutdown()


if __name__ == "__main__":
    main()
