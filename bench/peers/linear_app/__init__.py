"""The linear process written by hand for django-viewflow, whose processes are classes."""
