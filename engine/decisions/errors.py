"""What an evaluation of a decision cannot answer."""


class DecisionFailed(Exception):
    """The decision has no answer for these values. The message is a Vietnamese sentence that names the decision."""
