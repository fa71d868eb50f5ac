"""What an evaluation of a decision cannot answer."""


class DecisionFailed(Exception):
    """The decision has no answer for these values. The message is a Vietnamese sentence that names the decision."""


class Broken(Exception):
    """A table broke its own hit policy. The message goes on after the table's name."""


class Unfit(Exception):
    """A value that is not of a type and cannot be made so. The message: what was wanted, in words."""
