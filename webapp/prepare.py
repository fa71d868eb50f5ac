"""Makes a database ready: schema, demo agency when it is empty, the processes that the product ships."""

import config
from demo.load import load_demo, load_demo_samples
from directory import queries
from engine import operations
from kernel import db
from migrations import schema
from webapp import wiring


def main() -> None:
    """`python -m webapp.prepare`: safe to repeat; what is there already stays as it is."""
    settings = config.load()
    schema.upgrade(settings.database_url)
    wiring.configure(settings)
    if settings.demo:
        load_demo(settings)
    deploy_shipped()
    if settings.demo:
        load_demo_samples(settings)


def deploy_shipped() -> None:
    """Every agency gets the shipped processes; a version that an analyst deployed later is never displaced."""
    resources = {file.name: file.read_bytes() for file in config.shipped_files()}
    with db.reading():
        organizations = [organization.id for organization in queries.list_organizations()]
    for organization_id in organizations:
        with db.unit_of_work():
            operations.deploy_shipped(organization_id, resources)


if __name__ == "__main__":
    main()
